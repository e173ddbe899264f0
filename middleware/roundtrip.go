package middleware

import (
	"context"
	"net/http"

	"github.com/seed-2147f1a9/spotify/transport"
)

// roundTrip sends req through next and holds next to http.RoundTripper's contract.
func roundTrip(next http.RoundTripper, req *http.Request) (*http.Response, error) {
	return transport.RoundTrip(next, req)
}

// answers makes resp the response to req.
func answers(req *http.Request, resp *http.Response) { resp.Request = req }

// causeOf returns why a request's context has ended, nil if it has not.
func causeOf(req *http.Request) error {
	if req.Context().Err() == nil {
		return nil
	}
	return context.Cause(req.Context())
}

// nothing is a middleware that is turned off.
func nothing(next http.RoundTripper) http.RoundTripper { return next }
