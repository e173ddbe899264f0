package middleware

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/transport"
)

// RetryConfig configures Retry. The zero value is ready to use.
type RetryConfig struct {
	// MaxRetries is the most retries of a call: 3 if zero; a negative value turns retries off. A
	// 429 does not count while the limiter is learning the limit, see Permit.
	MaxRetries int
	// InitialDelay is the backoff before the first retry: 500 ms if zero. Validate refuses a
	// negative value. Jitter makes each backoff a random time between half of the computed one and
	// all of it.
	InitialDelay time.Duration
	// MaxDelay bounds the growth of the backoff: 8 s if zero, or InitialDelay if that is longer.
	// Validate refuses a negative value. A Retry-After may be longer, see MaxRetryAfter.
	MaxDelay time.Duration
	// Multiplier is the factor by which the backoff grows with each retry, at least 1: 2 if zero.
	// Validate refuses a negative value.
	Multiplier float64
	// MaxRetryAfter is the longest Retry-After that Retry waits for: 60 s if zero; if it is
	// negative, a response with a Retry-After is not retried. A response that asks for longer is
	// returned at once.
	MaxRetryAfter time.Duration
	// Budget is the number of retries as a share of the calls of the last 10 seconds, at most 1:
	// 0.1 if zero, no bound if negative. Ten retries in 10 seconds are always allowed. Retries of a
	// 429 do not count.
	Budget float64
	// ShouldRetry, if it is set, is called after each attempt, failed or successful, with its
	// response or its error. If decided is true, retry overrides Retry's own policy. It does not
	// override NoRetry, the end of the request's context or an error marked by transport.Permanent,
	// and it cannot make Retry resend a body that cannot be read again, or a request that is not
	// idempotent and may have been applied. It may read the response's body only with
	// transport.PeekBody. It must be safe for concurrent use. Nil decides nothing.
	ShouldRetry func(resp *http.Response, err error) (retry, decided bool)
	// OnRetry, if it is set, is called for each retry, before the wait for it. It must be safe for
	// concurrent use and quick.
	OnRetry func(RetryEvent)
}

// RetryEvent describes a failed attempt that will be retried.
type RetryEvent struct {
	// Operation is the call's operation as in transport.Call, "" if unknown.
	Operation string
	// Method and Path are those of the request.
	Method, Path string
	// Attempt is the number of the attempt that failed, 1 for the first.
	Attempt int
	// Status is the response's status code, 0 if there was no response.
	Status int
	// Err is the error if there was no response.
	Err error
	// Reason is the reason for the retry in a few words, such as "rate limited".
	Reason string
	// Delay is the wait before the retry. It is 0 if the limiter waits in place of Retry.
	Delay time.Duration
}

// Validate returns an error that names the first field with an invalid value, or nil.
func (c RetryConfig) Validate() error {
	switch {
	case c.InitialDelay < 0:
		return argument.Errorf("RetryConfig.InitialDelay", c.InitialDelay, "0 (500ms) or more")
	case c.MaxDelay < 0:
		return argument.Errorf("RetryConfig.MaxDelay", c.MaxDelay, "0 (8s) or more")
	case c.MaxDelay > 0 && c.MaxDelay < c.InitialDelay:
		return argument.Errorf("RetryConfig.MaxDelay", c.MaxDelay, "InitialDelay (%v) or more", c.InitialDelay)
	case c.Multiplier != 0 && !(c.Multiplier >= 1) || math.IsInf(c.Multiplier, 0): // !(NaN >= 1) is true
		return argument.Errorf("RetryConfig.Multiplier", c.Multiplier, "0 (2), or 1 and more")
	case !(c.Budget <= 1):
		return argument.Errorf("RetryConfig.Budget", c.Budget, "0 (0.1), up to 1, or negative for no bound")
	}
	return nil
}

// withDefaults returns c with the defaults in place of zero and of values that Validate refuses.
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

// delay returns the wait before retry number n (0 is the first) after a response with this
// Retry-After (0 if it has none). The wait is never shorter than Retry-After: jitter is added to
// it, so that clients with the same Retry-After do not retry in the same instant.
func (c RetryConfig) delay(n int, after time.Duration) time.Duration {
	full := min(float64(c.InitialDelay)*math.Pow(c.Multiplier, float64(n)), float64(c.MaxDelay))
	jitter := max(full, 0) / 2 * rand.Float64()
	backoff := time.Duration(max(full, 0)/2 + jitter)
	if after <= 0 {
		return backoff
	}
	return max(backoff, after+time.Duration(jitter))
}

// Retry returns the middleware that retries a request after a transient failure:
//
//   - after a 429 and after a failure to connect, for every method;
//   - after a status code of transport.IsTransientStatus, such as 408 or 503, a broken connection,
//     a body that Buffer found cut short and an attempt that timed out, if the request is
//     idempotent (transport.Call.Idempotency, or else the method).
//
// It never retries a request with transport.Call.NoRetry, one whose body cannot be read again, or
// one whose context has ended; nor after a wrong certificate or host name, an error that matches
// ErrLimited or is marked by transport.Permanent, or a 429 that reports an exhausted quota.
//
// Before each retry, Retry waits for the backoff and at least for the response's Retry-After. After
// a 429, if there is a limiter below (transport.Report.Limited), the limiter waits instead, and
// Retry makes the next attempt at once. A 429 that the limiter excuses (see Permit) does not count
// against MaxRetries. When Retry gives up, it returns the last response with its body unread, or
// the last error in a *RetryError. The call's Report counts the attempts.
func Retry(cfg RetryConfig) transport.Middleware {
	cfg = cfg.withDefaults()
	budget := newRetryBudget(cfg.Budget)
	return func(next http.RoundTripper) http.RoundTripper {
		return &retry{cfg: cfg, budget: budget, next: next}
	}
}

type retry struct {
	cfg    RetryConfig
	budget *retryBudget
	next   http.RoundTripper
}

func (r *retry) RoundTrip(given *http.Request) (*http.Response, error) {
	req, call := transport.WithReport(given)
	call.Report.Attempt()
	if call.NoRetry || r.cfg.MaxRetries < 0 {
		call.Report.SetOnce()
	}
	r.budget.addCall()
	resp, err := roundTrip(r.next, req)
	if v := r.decide(req, call, resp, err); v.retry {
		resp, err = r.retry(req, call, resp, err, v)
	}
	call.Report.Ended()
	if resp != nil {
		setRequest(resp, given)
	}
	return resp, err
}

// retry retries a request, whose first attempt ended with resp or err, until an attempt succeeds or
// no further retry is allowed.
func (r *retry) retry(
	req *http.Request, call *transport.Call, resp *http.Response, err error, v verdict,
) (*http.Response, error) {
	attempts, counted, status := 1, 0, 0
	start := time.Now()
	failed := func(err error) error {
		if attempts == 1 && status == 0 {
			return err
		}
		_, elapsed := call.Report.Ended()
		return &RetryError{Attempts: attempts, Elapsed: max(elapsed, time.Since(start)), Status: status, Err: err}
	}
	for v.retry {
		if v != rateLimited || !isExcused(call.Report) {
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
			r.cfg.OnRetry(RetryEvent{call.Operation, req.Method, pathOf(req), attempts, status, err, v.reason, delay})
		}
		emit(req.Context(), Event{Kind: RetryingEvent, Status: status, Err: err, Reason: v.reason, Delay: delay})
		transport.Drain(resp)
		if err := backOff(req.Context(), delay); err != nil {
			return nil, failed(err)
		}
		next, rewindErr := transport.Rewind(req)
		if rewindErr != nil {
			return nil, failed(rewindErr)
		}
		attempts++
		call.Report.Attempt()
		resp, err = roundTrip(r.next, next)
		v = r.decide(req, call, resp, err)
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

// isExcused reports whether the limiter excuses the 429 of the last attempt, see Permit.
func isExcused(report *transport.Report) bool {
	_, excused := report.Rejected()
	return excused
}

// delay returns the wait before the next retry, or false if there must be none. counted is the
// number of the retry among those that count against MaxRetries.
func (r *retry) delay(
	req *http.Request, call *transport.Call, counted int, resp *http.Response, err error, v verdict,
) (time.Duration, bool) {
	if counted > r.cfg.MaxRetries {
		return 0, false
	}
	after := retryAfter(call.Report, resp, err)
	if after > max(r.cfg.MaxRetryAfter, 0) {
		return 0, false
	}
	if v == rateLimited && call.Report.Limited() {
		return 0, canWait(req, call, after)
	}
	delay := r.cfg.delay(counted-1, after)
	if !canWait(req, call, delay) && v == rateLimited || !endsInTime(req, delay) {
		return 0, false
	}
	if v != rateLimited && !r.budget.takeRetry() {
		denied := Event{Kind: RetryDeniedEvent, Err: err, Reason: v.reason}
		if resp != nil {
			denied.Status = classOf(call.Report, resp).Status
		}
		emit(req.Context(), denied)
		return 0, false
	}
	return delay, true
}

// canWait reports whether a call may wait that long for a rate limit, in Retry or in the limiter:
// not beyond its context's deadline or its MaxWait.
func canWait(req *http.Request, call *transport.Call, wait time.Duration) bool {
	return endsInTime(req, wait) && (call.MaxWait <= 0 || wait <= call.MaxWait)
}

// retryAfter returns the Retry-After of a response, or of an error with a method RetryDelay, or 0.
func retryAfter(report *transport.Report, resp *http.Response, err error) time.Duration {
	if resp != nil {
		return classOf(report, resp).RetryAfter
	}
	if own, ok := errors.AsType[interface {
		error
		RetryDelay() time.Duration
	}](err); ok {
		return own.RetryDelay()
	}
	return 0
}

// RetryError is the error of a call that failed after a retry, or while it waited for one.
type RetryError struct {
	// Attempts is the number of attempts, the first one included.
	Attempts int
	// Elapsed is the time from the first attempt to the error, waits included.
	Elapsed time.Duration
	// Status is the status code of the response before the error: it was to be retried. 0 if the
	// attempt before the error had no response.
	Status int
	// Err is the last error.
	Err error
}

func (e *RetryError) Error() string {
	attempts := "1 attempt"
	if e.Attempts > 1 {
		attempts = fmt.Sprintf("%d attempts", e.Attempts)
	}
	if e.Status != 0 {
		attempts += fmt.Sprintf(" (last response %d)", e.Status)
	}
	return fmt.Sprintf("%s in %v: %v", attempts, e.Elapsed.Round(time.Millisecond), e.Err)
}

// Unwrap returns the last error.
func (e *RetryError) Unwrap() error { return e.Err }

// Timeout reports whether the last error is a timeout. http.Client calls it.
func (e *RetryError) Timeout() bool { return transport.IsTimeout(e.Err) }
