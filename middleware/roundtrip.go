package middleware

import (
	"net/http"

	"github.com/seed-2147f1a9/spotify/transport"
)

// roundTrip sends req through next and holds next to http.RoundTripper's contract.
func roundTrip(next http.RoundTripper, req *http.Request) (*http.Response, error) {
	return transport.RoundTrip(next, req)
}

// answers makes resp the response to req.
func answers(req *http.Request, resp *http.Response) { resp.Request = req }

// nothing is a middleware that is turned off.
func nothing(next http.RoundTripper) http.RoundTripper { return next }
