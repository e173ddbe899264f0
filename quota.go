package spotify

import (
	"net/http"
	"sync/atomic"
	"time"

	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/transport"
)

// quota keeps calls back while the app's quota is known to be used up, which is a matter of hours: each of them would be refused, and count.
type quota struct{ shut atomic.Pointer[closure] }

// closure is a time in which nothing is sent.
type closure struct {
	until   time.Time
	guessed bool // Spotify did not say until when
}

// recheck is how long to stay away where Spotify does not say. After that one call is sent to see, and if it is refused as well, it starts again.
const recheck = time.Minute

func (q *quota) step(next http.RoundTripper) http.RoundTripper {
	return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		scout, left := q.enter(time.Now())
		if left > 0 {
			transport.CloseRequest(req)
			return nil, notSent(req, left)
		}
		resp, err := next.RoundTrip(req)
		switch {
		case err != nil:
		case isQuotaExceeded(resp):
			q.close(time.Now(), middleware.RetryAfter(resp.Header))
		case scout != nil:
			q.shut.CompareAndSwap(scout, nil)
		}
		return resp, err
	})
}

// enter says for how long a call may not go yet. One that goes to see whether a guess was right keeps the others back until it knows.
func (q *quota) enter(now time.Time) (scout *closure, left time.Duration) {
	for {
		scout = nil // that of an earlier turn is for what is over
		shut := q.shut.Load()
		if shut == nil {
			return nil, 0
		}
		if left := shut.left(now); left > 0 {
			return nil, left
		}
		if shut.guessed {
			scout = &closure{now.Add(recheck), true}
		}
		if q.shut.CompareAndSwap(shut, scout) {
			return scout, 0
		}
	}
}

// left is what both of a machine's clocks agree on: one stands still while it sleeps, the other can be set.
func (c *closure) left(now time.Time) time.Duration {
	return min(c.until.Sub(now), c.until.Round(0).Sub(now.Round(0)))
}

func (q *quota) close(now time.Time, after time.Duration) {
	if after <= 0 {
		q.shut.Store(&closure{now.Add(recheck), true})
		return
	}
	q.shut.Store(&closure{now.Add(after), false})
}

func notSent(req *http.Request, left time.Duration) error {
	return &Error{
		Status: http.StatusTooManyRequests, Reason: reasonQuotaExceeded, Message: "not sent: the app's quota is known to be exceeded",
		Operation: transport.CallFrom(req.Context()).Operation, Method: req.Method, Path: routeOf(req), RetryAfter: left,
	}
}

// retryStep does not even try while the quota is used up. The cache stands above it: what it has is still served.
func (c *Client) retryStep(cfg middleware.RetryConfig) transport.Middleware {
	return func(next http.RoundTripper) http.RoundTripper {
		return transport.Chain(next, c.quota.step, middleware.Retry(c.meter.on(cfg)))
	}
}

// Resume lets calls go out again although Spotify has told the app to stay away for long: an exceeded quota, or a Retry-After that is not over.
// If Spotify says no again, that counts again. With a limiter of one's own (WithLimiter), its Resume method is called if it has one.
func (c *Client) Resume() {
	c.quota.shut.Store(nil)
	if limiter, ok := c.limiter.(interface{ Resume() }); ok {
		limiter.Resume()
	}
}
