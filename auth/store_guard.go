package auth

import (
	"context"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/redact"
)

// storeGrace is the time that a store has to return after its context has ended, because its error
// is more specific than the context's.
const storeGrace = 100 * time.Millisecond

// guarded calls f in a goroutine of its own and returns f's result, or ctx's error if f has not
// returned grace after ctx has ended: f may ignore ctx. A panic of f comes out in the caller's
// goroutine. If f succeeds after guarded has returned, late is called with its value.
func guarded[T any](ctx context.Context, grace time.Duration, f func() (T, error), late func(T)) (T, error) {
	type result struct {
		value    T
		err      error
		panicked any
	}
	done := make(chan result, 1)
	go func() {
		r := result{err: errUnfinished} // if f calls runtime.Goexit
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

// guardedStore calls a caller's TokenStore. Every call returns when its context ends, and a panic
// becomes a *PanicError, so that the login can go on with the tokens in memory.
type guardedStore struct {
	store   TokenStore
	secrets *redact.Secrets
}

func (g guardedStore) load(ctx context.Context, account string) (stored StoredToken, err error) {
	return guarded(ctx, storeGrace, func() (stored StoredToken, err error) {
		defer g.recovered("TokenStore.Load", &err)
		return g.store.Load(ctx, account)
	}, nil)
}

func (g guardedStore) save(ctx context.Context, account string, stored StoredToken, prevGen uint64) error {
	_, err := guarded(ctx, storeGrace, func() (_ struct{}, err error) {
		defer g.recovered("TokenStore.Save", &err)
		return struct{}{}, g.store.Save(ctx, account, stored, prevGen)
	}, nil)
	return err
}

// lock returns a nil unlock if the store is not a RefreshLocker.
func (g guardedStore) lock(ctx context.Context, account string) (unlock func(), err error) {
	locker, ok := g.store.(RefreshLocker)
	if !ok {
		return nil, nil
	}
	release, err := guarded(ctx, storeGrace, func() (release func(), err error) {
		defer g.recovered("RefreshLocker.Lock", &err)
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
	ctx, cancel := context.WithTimeout(context.Background(), saveTimeout)
	defer cancel()
	_, _ = guarded(ctx, storeGrace, func() (_ struct{}, err error) {
		defer g.recovered("unlock of RefreshLocker.Lock", &err)
		unlock()
		return struct{}{}, nil
	}, nil)
}

// recovered is deferred. It turns a panic into a *PanicError.
func (g guardedStore) recovered(where string, err *error) {
	if value := recover(); value != nil {
		*err = newPanicError(where, value, g.secrets)
	}
}
