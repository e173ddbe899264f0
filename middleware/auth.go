package middleware

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/auth/token"
	"github.com/seed-2147f1a9/spotify/internal/redact"
	"github.com/seed-2147f1a9/spotify/transport"
)

// Auth returns the middleware that adds the access token to a request, as a bearer token in the
// Authorization header (RFC 6750 section 2.1).
//
// A request gets a token if allow returns true for its URL and the URL's scheme is https, or http
// with a loopback host. A nil allow allows no URL. Every other request is sent without a token, and
// a request that has an Authorization header is sent with that header.
//
// The token is the call's own (transport.Call.Token), or else the one that src returns. If src is
// nil, only calls with a token of their own get one.
//
// Auth returns the error of src, which errors.Is and errors.As find, and an error that matches
// auth.ErrCredentials for a token that cannot stand in a header (auth.CheckToken). No error
// contains a token. Middlewares above Auth never see the token: the Request of a response is the
// request that Auth was given. Auth replaces a token in a redirect's Location with "[redacted]",
// and transport.Report.Redact removes it from texts. The body is left as the server sent it.
func Auth(src token.TokenSource, allow func(*url.URL) bool) transport.Middleware {
	return func(next http.RoundTripper) http.RoundTripper {
		return &authorize{src: src, allow: allow, next: next}
	}
}

type authorize struct {
	src   token.TokenSource
	allow func(*url.URL) bool
	next  http.RoundTripper
	last  atomic.Pointer[bearer]
	sent  redact.Secrets // all tokens of src that were sent
	// current is the token that src returned last.
	current atomic.Pointer[oauth2.Token]
}

func (a *authorize) RoundTrip(req *http.Request) (*http.Response, error) {
	report := transport.CallFrom(req.Context()).Report
	if hasAuthorization(req.Header) {
		return a.send(req, req, report, redact.OfRequest(req))
	}
	if !mayCarryToken(req.URL, a.allow) {
		return roundTrip(a.next, req)
	}
	accessToken, err := a.tokenFor(req.Context())
	if err != nil {
		transport.CloseRequest(req)
		return nil, &tokenError{err}
	}
	if accessToken == "" {
		return roundTrip(a.next, req)
	}
	b := a.last.Load()
	if b == nil || b.token != accessToken {
		if err := token.CheckToken(accessToken); err != nil {
			transport.CloseRequest(req)
			return nil, err
		}
		b = &bearer{token: accessToken, value: "Bearer " + accessToken, secrets: redact.Of(accessToken)}
		a.last.Store(b)
		if transport.CallFrom(req.Context()).Token == "" {
			a.sent.Add(accessToken)
		}
	}
	if report != nil {
		report.AddSecrets(&a.sent)
	}
	authorized := req.WithContext(req.Context())
	authorized.Header = withHeader(req.Header, "Authorization", b.value)
	return a.send(req, authorized, report, b.secrets)
}

// send sends a request with an Authorization header. It adds the header's secrets to the Report, so
// that the middlewares above remove them from texts. It removes them itself from two texts that may
// leave the pipeline as they are: a redirect's Location, which http.Client follows to any origin,
// and an error that quotes a malformed response, as those of net/http do.
func (a *authorize) send(
	given, req *http.Request, report *transport.Report, secrets *redact.Secrets,
) (*http.Response, error) {
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

// bearer is a token that has passed auth.CheckToken, and its header. Auth keeps the last one,
// because most requests carry the token of the request before.
type bearer struct {
	token, value string
	secrets      *redact.Secrets
}

// tokenFor returns the token to send, or "" for none. A token of src is noted in ctx for Refresh.
func (a *authorize) tokenFor(ctx context.Context) (string, error) {
	if own := transport.CallFrom(ctx).Token; own != "" {
		return string(own), nil
	}
	if a.src == nil {
		return "", nil
	}
	token, err := sourceToken(ctx, a.src)
	if err != nil {
		return "", err
	}
	if a.current.Load() != token {
		last := a.current.Swap(token)
		if last != nil && last.AccessToken != token.AccessToken {
			emit(ctx, Event{Kind: RefreshEvent})
		}
	}
	if slot, ok := ctx.Value(sentKey{}).(*sentToken); ok {
		slot.token.Store(token)
	}
	return token.AccessToken, nil
}

// sourceToken returns the token of src, which is neither nil nor empty if the error is nil.
func sourceToken(ctx context.Context, src token.TokenSource) (found *oauth2.Token, err error) {
	start := time.Now()
	err = transport.Wait(ctx, func(ctx context.Context) error {
		found, err = src.Token(ctx)
		return err
	})
	noteWait(ctx, WaitToken, start, err)
	switch {
	case err != nil:
		return nil, err
	case found == nil:
		return nil, transport.Permanent(fmt.Errorf(
			"%T returned neither a token nor an error: %w", src, token.ErrCredentials))
	case found.AccessToken == "":
		return nil, token.CheckToken("")
	}
	return found, nil
}

// mayCarryToken reports whether a request to u may carry the token.
func mayCarryToken(u *url.URL, allow func(*url.URL) bool) bool {
	if u == nil || allow == nil || !allow(u) {
		return false
	}
	return strings.EqualFold(u.Scheme, "https") || strings.EqualFold(u.Scheme, "http") && transport.IsLoopback(u)
}

// hasAuthorization reports whether h has an Authorization header, in any spelling: a caller may
// have written "authorization" into the map.
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
