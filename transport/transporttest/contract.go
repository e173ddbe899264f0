package transporttest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// responses is a base that returns what respond does, and keeps count of the bodies.
type responses struct {
	respond func(*responses, *http.Request) (*http.Response, error)

	mu     sync.Mutex
	bodies []*trackedResponse
}

func (b *responses) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		_, _ = io.Copy(io.Discard, req.Body)
		_ = req.Body.Close()
	}
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	return b.respond(b, req)
}

// track adds a body to those that are counted.
func (b *responses) track(ctx context.Context, body *trackedResponse) *trackedResponse {
	body.ctx, body.start, body.closed = ctx, time.Now(), make(chan struct{})
	b.mu.Lock()
	defer b.mu.Unlock()
	b.bodies = append(b.bodies, body)
	return body
}

func (b *responses) all() []*trackedResponse {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.bodies)
}

// trackedResponse is a response body that knows how much of it was read until it was closed, and
// when that was. As with the body of a connection, a Read that is under way ends with Close and
// with the request's context.
type trackedResponse struct {
	ctx             context.Context
	endless, stalls bool
	start           time.Time
	closed          chan struct{}
	once            sync.Once

	mu   sync.Mutex
	rest string
	read int
	took time.Duration
}

// tooMuch is where a body without an end breaks off all the same: a middleware that reads all of it
// fails the check, and does not fill the memory.
const tooMuch = 16 << 20

func (r *trackedResponse) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.isClosed():
		return 0, http.ErrBodyReadAfterClose
	case r.rest != "":
		n := copy(p, r.rest)
		r.rest = r.rest[n:]
		r.read += n
		return n, nil
	case r.endless && r.read < tooMuch:
		clear(p)
		r.read += len(p)
		return len(p), nil
	case r.endless:
		return 0, io.ErrUnexpectedEOF
	case !r.stalls:
		return 0, io.EOF
	}
	r.mu.Unlock()
	defer r.mu.Lock()
	select {
	case <-r.closed:
		return 0, http.ErrBodyReadAfterClose
	case <-r.ctx.Done():
		return 0, r.ctx.Err()
	}
}

func (r *trackedResponse) Close() error {
	r.once.Do(func() {
		r.took = time.Since(r.start)
		close(r.closed)
	})
	return nil
}

func (r *trackedResponse) isClosed() bool {
	select {
	case <-r.closed:
		return true
	default:
		return false
	}
}

// respond returns a response that some bases would return: with the least that is allowed.
func respond(req *http.Request, status int, body io.ReadCloser, length int64) *http.Response {
	return &http.Response{
		StatusCode:    status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Body:          body,
		ContentLength: length,
		Request:       req,
	}
}

// A contractBreach is a base that breaks the contract of http.RoundTripper in one way.
type contractBreach struct {
	respond func(*responses, *http.Request) (*http.Response, error)
	// wantErr says that the middleware has to return an error. Else it has to return a response.
	wantErr bool
}

var errBreach = errors.New("the base failed")

var brokenBases = map[string]contractBreach{
	"neither a response nor an error": {func(*responses, *http.Request) (*http.Response, error) { return nil, nil }, true},
	"a response and an error": {func(b *responses, req *http.Request) (*http.Response, error) {
		return respond(req, 200, b.track(req.Context(), &trackedResponse{rest: "body"}), 4), errBreach
	}, true},
	"a response with a nil Body and no Header": {func(_ *responses, req *http.Request) (*http.Response, error) {
		return respond(req, 200, nil, 0), nil
	}, false},
	"a response with a nil Body and a length": {func(_ *responses, req *http.Request) (*http.Response, error) {
		return respond(req, 200, nil, 100), nil
	}, true},
	"a response without its Request": {func(b *responses, req *http.Request) (*http.Response, error) {
		return respond(nil, 200, b.track(req.Context(), &trackedResponse{rest: "body"}), 4), nil
	}, false},
}

func brokenBase(t *testing.T, mw transport.Middleware, method string, breach contractBreach) {
	base := &responses{respond: breach.respond}
	chain := mw(base)
	if chain == http.RoundTripper(base) {
		t.Skip("the middleware is turned off")
	}
	req, closed := request(t, t.Context(), method, "replayable")
	resp, err := chain.RoundTrip(req)
	switch {
	case err == nil && resp == nil:
		t.Fatal("neither a response nor an error")
	case err != nil && resp != nil:
		t.Errorf("a response and an error: %v", err)
	case breach.wantErr && err == nil:
		t.Error("no error")
	case !breach.wantErr && err != nil:
		t.Errorf("got %v, want a response", err)
	case resp != nil && resp.Body == nil:
		t.Error("a response without a body to close")
	case resp != nil:
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
	synctest.Wait()
	for _, body := range base.all() {
		if !body.isClosed() {
			t.Error("left a response body open")
		}
	}
	if !closed() {
		t.Error("left the request body open")
	}
}

// headWithLength checks that a response to HEAD has a length and no body: there is nothing wrong
// with it.
func headWithLength(t *testing.T, mw transport.Middleware) {
	base := &responses{respond: func(_ *responses, req *http.Request) (*http.Response, error) {
		return respond(req, 200, nil, 100), nil
	}}
	chain := mw(base)
	if chain == http.RoundTripper(base) {
		t.Skip("the middleware is turned off")
	}
	req, _ := request(t, t.Context(), http.MethodHead, "none")
	resp, err := chain.RoundTrip(req)
	if err != nil || resp == nil || resp.Body == nil || resp.ContentLength != 100 {
		t.Fatalf("got %+v, %v, want a response with a Content-Length of 100 and an empty body", resp, err)
	}
	if n, err := io.Copy(io.Discard, resp.Body); n != 0 || err != nil {
		t.Errorf("the body has %d bytes, %v", n, err)
	}
	_ = resp.Body.Close()
}

// drain checks how much of a response is read, and for how long, by a middleware that does not
// return it, while the end of its body does not come.
func drain(t *testing.T, mw transport.Middleware, status int, body *trackedResponse) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	base := &responses{}
	base.respond = func(b *responses, req *http.Request) (*http.Response, error) {
		if len(b.all()) > 0 {
			return respond(req, 200, io.NopCloser(strings.NewReader("{}")), 2), nil
		}
		return respond(req, status, b.track(req.Context(), body), -1), nil
	}
	req, _ := request(t, ctx, http.MethodGet, "none")
	resp, err := mw(base).RoundTrip(req)
	if (resp == nil) == (err == nil) {
		t.Fatalf("got %v, %v, want a response or an error", resp, err)
	}
	returned := resp != nil && resp.StatusCode == status
	if resp != nil {
		_ = resp.Body.Close()
	}
	synctest.Wait()
	body.mu.Lock()
	defer body.mu.Unlock()
	switch {
	case !body.isClosed():
		t.Error("left a response body open")
	case returned: // how much of it is read is for the caller to decide
	case body.took > 50*time.Millisecond:
		t.Errorf("the response was closed after %v, want at most 50ms", body.took)
	case body.read > 64<<10:
		t.Errorf("%d bytes of the response were read, want at most %d", body.read, 64<<10)
	}
}
