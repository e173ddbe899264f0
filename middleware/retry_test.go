package middleware

// The retry matrix: the verdict for each kind of failure, method, transport.Call.Idempotency and
// body.

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/transport"
)

// failure is one way for an attempt to end, and the verdict for a request that is idempotent and
// for one that is not. If held is set, the verdict is a retry, and held names what prevents it.
type failure struct {
	name          string
	status        int
	after         string // Retry-After
	body          string
	err           error
	cancels       bool // the caller cancels during the attempt
	idempotent    verdict
	nonIdempotent verdict
	held          string
}

func dialError(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }

func readError(err error) error { return &net.OpError{Op: "read", Net: "tcp", Err: err} }

var failures = []failure{
	{name: "200", status: 200, idempotent: succeeded, nonIdempotent: succeeded},
	{name: "304", status: 304, idempotent: succeeded, nonIdempotent: succeeded},
	{name: "400", status: 400, idempotent: finalStatus, nonIdempotent: finalStatus},
	{name: "401", status: 401, idempotent: finalStatus, nonIdempotent: finalStatus}, // Refresh replays those
	{name: "403", status: 403, idempotent: finalStatus, nonIdempotent: finalStatus},
	{name: "404", status: 404, idempotent: finalStatus, nonIdempotent: finalStatus},
	{name: "408", status: 408, idempotent: transientError, nonIdempotent: maybeApplied},
	{name: "413", status: 413, idempotent: finalStatus, nonIdempotent: finalStatus},
	{name: "429", status: 429, idempotent: rateLimited, nonIdempotent: rateLimited},
	{name: "429, Retry-After: 5", status: 429, after: "5", idempotent: rateLimited, nonIdempotent: rateLimited},
	{name: "429, Retry-After: 61", status: 429, after: "61",
		idempotent: rateLimited, nonIdempotent: rateLimited, held: "longer than MaxRetryAfter"},
	{name: "429, quota exhausted", status: 429, body: "QUOTA_EXCEEDED",
		idempotent: rateLimited, nonIdempotent: rateLimited, held: "ShouldRetry"},
	{name: "500", status: 500, idempotent: transientError, nonIdempotent: maybeApplied},
	{name: "501", status: 501, idempotent: finalStatus, nonIdempotent: finalStatus},
	{name: "502", status: 502, idempotent: transientError, nonIdempotent: maybeApplied},
	{name: "503", status: 503, idempotent: transientError, nonIdempotent: maybeApplied},
	{name: "504", status: 504, idempotent: transientError, nonIdempotent: maybeApplied},
	{name: "505", status: 505, idempotent: finalStatus, nonIdempotent: finalStatus},
	{name: "507", status: 507, idempotent: transientError, nonIdempotent: maybeApplied},
	{name: "511", status: 511, idempotent: finalStatus, nonIdempotent: finalStatus},
	{name: "520", status: 520, idempotent: transientError, nonIdempotent: maybeApplied},
	{name: "599", status: 599, idempotent: transientError, nonIdempotent: maybeApplied},
	{name: "connection refused", err: dialError(syscall.ECONNREFUSED), idempotent: notSent, nonIdempotent: notSent},
	{name: "dialling timed out", err: dialError(os.ErrDeadlineExceeded), idempotent: notSent, nonIdempotent: notSent},
	{name: "proxy down", err: &net.OpError{Op: "proxyconnect", Err: syscall.ECONNREFUSED},
		idempotent: notSent, nonIdempotent: notSent},
	{name: "TLS handshake timeout", err: errors.New("net/http: TLS handshake timeout"),
		idempotent: notSent, nonIdempotent: notSent},
	{name: "name server failure", err: dialError(&net.DNSError{Err: "server misbehaving", IsTemporary: true}),
		idempotent: notSent, nonIdempotent: notSent},
	{name: "no such host", err: dialError(&net.DNSError{Err: "no such host", IsNotFound: true}),
		idempotent: permanent, nonIdempotent: permanent},
	{name: "unknown authority", err: &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}},
		idempotent: permanent, nonIdempotent: permanent},
	{name: "wrong host name", err: x509.HostnameError{Certificate: &x509.Certificate{}, Host: "x"},
		idempotent: permanent, nonIdempotent: permanent},
	{name: "certificate expired", err: x509.CertificateInvalidError{Reason: x509.Expired},
		idempotent: permanent, nonIdempotent: permanent},
	{name: "TLS alert", err: &net.OpError{Op: "remote error", Err: tls.AlertError(40)},
		idempotent: permanent, nonIdempotent: permanent},
	{name: "no TLS", err: tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"},
		idempotent: permanent, nonIdempotent: permanent},
	{name: "reset", err: readError(syscall.ECONNRESET), idempotent: connFailed, nonIdempotent: maybeApplied},
	{name: "broken pipe", err: &net.OpError{Op: "write", Err: syscall.EPIPE},
		idempotent: connFailed, nonIdempotent: maybeApplied},
	{name: "closed without a response", err: io.EOF, idempotent: connFailed, nonIdempotent: maybeApplied},
	{name: "response cut short", err: io.ErrUnexpectedEOF, idempotent: connFailed, nonIdempotent: maybeApplied},
	{name: "HTTP/2 stream reset", err: errors.New("stream error: stream ID 1; INTERNAL_ERROR; received from peer"),
		idempotent: connFailed, nonIdempotent: maybeApplied},
	{name: "HTTP/2 GOAWAY", err: errors.New("http2: server sent GOAWAY and closed the connection"),
		idempotent: connFailed, nonIdempotent: maybeApplied},
	{name: "the attempt timed out", err: &TimeoutError{After: time.Second},
		idempotent: timedOut, nonIdempotent: maybeApplied},
	{name: "no headers in time", err: readError(os.ErrDeadlineExceeded),
		idempotent: timedOut, nonIdempotent: maybeApplied},
	{name: "cancelled by the caller", err: context.Canceled, cancels: true,
		idempotent: contextEnded, nonIdempotent: contextEnded},
	{name: "cancelled by the caller, with a reset", err: readError(syscall.ECONNRESET), cancels: true,
		idempotent: contextEnded, nonIdempotent: contextEnded},
	{name: "cancelled, but not by the caller", err: context.Canceled, idempotent: canceled, nonIdempotent: canceled},
	{name: "token endpoint fails", err: &tokenError{&auth.Error{Status: 503}},
		idempotent: notSent, nonIdempotent: notSent},
	{name: "login revoked", err: &tokenError{transport.Permanent(auth.ErrReauthorize)},
		idempotent: permanent, nonIdempotent: permanent},
	{name: "permanent error", err: transport.Permanent(auth.ErrReauthorize),
		idempotent: permanent, nonIdempotent: permanent},
	{name: "limiter refuses", err: &LimitError{Wait: time.Hour}, idempotent: permanent, nonIdempotent: permanent},
	{name: "invalid header", err: errors.New(`net/http: invalid header field value for "X"`),
		idempotent: permanent, nonIdempotent: permanent},
	{name: "not HTTP", err: errors.New(`unsupported protocol scheme "ftp"`),
		idempotent: permanent, nonIdempotent: permanent},
}

// idempotentMethods holds the idempotent methods of RFC 9110 section 9.2.2.
var idempotentMethods = map[string]bool{"GET": true, "HEAD": true, "OPTIONS": true, "PUT": true, "DELETE": true,
	"POST": false, "PATCH": false}

func TestRetryMatrix(t *testing.T) {
	t.Logf("%-36s %-36s %s", "failure", "idempotent", "not idempotent")
	cases := 0
	for _, f := range failures {
		t.Logf("%-36s %-36s %s", f.name, f.outcome(f.idempotent), f.outcome(f.nonIdempotent))
		for method, byMethod := range idempotentMethods {
			for value, idempotent := range []bool{transport.IdempotencyByMethod: byMethod,
				transport.Idempotent: true, transport.NotIdempotent: false} {
				want := f.nonIdempotent
				if idempotent {
					want = f.idempotent
				}
				for _, body := range []string{"none", "replayable", "once"} {
					for _, noRetry := range []bool{false, true} {
						want := want
						switch {
						case want.retry && noRetry:
							want = forbidden
						case want.retry && body == "once":
							want = bodyConsumed
						}
						call := &transport.Call{Idempotency: transport.Idempotency(value), NoRetry: noRetry}
						if cases++; !f.play(t, method, call, body, want) {
							t.Fatalf("%s: %s, Idempotency %d, body %s, NoRetry %v: want %q", f.name, method, value,
								body, noRetry, want.reason)
						}
					}
				}
			}
		}
	}
	t.Logf("%d cases", cases)
}

func (f failure) outcome(v verdict) string {
	switch {
	case !v.retry:
		return "no: " + v.reason
	case f.held != "":
		return "no: " + f.held
	}
	return "retry: " + v.reason
}

// play sends a request whose first attempt ends with f and whose second succeeds.
func (f failure) play(t *testing.T, method string, call *transport.Call, body string, want verdict) (ok bool) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(transport.WithCall(t.Context(), call))
		defer cancel()
		sent, reasons := 0, []string{}
		base := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			if got := readAll(req); body != "none" && got != "the body" {
				t.Errorf("attempt %d carries %q", sent, got)
			}
			if sent++; sent > 1 {
				return &http.Response{StatusCode: 200, Body: http.NoBody, Request: req}, nil
			}
			if f.cancels {
				cancel()
			}
			if f.err != nil {
				return nil, f.err
			}
			return &http.Response{StatusCode: f.status, Header: http.Header{"Retry-After": {f.after}},
				Body: io.NopCloser(strings.NewReader(f.body)), Request: req}, nil
		})
		req := newRequest(t, ctx, method, "https://api.example.com/x",
			map[string]string{"replayable": "the body", "once": "the body"}[body])
		if body == "once" {
			req.GetBody = nil
		}
		retry := Retry(RetryConfig{
			ShouldRetry: func(resp *http.Response, _ error) (retry, decided bool) {
				return false, resp != nil && string(transport.PeekBody(resp, 100, time.Second)) == "QUOTA_EXCEEDED"
			},
			OnRetry: func(e RetryEvent) { reasons = append(reasons, e.Reason) },
		})
		resp, got, err := send(t, retry(base), req)
		retried := want.retry && f.held == ""
		switch {
		case retried:
			ok = sent == 2 && err == nil && resp.StatusCode == 200 && len(reasons) == 1 && reasons[0] == want.reason
		case f.err != nil:
			ok = sent == 1 && err == f.err && len(reasons) == 0 // not wrapped
		default:
			ok = sent == 1 && err == nil && resp.StatusCode == f.status && got == f.body && len(reasons) == 0
		}
		if !ok {
			t.Errorf("%d attempts, retried for %q; got %v, %q, %v", sent, reasons, resp, got, err)
		}
	})
	return ok
}

func readAll(req *http.Request) string {
	if req.Body == nil {
		return ""
	}
	data, _ := io.ReadAll(req.Body)
	_ = req.Body.Close()
	return string(data)
}

// After the last retry, Retry returns the last response unread, or a *RetryError that wraps the
// last error and has the number of attempts and the time they took.
func TestRetryGivesUp(t *testing.T) {
	reset := readError(syscall.ECONNRESET)
	for _, tc := range []struct {
		name     string
		cfg      RetryConfig
		status   int // 0 for a reset
		attempts int
		least    time.Duration
		most     time.Duration
	}{
		{name: "responses", status: 503, attempts: 4, least: 1750 * time.Millisecond, most: 3500 * time.Millisecond},
		{name: "errors", attempts: 4, least: 1750 * time.Millisecond, most: 3500 * time.Millisecond},
		{name: "one retry", cfg: RetryConfig{MaxRetries: 1}, status: 503, attempts: 2,
			least: 250 * time.Millisecond, most: 500 * time.Millisecond},
		{name: "retries off", cfg: RetryConfig{MaxRetries: -1}, status: 503, attempts: 1},
		{name: "retries off, error", cfg: RetryConfig{MaxRetries: -1}, attempts: 1},
		{name: "backoff reaches MaxDelay", cfg: RetryConfig{MaxRetries: 9}, status: 503, attempts: 10,
			least: 23750 * time.Millisecond, most: 47500 * time.Millisecond},
		{name: "constant backoff", cfg: RetryConfig{InitialDelay: time.Second, Multiplier: 1}, status: 503,
			attempts: 4, least: 1500 * time.Millisecond, most: 3 * time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sent := 0
				var report transport.Report
				ctx := transport.WithCall(t.Context(), &transport.Call{Report: &report})
				start := time.Now()
				resp, body, err := send(t,
					Retry(tc.cfg)(transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
						if sent++; tc.status == 0 {
							return nil, reset
						}
						return &http.Response{StatusCode: tc.status,
							Body: io.NopCloser(strings.NewReader(fmt.Sprint(sent))), Request: req}, nil
					})), newRequest(t, ctx, "GET", "https://api.example.com/x", ""))
				took := time.Since(start)
				if sent != tc.attempts || took < tc.least || took > tc.most {
					t.Errorf("%d attempts in %v, want %d in %v to %v", sent, took, tc.attempts, tc.least, tc.most)
				}
				if tc.status != 0 {
					attempts, elapsed := report.Attempts()
					if err != nil || resp.StatusCode != tc.status || body != fmt.Sprint(tc.attempts) ||
						attempts != tc.attempts || elapsed != took {
						t.Errorf("got %v, %q, %v; the Report has %d attempts in %v", resp, body, err, attempts, elapsed)
					}
					return
				}
				var failed *RetryError
				switch found := errors.As(err, &failed); {
				case !errors.Is(err, syscall.ECONNRESET) || found != (tc.attempts > 1):
					t.Errorf("got %v", err)
				case found && (failed.Attempts != tc.attempts || failed.Elapsed != took ||
					!strings.Contains(err.Error(), fmt.Sprintf("%d attempts in ", tc.attempts))):
					t.Errorf("got %v after %v", err, took)
				}
			})
		})
	}
}
