package spotify

import (
	"net/http"
	"net/url"
	"sync/atomic"

	"github.com/seed-2147f1a9/spotify/transport"
)

// gate is the first step: it turns calls away when the client is closed, counts those to the API, and sends those to other origins past the rest.
type gate struct {
	home   *url.URL
	closed atomic.Bool
	calls  atomic.Int64
}

func (g *gate) step(base http.RoundTripper) transport.Middleware {
	return func(next http.RoundTripper) http.RoundTripper {
		split := transport.Gate(g.home, base)(transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			g.calls.Add(1)
			return next.RoundTrip(req)
		}))
		return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			if g.closed.Load() {
				transport.CloseRequest(req)
				return nil, ErrClosed
			}
			return split.RoundTrip(req)
		})
	}
}
