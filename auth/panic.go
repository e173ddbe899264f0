package auth

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/redact"
)

// PanicError reports a panic of a TokenStore, or of Config.OnSaveError, where it would have ended
// the program or taken a token from those that wait for it.
type PanicError struct {
	// Where names the code that panicked, such as "TokenStore.Save".
	Where string
	// Text is the panic's value as text, without the secrets that are known.
	Text string
	// Stack is the stack of the goroutine at the panic.
	Stack []byte
}

func (e *PanicError) Error() string { return e.Where + " panicked: " + e.Text }

func newPanicError(where string, value any, secrets *redact.Secrets) *PanicError {
	return &PanicError{Where: where, Text: printable(secrets.Remove(fmt.Sprint(value))), Stack: debug.Stack()}
}

// storeGrace is how long a store may take to return after its context has ended: its own error says
// more.
const storeGrace = 100 * time.Millisecond

// guarded calls f in a goroutine of its own and returns when f has returned, or grace after ctx has
// ended: code that ignores its context delays nobody for longer. A panic of f comes out in the
// caller's goroutine. If f returns after guarded has, late is called with the result.
func guarded[T any](ctx context.Context, grace time.Duration, f func() (T, error), late func(T)) (T, error) {
	type result struct {
		value    T
		err      error
		panicked any
	}
	done := make(chan result, 1)
	go func() {
		r := result{err: errUnfinished} // unless f returns: runtime.Goexit does that
		defer func() {
			r.panicked = recover()
			done <- r
		}()
		r.value, r.err = f()
	}()
	finish := func(r result) (T, error) {
		if r.panicked != nil {
			panic(r.panicked)
		}
		return r.value, r.err
	}
	select {
	case r := <-done:
		return finish(r)
	case <-ctx.Done():
	}
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case r := <-done:
		return finish(r)
	case <-timer.C:
	}
	if late != nil {
		go func() {
			if r := <-done; r.err == nil && r.panicked == nil {
				late(r.value)
			}
		}()
	}
	var zero T
	return zero, context.Cause(ctx)
}

// guardedStore is a caller's TokenStore as the login uses it: no call takes longer than its context
// lasts, and a panic is an error. The login goes on with what it holds in memory.
type guardedStore struct {
	store   TokenStore
	secrets *redact.Secrets
}

func (g guardedStore) load(ctx context.Context, account string) (rec Record, err error) {
	return guarded(ctx, storeGrace, func() (rec Record, err error) {
		defer g.recovered("TokenStore.Load", &err)
		return g.store.Load(ctx, account)
	}, nil)
}

func (g guardedStore) save(ctx context.Context, account string, rec Record, prevGen uint64) error {
	_, err := guarded(ctx, storeGrace, func() (_ struct{}, err error) {
		defer g.recovered("TokenStore.Save", &err)
		return struct{}{}, g.store.Save(ctx, account, rec, prevGen)
	}, nil)
	return err
}

// lock returns a nil unlock if the store has no locks.
func (g guardedStore) lock(ctx context.Context, account string) (unlock func(), err error) {
	locker, ok := g.store.(Locker)
	if !ok {
		return nil, nil
	}
	release, err := guarded(ctx, storeGrace, func() (release func(), err error) {
		defer g.recovered("Locker.Lock", &err)
		return locker.Lock(ctx, account)
	}, g.release)
	if err != nil {
		return nil, err
	}
	return func() { g.release(release) }, nil
}

func (g guardedStore) release(unlock func()) {
	if unlock == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), saveGrace)
	defer cancel()
	_, _ = guarded(ctx, storeGrace, func() (_ struct{}, err error) {
		defer g.recovered("the function that Locker.Lock returned", &err)
		unlock()
		return struct{}{}, nil
	}, nil)
}

// recovered is deferred: it turns a panic into an error.
func (g guardedStore) recovered(where string, err *error) {
	if value := recover(); value != nil {
		*err = newPanicError(where, value, g.secrets)
	}
}
