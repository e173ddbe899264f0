package main

import (
	"io"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/seed-2147f1a9/spotify/transport"
)

// onWire is the innermost place for a middleware: what happens there looks to the rest of the pipeline as if Spotify had done it.
const onWire = transport.OnWire

// mishaps is a middleware that, once told to, answers one request itself, with an error.
type mishaps struct{ status atomic.Int32 }

func (m *mishaps) next(status int) { m.status.Store(int32(status)) }

func (m *mishaps) step(next http.RoundTripper) http.RoundTripper {
	return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		status := int(m.status.Swap(0))
		if status == 0 {
			return next.RoundTrip(req)
		}
		transport.CloseRequest(req)
		return &http.Response{
			StatusCode: status,
			Header:     http.Header{"Retry-After": {"1"}},
			Body:       io.NopCloser(strings.NewReader("")),
			Request:    req,
		}, nil
	})
}
