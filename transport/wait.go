package transport

import (
	"context"
	"sync"
	"time"
)

// Sleep waits for d or for the end of ctx, whichever is first, and returns ctx's error then.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Wait calls f, which waits for something before a request is sent: a backoff, a permit, a token.
// The context that f gets ends when ctx does, and also when the client that the call goes through
// is closed (Report.SetClosing); the error is then the closing's cause, whatever f returned.
// Attempts that are on the wire are not ended that way: their context is ctx itself.
func Wait(ctx context.Context, f func(context.Context) error) error {
	report := CallFrom(ctx).Report
	if report == nil {
		return f(ctx)
	}
	closing := report.Closing()
	if closing == nil {
		return f(ctx)
	}
	w := &waiting{Context: ctx, closing: closing}
	err := f(w)
	w.release()
	if err != nil && closing.Err() != nil && ctx.Err() == nil {
		return Permanent(context.Cause(closing))
	}
	return err
}

// waiting is a context that ends with either of two. The two are joined when somebody asks for
// Done: most waits are over before they begin, and cost nothing that way.
type waiting struct {
	context.Context
	closing context.Context

	mu       sync.Mutex
	released bool
	joined   context.Context
	cancel   context.CancelCauseFunc
	stop     func() bool
}

func (w *waiting) join() context.Context {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.joined != nil:
	case w.released: // nobody would take it out of closing's children again
		w.joined = w.Context
	default:
		w.joined, w.cancel = context.WithCancelCause(w.Context)
		cancel := w.cancel
		w.stop = context.AfterFunc(w.closing, func() { cancel(context.Cause(w.closing)) })
		if w.closing.Err() != nil {
			cancel(context.Cause(w.closing)) // AfterFunc calls back on a goroutine of its own, later
		}
	}
	return w.joined
}

// release ends the wait. f may have kept the context: it is ctx then, or one that has ended.
func (w *waiting) release() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.released = true; w.stop != nil {
		w.stop()
		w.cancel(nil)
	}
}

func (w *waiting) Done() <-chan struct{} { return w.join().Done() }

func (w *waiting) Err() error {
	if w.closing.Err() != nil {
		return w.join().Err()
	}
	return w.current().Err()
}

// Value asks the joined context, if there is one: it knows the cause of its end, see context.Cause.
func (w *waiting) Value(key any) any { return w.current().Value(key) }

// current returns the joined context, or ctx while nobody has needed one.
func (w *waiting) current() context.Context {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.joined != nil {
		return w.joined
	}
	return w.Context
}
