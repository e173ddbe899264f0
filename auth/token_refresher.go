package auth

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/transport"
)

const (
	// refreshTimeout bounds one refresh, its retries included.
	refreshTimeout = 30 * time.Second
	// failurePause is the time after a failed refresh without another one, while the old token is
	// valid.
	failurePause = 10 * time.Second
	// cancelGrace is the time that close waits for a canceled refresh to return.
	cancelGrace = time.Second
)

var errRefreshTimeout = fmt.Errorf("no token within %v: %w", refreshTimeout, context.DeadlineExceeded)

var errUnfinished = errors.New("a goroutine ended before it had a result")

// refresher keeps one token current for any number of callers. They read the current token without
// a lock and share a single refresh (single flight). It has a goroutine and timers only while a
// refresh is in flight.
type refresher struct {
	// refresh fetches the next token. There is one call at a time, except that a call after set
	// does not wait for a call before it.
	refresh func(context.Context) (*oauth2.Token, error)
	// grace is the time that close gives a refresh in flight before it cancels it: a canceled
	// refresh may have used up its refresh token.
	grace time.Duration

	current atomic.Pointer[cachedToken]
	closing chan struct{} // closed by close

	mu      sync.Mutex
	flight  *flight
	failure *failure
	closed  bool
}

// flight is one refresh that any number of callers wait for.
type flight struct {
	done   chan struct{}
	cancel context.CancelCauseFunc
	token  *oauth2.Token
	err    error
	// panicked is the value with which refresh panicked, such as in a caller's transport or store.
	// The waiting callers panic with it: in the flight's own goroutine it would end the program.
	panicked any
}

// failure is a failed refresh. No refresh starts before until, with the exception of mustWait.
type failure struct {
	err   error
	until time.Time
	// mustWait makes callers without a valid token fail with err until then (Retry-After). If it is
	// false, such callers start a refresh at once.
	mustWait bool
}

func newRefresher(refresh func(context.Context) (*oauth2.Token, error), grace time.Duration) *refresher {
	return &refresher{refresh: refresh, grace: grace, closing: make(chan struct{})}
}

// token returns the current token at once before its hard expiry; after its soft expiry it also
// starts a refresh in the background. Without such a token it waits for the refresh until ctx ends.
// The token is shared: callers must not change it.
func (r *refresher) token(ctx context.Context) (*oauth2.Token, error) {
	if c := r.current.Load(); c.fresh(time.Now()) {
		return c.token, nil
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	old, f, err := r.join(ctx)
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
	case <-r.closing:
		return nil, transport.Permanent(ErrClosed)
	}
	if f.panicked != nil {
		panic(f.panicked)
	}
	if f.err != nil && old.valid(time.Now()) && r.current.Load() == old {
		return old.token, nil
	}
	return f.token, f.err
}

// join returns the current token and the flight in flight, which it starts if there is none. The
// flight is nil if the caller has to return the token, or the error, without waiting.
func (r *refresher) join(ctx context.Context) (*cachedToken, *flight, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now, old := time.Now(), r.current.Load()
	switch {
	case r.closed:
		return nil, nil, transport.Permanent(ErrClosed)
	case old.fresh(now):
		return old, nil, nil
	case r.flight == nil && r.failure.holds(now) && old.valid(now):
		return old, nil, nil
	case r.flight == nil && r.failure.holds(now) && r.failure.mustWait:
		return nil, nil, r.failure.err
	case r.flight == nil:
		flightCtx, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
		r.flight = &flight{done: make(chan struct{}), cancel: cancel}
		go r.run(flightCtx, r.flight)
	}
	return old, r.flight, nil
}

// run runs one refresh. Its context does not end with the context of the caller that started it,
// because other callers wait for it too.
func (r *refresher) run(ctx context.Context, f *flight) {
	defer f.cancel(nil)
	limited, cancel := context.WithTimeoutCause(ctx, refreshTimeout, errRefreshTimeout)
	defer cancel()
	f.err = errUnfinished
	defer r.finish(f)
	f.token, f.err = r.refresh(limited)
}

// finish is deferred by run. It recovers a panic, stores the result and wakes the callers.
func (r *refresher) finish(f *flight) {
	f.panicked = recover()
	r.mu.Lock()
	defer r.mu.Unlock()
	defer close(f.done)
	if r.flight != f { // set was called in the meantime: its token is newer
		return
	}
	r.flight = nil
	switch {
	case r.closed:
	case f.err != nil:
		r.failure = newFailure(f.err)
	default:
		r.failure = nil
		r.current.Store(newCachedToken(f.token))
	}
}

// set makes token the current one, or removes it if token is nil. The result of a refresh in flight
// is dropped.
func (r *refresher) set(token *oauth2.Token) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return
	}
	r.flight, r.failure = nil, nil
	if token == nil {
		r.current.Store(nil)
		return
	}
	r.current.Store(newCachedToken(token))
}

// invalidate makes the next call of token fetch a new one if stale is still the current token.
func (r *refresher) invalidate(stale *oauth2.Token) {
	c := r.current.Load()
	if c != nil && stale != nil && c.token.AccessToken == stale.AccessToken {
		r.current.CompareAndSwap(c, nil)
	}
}

// close makes every call fail with ErrClosed, waiting ones too. It waits for a refresh in flight
// for grace, cancels it, and waits for cancelGrace more.
func (r *refresher) close() {
	r.mu.Lock()
	f := r.flight
	if !r.closed {
		r.closed = true
		close(r.closing)
		r.current.Store(nil)
	}
	r.mu.Unlock()
	if f == nil {
		return
	}
	timer := time.AfterFunc(r.grace, func() { f.cancel(ErrClosed) })
	defer timer.Stop()
	select {
	case <-f.done:
	case <-time.After(r.grace + cancelGrace): // the transport ignores its context
	}
}

func newFailure(err error) *failure {
	if refused, ok := errors.AsType[*Error](err); ok && refused.RetryAfter > 0 {
		return &failure{err: err, until: time.Now().Add(refused.RetryAfter), mustWait: true}
	}
	return &failure{err: err, until: time.Now().Add(failurePause)}
}

func (s *failure) holds(now time.Time) bool { return s != nil && now.Before(s.until) }

const (
	// softMargin is the time between a token's soft expiry, when its background refresh starts, and
	// its expiry.
	softMargin = 5 * time.Minute
	// hardMargin is the time between a token's hard expiry and its expiry. After the hard expiry
	// the token is returned only if its refresh fails: it could expire before the request arrives.
	hardMargin = 10 * time.Second
)

// cachedToken is a token and its three expiries; a zero time is never. A nil *cachedToken is
// neither fresh nor usable nor valid.
type cachedToken struct {
	token                          *oauth2.Token
	softExpiry, hardExpiry, expiry time.Time
}

// newCachedToken computes the expiries. The soft margin is at most 1/4 and the hard margin at most
// 1/8 of the token's remaining lifetime, so that a token of a few seconds is not refreshed all the
// time.
func newCachedToken(token *oauth2.Token) *cachedToken {
	c := &cachedToken{token: token, expiry: token.Expiry.Round(0)}
	if token.Expiry.IsZero() {
		return c
	}
	left := max(0, c.expiry.Sub(wallNow()))
	soft := min(softMargin, left/4)
	// The jitter of up to 20 % spreads the refreshes of processes that started together.
	soft -= time.Duration(rand.Float64() * 0.2 * float64(soft))
	c.softExpiry = c.expiry.Add(-soft)
	c.hardExpiry = c.expiry.Add(-min(hardMargin, left/8))
	return c
}

func (c *cachedToken) fresh(now time.Time) bool  { return c != nil && before(now, c.softExpiry) }
func (c *cachedToken) usable(now time.Time) bool { return c != nil && before(now, c.hardExpiry) }
func (c *cachedToken) valid(now time.Time) bool  { return c != nil && before(now, c.expiry) }

func (c *cachedToken) get() *oauth2.Token {
	if c == nil {
		return nil
	}
	return c.token
}

func before(now, limit time.Time) bool { return limit.IsZero() || now.Before(limit) }
