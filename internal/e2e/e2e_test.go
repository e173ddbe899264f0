// Package e2e_test tests the whole client as a program uses it: faults, outages, bytes on the wire.
package e2e_test

import (
	"cmp"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/internal/testutil"
	"github.com/seed-2147f1a9/spotify/transport"
)

const (
	albumID    = "4aawyAB9vmqN3uQ7FjRGTy"
	playlistID = "37i9dQZF1DXcBWIGoYBM5M"
	album      = `{"id":"` + albumID + `","name":"An album","artists":[{"name":"Somebody"}]}`
)

// server is a base transport that returns its responses in order, and the last one again after
// that.
type server struct {
	responses []response

	mu   sync.Mutex
	seen []string // "GET /v1/albums/…", one for each request
}

// response is one response: 200 if status is zero, or err if it is set.
type response struct {
	status int
	body   string
	header []string // name, value, …
	stream io.ReadCloser
	err    error
}

func (s *server) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		_, _ = io.Copy(io.Discard, req.Body)
	}
	transport.CloseRequest(req)
	s.mu.Lock()
	next := s.responses[min(len(s.seen), len(s.responses)-1)]
	s.seen = append(s.seen, cmp.Or(req.Method, "GET")+" "+req.URL.Path)
	s.mu.Unlock()
	if next.err != nil {
		return nil, next.err
	}
	resp := &http.Response{
		StatusCode: cmp.Or(next.status, 200), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{},
		Body: io.NopCloser(strings.NewReader(next.body)), ContentLength: int64(len(next.body)), Request: req,
	}
	if next.stream != nil {
		resp.Body, resp.ContentLength = next.stream, -1
	}
	for i := 0; i+1 < len(next.header); i += 2 {
		resp.Header.Set(next.header[i], next.header[i+1])
	}
	return resp, nil
}

func (s *server) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.seen)
}

func (s *server) requests() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.seen, ", ")
}

// responding returns a server with these responses.
func responding(responses ...response) *server { return &server{responses: responses} }

// over returns a client over base.
func over(t *testing.T, base http.RoundTripper, opts ...spotify.Option) *spotify.Client {
	t.Helper()
	client, err := spotify.New(
		append([]spotify.Option{spotify.WithTransport(base), spotify.WithAccessToken("an-access-token")}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// send sends a request through client.HTTPClient and returns the status code and the body.
func send(t *testing.T, client *spotify.Client, method, path, body string) (int, string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, "https://api.spotify.com/v1"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.HTTPClient().Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(data), err
}

// cutBody is a body that breaks off after its text.
type cutBody struct{ io.Reader }

func cut(text string) io.ReadCloser {
	return cutBody{io.MultiReader(strings.NewReader(text), errReader{io.ErrUnexpectedEOF})}
}

func (cutBody) Close() error { return nil }

type errReader struct{ err error }

func (r errReader) Read([]byte) (int, error) { return 0, r.err }

// endless is a body that returns nothing until it is closed.
type endless struct {
	closed chan struct{}
	once   sync.Once
}

func hanging() *endless { return &endless{closed: make(chan struct{})} }

func (e *endless) Read([]byte) (int, error) {
	<-e.closed
	return 0, io.ErrClosedPipe
}

func (e *endless) Close() error {
	e.once.Do(func() { close(e.closed) })
	return nil
}

// newClient returns a client over base whose tokens are token-1, token-2 and so on.
func newClient(t *testing.T, base http.RoundTripper, opts ...spotify.Option) *spotify.Client {
	t.Helper()
	own := []spotify.Option{spotify.WithTransport(base), spotify.WithTokenSource(&testutil.Tokens{})}
	client, err := spotify.New(append(own, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}
