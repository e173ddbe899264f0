package middleware

import (
	"net/http"

	"github.com/seed-2147f1a9/spotify/transport"
)

// Describe returns the middleware that tells the middlewares below it what is known of a request
// whose transport.Call has no Route: operation, route, scopes, bucket, whether it is idempotent and
// whether it returns something. Requests made by anybody get the same care that way, whether or not
// they come from the services, which describe their own.
//
// lookup returns a Call with these fields, which may be shared, or nil for a request it does not
// know. The Idempotency and Bucket of the request's own Call count, where they are set. A nil lookup turns
// the middleware off.
func Describe(lookup func(*http.Request) *transport.Call) transport.Middleware {
	if lookup == nil {
		return nothing
	}
	return func(next http.RoundTripper) http.RoundTripper {
		return &describe{lookup, next}
	}
}

type describe struct {
	lookup func(*http.Request) *transport.Call
	next   http.RoundTripper
}

func (d *describe) RoundTrip(req *http.Request) (*http.Response, error) {
	call := transport.CallFrom(req.Context())
	if call.Route != "" {
		return roundTrip(d.next, req)
	}
	known := d.lookup(req)
	if known == nil {
		return roundTrip(d.next, req)
	}
	described := *call
	described.Operation, described.Route = known.Operation, known.Route
	described.Scopes, described.Notice, described.Returns = known.Scopes, known.Notice, known.Returns
	if described.Idempotency == transport.IdempotencyByMethod {
		described.Idempotency = known.Idempotency
	}
	if described.Bucket == "" {
		described.Bucket = known.Bucket
	}
	if described.Report == nil {
		described.Report = new(transport.Report)
	}
	resp, err := roundTrip(d.next, req.WithContext(transport.WithCall(req.Context(), &described)))
	if err == nil {
		answers(req, resp)
	}
	return resp, err
}
