package mock

// flight.go reads a request as it arrives, be it through the Transport or over a socket: after that, both are the same.

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/seed-2147f1a9/spotify/mock/internal/route"

	"github.com/seed-2147f1a9/spotify/mock/internal/wire"

	"github.com/seed-2147f1a9/spotify/transport"
)

// flight is one request under way.
type flight struct {
	ctx      context.Context
	method   string
	url      *url.URL
	base     string // scheme and host as the client knows them, and basePath
	path     string // as in the API reference, escaped as it came
	segments []string
	header   http.Header
	body     []byte
	length   int64 // Content-Length as sent, -1 if chunked
	arrived  time.Time
	query    url.Values
	route    *route.Route // nil if nothing answers there
	call     *Call
	fake     *Transport
	reply    wire.Response
}

// depart reads a request that a client sends through the Transport, and closes its body.
// It refuses what net/http's own transport refuses, so that a test finds it too.
func depart(req *http.Request) (*flight, error) {
	defer transport.CloseRequest(req)
	if req.URL == nil || req.URL.Host == "" {
		return nil, fmt.Errorf("mock: the request to %v has no host", req.URL)
	}
	ctx := req.Context()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	body, err := wire.ReadBody(req)
	if err != nil {
		return nil, err
	}
	if req.ContentLength > 0 && int64(len(body)) != req.ContentLength {
		return nil, fmt.Errorf("mock: ContentLength=%d with a body of %d bytes", req.ContentLength, len(body))
	}
	return board(ctx, req, req.URL.Scheme+"://"+req.URL.Host, body, lengthSent(req, body)), nil
}

// lengthSent is the Content-Length that net/http's transport would send: a body of unknown length goes out in chunks,
// unless it is empty and the method usually has none.
func lengthSent(req *http.Request, body []byte) int64 {
	if req.Body == nil || req.Body == http.NoBody || req.ContentLength != 0 {
		return req.ContentLength
	}
	switch req.Method {
	case "", http.MethodGet, http.MethodHead, http.MethodDelete, http.MethodOptions:
		if len(body) == 0 {
			return 0
		}
	}
	return -1
}

// board is what both ways share.
func board(ctx context.Context, req *http.Request, origin string, body []byte, length int64) *flight {
	f := &flight{
		ctx: ctx, method: cmp.Or(req.Method, http.MethodGet), url: req.URL, base: origin + route.BasePath,
		header: req.Header.Clone(), body: body, length: length, arrived: time.Now(),
	}
	path, below := strings.CutPrefix(req.URL.EscapedPath(), route.BasePath+"/")
	if below {
		path = "/" + path
	}
	f.path = path
	f.segments = route.Unescape(path)
	if req.URL.RawQuery != "" {
		f.query, _ = url.ParseQuery(req.URL.RawQuery) // what cannot be parsed is left out, as servers do
	}
	r := route.Load().Find(f.method, f.segments)
	if r != nil && below == (r.Op != nil) {
		f.route = r
	}
	f.call = &Call{Method: f.method, Path: f.path, Query: f.query, Header: f.header, Body: f.body, At: f.arrived}
	if f.route != nil {
		f.call.Route = f.route.Path
	}
	return f
}

// wait sleeps unless the caller leaves first, which it reports as net/http does.
func (f *flight) wait(d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-f.ctx.Done():
		return context.Cause(f.ctx)
	}
}
