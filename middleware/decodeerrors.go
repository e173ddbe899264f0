package middleware

// DecodeErrors turns the answers that a caller would have to check for into errors that cannot be overlooked.

import (
	"net/http"

	"github.com/seed-2147f1a9/spotify/transport"
)

// DecodeErrors returns the step that hands each answer of 400 and more to decode and returns decode's error in its place. Where decode returns nil the
// answer goes on as it is: decode then has to have left the body unread, or have looked into it with Peek.
// The step discards the body of an answer that became an error.
//
// It is the one step that breaks the contract of http.RoundTripper, by which every answer comes with a nil error: put it outermost, above every step
// that looks at answers, and not in a client that other code is to use. A nil decode is no step at all.
func DecodeErrors(decode func(*http.Response) error) transport.Middleware {
	if decode == nil {
		return nothing
	}
	return func(next http.RoundTripper) http.RoundTripper {
		return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			resp, err := next.RoundTrip(req)
			if err != nil || resp.StatusCode < 400 {
				return resp, err
			}
			if err := decode(resp); err != nil {
				transport.Discard(resp)
				return nil, err
			}
			return resp, nil
		})
	}
}

// nothing is what a step is that has nothing to do.
func nothing(next http.RoundTripper) http.RoundTripper { return next }
