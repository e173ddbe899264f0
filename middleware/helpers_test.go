package middleware

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/internal/testutil/pipenet"
	"github.com/seed-2147f1a9/spotify/transport"
)

// protocols are the versions of HTTP that onWire and inBubble run with.
var protocols = map[string]int{"HTTP/1.1": 1, "HTTP/2": 2}

// onWire runs a test against a handler behind a socket, once over HTTP/1.1 and once over HTTP/2.
func onWire(t *testing.T, handler http.HandlerFunc, test func(t *testing.T, base http.RoundTripper, baseURL string)) {
	t.Helper()
	for proto, major := range protocols {
		t.Run(proto, func(t *testing.T) {
			server := newServer(t, major, handler)
			server.StartTLS()
			test(t, server.Client().Transport, server.URL)
		})
	}
}

// inBubble is onWire with connections in memory and in virtual time.
func inBubble(t *testing.T, handler http.HandlerFunc, test func(t *testing.T, base http.RoundTripper, baseURL string)) {
	t.Helper()
	for proto, major := range protocols {
		t.Run(proto, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server, line := newServer(t, major, handler), pipenet.Listen()
				_ = server.Listener.Close()
				server.Listener = line
				server.StartTLS()
				base := server.Client().Transport.(*http.Transport)
				base.DialContext = line.DialContext
				test(t, base, server.URL)
			})
		})
	}
}

func newServer(t *testing.T, major int, handler http.HandlerFunc) *httptest.Server {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != major {
			t.Errorf("the request came over %s", r.Proto)
		}
		handler(w, r)
	}))
	server.EnableHTTP2 = major == 2
	t.Cleanup(server.Close)
	return server
}

// rotating is a source that replaces its token when it is invalidated: token-1, token-2 and so on.
type rotating struct {
	mu          sync.Mutex
	n           int
	invalidated []string
	err         error // of every token after the first
}

func (s *rotating) Token(context.Context) (*oauth2.Token, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.n > 0 && s.err != nil {
		return nil, s.err
	}
	return &oauth2.Token{AccessToken: "token-" + strconv.Itoa(s.n+1)}, nil
}

func (s *rotating) Invalidate(stale *oauth2.Token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.invalidated = append(s.invalidated, stale.AccessToken)
	if stale.AccessToken == "token-"+strconv.Itoa(s.n+1) {
		s.n++
	}
}

// sourceFunc is a source that is not an auth.Invalidator.
type sourceFunc func(context.Context) (*oauth2.Token, error)

func (f sourceFunc) Token(ctx context.Context) (*oauth2.Token, error) { return f(ctx) }

func anywhere(*url.URL) bool { return true }

// timeoutOf returns a context that ends after d, or with the test.
func timeoutOf(t testing.TB, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

func newRequest(t testing.TB, ctx context.Context, method, target, body string) *http.Request {
	t.Helper()
	var r io.Reader
	if body != "" {
		r = strings.NewReader(body)
	}
	req, err := http.NewRequestWithContext(ctx, method, target, r)
	if err != nil {
		t.Fatal(err)
	}
	return req
}

// send sends a request and returns the response and its body, which it closes.
func send(t testing.TB, rt http.RoundTripper, req *http.Request) (*http.Response, string, error) {
	t.Helper()
	resp, err := rt.RoundTrip(req)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	return resp, string(body), err
}

// respond returns a base whose responses have the status code and body that respond returns, and
// these headers: names and values by turns. A header with an empty value is left out.
func respond(response func(req *http.Request) (int, string), header ...string) http.RoundTripper {
	return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		if err := req.Context().Err(); err != nil {
			transport.CloseRequest(req)
			return nil, err
		}
		status, body := response(req)
		transport.CloseRequest(req)
		headers := http.Header{}
		for i := 0; i+1 < len(header); i += 2 {
			if header[i+1] != "" {
				headers.Set(header[i], header[i+1])
			}
		}
		return &http.Response{
			StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/2.0", ProtoMajor: 2, Header: headers,
			Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: req,
		}, nil
	})
}
