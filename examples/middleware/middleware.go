package main

import (
	"crypto/rand"
	"log/slog"
	"net/http"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// Both middlewares send with transport.RoundTrip, which is next.RoundTrip for a next that keeps the
// contract of http.RoundTripper, and an error for one that breaks it, such as a response without a
// body.

// requestID is a middleware that gives each request an id of its own in the header X-Request-Id.
func requestID(next http.RoundTripper) http.RoundTripper {
	return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		req = req.Clone(req.Context()) // a RoundTripper must not change the request that it was given
		req.Header.Set("X-Request-Id", rand.Text())
		return transport.RoundTrip(next, req)
	})
}

// logSlow returns a middleware that logs a warning for each request whose response takes limit or
// longer. It has settings, so it is a function that returns the middleware.
func logSlow(logger *slog.Logger, limit time.Duration) transport.Middleware {
	return func(next http.RoundTripper) http.RoundTripper {
		return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			req, call := transport.WithReport(req) // what other middlewares know of the call
			began := time.Now()
			resp, err := transport.RoundTrip(next, req)
			if took := time.Since(began); took >= limit {
				logger.WarnContext(req.Context(), "slow call", "operation", call.Operation,
					"attempts", call.Report.Sent(), "took", took.Round(time.Millisecond))
			}
			return resp, err
		})
	}
}
