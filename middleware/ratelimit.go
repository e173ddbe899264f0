package middleware

// RateLimit makes every sending of a call ask a Limiter first and report back what came of it; Pacer is the default Limiter.

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// ErrLimited is what errors.Is finds in the error of a call that a limiter did not let go out.
var ErrLimited = errors.New("rate limited")

// ErrExhausted is found by errors.Is in the error of a call that was not sent because a quota of hours or days is used up.
var ErrExhausted = errors.New("quota exceeded")

// Limiter decides when a call may go out. Implement it to share one limit between processes. It must be safe for concurrent use.
type Limiter interface {
	// Acquire waits until the call may go out. It returns the context's error when that ends first, and at once an error that is ErrLimited
	// (preferably a *LimitError) when the wait would go past the context's deadline or the key's MaxWait.
	Acquire(ctx context.Context, k Key) (Permit, error)
}

// Permit is the leave to send one call.
type Permit interface {
	// Done tells how the call ended. RateLimit calls it exactly once, when the response's headers are there or when there will be none.
	Done(Outcome)
}

// Key is what a limiter knows of a call; it comes from transport.Call.
type Key struct {
	// Bucket names the limit that the call counts against; empty is the general one. Buckets share nothing.
	Bucket string
	// Bulk lets other calls go first.
	Bulk bool
	// MaxWait bounds the wait; zero leaves it to the limiter.
	MaxWait time.Duration
}

// Outcome is how a call ended.
type Outcome struct {
	// Status is the answer's, or 0 where there was none.
	Status int
	// RetryAfter is how long the answer asked to stay away, 0 if it did not.
	RetryAfter time.Duration
	// Exhausted says that the response was a 429 for a quota of hours or days.
	Exhausted bool
	// Sent is when the call went out.
	Sent time.Time
	// Err says why there was no answer.
	Err error
}

// LimitError is the error of a call that would have had to wait for longer than it may. It was not sent. errors.Is finds ErrLimited in it.
type LimitError struct {
	// Bucket is the limit's name, empty for the general one.
	Bucket string
	// Until is when the call could go out at the earliest, as far as is known; now, if that is not known.
	Until time.Time
	// Wait is how far away that was when the error was made.
	Wait time.Duration
	// Exhausted says that a quota of hours or days is used up; ErrExhausted matches the error, too.
	Exhausted bool
}

func (e *LimitError) Error() string {
	which := ""
	if e.Bucket != "" {
		which = fmt.Sprintf(" (limit %q)", e.Bucket)
	}
	if e.Exhausted {
		return fmt.Sprintf("quota exceeded%s: not sent; retry in %v (at %s)", which, e.Wait.Round(time.Second), e.Until.Format(time.RFC3339))
	}
	if e.Wait <= 0 {
		return fmt.Sprintf("rate limited%s: not sent in the time it had", which)
	}
	return fmt.Sprintf("rate limited%s: not sent, the earliest moment is in %v, at %s", which, e.Wait.Round(time.Millisecond), e.Until.Format(time.RFC3339))
}

// Is matches ErrLimited, and ErrExhausted if Exhausted is true.
func (e *LimitError) Is(target error) bool {
	return target == ErrLimited || target == ErrExhausted && e.Exhausted
}

// IsTransient returns false: Retry does not wait where the limiter would not.
func (e *LimitError) IsTransient() bool { return false }

// RateLimit returns the step that sends a call only with the limiter's leave. A nil limiter lets everything through.
func RateLimit(limiter Limiter) transport.Middleware {
	return func(next http.RoundTripper) http.RoundTripper {
		if limiter == nil {
			return next
		}
		return &rateLimit{limiter, next}
	}
}

type rateLimit struct {
	limiter Limiter
	next    http.RoundTripper
}

func (r *rateLimit) RoundTrip(given *http.Request) (*http.Response, error) {
	req, call := transport.WithReport(given)
	call.Report.SetLimited()
	permit, err := r.acquire(req.Context(), Key{Bucket: call.Bucket, Bulk: call.Bulk, MaxWait: call.MaxWait})
	if err != nil {
		transport.CloseRequest(req)
		return nil, err
	}
	outcome := Outcome{Sent: time.Now(), Err: errPanicked}
	defer func() { permit.Done(outcome) }() // deferred, so that a middleware that panics does not hold its permit for ever
	resp, err := roundTrip(r.next, req)
	if outcome.Err = err; err == nil {
		class := classOf(call.Report, resp)
		outcome.Status, outcome.RetryAfter, outcome.Exhausted = resp.StatusCode, class.RetryAfter, class.Exhausted
		answers(given, resp)
	}
	return resp, err
}

func (r *rateLimit) acquire(ctx context.Context, k Key) (permit Permit, err error) {
	err = transport.Wait(ctx, func(ctx context.Context) error {
		permit, err = r.limiter.Acquire(ctx, k)
		return err
	})
	if err == nil && permit == nil {
		return nil, transport.Permanent(fmt.Errorf("%T returned neither a permit nor an error", r.limiter))
	}
	return permit, err
}

var errPanicked = errors.New("the step below panicked")
