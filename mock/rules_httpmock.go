package mock

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/jarcoal/httpmock"

	"github.com/seed-2147f1a9/spotify/mock/internal/wire"
)

// Responder returns the fake as a responder of package httpmock, to mount it in an existing
// httpmock set-up:
//
//	webAPI := regexp.MustCompile(`^https://api\.spotify\.com/v1/`)
//	httpmock.RegisterRegexpResponder("GET", webAPI, fake.Responder())
func (tr *Transport) Responder() httpmock.Responder { return tr.RoundTrip }

// clone returns the request as a client would send it: a copy with a body of its own.
func (in *request) clone() *http.Request {
	u := *in.url
	if u.Host == "" { // received by a Server
		scheme, rest, _ := strings.Cut(in.base, "://")
		host, _, _ := strings.Cut(rest, "/")
		u.Scheme, u.Host = scheme, host
	}
	req := &http.Request{
		Method: in.method, URL: &u, Host: u.Host, Header: in.header.Clone(), Body: http.NoBody,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	if req.Header == nil {
		req.Header = http.Header{}
	}
	if len(in.body) > 0 {
		data := bytes.Clone(in.body)
		req.ContentLength = int64(len(data))
		req.Body = &rewindingBody{data: data}
		req.GetBody = func() (io.ReadCloser, error) { return &rewindingBody{data: data}, nil }
	}
	return req.WithContext(in.ctx)
}

// rewindingBody starts again after its end, so that each of several combined matchers (Matcher.And)
// can read the whole body.
type rewindingBody struct {
	data []byte
	at   int
}

func (b *rewindingBody) Read(p []byte) (int, error) {
	if b.at == len(b.data) {
		b.at = 0
		return 0, io.EOF
	}
	n := copy(p, b.data[b.at:])
	b.at += n
	return n, nil
}

func (b *rewindingBody) Close() error { return nil }

// callResponder returns a responder's response, or the error of the request's context if that ends
// first.
func callResponder(in *request, responder httpmock.Responder) wire.Response {
	if in.ctx.Done() == nil {
		return readResponder(in, responder)
	}
	done := make(chan wire.Response, 1)
	go func() { done <- readResponder(in, responder) }()
	select {
	case r := <-done:
		return r
	case <-in.ctx.Done():
		return wire.Response{Err: context.Cause(in.ctx)}
	}
}

// readResponder reads and closes a responder's response and returns a copy. An error in the middle
// of the body breaks the connection there.
func readResponder(in *request, responder httpmock.Responder) wire.Response {
	resp, err := responder(in.clone())
	if err != nil {
		return wire.Response{Err: err}
	}
	if resp == nil {
		return wire.Response{Err: errors.New("mock: With: the responder returned neither a response nor an error")}
	}
	r := wire.Response{Status: resp.StatusCode, Header: resp.Header.Clone()}
	if r.Header == nil {
		r.Header = http.Header{}
	}
	if resp.Body != nil {
		defer resp.Body.Close()
		if r.Body, err = io.ReadAll(resp.Body); err != nil {
			r.Cut = len(r.Body) + 1
		}
	}
	if r.Status < 100 || r.Status > 599 {
		return wire.Response{
			Err: fmt.Errorf("mock: With: invalid status code %d of the responder: want 100 to 599", r.Status),
		}
	}
	return r
}
