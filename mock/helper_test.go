package mock

// helper_test.go holds what the tests of this package share.

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// tattler is a test that writes down its failures instead of failing.
type tattler struct {
	testing.TB
	errors   []string
	cleanups []func()
}

func (t *tattler) Helper()                      {}
func (t *tattler) Cleanup(f func())             { t.cleanups = append(t.cleanups, f) }
func (t *tattler) Errorf(f string, args ...any) { t.errors = append(t.errors, fmt.Sprintf(f, args...)) }
func (t *tattler) Fatalf(f string, args ...any) { t.Errorf(f, args...) }
func (t *tattler) said() string                 { return strings.Join(t.errors, "\n") }

// request makes a request with a bearer token; the body is a string, and the headers come in pairs.
func request(t testing.TB, method, url, body string, headers ...string) *http.Request {
	t.Helper()
	if strings.HasPrefix(url, "/") {
		url = "https://api.spotify.com/v1" + url
	}
	var r io.Reader
	if body != "" {
		r = strings.NewReader(body)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, url, r)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer token")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return req
}

// result is an answer, read and closed.
type result struct {
	status int
	header http.Header
	body   string
	err    error // of the sending or the reading
}

func send(rt http.RoundTripper, req *http.Request) result {
	resp, err := rt.RoundTrip(req)
	if err != nil {
		return result{err: err}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return result{resp.StatusCode, resp.Header, string(body), err}
}

func get(t testing.TB, rt http.RoundTripper, url string, headers ...string) result {
	t.Helper()
	return send(rt, request(t, http.MethodGet, url, "", headers...))
}
