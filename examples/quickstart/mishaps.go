package main

import (
	"io"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/seed-2147f1a9/spotify/transport"
)

// mishaps is a base transport that, once told to, answers one request itself, with an error. To the pipeline above it looks as if Spotify had done it.
type mishaps struct {
	next   http.RoundTripper
	status atomic.Int32
}

// befall has the next request meet with a status.
func (m *mishaps) befall(status int) { m.status.Store(int32(status)) }

func (m *mishaps) RoundTrip(req *http.Request) (*http.Response, error) {
	status := int(m.status.Swap(0))
	if status == 0 {
		return m.next.RoundTrip(req)
	}
	transport.CloseRequest(req)
	return &http.Response{
		StatusCode: status,
		Header:     http.Header{"Retry-After": {"1"}},
		Body:       io.NopCloser(strings.NewReader("")),
		Request:    req,
	}, nil
}
