package middleware

// Retry sends a call again when that can help and cannot harm, and otherwise hands back exactly what came.

import (
	"context"
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
	// MaxRetries is how often a call is sent again after its first sending: 3 if zero, never if negative.
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
	// Permanent, where it is set, is asked about each answer that is about to be retried; true hands the answer back instead.
	// It may read the body only through Peek.
	Permanent func(*http.Response) bool
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

// Retry returns the step that sends a call again after a failure that may pass: after a 429 whatever the method, after 500, 502, 503, 504,
// a broken connection or a timed-out attempt where applying the call twice does no harm (transport.Call.Safety, else the method), and after a
// failure to connect whatever the method. It never repeats a body that cannot be read again, a call whose own context is over, a certificate
// or name that is wrong, an error marked by transport.Permanent, or one that is ErrLimited.
// When it gives up, the last answer comes back with its body unread; a last error comes back as a *RetryError. See also Tried.
func Retry(cfg RetryConfig) transport.Middleware {
	cfg = cfg.withDefaults()
	spent := newBudget(cfg.Budget)
	return func(next http.RoundTripper) http.RoundTripper {
		return &retrier{cfg: cfg, budget: spent, next: next}
	}
}

type retrier struct {
	cfg    RetryConfig
	budget *budget
	next   http.RoundTripper
}

func (r *retrier) RoundTrip(req *http.Request) (*http.Response, error) {
	call := transport.CallFrom(req.Context())
	tried := tries{attempts: 1, start: time.Now()}
	r.budget.call()
	resp, err := r.next.RoundTrip(req)
	v := judge(req, call, resp, err)
	if !v.again {
		return resp, err
	}
	return r.again(req, call, tried, resp, err, v)
}

// again is the part of RoundTrip that few calls come to, kept apart so that the others do not pay for it.
func (r *retrier) again(req *http.Request, call *transport.Call, first tries, resp *http.Response, err error, v verdict) (*http.Response, error) {
	tried := &first
	ctx := context.WithValue(req.Context(), triesKey{}, tried)
	for v.again {
		delay, ok := r.wait(ctx, tried.attempts, resp, v)
		if !ok {
			break
		}
		status := tried.note(resp)
		if r.cfg.OnRetry != nil {
			r.cfg.OnRetry(RetryEvent{call.Operation, req.Method, req.URL.Path, tried.attempts, status, err, v.why, delay})
		}
		transport.Discard(resp)
		if err := sleep(ctx, delay); err != nil {
			return nil, tried.failed(err)
		}
		fresh, rewindErr := transport.Rewind(req)
		if rewindErr != nil {
			return nil, tried.failed(rewindErr)
		}
		tried.attempts++
		resp, err = r.next.RoundTrip(fresh.WithContext(ctx))
		v = judge(req, call, resp, err)
	}
	if err != nil {
		return nil, tried.failed(err)
	}
	tried.note(resp)
	tried.elapsed = time.Since(tried.start)
	return resp, nil
}

// wait returns how long to wait before the next attempt, or false if there is to be none.
func (r *retrier) wait(ctx context.Context, attempts int, resp *http.Response, v verdict) (time.Duration, bool) {
	if attempts > r.cfg.MaxRetries {
		return 0, false
	}
	var after time.Duration
	if resp != nil {
		if after = RetryAfter(resp.Header); after > max(r.cfg.MaxRetryAfter, 0) {
			return 0, false
		}
		if r.cfg.Permanent != nil && r.cfg.Permanent(resp) {
			return 0, false
		}
	}
	delay := r.cfg.delay(attempts-1, after)
	if deadline, ok := ctx.Deadline(); ok && !time.Now().Add(delay).Before(deadline) {
		return 0, false
	}
	if v != rejected {
		return delay, r.budget.spend()
	}
	patience := transport.CallFrom(ctx).MaxWait // it is the same limit that the call waits for, here or in RateLimit
	return delay, patience <= 0 || delay <= patience
}

// sleep waits for d or for the context's end, whichever is first.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// tries counts one call's attempts. It rides the context of every attempt but the first, so that the answer, through its Request, leads back to it.
type tries struct {
	attempts int
	status   int // of the last answer, 0 for an error
	start    time.Time
	elapsed  time.Duration
}

type triesKey struct{}

func (t *tries) note(resp *http.Response) int {
	t.status = 0
	if resp != nil {
		t.status = resp.StatusCode
	}
	return t.status
}

func (t *tries) failed(err error) error {
	if t.attempts == 1 && t.status == 0 {
		return err
	}
	return &RetryError{Attempts: t.attempts, Elapsed: time.Since(t.start), Status: t.status, Err: err}
}

// Tried tells how often the call behind an answer was sent, and for how long it was tried: 1 and 0 for an answer to a first attempt.
// It works on what Retry returned, in any step above it.
func Tried(resp *http.Response) (attempts int, elapsed time.Duration) {
	if resp != nil && resp.Request != nil {
		if t, ok := resp.Request.Context().Value(triesKey{}).(*tries); ok {
			return t.attempts, t.elapsed
		}
	}
	return 1, 0
}

// answers makes resp the answer to req, and keeps what Tried finds.
func answers(req *http.Request, resp *http.Response) {
	if resp.Request != nil {
		if t, ok := resp.Request.Context().Value(triesKey{}).(*tries); ok {
			req = req.WithContext(context.WithValue(req.Context(), triesKey{}, t))
		}
	}
	resp.Request = req
}

// RetryError is the error of a call that was sent more than once, or that ended while it waited to be.
type RetryError struct {
	// Attempts is how often the call was sent.
	Attempts int
	// Elapsed is the time from the first sending to giving up, waits included.
	Elapsed time.Duration
	// Status is that of the last answer, where the last attempt brought one that was to be retried.
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
		times += fmt.Sprintf(" (last answer %d)", e.Status)
	}
	return fmt.Sprintf("tried %s in %v: %v", times, e.Elapsed.Round(time.Millisecond), e.Err)
}

// Unwrap returns the last error.
func (e *RetryError) Unwrap() error { return e.Err }

// Timeout reports whether the last error is a timeout; http.Client asks for it.
func (e *RetryError) Timeout() bool { return isTimeout(e.Err) }
