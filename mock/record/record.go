// Package record writes real traffic into files, without secrets, and responds from these files
// later without a network.
//
//	rt, err := record.NewRecorder(transport.NewBase(), "testdata/spotify") // once, with a network
//	rt, err := record.NewReplayer("testdata/spotify")                      // in every test
//	client, err := spotify.New(spotify.WithTransport(rt), spotify.WithAccessToken("any"))
package record

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"

	"github.com/seed-2147f1a9/spotify/mock/internal/wire"
	"github.com/seed-2147f1a9/spotify/transport"
)

// Option configures a recorder and a replayer. Pass both the same options.
type Option interface{ apply(*censor) }

type option func(*censor)

func (o option) apply(c *censor) { o(c) }

// WithoutEmails redacts email addresses too, wherever they are.
func WithoutEmails() Option { return option(func(c *censor) { c.emails = true }) }

// NewRecorder returns a transport that sends requests over base (transport.NewBase() if nil) and
// writes each request and its response into dir: one JSON file each, numbered in the order of the
// responses.
//
// Secrets are redacted: Authorization and cookies; tokens, authorization codes, code verifiers and
// client secrets in bodies and URLs; and every value that was recognised as a secret wherever it
// occurs again. The user's id and name stay. Email addresses stay unless WithoutEmails is passed.
//
// NewRecorder makes dir if it does not exist, and returns an error if dir holds fixtures already.
// Place the recorder below the middlewares that retry or add a token, where it sees every attempt.
func NewRecorder(base http.RoundTripper, dir string, opts ...Option) (http.RoundTripper, error) {
	if base == nil {
		base = transport.NewBase()
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	switch old, err := load(dir); {
	case err != nil:
		return nil, fmt.Errorf("record: %w", err)
	case len(old) > 0:
		return nil, fmt.Errorf("record: %s holds %d fixtures already; remove them to record anew", dir, len(old))
	}
	r := &recording{base: base, dir: dir}
	r.censor.set(opts)
	return r, nil
}

type recording struct {
	base   http.RoundTripper
	dir    string
	censor censor

	mu sync.Mutex
	n  int
}

// RoundTrip sends the request and writes the response into a file. A response whose body is cut
// short is returned as it is, and not written.
func (r *recording) RoundTrip(req *http.Request) (*http.Response, error) {
	sent, err := wire.ReadBody(req)
	transport.CloseRequest(req)
	if err != nil {
		return nil, err
	}
	resp, err := transport.RoundTrip(r.base, refill(req, sent))
	if err != nil {
		return nil, err
	}
	got, whole := reread(resp)
	if !whole {
		return resp, nil
	}
	if err := r.write(req, sent, resp, got); err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	return resp, nil
}

// reread reads a response's body and replaces it by one that yields the same bytes and the same
// error.
func reread(resp *http.Response) (got []byte, whole bool) {
	got, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil {
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(got), failing{err}))
		return nil, false
	}
	resp.Body = io.NopCloser(bytes.NewReader(got))
	return got, true
}

// failing is the end of a body that was cut short.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func (r *recording) write(req *http.Request, sent []byte, resp *http.Response, got []byte) error {
	plain, err := unpacked(resp.Header, got)
	if err != nil {
		return err
	}
	f := fixture{
		Request: r.censor.request(req, sent),
		Response: fixedResponse{
			Status: resp.StatusCode, Header: r.censor.header(resp.Header),
			fixedBody: newFixedBody(r.censor.body(plain, resp.Header.Get("Content-Type"))),
		},
	}
	for _, framing := range []string{"Content-Length", "Content-Encoding", "Transfer-Encoding", "Connection"} {
		f.Response.Header.Del(framing)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.n++
	return f.save(r.dir, r.n)
}

// request returns a request without its secrets. Headers are read first, because a secret in a
// header may occur in the URL and the body too.
func (c *censor) request(req *http.Request, body []byte) fixedRequest {
	header := c.header(req.Header)
	return fixedRequest{
		Method: req.Method, URL: c.url(req.URL.String()), Header: header,
		fixedBody: newFixedBody(c.body(body, req.Header.Get("Content-Type"))),
	}
}

// unpacked decompresses a body that the client itself asked to be compressed.
func unpacked(header http.Header, body []byte) ([]byte, error) {
	if len(body) == 0 || header.Get("Content-Encoding") == "" {
		return body, nil
	}
	if header.Get("Content-Encoding") != "gzip" {
		return nil, errors.New(
			"unsupported Content-Encoding of the response: want gzip or none, got " + header.Get("Content-Encoding"),
		)
	}
	zr, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(zr)
}
