package testutil

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/transport"
)

// AlbumID is the id of a Script's album.
const AlbumID = "4aawyAB9vmqN3uQ7FjRGTy"

// InvalidToken is the WWW-Authenticate header of a 401 for an expired token.
const InvalidToken = `Bearer realm="spotify", error="invalid_token", error_description="The access token expired"`

// Script is a base transport that returns its responses in order, and an album after the last one.
type Script struct {
	mu        sync.Mutex
	responses []func(*http.Request) (*http.Response, error)
	seen      []*http.Request
}

// NewScript returns a Script with the given responses.
func NewScript(responses ...func(*http.Request) (*http.Response, error)) *Script {
	return &Script{responses: responses}
}

// RoundTrip returns the next response.
func (s *Script) RoundTrip(req *http.Request) (*http.Response, error) {
	transport.CloseRequest(req)
	s.mu.Lock()
	s.seen = append(s.seen, req)
	next := Respond(200, `{"id":"`+AlbumID+`","name":"An album","artists":[{"name":"Somebody"}]}`)
	if len(s.responses) > 0 {
		next, s.responses = s.responses[0], s.responses[1:]
	}
	s.mu.Unlock()
	return next(req)
}

// Seen returns the requests so far.
func (s *Script) Seen() []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen[:len(s.seen):len(s.seen)]
}

// Respond returns a response of a Script. header has names and values in turn.
func Respond(status int, body string, header ...string) func(*http.Request) (*http.Response, error) {
	return func(req *http.Request) (*http.Response, error) {
		resp := Response(status, body, header...)
		resp.Request = req
		return resp, nil
	}
}

// Response returns a response to a GET of https://api.spotify.com/v1/me.
func Response(status int, body string, header ...string) *http.Response {
	req, _ := http.NewRequest(http.MethodGet, "https://api.spotify.com/v1/me", nil)
	resp := &http.Response{
		StatusCode: status, Header: http.Header{}, Request: req,
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
	for i := 0; i+1 < len(header); i += 2 {
		resp.Header.Set(header[i], header[i+1])
	}
	return resp
}

// Tokens is a token source whose tokens are token-1, token-2 and so on; each Invalidate starts a
// new one. The zero value is ready to use.
type Tokens struct {
	mu      sync.Mutex
	n       int
	current *oauth2.Token
}

// Token returns the current token.
func (s *Tokens) Token(context.Context) (*oauth2.Token, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current == nil {
		s.n++
		token := &oauth2.Token{AccessToken: fmt.Sprintf("token-%d", s.n)}
		s.current = token.WithExtra(url.Values{"scope": {"user-read-email"}})
	}
	return s.current, nil
}

// Invalidate drops the current token if it is stale.
func (s *Tokens) Invalidate(stale *oauth2.Token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current == stale {
		s.current = nil
	}
}

// Count returns the number of tokens so far.
func (s *Tokens) Count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.n
}
