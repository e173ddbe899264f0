package auth

// endpoint.go asks the token endpoint for a token: one form is posted, once, and comes back as a token or a typed error.

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/internal/redact"
	"github.com/seed-2147f1a9/spotify/transport"
)

type endpoint struct {
	url      string
	id       string
	secret   string // empty for a public client, which names itself in the form (RFC 6749 section 3.2.1)
	base     http.RoundTripper
	ownsBase bool
	secrets  *redact.Secrets // all that were sent and returned
}

func newEndpoint(c Config, withSecret bool) *endpoint {
	e := &endpoint{url: c.TokenURL, id: c.ClientID, base: c.Transport, secrets: &redact.Secrets{}}
	if withSecret {
		e.secret = c.ClientSecret
		e.secrets.KeepBasic(e.id, e.secret)
	}
	if e.base == nil {
		e.base, e.ownsBase = transport.NewBase(), true
	}
	return e
}

// shared returns an endpoint over the same connections that remembers secrets of its own.
func (e *endpoint) shared() *endpoint {
	other := *e
	other.ownsBase = false
	other.secrets = &redact.Secrets{}
	other.secrets.KeepBasic(e.id, e.secret)
	return &other
}

// ask posts the form, once, and returns the token, with its RefreshToken and the extra "scope" as the
// endpoint sent them. Retrying is up to the caller, whose calls middleware.Retry retries; errors that a
// retry cannot mend are marked [transport.Permanent].
func (e *endpoint) ask(ctx context.Context, form url.Values) (*oauth2.Token, error) {
	token, err := e.once(ctx, form)
	switch {
	case err == nil:
		return token, nil
	case ctx.Err() != nil:
		return nil, fmt.Errorf("asking for a token: %w", context.Cause(ctx))
	case !transport.IsTransient(err):
		return nil, transport.Permanent(err)
	}
	return nil, err
}

func (e *endpoint) once(ctx context.Context, form url.Values) (*oauth2.Token, error) {
	if e.secret == "" {
		form.Set("client_id", e.id)
	}
	e.secrets.Add(form.Get("code"), form.Get("code_verifier"), form.Get("refresh_token"))
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, fmt.Errorf("asking for a token: %w", err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	if e.secret != "" {
		req.SetBasicAuth(url.QueryEscape(e.id), url.QueryEscape(e.secret)) // RFC 6749 section 2.3.1
	}
	resp, err := transport.RoundTrip(e.base, req)
	if err != nil {
		if wrapped, ok := errors.AsType[*url.Error](err); ok {
			err = wrapped.Err // a URL can hold anything, and this one is no news
		}
		return nil, fmt.Errorf("asking for a token: %w", redact.Error(err, e.secrets.Remove))
	}
	defer resp.Body.Close()
	token, err := readToken(resp, e.secrets)
	if err == nil {
		e.secrets.Add(token.AccessToken, token.RefreshToken)
	}
	return token, err
}

// close lets the connections go that only this endpoint uses.
func (e *endpoint) close() {
	if base, ok := e.base.(interface{ CloseIdleConnections() }); ok && e.ownsBase {
		base.CloseIdleConnections()
	}
}
