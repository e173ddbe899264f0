package middleware

import (
	"cmp"
	"context"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// emit reports an event to the Observe of the call that ctx carries. It fills in the fields that
// all events have.
func emit(ctx context.Context, e Event) {
	call := transport.CallFrom(ctx)
	if call.Report == nil {
		return
	}
	switch to := call.Report.Events().(type) {
	case *observedCall:
		to.note(ctx, e)
	case *observing:
		e.CallID, e.Operation, e.Route = call.Report.ID(), call.Operation, call.Route
		e.Bucket, e.Priority, e.Attempt = call.Bucket, call.Priority, cmp.Or(e.Attempt, call.Report.Sent())
		e.Time = time.Now()
		e.ErrorType, e.Err = errorType(e.Status, e.Err, call.Report.Closing()), cleanError(e.Err, call.Report)
		to.observer.Note(ctx, e)
	}
}

// shortestWait is the shortest wait that is an event: an uncontended limiter or token source takes
// microseconds.
const shortestWait = time.Millisecond

// noteWait reports the end of a wait that began at start.
func noteWait(ctx context.Context, kind WaitKind, start time.Time, err error) {
	if took := time.Since(start); took >= shortestWait {
		emit(ctx, Event{Kind: WaitEvent, Wait: kind, Took: took, Err: err})
	}
}

// noteWaiting reports the beginning of a wait.
func noteWaiting(ctx context.Context, kind WaitKind, delay time.Duration) {
	if delay >= shortestWait {
		emit(ctx, Event{Kind: WaitingEvent, Wait: kind, Delay: delay})
	}
}

// backOff waits for d, until ctx ends or until the client is closed. It returns an error if d has
// not passed.
func backOff(ctx context.Context, d time.Duration) error {
	noteWaiting(ctx, WaitBackoff, d)
	start := time.Now()
	err := transport.Wait(ctx, func(ctx context.Context) error { return transport.Sleep(ctx, d) })
	noteWait(ctx, WaitBackoff, start, err)
	return err
}
