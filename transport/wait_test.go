package transport

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"
)

var errClosing = errors.New("closed")

// waitingContext returns a context of a call through a client, and a function that closes the
// client.
func waitingContext(t *testing.T) (context.Context, func()) {
	closing, shut := context.WithCancelCause(context.Background())
	t.Cleanup(func() { shut(nil) })
	var report Report
	report.SetClosing(closing)
	return WithCall(t.Context(), &Call{Report: &report}), func() { shut(errClosing) }
}

// The context that Wait gives keeps the contract of context.Context whichever of its two ends
// first.
func TestWaitContext(t *testing.T) {
	errCaller := errors.New("the caller left")
	for name, tc := range map[string]struct {
		end   func(shut func(), cancel context.CancelCauseFunc)
		cause error
		want  error
	}{
		"closed": {func(shut func(), _ context.CancelCauseFunc) { shut() }, errClosing, errClosing},
		"the caller leaves": {
			func(_ func(), cancel context.CancelCauseFunc) { cancel(errCaller) }, errCaller,
			context.Canceled,
		},
		"both": {func(shut func(), cancel context.CancelCauseFunc) {
			cancel(errCaller)
			shut()
		}, errCaller, context.Canceled},
	} {
		for _, joined := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					ctx, shut := waitingContext(t)
					ctx, cancel := context.WithCancelCause(ctx)
					defer cancel(nil)
					deadline := time.Now().Add(time.Hour)
					ctx, stop := context.WithDeadline(ctx, deadline)
					defer stop()
					err := Wait(ctx, func(ctx context.Context) error {
						if at, ok := ctx.Deadline(); !ok || !at.Equal(deadline) {
							t.Errorf("the deadline is %v, %v", at, ok)
						}
						if joined {
							child, stop := context.WithCancel(ctx)
							defer stop()
							called := make(chan struct{})
							context.AfterFunc(ctx, func() { close(called) })
							go tc.end(shut, cancel)
							<-child.Done()
							<-ctx.Done()
							<-called
							if !errors.Is(context.Cause(child), tc.cause) {
								t.Errorf("the cause of a child is %v, want %v", context.Cause(child), tc.cause)
							}
						} else {
							tc.end(shut, cancel)
						}
						if err := ctx.Err(); !errors.Is(err, context.Canceled) || !errors.Is(context.Cause(ctx), tc.cause) {
							t.Errorf("ended with %v because of %v, want %v", err, context.Cause(ctx), tc.cause)
						}
						return ctx.Err()
					})
					if !errors.Is(err, tc.want) {
						t.Errorf("Wait returned %v, want %v", err, tc.want)
					}
				})
			})
		}
	}
}

// A source or limiter that keeps the context for longer than its call meets a context still: Err is
// not nil when Done is closed, and nothing of it stays with the client.
func TestWaitContextOutlivesTheWait(t *testing.T) {
	ctx, _ := waitingContext(t)
	for _, use := range []func(context.Context){func(context.Context) {}, func(ctx context.Context) { ctx.Done() }} {
		var kept context.Context
		if err := Wait(ctx, func(ctx context.Context) error { use(ctx); kept = ctx; return nil }); err != nil {
			t.Fatal(err)
		}
		select {
		case <-kept.Done():
			if kept.Err() == nil {
				t.Error("Done is closed and Err is nil")
			}
		default:
			if kept.Err() != nil {
				t.Error("Err is not nil and Done is open")
			}
		}
	}
	used := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := used()
	for range 20_000 {
		var kept context.Context
		_ = Wait(ctx, func(ctx context.Context) error { kept = ctx; return nil })
		kept.Done()
	}
	if after := used(); after > before+1<<20 {
		t.Errorf("%d bytes more are in use after 20,000 waits", after-before)
	}
}
