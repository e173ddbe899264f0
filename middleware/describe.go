package middleware

import (
	"net/http"

	"github.com/seed-2147f1a9/spotify/transport"
)

// Describe returns the middleware that fills in the transport.Call of a request whose Call has no
// Route: operation, route, scopes, notice, bucket, whether the request is idempotent and whether it
// returns something. A request of an http.Client or of another SDK is then limited and retried like
// one of the services, which describe their requests themselves.
//
// lookup returns a Call with these fields, or nil for a request that it does not know. It may
// return the same Call several times: Describe copies it. The request's own Call wins where its
// Idempotency or Bucket is set. A nil lookup turns the middleware off.
func Describe(lookup func(*http.Request) *transport.Call) transport.Middleware {
	if lookup == nil {
		return passThrough
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
		setRequest(resp, req)
	}
	return resp, err
}
