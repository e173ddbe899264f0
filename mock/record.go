package mock

// record.go turns real traffic into fixtures.

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

// RecordOption changes what Record writes and Replay looks for: give both the same.
type RecordOption func(*censor)

// RedactEmails takes email addresses out too, wherever they are.
func RedactEmails() RecordOption { return func(c *censor) { c.emails = true } }

// Record returns a transport that sends over base and writes each exchange into dir, one JSON file each, numbered in the order of the answers.
// Secrets are taken out: Authorization and cookies, tokens, authorization codes, code verifiers and client secrets in bodies and URLs, and every value
// that was recognised as one wherever it comes up again. Who the user is (id, name) stays, email addresses too unless RedactEmails is given.
// dir is made if it is not there, and refused if it holds fixtures already: remove them to record anew.
// Put it below everything that sends again or adds a token, where it sees the wire.
func Record(base http.RoundTripper, dir string, opts ...RecordOption) (http.RoundTripper, error) {
	if base == nil {
		base = transport.NewBase()
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("mock: Record: %w", err)
	}
	switch old, err := load(dir); {
	case err != nil:
		return nil, fmt.Errorf("mock: Record: %w", err)
	case len(old) > 0:
		return nil, fmt.Errorf("mock: Record: %s holds %d fixtures already; remove them to record anew", dir, len(old))
	}
	r := &recording{base: base, dir: dir}
	for _, option := range opts {
		option(&r.censor)
	}
	return r, nil
}

type recording struct {
	base   http.RoundTripper
	dir    string
	censor censor

	mu sync.Mutex
	n  int
}

// RoundTrip sends the request and writes down what came. An answer that breaks off is passed on as it is, and not written.
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
		return nil, fmt.Errorf("mock: Record: %w", err)
	}
	return resp, nil
}

// reread reads a response's body and leaves it to be read again, the error at which it broke off included.
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

// failing is the end of a body that broke off.
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
			Status: resp.StatusCode, Header: r.censor.header(resp.Header), fixedBody: newFixedBody(r.censor.body(plain, resp.Header.Get("Content-Type"))),
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

// request is a request without its secrets. The headers come first: what they hold is looked for in the rest.
func (c *censor) request(req *http.Request, body []byte) fixedRequest {
	header := c.header(req.Header)
	return fixedRequest{
		Method: req.Method, URL: c.url(req.URL.String()), Header: header, fixedBody: newFixedBody(c.body(body, req.Header.Get("Content-Type"))),
	}
}

// unpacked undoes the compression that the client asked for itself.
func unpacked(header http.Header, body []byte) ([]byte, error) {
	if len(body) == 0 || header.Get("Content-Encoding") == "" {
		return body, nil
	}
	if header.Get("Content-Encoding") != "gzip" {
		return nil, errors.New("the answer is compressed in a way that cannot be read: " + header.Get("Content-Encoding"))
	}
	zr, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(zr)
}
