package middleware

// Auth puts the access token on a request at the last moment, and only where it belongs.

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/redact"
	"github.com/seed-2147f1a9/spotify/transport"
)

// Auth returns the step that sends an access token along, as a bearer token (RFC 6750 section 2.1).
//
// It does so if allow says that the URL may have it and the connection is safe, which is https, or plain http to this machine; a nil allow allows
// nothing. Every other request goes on as it is, without a token. So does one that has an Authorization header already: the caller's word counts.
// The token is that of transport.Call where the call has one, else src's; with a nil src only such calls get one.
//
// The errors are those of src, which errors.Is and errors.As find, and of a token that a header cannot carry (auth.CheckToken); none prints a token.
// The middlewares above never see the token: the response's Request is the one that came in. A redirect's Location that repeats the token has
// "[redacted]" in its place, and transport.Report.Redact removes the token from texts. The body is left as the server sent it.
func Auth(src auth.TokenSource, allow func(*url.URL) bool) transport.Middleware {
	return func(next http.RoundTripper) http.RoundTripper {
		return &authorize{src: src, allow: allow, next: next}
	}
}

type authorize struct {
	src   auth.TokenSource
	allow func(*url.URL) bool
	next  http.RoundTripper
	last  atomic.Pointer[bearer]
	sent  redact.Secrets // the tokens of src that were sent, older ones too
}

func (a *authorize) RoundTrip(req *http.Request) (*http.Response, error) {
	report := transport.CallFrom(req.Context()).Report
	if hasAuthorization(req.Header) {
		return a.send(req, req, report, redact.OfRequest(req))
	}
	if !mayCarryToken(req.URL, a.allow) {
		return roundTrip(a.next, req)
	}
	token, err := tokenFor(req.Context(), a.src)
	if err != nil {
		transport.CloseRequest(req)
		return nil, &withoutToken{err}
	}
	if token == "" {
		return roundTrip(a.next, req)
	}
	b := a.last.Load()
	if b == nil || b.token != token {
		if err := auth.CheckToken(token); err != nil {
			transport.CloseRequest(req)
			return nil, err
		}
		b = &bearer{token: token, value: "Bearer " + token, secrets: redact.Of(token)}
		a.last.Store(b)
		if transport.CallFrom(req.Context()).Token == "" {
			a.sent.Add(token)
		}
	}
	if report != nil {
		report.AddSecrets(&a.sent)
	}
	authorized := req.WithContext(req.Context())
	authorized.Header = withHeader(req.Header, "Authorization", b.value)
	return a.send(req, authorized, report, b.secrets)
}

// send sends a request that has an Authorization header and lets those above remove its secrets from
// the texts of the response. It removes them itself from where they would travel on unread: from a
// redirect's Location, which http.Client follows to any origin, and from an error that quotes a
// malformed response, as those of net/http do.
func (a *authorize) send(given, req *http.Request, report *transport.Report, secrets *redact.Secrets) (*http.Response, error) {
	if report != nil {
		report.AddSecrets(secrets)
	}
	resp, err := roundTrip(a.next, req)
	clean := func(text string) string { return a.sent.Remove(secrets.Remove(text)) }
	if err != nil {
		return nil, redact.Error(err, clean)
	}
	if location := resp.Header.Get("Location"); location != "" {
		if clean := clean(location); clean != location {
			resp.Header = withHeader(resp.Header, "Location", clean)
		}
	}
	resp.Request = given
	return resp, nil
}

// withoutToken is the error of a request that was not sent, or not accepted, for want of a token: Retry may try again whatever the request does.
type withoutToken struct{ error }

func (e *withoutToken) Unwrap() error { return e.error }

// NotSent returns true, see transport.NotSent.
func (e *withoutToken) NotSent() bool { return true }

// bearer is a token that was checked, and the header made of it: the same one is sent again and again.
type bearer struct {
	token, value string
	secrets      *redact.Secrets
}

// tokenFor returns the token to send, or "" for none, and lets Refresh know if it is the source's.
func tokenFor(ctx context.Context, src auth.TokenSource) (string, error) {
	if own := transport.CallFrom(ctx).Token; own != "" {
		return string(own), nil
	}
	if src == nil {
		return "", nil
	}
	token, err := sourceToken(ctx, src)
	if err != nil {
		return "", err
	}
	if slot, ok := ctx.Value(sentKey{}).(*sentToken); ok {
		slot.token.Store(token)
	}
	return token.AccessToken, nil
}

func sourceToken(ctx context.Context, src auth.TokenSource) (token *oauth2.Token, err error) {
	err = transport.Wait(ctx, func(ctx context.Context) error {
		token, err = src.Token(ctx)
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case token == nil:
		return nil, transport.Permanent(fmt.Errorf("%T returned neither a token nor an error: %w", src, auth.ErrCredentials))
	case token.AccessToken == "":
		return nil, auth.CheckToken("")
	}
	return token, nil
}

func mayCarryToken(u *url.URL, allow func(*url.URL) bool) bool {
	if u == nil || allow == nil || !allow(u) {
		return false
	}
	return strings.EqualFold(u.Scheme, "https") || strings.EqualFold(u.Scheme, "http") && transport.IsLoopback(u)
}

// hasAuthorization also finds a name that was put into the map as it is not usually written.
func hasAuthorization(h http.Header) bool {
	const name = "Authorization"
	if _, ok := h[name]; ok {
		return true
	}
	for k := range h {
		if len(k) == len(name) && strings.EqualFold(k, name) {
			return true
		}
	}
	return false
}

// withHeader returns a copy of h with one value set. Only the map is copied: the values are shared, and nobody changes them.
func withHeader(h http.Header, name, value string) http.Header {
	copied := maps.Clone(h)
	if copied == nil {
		copied = http.Header{}
	}
	for k, v := range copied {
		if cap(v) > len(v) {
			copied[k] = v[:len(v):len(v)] // an Add by a later step makes a slice of its own
		}
	}
	copied[name] = []string{value}
	return copied
}
