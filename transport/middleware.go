// Package transport has the parts of a pipeline of [http.RoundTripper] middlewares, for any API. It
// imports the standard library only.
//
// A [Middleware] wraps the next one; [Chain] and [Stack] build a pipeline of several; [Gate] keeps
// requests to other origins out of it; [NewBase] is the transport at its end. A middleware follows
// the contract of http.RoundTripper, which package transporttest checks:
//
//   - It never changes the request that it was given; it clones a request to change it.
//   - It always closes the request's body, also if it returns before the request is sent.
//   - It returns a response or an error, never both; a response that it does not return is drained
//     (at most 64 KiB and 50 ms) and closed, see [Drain].
//   - It resends a body only through GetBody, see [Rewind].
//   - It returns when the request's context ends, and is safe for concurrent use.
package transport

import "net/http"

// Middleware returns a RoundTripper that does something to requests and responses, and sends the
// requests through next.
type Middleware func(next http.RoundTripper) http.RoundTripper

// RoundTripperFunc is a function that is an http.RoundTripper.
type RoundTripperFunc func(*http.Request) (*http.Response, error)

// RoundTrip calls f.
func (f RoundTripperFunc) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// Chain returns base wrapped in the middlewares. The first one is outermost: it sees a request
// first and its response last. Nil middlewares are left out; a nil base means [NewBase].
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
