// Package mocktest sends requests to a fake in the tests of package mock and the packages below it.
package mocktest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// Request returns a request with a bearer token. A url that begins with a slash is below the Web
// API's base URL. Headers come in pairs of name and value.
func Request(t testing.TB, method, url, body string, headers ...string) *http.Request {
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

// Result is a response whose body was read and closed.
type Result struct {
	Status int
	Header http.Header
	Body   string
	Err    error // from sending the request or from reading the body
}

// Send sends a request and reads the response.
func Send(rt http.RoundTripper, req *http.Request) Result {
	resp, err := rt.RoundTrip(req)
	if err != nil {
		return Result{Err: err}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return Result{resp.StatusCode, resp.Header, string(body), err}
}

// Get sends a GET request with a bearer token.
func Get(t testing.TB, rt http.RoundTripper, url string, headers ...string) Result {
	t.Helper()
	return Send(rt, Request(t, http.MethodGet, url, "", headers...))
}

// FetchJSON sends a GET request, which has to succeed, and decodes the response.
func FetchJSON[T any](t testing.TB, rt http.RoundTripper, url string, headers ...string) T {
	t.Helper()
	var v T
	r := Get(t, rt, url, headers...)
	if r.Status != http.StatusOK {
		t.Fatalf("GET %s: %+v", url, r)
	}
	if err := json.Unmarshal([]byte(r.Body), &v); err != nil {
		t.Fatalf("GET %s: %s: %v", url, r.Body, err)
	}
	return v
}

// String returns the status code and the body.
func (r Result) String() string { return fmt.Sprint(r.Status, " ", r.Body) }

// AppToken returns an access token of an app, without a user.
func AppToken(t testing.TB, rt http.RoundTripper) string {
	t.Helper()
	req := Request(
		t,
		http.MethodPost,
		"https://accounts.spotify.com/api/token",
		"grant_type=client_credentials",
		"Content-Type",
		"application/x-www-form-urlencoded",
	)
	req.SetBasicAuth("app", "secret")
	r := Send(rt, req)
	var token struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(r.Body), &token); err != nil || token.AccessToken == "" {
		t.Fatalf("%v: %v", r, err)
	}
	return token.AccessToken
}
