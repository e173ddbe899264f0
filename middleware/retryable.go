package middleware

// This file answers one question: is a call that failed like this to be sent again?

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"strings"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/transport"
)

// verdict is what to do about one attempt's end, and why.
type verdict struct {
	again bool
	why   string
}

var (
	answered     = verdict{false, "answered"}
	refused      = verdict{false, "the answer would be the same"}
	callerDone   = verdict{false, "the caller's context is over"}
	cancelled    = verdict{false, "cancelled from within"}
	hopeless     = verdict{false, "sending again cannot mend it"}
	maybeApplied = verdict{false, "it may have been applied, and applying it twice is not the same"}
	bodyGone     = verdict{false, "the body can be read only once"}
	toldNotTo    = verdict{false, "the call said not to"}
	rejected     = verdict{true, "rejected by the rate limit"}
	serverFailed = verdict{true, "the server failed"}
	unsent       = verdict{true, "it never arrived"}
	broken       = verdict{true, "the connection failed"}
	tooSlow      = verdict{true, "the attempt timed out"}
)

// judge decides about an attempt that ended in resp or err. It does not count attempts and knows no budget.
func judge(req *http.Request, call *transport.Call, resp *http.Response, err error) verdict {
	var v verdict
	if err != nil {
		v = judgeError(req, call, err)
	} else {
		v = judgeStatus(req, call, resp.StatusCode)
	}
	switch {
	case !v.again:
		return v
	case call.NoRetry:
		return toldNotTo
	case !transport.Replayable(req):
		return bodyGone
	}
	return v
}

func judgeStatus(req *http.Request, call *transport.Call, status int) verdict {
	switch status {
	case http.StatusTooManyRequests:
		return rejected // before it was applied, so whatever its method
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		if !repeatable(req, call) {
			return maybeApplied
		}
		return serverFailed
	}
	if status >= 400 {
		return refused
	}
	return answered
}

func judgeError(req *http.Request, call *transport.Call, err error) verdict {
	switch {
	case req.Context().Err() != nil:
		return callerDone
	case isHopeless(err):
		return hopeless
	case neverSent(err):
		return unsent
	case errors.Is(err, context.Canceled):
		return cancelled
	case !repeatable(req, call):
		return maybeApplied
	case isTimeout(err):
		return tooSlow
	}
	return broken
}

// repeatable reports whether a request may be sent again although it may have been applied.
func repeatable(req *http.Request, call *transport.Call) bool {
	switch call.Safety {
	case transport.Repeatable:
		return true
	case transport.Unrepeatable:
		return false
	}
	switch req.Method {
	case "", http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace, http.MethodPut, http.MethodDelete:
		return true
	}
	return false
}

// isHopeless reports whether an error is one that the next attempt would meet again.
func isHopeless(err error) bool {
	if transport.IsPermanent(err) || errors.Is(err, ErrLimited) || errors.Is(err, argument.ErrInvalid) {
		return true
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return dns.IsNotFound
	}
	return is[*tls.CertificateVerificationError](err) || is[tls.RecordHeaderError](err) || is[tls.AlertError](err) ||
		is[x509.UnknownAuthorityError](err) || is[x509.HostnameError](err) || is[x509.CertificateInvalidError](err) ||
		is[*net.AddrError](err) || is[net.UnknownNetworkError](err) || refusedByTransport(err)
}

// refusedByTransport knows the errors by which net/http says that the request itself is no good; they have no type.
func refusedByTransport(err error) bool {
	text := err.Error()
	return strings.Contains(text, "net/http: invalid ") || strings.Contains(text, "unsupported protocol scheme") ||
		strings.Contains(text, "remote error: tls: ")
}

// neverSent reports whether it is certain that the server has not seen the request: there was no connection, or no token.
func neverSent(err error) bool {
	if is[*withoutToken](err) {
		return true
	}
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return op.Op == "dial" || op.Op == "proxyconnect" || op.Op == "socks connect"
	}
	return strings.HasSuffix(err.Error(), "net/http: TLS handshake timeout") // it has no exported type
}

func isTimeout(err error) bool {
	timeout, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err)
	return ok && timeout.Timeout()
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}
