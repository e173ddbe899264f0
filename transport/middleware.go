// Package transport holds the parts a pipeline of [http.RoundTripper] middlewares is built from, for any API: it knows nothing of Spotify.
//
// A [Middleware] wraps the next step; [Chain] and [Stack] put steps in order; [Gate] keeps requests to other origins away from them;
// [NewBase] puts requests on the wire. The rules every step follows are those of http.RoundTripper, read strictly:
//
//   - The request that comes in is never changed; a step that needs another one clones it.
//   - The request body is always closed, also when the step gives up before sending.
//   - A response comes with a nil error; a discarded response is drained (bounded) and closed, see [Drain].
//   - A body is sent again only through GetBody, see [Rewind].
//   - The step stops at once when the request's context ends, and is safe for concurrent use.
package transport

import "net/http"

// Middleware wraps a RoundTripper in one step of a pipeline.
type Middleware func(next http.RoundTripper) http.RoundTripper

// RoundTripperFunc is a function that is an http.RoundTripper.
type RoundTripperFunc func(*http.Request) (*http.Response, error)

// RoundTrip calls f.
func (f RoundTripperFunc) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// Chain puts the middlewares around base, the first one outermost: it sees a request first and its response last.
// Nil middlewares are left out; a nil base is [NewBase].
func Chain(base http.RoundTripper, outermostFirst ...Middleware) http.RoundTripper {
	if base == nil {
		base = NewBase()
	}
	for i := len(outermostFirst) - 1; i >= 0; i-- {
		if mw := outermostFirst[i]; mw != nil {
			base = mw(base)
		}
	}
	return base
}
