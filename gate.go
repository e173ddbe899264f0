package spotify

import (
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/transport"
)

// gate is the first step: it turns calls away when the client is closed or the app's quota is known to be used up, and sends calls to other origins past the rest.
type gate struct {
	home   *url.URL
	closed atomic.Bool
	until  atomic.Int64 // when an exceeded quota is over, in Unix nanoseconds
}

func (g *gate) step(base http.RoundTripper) transport.Middleware {
	return func(next http.RoundTripper) http.RoundTripper {
		split := transport.Gate(g.home, transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) { return base.RoundTrip(req) }))
		home := split(transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			if err := g.exceeded(req); err != nil {
				transport.CloseRequest(req)
				return nil, err
			}
			resp, err := next.RoundTrip(req)
			if err == nil && isQuotaExceeded(resp) {
				g.close(middleware.RetryAfter(resp.Header))
			}
			return resp, err
		}))
		return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			if g.closed.Load() {
				transport.CloseRequest(req)
				return nil, ErrClosed
			}
			return home.RoundTrip(req)
		})
	}
}

// close keeps calls back until an exceeded quota is over, which is a matter of hours: each of them would be refused, and count.
func (g *gate) close(after time.Duration) {
	if after > 0 {
		g.until.Store(time.Now().Add(after).UnixNano())
	}
}

// exceeded is the error of a call that is not even sent.
func (g *gate) exceeded(req *http.Request) error {
	until := g.until.Load()
	if until == 0 {
		return nil
	}
	left := time.Until(time.Unix(0, until))
	if left <= 0 {
		g.until.CompareAndSwap(until, 0)
		return nil
	}
	call := transport.CallFrom(req.Context())
	return &Error{
		Status: http.StatusTooManyRequests, Reason: reasonQuotaExceeded, Message: "not sent: the app's quota is known to be exceeded",
		Operation: call.Operation, Method: req.Method, Path: routeOf(req), RetryAfter: left,
	}
}

// Resume lets calls go out again although Spotify has told the app to stay away for long: an exceeded quota, or a Retry-After that is not over.
// If Spotify says no again, that counts again. With a limiter of one's own (WithLimiter), its Resume method is called if it has one.
func (c *Client) Resume() {
	c.gate.until.Store(0)
	if limiter, ok := c.limiter.(interface{ Resume() }); ok {
		limiter.Resume()
	}
}
