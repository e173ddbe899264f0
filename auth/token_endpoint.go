package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/internal/clock"
	"github.com/seed-2147f1a9/spotify/internal/redact"
	"github.com/seed-2147f1a9/spotify/transport"
)

// endpoint is the token endpoint, for one client.
type endpoint struct {
	url      string
	id       string
	secret   string // empty for a public client, which sends its id in the form (RFC 6749 section 3.2.1)
	base     http.RoundTripper
	ownsBase bool
	secrets  *redact.Secrets // every secret that was sent or received
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

// clone returns an endpoint that shares the connections and keeps its own list of secrets.
func (e *endpoint) clone() *endpoint {
	other := *e
	other.ownsBase = false
	other.secrets = &redact.Secrets{}
	other.secrets.KeepBasic(e.id, e.secret)
	return &other
}

// fetch posts the form once and returns the token, with the response's refresh_token and scope as
// RefreshToken and the extra "scope". It does not retry: middleware.Retry retries the API call that
// needs the token. Errors that a retry cannot help are marked [transport.Permanent].
func (e *endpoint) fetch(ctx context.Context, form url.Values) (*oauth2.Token, error) {
	token, err := e.post(ctx, form)
	switch {
	case err == nil:
		return token, nil
	case ctx.Err() != nil:
		return nil, fmt.Errorf("requesting a token: %w", context.Cause(ctx))
	case !transport.IsTransient(err):
		return nil, transport.Permanent(err)
	}
	return nil, err
}

func (e *endpoint) post(ctx context.Context, form url.Values) (*oauth2.Token, error) {
	if e.secret == "" {
		form.Set("client_id", e.id)
	}
	e.secrets.Add(form.Get("code"), form.Get("code_verifier"), form.Get("refresh_token"))
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, fmt.Errorf("requesting a token: %w", err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	if e.secret != "" {
		req.SetBasicAuth(url.QueryEscape(e.id), url.QueryEscape(e.secret)) // RFC 6749 section 2.3.1
	}
	resp, err := transport.RoundTrip(e.base, req)
	if err != nil {
		if wrapped, ok := errors.AsType[*url.Error](err); ok {
			err = wrapped.Err // the URL may hold secrets of a proxy, and the caller knows it
		}
		return nil, fmt.Errorf("requesting a token: %w", transport.Advise(redact.Error(err, e.secrets.Remove)))
	}
	defer resp.Body.Close()
	token, err := readToken(resp, e.secrets)
	if err == nil {
		e.secrets.Add(token.AccessToken, token.RefreshToken)
	}
	return token, err
}

// close closes idle connections, unless the caller supplied the transport.
func (e *endpoint) close() {
	if base, ok := e.base.(interface{ CloseIdleConnections() }); ok && e.ownsBase {
		base.CloseIdleConnections()
	}
}

// maxResponse bounds a response's body after decompression. A response with a token has less than
// 1 KiB.
const maxResponse = 64 << 10

// tokenResponse is a response of RFC 6749 sections 5.1 and 5.2. Error is a string there; Spotify's
// API gateway sends an object.
type tokenResponse struct {
	AccessToken  string          `json:"access_token"`
	TokenType    string          `json:"token_type"`
	RefreshToken string          `json:"refresh_token"`
	Scope        string          `json:"scope"`
	ExpiresIn    json.RawMessage `json:"expires_in"`
	Error        json.RawMessage `json:"error"`
	Description  string          `json:"error_description"`
}

// readToken returns the response's token, or an *Error that contains none of secrets. It does not
// close the body.
func readToken(resp *http.Response, secrets *redact.Secrets) (*oauth2.Token, error) {
	refused := &Error{Status: resp.StatusCode, RetryAfter: transport.RetryAfter(resp.Header)}
	if resp.StatusCode/100 == 4 {
		refused.ClockSkew = clock.Skew(resp.Header)
	}
	plain, err := transport.Decompress(resp.Header, resp.Body)
	if err != nil {
		return nil, fmt.Errorf("reading the token endpoint's response: %w", err)
	}
	body, err := io.ReadAll(io.LimitReader(plain, maxResponse+1))
	if err != nil {
		return nil, fmt.Errorf("reading the token endpoint's response: %w", err)
	}
	var parsed tokenResponse
	switch {
	case resp.StatusCode >= 300 && resp.StatusCode < 400:
		refused.Description = "a redirect, which is not followed because it would resend the credentials"
		return nil, refused
	case len(body) == 0:
		refused.Description = "an empty body"
		return nil, refused
	case len(body) > maxResponse:
		refused.Description = fmt.Sprintf("a body of more than %d KiB", maxResponse>>10)
		return nil, refused
	case json.Unmarshal(body, &parsed) != nil:
		refused.Description = "a body that is not JSON" + contentType(resp.Header)
		if _, isPage := redact.Title(body, 1); isPage {
			refused.Description += ": " + transport.Portal
		}
		return nil, refused
	}
	refused.Code, refused.Description = parsed.errorFields(secrets)
	if resp.StatusCode != http.StatusOK || refused.Code != "" || refused.Description != "" {
		return nil, refused
	}
	if CheckToken(parsed.AccessToken) != nil {
		refused.Description = "a response without a usable access token"
		return nil, refused
	}
	token := &oauth2.Token{
		AccessToken:  parsed.AccessToken,
		TokenType:    parsed.TokenType,
		RefreshToken: parsed.RefreshToken,
	}
	if life := parsed.lifetime(); life > 0 {
		token.Expiry = wallNow().Add(life)
	}
	return token.WithExtra(map[string]any{"scope": parsed.Scope}), nil
}

// errorFields returns the error's code and description without secrets. It removes the secrets
// before it truncates the text: a truncated secret would not be found.
func (r *tokenResponse) errorFields(secrets *redact.Secrets) (code, description string) {
	var object struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(r.Error, &code) != nil && json.Unmarshal(r.Error, &object) == nil {
		return "", printable(secrets.Remove(object.Message))
	}
	return printable(secrets.Remove(code)), printable(secrets.Remove(r.Description))
}

// lifetime returns expires_in, at most 365 days, from a number or a string (3600, 3.6e3, "3600").
// It returns 0 if expires_in is missing or not positive: the token is then used until the API
// refuses it.
func (r *tokenResponse) lifetime() time.Duration {
	const year = 365 * 24 * 60 * 60
	seconds, err := strconv.ParseFloat(strings.Trim(string(r.ExpiresIn), `"`), 64)
	if err != nil || !(seconds > 0) {
		return 0
	}
	return time.Duration(min(seconds, year) * float64(time.Second))
}

// printable returns foreign text as one printable line of at most 200 characters.
func printable(s string) string { return redact.Text(s, 200) }

func contentType(h http.Header) string {
	if kind, _, err := mime.ParseMediaType(h.Get("Content-Type")); err == nil {
		return " but " + printable(kind)
	}
	return ""
}

// wallNow returns the time without a monotonic clock reading, which stands still while the machine
// sleeps.
func wallNow() time.Time { return time.Now().Round(0) }
