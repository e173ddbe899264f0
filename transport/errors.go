package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// Permanent marks an error that a retry cannot mend, such as a refused configuration or a revoked
// refresh token, so that no middleware retries it. The error's text, Is and As stay
// as they were. A nil error stays nil.
func Permanent(err error) error {
	if err == nil || IsPermanent(err) {
		return err
	}
	return &permanent{err}
}

// IsPermanent reports whether an error, or one that it wraps, was marked by [Permanent].
func IsPermanent(err error) bool {
	_, found := errors.AsType[*permanent](err)
	return found
}

type permanent struct{ err error }

func (p *permanent) Error() string { return p.err.Error() }
func (p *permanent) Unwrap() error { return p.err }

// IsTransient reports whether a retry may mend the error of an attempt: a
// connection that was refused or broke, a timeout, a body that was cut short. It is false for an
// error marked by Permanent, for a certificate, host name or address that is wrong, a proxy that
// refuses, a request that net/http would not send, and for errors whose
// method IsTransient() bool returns false. It does not look at context errors: the context belongs
// to the caller.
func IsTransient(err error) bool {
	if err == nil || IsPermanent(err) {
		return false
	}
	if own, ok := errors.AsType[interface {
		error
		IsTransient() bool
	}](err); ok {
		return own.IsTransient()
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return !dns.IsNotFound
	}
	switch {
	case is[*tls.CertificateVerificationError](err), is[tls.RecordHeaderError](err), is[tls.AlertError](err),
		is[x509.UnknownAuthorityError](err), is[x509.HostnameError](err), is[x509.CertificateInvalidError](err),
		is[*net.AddrError](err), is[net.UnknownNetworkError](err):
		return false
	}
	text := err.Error() // net/http has no types for the errors of a request that it would not send
	return !strings.Contains(text, "net/http: invalid ") && !strings.Contains(text, "http: nil Request") &&
		!strings.Contains(
			text,
			"http: no Host in request URL",
		) && !strings.Contains(text, "unsupported protocol scheme") && !strings.Contains(text, "remote error: tls: ")
}

// NotSent reports whether it is certain that the server has not seen the request: there was no
// connection to it, or the error says so by a method NotSent() bool.
func NotSent(err error) bool {
	if own, ok := errors.AsType[interface {
		error
		NotSent() bool
	}](err); ok {
		return own.NotSent()
	}
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return op.Op == "dial" || op.Op == "proxyconnect" || op.Op == "socks connect"
	}
	return err != nil && strings.HasSuffix(err.Error(), "net/http: TLS handshake timeout") // it has no exported type
}

// IsTimeout reports whether an error is a timeout, as net.Error does.
func IsTimeout(err error) bool {
	timeout, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err)
	return ok && timeout.Timeout()
}

// IsTransientStatus reports whether a response with this status code may be another one a little
// later: 408, 429, 500, 502, 503, 504, 507 and 520 to 599. It is the one list of them:
// middleware.Retry retries idempotent requests after these (and any request after a 429), package
// auth retries token requests after these, and ProxyError.IsTransient reports them for CONNECT.
func IsTransientStatus(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout, http.StatusInsufficientStorage:
		return true
	}
	return 520 <= status && status <= 599
}

// ProxyError is the error of a proxy that did not open a connection to the server.
type ProxyError struct {
	// Proxy is the proxy's host and port.
	Proxy string
	// Status is the status code of its response to CONNECT.
	Status int
}

func (e *ProxyError) Error() string {
	text := fmt.Sprintf("the proxy %s responded %d %s to CONNECT", e.Proxy, e.Status, http.StatusText(e.Status))
	if e.Status == http.StatusProxyAuthRequired {
		text += ": want a user and password in the proxy's URL"
	}
	return text
}

// IsTransient reports whether the proxy may open the connection a little later, see
// IsTransientStatus: not after a 403 or a 407.
func (e *ProxyError) IsTransient() bool { return IsTransientStatus(e.Status) }

// NotSent returns true: the server has not seen the request.
func (e *ProxyError) NotSent() bool { return true }

// refusedByProxy is an http.Transport's OnProxyConnectResponse.
func refusedByProxy(_ context.Context, proxy *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	return &ProxyError{Proxy: proxy.Host, Status: resp.StatusCode}
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}
