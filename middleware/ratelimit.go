package middleware

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// Limiter decides when a call may go. It alone does: Retry sends a rejected call again at once, and
// the call waits here. Implement it to share one limit between processes; package limitertest
// checks an implementation. A Limiter must be safe for concurrent use.
type Limiter interface {
	// Acquire waits until the call may go. After a 429 that means: not before its Retry-After has
	// passed. It returns the context's error when that ends first, and at once an error that
	// matches ErrLimited (preferably a *LimitError) when the wait would pass the context's deadline
	// or the request's MaxWait.
	Acquire(ctx context.Context, r LimitRequest) (Permit, error)
}

// Permit allows one call to be sent.
//
// A Permit may also have a method Excused() bool. After Done was called with a 429 it reports
// whether the limiter takes the blame, because it is still learning the limit or because other
// clients took the slot: such a rejection does not count against RetryConfig.MaxRetries.
type Permit interface {
	// Done reports how the call ended. RateLimit calls it exactly once, when the response's headers
	// have arrived or when there will be none.
	Done(Outcome)
}

// LimitRequest describes a call to a limiter.
type LimitRequest struct {
	// Operation is the call's name in the API reference ("get-an-album"), empty if it is not known.
	Operation string
	// Bucket names the limit that the call counts against; empty is the general one. Buckets share
	// nothing.
	Bucket string
	// Priority orders the calls that wait.
	Priority transport.Priority
	// MaxWait bounds the wait; zero leaves it to the limiter.
	MaxWait time.Duration
	// Rejected reports that the call's last attempt was rejected with 429: the call goes to the
	// front of its queue.
	Rejected bool
}

// Outcome is how a call ended.
type Outcome struct {
	// Status is the response's status code, or 0 if there was no response.
	Status int
	// RetryAfter is the response's Retry-After, 0 if it has none.
	RetryAfter time.Duration
	// Exhausted reports that a 429 has the reason QUOTA_EXCEEDED: a quota of the day is used up,
	// and waiting for seconds does not help.
	Exhausted bool
	// Sent is when the call was sent.
	Sent time.Time
	// Err is why there was no response.
	Err error
}

// RateLimit returns the middleware that sends a request only with a permit of the limiter, and
// reports to the limiter how it ended. Retry and Refresh wrap RateLimit, so every attempt takes a
// permit of its own. A nil limiter limits nothing.
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
	permit, err := r.acquire(req.Context(), limitRequest(call))
	if err != nil {
		transport.CloseRequest(req)
		return nil, err
	}
	outcome := Outcome{Sent: time.Now(), Err: errPanicked}
	defer func() { // deferred, so that a middleware that panics does not hold its permit for ever
		permit.Done(outcome)
		excused := false
		if p, ok := permit.(interface{ Excused() bool }); ok && outcome.Status == tooManyRequests {
			excused = p.Excused()
		}
		call.Report.SetRejected(outcome.Status == tooManyRequests, excused)
	}()
	resp, err := roundTrip(r.next, req)
	if outcome.Err = err; err == nil {
		class := classOf(call.Report, resp)
		outcome.Status, outcome.RetryAfter, outcome.Exhausted = resp.StatusCode, class.RetryAfter, class.Exhausted
		setRequest(resp, given)
	}
	return resp, err
}

func (r *rateLimit) acquire(ctx context.Context, q LimitRequest) (permit Permit, err error) {
	start := time.Now()
	err = transport.Wait(ctx, func(ctx context.Context) error {
		permit, err = r.limiter.Acquire(ctx, q)
		return err
	})
	noteWait(ctx, WaitLimiter, start, err)
	if errors.Is(err, ErrLimited) {
		refused := Event{Kind: LimitedEvent, Err: err}
		if limited, ok := errors.AsType[*LimitError](err); ok {
			refused.Delay = limited.Wait
		}
		emit(ctx, refused)
	}
	if err == nil && permit == nil {
		return nil, transport.Permanent(fmt.Errorf("%T returned neither a permit nor an error", r.limiter))
	}
	return permit, err
}

// limitRequest returns what a limiter gets to know of a call.
func limitRequest(call *transport.Call) LimitRequest {
	r := LimitRequest{Operation: call.Operation, Bucket: call.Bucket, Priority: call.Priority, MaxWait: call.MaxWait}
	if call.Report != nil {
		r.Rejected, _ = call.Report.Rejected()
	}
	return r
}

var errPanicked = errors.New("the middleware below panicked")
