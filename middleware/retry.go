package middleware

// Retry sends a call again when that can help and cannot harm, and otherwise hands back exactly what came.

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/transport"
)

// RetryConfig says how often and how patiently Retry tries. The zero value is a sensible whole.
type RetryConfig struct {
	// MaxRetries is how often a call is sent again after its first sending: 3 if zero, never if negative. Rejections by
	// a rate limit do not count while the limiter is learning that limit, see Permit.
	MaxRetries int
	// InitialDelay is the wait before the first retry, before jitter: 500 ms if zero. A wait is between half of the computed delay and all of it.
	InitialDelay time.Duration
	// MaxDelay is where the growth of the delay ends: 8 s if zero. A Retry-After may be longer, see MaxRetryAfter.
	MaxDelay time.Duration
	// Multiplier is what the delay grows by with each retry, at least 1: 2 if zero.
	Multiplier float64
	// MaxRetryAfter is the longest Retry-After that is waited out: 60 s if zero, none at all if negative.
	// An answer that asks for more comes back at once.
	MaxRetryAfter time.Duration
	// Budget is the share of the last ten seconds' calls that may be retried on account of failures, at most 1: 0.1 if zero, no bound if negative.
	// Ten retries in ten seconds are always allowed. Rejections by a rate limit (429) are not counted: they cost the server nothing.
	Budget float64
	// ShouldRetry, where it is set, is asked about each failed or successful attempt first: it gets
	// its response or its error. If decided is true, retry counts in place of Retry's own policy.
	// It cannot make Retry repeat a request that is not idempotent and may have been applied, one
	// whose context has ended or whose body cannot be read again, or an error marked by
	// transport.Permanent. It may look into the body only with transport.Peek.
	ShouldRetry func(resp *http.Response, err error) (retry, decided bool)
	// OnRetry, where it is set, is told about each retry before the wait for it. It must be safe for concurrent use and quick.
	OnRetry func(RetryEvent)
}

// RetryEvent tells of an attempt that failed and will be repeated.
type RetryEvent struct {
	// Operation is the call's name where it has one, as in transport.Call.
	Operation string
	// Method and Path are the request's.
	Method, Path string
	// Attempt is the one that failed, 1 for a call's first.
	Attempt int
	// Status is the answer's, or 0 where Err says why there was none.
	Status int
	Err    error
	// Reason says in a few words why the call is sent again.
	Reason string
	// Delay is the wait until then.
	Delay time.Duration
}

// Validate returns an error that names the first field whose value makes no sense.
func (c RetryConfig) Validate() error {
	switch {
	case c.InitialDelay < 0:
		return argument.Errorf("RetryConfig.InitialDelay", c.InitialDelay, "0 (500ms) or more")
	case c.MaxDelay < 0:
		return argument.Errorf("RetryConfig.MaxDelay", c.MaxDelay, "0 (8s) or more")
	case c.MaxDelay > 0 && c.MaxDelay < c.InitialDelay:
		return argument.Errorf("RetryConfig.MaxDelay", c.MaxDelay, "InitialDelay (%v) or more", c.InitialDelay)
	case c.Multiplier != 0 && !(c.Multiplier >= 1) || math.IsInf(c.Multiplier, 0): // the negation takes NaN in
		return argument.Errorf("RetryConfig.Multiplier", c.Multiplier, "0 (2), or 1 and more")
	case !(c.Budget <= 1):
		return argument.Errorf("RetryConfig.Budget", c.Budget, "0 (0.1), up to 1, or negative for no bound")
	}
	return nil
}

// withDefaults fills in the defaults and makes sense of nonsense, for callers who did not Validate.
func (c RetryConfig) withDefaults() RetryConfig {
	if c.MaxRetries == 0 {
		c.MaxRetries = 3
	}
	if c.InitialDelay == 0 {
		c.InitialDelay = 500 * time.Millisecond
	}
	if c.MaxDelay == 0 {
		c.MaxDelay = max(8*time.Second, c.InitialDelay)
	}
	if !(c.Multiplier >= 1) {
		c.Multiplier = 2
	}
	if c.MaxRetryAfter == 0 {
		c.MaxRetryAfter = time.Minute
	}
	if c.Budget == 0 || math.IsNaN(c.Budget) {
		c.Budget = 0.1
	}
	return c
}

// delay returns the wait before retry number n (0 is the first), where the server asked for after, or for nothing if that is 0.
// Retry-After is a floor: jitter only adds to it, lest everybody comes back in the same instant.
func (c RetryConfig) delay(n int, after time.Duration) time.Duration {
	full := min(float64(c.InitialDelay)*math.Pow(c.Multiplier, float64(n)), float64(c.MaxDelay))
	jitter := max(full, 0) / 2 * rand.Float64()
	backoff := time.Duration(max(full, 0)/2 + jitter)
	if after <= 0 {
		return backoff
	}
	return max(backoff, after+time.Duration(jitter))
}

// Retry returns the middleware that sends a request again after a failure that may pass: after a 429
// whatever the method; after 408, 500, 502, 503, 504, 507, 520 to 599, a broken connection, a body
// that Buffer found cut short, or a timed-out attempt if the request is idempotent
// (transport.Call.Idempotency, else the method); and after a failure to connect whatever the method. It
// never repeats a body that cannot be read again, a call whose own context has ended, a certificate
// or host name that is wrong, an error marked by transport.Permanent or that is ErrLimited, or a 429
// that says that a quota is exhausted.
//
// Every retry waits: the backoff, and at least the response's Retry-After. After a 429 the limiter waits
// instead, where there is one below (transport.Report.Limited): the next attempt asks it for a permit at
// once. Rejections that the limiter takes the blame for do not count against MaxRetries. When Retry gives up, the
// last response comes back with its body unread, and a last error as a *RetryError. The call's Report
// counts the attempts.
func Retry(cfg RetryConfig) transport.Middleware {
	cfg = cfg.withDefaults()
	budget := newBudget(cfg.Budget)
	return func(next http.RoundTripper) http.RoundTripper {
		return &retry{cfg: cfg, budget: budget, next: next}
	}
}

type retry struct {
	cfg    RetryConfig
	budget *budget
	next   http.RoundTripper
}

func (r *retry) RoundTrip(given *http.Request) (*http.Response, error) {
	req, call := transport.WithReport(given)
	call.Report.Attempt()
	if call.NoRetry || r.cfg.MaxRetries < 0 {
		call.Report.SetOnce()
	}
	r.budget.call()
	resp, err := roundTrip(r.next, req)
	if v := r.judge(req, call, resp, err); v.again {
		resp, err = r.again(req, call, resp, err, v)
	}
	call.Report.Ended()
	if resp != nil {
		answers(given, resp)
	}
	return resp, err
}

// again sends a request again until an attempt succeeds or no further one is allowed.
func (r *retry) again(req *http.Request, call *transport.Call, resp *http.Response, err error, v verdict) (*http.Response, error) {
	attempts, counted, status := 1, 0, 0
	start := time.Now()
	failed := func(err error) error {
		if attempts == 1 && status == 0 {
			return err
		}
		_, elapsed := call.Report.Ended()
		return &RetryError{Attempts: attempts, Elapsed: max(elapsed, time.Since(start)), Status: status, Err: err}
	}
	for v.again {
		if v != rejected || !excused(call.Report) {
			counted++
		}
		delay, ok := r.delay(req, call, counted, resp, err, v)
		if !ok {
			break
		}
		if status = 0; resp != nil {
			status = classOf(call.Report, resp).Status
		}
		if r.cfg.OnRetry != nil {
			r.cfg.OnRetry(RetryEvent{call.Operation, req.Method, pathOf(req), attempts, status, err, v.why, delay})
		}
		transport.Drain(resp)
		if err := transport.Wait(req.Context(), func(ctx context.Context) error { return transport.Sleep(ctx, delay) }); err != nil {
			return nil, failed(err)
		}
		fresh, rewindErr := transport.Rewind(req)
		if rewindErr != nil {
			return nil, failed(rewindErr)
		}
		attempts++
		call.Report.Attempt()
		resp, err = roundTrip(r.next, fresh)
		v = r.judge(req, call, resp, err)
	}
	if err != nil {
		return nil, failed(err)
	}
	return resp, nil
}

func pathOf(req *http.Request) string {
	if req.URL == nil {
		return ""
	}
	return req.URL.Path
}

// excused reports whether a limiter takes the blame for the last attempt's rejection.
func excused(report *transport.Report) bool {
	_, excused := report.Rejected()
	return excused
}

// delay returns how long to wait before the next attempt, or false if there is to be none. Counted is the
// number of attempts that count against MaxRetries.
func (r *retry) delay(req *http.Request, call *transport.Call, counted int, resp *http.Response, err error, v verdict) (time.Duration, bool) {
	if counted > r.cfg.MaxRetries {
		return 0, false
	}
	after := retryAfter(call.Report, resp, err)
	if after > max(r.cfg.MaxRetryAfter, 0) {
		return 0, false
	}
	if v == rejected && call.Report.Limited() {
		return 0, canWait(req, call, after)
	}
	delay := r.cfg.delay(counted-1, after)
	if !canWait(req, call, delay) && v == rejected || !inTime(req, delay) {
		return 0, false
	}
	return delay, v == rejected || r.budget.spend()
}

// inTime reports whether a wait ends before the request's deadline.
func inTime(req *http.Request, wait time.Duration) bool {
	deadline, ok := req.Context().Deadline()
	return !ok || time.Now().Add(wait).Before(deadline)
}

// canWait reports whether a call may wait so long for a rate limit, here or in the limiter.
func canWait(req *http.Request, call *transport.Call, wait time.Duration) bool {
	return inTime(req, wait) && (call.MaxWait <= 0 || wait <= call.MaxWait)
}

// retryAfter returns how long a response or an error asks to back off, 0 if it does not.
func retryAfter(report *transport.Report, resp *http.Response, err error) time.Duration {
	if resp != nil {
		return classOf(report, resp).RetryAfter
	}
	if asks, ok := errors.AsType[interface {
		error
		RetryDelay() time.Duration
	}](err); ok {
		return asks.RetryDelay()
	}
	return 0
}

// RetryError is the error of a call that was sent more than once, or that ended while it waited to be.
type RetryError struct {
	// Attempts is how often the call was sent.
	Attempts int
	// Elapsed is the time from the first sending to giving up, waits included.
	Elapsed time.Duration
	// Status is the status code of the last response that was to be retried, 0 if there was none.
	Status int
	// Err is the last error.
	Err error
}

func (e *RetryError) Error() string {
	times := fmt.Sprintf("%d times", e.Attempts)
	if e.Attempts == 1 {
		times = "once"
	}
	if e.Status != 0 {
		times += fmt.Sprintf(" (last response %d)", e.Status)
	}
	return fmt.Sprintf("tried %s in %v: %v", times, e.Elapsed.Round(time.Millisecond), e.Err)
}

// Unwrap returns the last error.
func (e *RetryError) Unwrap() error { return e.Err }

// Timeout reports whether the last error is a timeout; http.Client asks for it.
func (e *RetryError) Timeout() bool { return transport.IsTimeout(e.Err) }
