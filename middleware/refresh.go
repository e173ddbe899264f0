package middleware

// Refresh sends a call once more, with a new token, when the API refuses the token that it carried.

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/transport"
)

// Refresh returns the step that answers a 401 by replacing the token that was sent and sending the call again, once; what comes then is the answer.
// It needs an Auth of the same source below it. The source learns of the refused token if it is an auth.Invalidator, which has no effect where a newer
// token is there already.
//
// The 401 comes back as it is if the call carried a token of the caller's, or none; if the source has no other token, such as auth.Static; or if
// the body cannot be read again. If getting a new token fails that error comes back, auth.ErrReauthorize for instance. A nil src is no step at all.
func Refresh(src auth.TokenSource) transport.Middleware {
	if src == nil {
		return nothing
	}
	return func(next http.RoundTripper) http.RoundTripper { return &refresh{src: src, next: next} }
}

type refresh struct {
	src  auth.TokenSource
	next http.RoundTripper
}

func (r *refresh) RoundTrip(req *http.Request) (*http.Response, error) {
	sent := &sentToken{Context: req.Context()}
	resp, err := roundTrip(r.next, req.WithContext(sent))
	if err != nil {
		return nil, err
	}
	answers(req, resp)
	if stale := sent.token.Load(); stale != nil && resp.StatusCode == http.StatusUnauthorized {
		return r.replay(req, resp, stale)
	}
	return resp, nil
}

func (r *refresh) replay(req *http.Request, resp *http.Response, stale *oauth2.Token) (*http.Response, error) {
	if source, ok := r.src.(auth.Invalidator); ok {
		source.Invalidate(stale) // for the calls to come, also if this one cannot be replayed
	}
	if !transport.Replayable(req) {
		return resp, nil
	}
	token, err := sourceToken(req.Context(), r.src)
	if err != nil {
		transport.Discard(resp)
		return nil, &withoutToken{fmt.Errorf("the token was refused (401), and there is no new one: %w", err)}
	}
	if token.AccessToken == stale.AccessToken {
		return resp, nil
	}
	again, _ := transport.Rewind(req)
	if again == nil { // its body cannot be had again
		return resp, nil
	}
	transport.Discard(resp)
	if resp, err = roundTrip(r.next, again); resp != nil {
		answers(req, resp)
	}
	return resp, err
}

// sentToken is a request's context that takes back up which of the source's tokens was sent with it: Auth fills it in, Refresh reads it.
type sentToken struct {
	context.Context
	token atomic.Pointer[oauth2.Token]
}

type sentKey struct{}

// Value finds the slot itself, and what the context holds.
func (s *sentToken) Value(key any) any {
	if key == (sentKey{}) {
		return s
	}
	return s.Context.Value(key)
}
