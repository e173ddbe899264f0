package auth

// engine.go keeps one token current for any number of callers: they read it without a lock, and share a single refresh when it is time for the next one.

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/transport"
)

const (
	// flightTime bounds one refresh, its retries included.
	flightTime = 30 * time.Second
	// calm is how long a failed refresh is not tried again while the token it was to replace still works.
	calm = 10 * time.Second
	// cancelGrace is how long close waits for a refresh that was canceled.
	cancelGrace = time.Second
)

var errFlightTime = fmt.Errorf("no token within %v: %w", flightTime, context.DeadlineExceeded)

var errUnfinished = errors.New("a goroutine ended before it had a result")

// engine has no goroutine and no timer but while a refresh is under way.
type engine struct {
	// refresh gets the next token. It is not called while a call is under way, unless set came in between.
	refresh func(context.Context) (*oauth2.Token, error)
	// grace is how long Close lets a refresh finish: one that is cut off may have used up its refresh token.
	grace time.Duration

	current atomic.Pointer[lease]
	over    chan struct{} // closed by close

	mu      sync.Mutex
	flight  *flight
	setback *setback
	closed  bool
}

// flight is one refresh under way, for however many callers.
type flight struct {
	done   chan struct{}
	cancel context.CancelCauseFunc
	token  *oauth2.Token
	err    error
	// panicked is the value with which refresh panicked, of a user's transport or store. It belongs to
	// the goroutines that wait: here it would end the program.
	panicked any
}

// setback is a failed refresh that is not to be repeated at once.
type setback struct {
	err   error
	until time.Time
	// firm is set if callers without a living token fail with err meanwhile, unset if they may try.
	firm bool
}

func newEngine(refresh func(context.Context) (*oauth2.Token, error), grace time.Duration) *engine {
	return &engine{refresh: refresh, grace: grace, over: make(chan struct{})}
}

// token returns the current token at once while it is good, starts its refresh in the background when it is about to expire,
// and waits for the refresh, until ctx ends, only when there is no good one. The token is shared: it is not to be changed.
func (e *engine) token(ctx context.Context) (*oauth2.Token, error) {
	if l := e.current.Load(); l.fresh(time.Now()) {
		return l.token, nil
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	old, f, err := e.board(ctx)
	if f == nil {
		return old.get(), err
	}
	if old.usable(time.Now()) {
		return old.token, nil
	}
	select {
	case <-f.done:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case <-e.over:
		return nil, transport.Permanent(ErrClosed)
	}
	if f.panicked != nil {
		panic(f.panicked)
	}
	if f.err != nil && old.alive(time.Now()) && e.current.Load() == old {
		return old.token, nil
	}
	return f.token, f.err
}

// board joins the refresh under way, or starts one. It returns no flight if there is a token to use, or an error to return, without one.
func (e *engine) board(ctx context.Context) (*lease, *flight, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	now, old := time.Now(), e.current.Load()
	switch {
	case e.closed:
		return nil, nil, transport.Permanent(ErrClosed)
	case old.fresh(now):
		return old, nil, nil
	case e.flight == nil && e.setback.holds(now) && old.alive(now):
		return old, nil, nil
	case e.flight == nil && e.setback.holds(now) && e.setback.firm:
		return nil, nil, e.setback.err
	case e.flight == nil:
		flying, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
		e.flight = &flight{done: make(chan struct{}), cancel: cancel}
		go e.fly(flying, e.flight)
	}
	return old, e.flight, nil
}

// fly runs one refresh on a context of its own, so that no caller's impatience takes it from the others.
func (e *engine) fly(ctx context.Context, f *flight) {
	defer f.cancel(nil)
	limited, cancel := context.WithTimeoutCause(ctx, flightTime, errFlightTime)
	defer cancel()
	f.err = errUnfinished
	defer e.land(f)
	f.token, f.err = e.refresh(limited)
}

// land ends a flight, also one that panicked.
func (e *engine) land(f *flight) {
	f.panicked = recover()
	e.mu.Lock()
	defer e.mu.Unlock()
	defer close(f.done)
	if e.flight != f { // a new login came first: what it brought counts
		return
	}
	e.flight = nil
	switch {
	case e.closed:
	case f.err != nil:
		e.setback = newSetback(f.err)
	default:
		e.setback = nil
		e.current.Store(newLease(f.token))
	}
}

// set makes token the current one, or has none, whatever a refresh under way may bring.
func (e *engine) set(token *oauth2.Token) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return
	}
	e.flight, e.setback = nil, nil
	if token == nil {
		e.current.Store(nil)
		return
	}
	e.current.Store(newLease(token))
}

// invalidate makes the next call fetch a new token if stale is still the current one.
func (e *engine) invalidate(stale *oauth2.Token) {
	l := e.current.Load()
	if l != nil && stale != nil && l.token.AccessToken == stale.AccessToken {
		e.current.CompareAndSwap(l, nil)
	}
}

// close makes every call fail with ErrClosed, also those that wait. It returns when no refresh is
// under way, or when one has not ended within grace and has ignored its context for a second more.
func (e *engine) close() {
	e.mu.Lock()
	f := e.flight
	if !e.closed {
		e.closed = true
		close(e.over)
		e.current.Store(nil)
	}
	e.mu.Unlock()
	if f == nil {
		return
	}
	timer := time.AfterFunc(e.grace, func() { f.cancel(ErrClosed) })
	defer timer.Stop()
	select {
	case <-f.done:
	case <-time.After(e.grace + cancelGrace): // a transport that ignores its context
	}
}

func newSetback(err error) *setback {
	if refused, ok := errors.AsType[*Error](err); ok && refused.RetryAfter > 0 {
		return &setback{err: err, until: time.Now().Add(refused.RetryAfter), firm: true}
	}
	return &setback{err: err, until: time.Now().Add(calm)}
}

func (s *setback) holds(now time.Time) bool { return s != nil && now.Before(s.until) }
