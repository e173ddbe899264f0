package middleware

import (
	"maps"
	"net/http"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/redact"
	"github.com/seed-2147f1a9/spotify/transport"
)

// roundTrip sends req through next and holds next to http.RoundTripper's contract.
func roundTrip(next http.RoundTripper, req *http.Request) (*http.Response, error) {
	return transport.RoundTrip(next, req)
}

// setRequest makes resp the response to req. A middleware that has sent a copy of its request calls
// it, so that the middlewares above see the request that they have sent. If a transport below has
// put an Authorization header on its own copy, setRequest adds the header's secrets to the Report
// of req's call, as Auth does with its tokens.
func setRequest(resp *http.Response, req *http.Request) {
	if sent := resp.Request; sent != nil && sent != req && hasAuthorization(sent.Header) {
		if report := transport.CallFrom(req.Context()).Report; report != nil {
			report.AddSecrets(redact.OfRequest(sent))
		}
	}
	resp.Request = req
}

// passThrough is a middleware that is turned off.
func passThrough(next http.RoundTripper) http.RoundTripper { return next }

// isSafe reports whether a method is safe: a request with it changes nothing on the server (RFC
// 9110 section 9.2.1). "" is GET.
func isSafe(method string) bool {
	switch method {
	case "", http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		return true
	}
	return false
}

// withHeader returns a copy of h with name set to value. The copy shares the slices of the other
// headers, clipped, so that an Add to the copy never writes into h.
func withHeader(h http.Header, name, value string) http.Header {
	copied := maps.Clone(h)
	if copied == nil {
		copied = http.Header{}
	}
	for k, v := range copied {
		if cap(v) > len(v) {
			copied[k] = v[:len(v):len(v)]
		}
	}
	copied[name] = []string{value}
	return copied
}

// endsInTime reports whether a wait ends before the request's deadline.
func endsInTime(req *http.Request, wait time.Duration) bool {
	deadline, ok := req.Context().Deadline()
	return !ok || time.Now().Add(wait).Before(deadline)
}
