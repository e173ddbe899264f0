package mock

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

// request is a received request. It is the same whether it came through the Transport or over a
// socket.
type request struct {
	ctx      context.Context
	method   string
	url      *url.URL
	base     string // the scheme and host that the client uses, and route.BasePath
	path     string // below the base URL, escaped as it was sent
	segments []string
	header   http.Header
	body     []byte
	length   int64 // Content-Length as sent, -1 if chunked
	arrived  time.Time
	query    url.Values
	route    *route.Route // nil if there is no such route
	call     *Call
	faults   *faultSource // of the rule that applies; nil for the fake's own
}

// newRequest reads a request that is sent through the Transport, and closes its body. It returns an
// error for requests that net/http's own transport does not send.
func newRequest(req *http.Request) (*request, error) {
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
	return parse(ctx, req, req.URL.Scheme, req.URL.Host, body, lengthSent(req, body)), nil
}

// lengthSent returns the Content-Length that net/http's transport would send, -1 for a chunked
// body: a body of unknown length is chunked unless it is empty and the method usually has none.
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

// parse reads a request whose body and framing are known.
func parse(ctx context.Context, req *http.Request, scheme, host string, body []byte, length int64) *request {
	in := &request{
		ctx: ctx, method: cmp.Or(req.Method, http.MethodGet), url: req.URL,
		base:   scheme + "://" + host + route.BasePath,
		header: req.Header.Clone(), body: body, length: length, arrived: time.Now(),
	}
	in.path = req.URL.EscapedPath()
	below := strings.HasPrefix(in.path, route.BasePath+"/")
	if below {
		in.path = in.path[len(route.BasePath):]
	}
	in.segments = route.Unescape(in.path)
	if req.URL.RawQuery != "" {
		in.query, _ = url.ParseQuery(req.URL.RawQuery) // invalid parameters are dropped, as servers do
	}
	r := route.Load().Find(in.method, in.segments)
	if r != nil && below == (r.Op != nil) {
		in.route = r
	}
	in.call = &Call{Method: in.method, Path: in.path, Query: in.query, Header: in.header, Body: in.body, At: in.arrived}
	if in.route != nil {
		in.call.Route = in.route.Path
	}
	return in
}

// sleep waits for d or returns the error of the request's context, as net/http does.
func (in *request) sleep(d time.Duration) error {
	if d > 0 && transport.Sleep(in.ctx, d) != nil {
		return context.Cause(in.ctx)
	}
	return nil
}
