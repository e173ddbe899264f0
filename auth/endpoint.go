package auth

// endpoint.go asks the token endpoint for a token: one form is posted, sent again a few times where that can help, and comes back as a token or a typed error.

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/transport"
)

const (
	tries      = 3
	firstDelay = 300 * time.Millisecond
	// patience is the longest Retry-After that is worth waiting for with callers waiting in turn.
	patience = 10 * time.Second
)

type endpoint struct {
	url      string
	id       string
	secret   string // empty for a public client, which names itself in the form (RFC 6749 section 3.2.1)
	base     http.RoundTripper
	ownsBase bool
}

func newEndpoint(c Config, withSecret bool) *endpoint {
	e := &endpoint{url: c.TokenURL, id: c.ClientID, base: c.Transport}
	if withSecret {
		e.secret = c.ClientSecret
	}
	if e.base == nil {
		e.base, e.ownsBase = transport.NewBase(), true
	}
	return e
}

// ask posts the form and returns the token, with its RefreshToken and the extra "scope" as the endpoint sent them. Errors that sending again cannot
// mend are marked [transport.Permanent].
func (e *endpoint) ask(ctx context.Context, form url.Values) (*oauth2.Token, error) {
	delay := firstDelay
	for try := 1; ; try++ {
		token, err := e.once(ctx, form)
		if err == nil {
			return token, nil
		}
		if ctx.Err() != nil {
			return nil, fmt.Errorf("asking for a token: %w", context.Cause(ctx))
		}
		if !transient(err) {
			return nil, transport.Permanent(err)
		}
		pause := time.Duration((0.5 + rand.Float64()/2) * float64(delay))
		if refused, ok := errors.AsType[*Error](err); ok && refused.RetryAfter > 0 {
			pause += refused.RetryAfter
		}
		if try == tries || pause > patience || !sleep(ctx, pause) {
			return nil, err
		}
		delay *= 2
	}
}

func (e *endpoint) once(ctx context.Context, form url.Values) (*oauth2.Token, error) {
	if e.secret == "" {
		form.Set("client_id", e.id)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, fmt.Errorf("asking for a token: %w", err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	if e.secret != "" {
		req.SetBasicAuth(url.QueryEscape(e.id), url.QueryEscape(e.secret)) // RFC 6749 section 2.3.1
	}
	resp, err := e.base.RoundTrip(req)
	if err != nil {
		if wrapped, ok := errors.AsType[*url.Error](err); ok {
			err = wrapped.Err // a URL can hold anything, and this one is no news
		}
		return nil, fmt.Errorf("asking for a token: %w", err)
	}
	defer resp.Body.Close()
	token, err := readToken(resp)
	if refused, ok := errors.AsType[*Error](err); ok {
		e.scrub(refused, form)
	}
	return token, err
}

// scrub takes out of an error what the endpoint may have echoed. What is shorter than 8 bytes is no secret that Spotify hands out.
func (e *endpoint) scrub(err *Error, form url.Values) {
	secrets := []string{e.secret}
	for _, name := range []string{"code", "code_verifier", "refresh_token"} {
		secrets = append(secrets, form.Get(name))
	}
	for _, s := range secrets {
		if len(s) >= 8 {
			err.Code = strings.ReplaceAll(err.Code, s, "[redacted]")
			err.Description = strings.ReplaceAll(err.Description, s, "[redacted]")
		}
	}
}

// transient reports whether sending the request again can help: not after an answer that will stay the same, a certificate that is wrong
// or a host that does not exist.
func transient(err error) bool {
	if refused, ok := errors.AsType[*Error](err); ok {
		return refused.transient()
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return false
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return false
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok && dns.IsNotFound {
		return false
	}
	return true
}

// sleep reports false if the context ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// close lets the connections go that only this endpoint uses.
func (e *endpoint) close() {
	if base, ok := e.base.(interface{ CloseIdleConnections() }); ok && e.ownsBase {
		base.CloseIdleConnections()
	}
}
