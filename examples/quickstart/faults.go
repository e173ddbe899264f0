package main

import (
	"net/http"
	"sync/atomic"

	"github.com/seed-2147f1a9/spotify/transport"
)

// faults is a base transport that injects errors: after a call of inject, it responds to the next
// request itself. The pipeline above treats that response like one of Spotify's.
type faults struct {
	next   http.RoundTripper
	status atomic.Int32
}

// inject makes the response to the next request one with this status code.
func (f *faults) inject(status int) { f.status.Store(int32(status)) }

func (f *faults) RoundTrip(req *http.Request) (*http.Response, error) {
	status := int(f.status.Swap(0))
	if status == 0 {
		return f.next.RoundTrip(req)
	}
	transport.CloseRequest(req)
	return &http.Response{
		StatusCode: status,
		Header: http.Header{
			"Retry-After":      {"1"},                            // read from a 429 and a 503
			"Www-Authenticate": {`Bearer error="invalid_token"`}, // read from a 401
		},
		Body:    http.NoBody,
		Request: req,
	}, nil
}
