package middleware

// The retry matrix: every kind of failure, method, declared safety and body, and what is done about it and why.

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

// failure is one way for an attempt to end, and what follows for a call that may be applied twice and for one that may not.
// Where held is set, judge would retry, and something else about the answer prevents it.
type failure struct {
	name             string
	status           int
	after            string // Retry-After
	body             string
	err              error
	leave            bool // the caller's context ends first
	repeatable, once verdict
	held             string
}

func dialError(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }

func readError(err error) error { return &net.OpError{Op: "read", Net: "tcp", Err: err} }

var failures = []failure{
	{name: "200", status: 200, repeatable: succeeded, once: succeeded},
	{name: "304", status: 304, repeatable: succeeded, once: succeeded},
	{name: "400", status: 400, repeatable: refused, once: refused},
	{name: "401", status: 401, repeatable: refused, once: refused}, // Refresh's business
	{name: "403", status: 403, repeatable: refused, once: refused},
	{name: "404", status: 404, repeatable: refused, once: refused},
	{name: "413", status: 413, repeatable: refused, once: refused},
	{name: "429", status: 429, repeatable: rejected, once: rejected},
	{name: "429, Retry-After: 5", status: 429, after: "5", repeatable: rejected, once: rejected},
	{name: "429, Retry-After: 61", status: 429, after: "61", repeatable: rejected, once: rejected, held: "longer than MaxRetryAfter"},
	{name: "429, a quota is used up", status: 429, body: "QUOTA_EXCEEDED", repeatable: rejected, once: rejected, held: "ShouldRetry"},
	{name: "500", status: 500, repeatable: serverFailed, once: maybeApplied},
	{name: "501", status: 501, repeatable: refused, once: refused},
	{name: "502", status: 502, repeatable: serverFailed, once: maybeApplied},
	{name: "503", status: 503, repeatable: serverFailed, once: maybeApplied},
	{name: "504", status: 504, repeatable: serverFailed, once: maybeApplied},
	{name: "505", status: 505, repeatable: refused, once: refused},
	{name: "connection refused", err: dialError(syscall.ECONNREFUSED), repeatable: unsent, once: unsent},
	{name: "dialling timed out", err: dialError(os.ErrDeadlineExceeded), repeatable: unsent, once: unsent},
	{name: "the proxy is down", err: &net.OpError{Op: "proxyconnect", Err: syscall.ECONNREFUSED}, repeatable: unsent, once: unsent},
	{name: "TLS handshake timeout", err: errors.New("net/http: TLS handshake timeout"), repeatable: unsent, once: unsent},
	{name: "names do not resolve at the moment", err: dialError(&net.DNSError{Err: "server misbehaving", IsTemporary: true}), repeatable: unsent, once: unsent},
	{name: "no such name", err: dialError(&net.DNSError{Err: "no such host", IsNotFound: true}), repeatable: hopeless, once: hopeless},
	{name: "unknown authority", err: &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, repeatable: hopeless, once: hopeless},
	{name: "wrong host in the certificate", err: x509.HostnameError{Certificate: &x509.Certificate{}, Host: "x"}, repeatable: hopeless, once: hopeless},
	{name: "certificate expired", err: x509.CertificateInvalidError{Reason: x509.Expired}, repeatable: hopeless, once: hopeless},
	{name: "TLS alert", err: &net.OpError{Op: "remote error", Err: tls.AlertError(40)}, repeatable: hopeless, once: hopeless},
	{name: "no TLS at all", err: tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, repeatable: hopeless, once: hopeless},
	{name: "reset", err: readError(syscall.ECONNRESET), repeatable: broken, once: maybeApplied},
	{name: "broken pipe", err: &net.OpError{Op: "write", Err: syscall.EPIPE}, repeatable: broken, once: maybeApplied},
	{name: "closed without an answer", err: io.EOF, repeatable: broken, once: maybeApplied},
	{name: "half an answer", err: io.ErrUnexpectedEOF, repeatable: broken, once: maybeApplied},
	{name: "HTTP/2 stream reset", err: errors.New("stream error: stream ID 1; INTERNAL_ERROR; received from peer"), repeatable: broken, once: maybeApplied},
	{name: "HTTP/2 GOAWAY", err: errors.New("http2: server sent GOAWAY and closed the connection"), repeatable: broken, once: maybeApplied},
	{name: "the attempt timed out", err: &TimeoutError{After: time.Second}, repeatable: tooSlow, once: maybeApplied},
	{name: "no headers in time", err: readError(os.ErrDeadlineExceeded), repeatable: tooSlow, once: maybeApplied},
	{name: "the caller left", err: context.Canceled, leave: true, repeatable: callerDone, once: callerDone},
	{name: "the caller left, a reset", err: readError(syscall.ECONNRESET), leave: true, repeatable: callerDone, once: callerDone},
	{name: "cancelled from within", err: context.Canceled, repeatable: cancelled, once: cancelled},
	{name: "no token at the moment", err: &withoutToken{&auth.Error{Status: 503}}, repeatable: unsent, once: unsent},
	{name: "no token ever again", err: &withoutToken{transport.Permanent(auth.ErrReauthorize)}, repeatable: hopeless, once: hopeless},
	{name: "the login has ended", err: transport.Permanent(auth.ErrReauthorize), repeatable: hopeless, once: hopeless},
	{name: "the limiter said no", err: &LimitError{Wait: time.Hour}, repeatable: hopeless, once: hopeless},
	{name: "a header nobody can send", err: errors.New(`net/http: invalid header field value for "X"`), repeatable: hopeless, once: hopeless},
	{name: "not HTTP", err: errors.New(`unsupported protocol scheme "ftp"`), repeatable: hopeless, once: hopeless},
}

// What may be applied twice: RFC 9110 section 9.2.2, unless the operation says otherwise.
var idempotent = map[string]bool{"GET": true, "HEAD": true, "OPTIONS": true, "PUT": true, "DELETE": true, "POST": false, "PATCH": false}

func TestRetryMatrix(t *testing.T) {
	t.Logf("%-36s %-36s %s", "failure", "may be applied twice", "may not")
	cases := 0
	for _, f := range failures {
		t.Logf("%-36s %-36s %s", f.name, f.did(f.repeatable), f.did(f.once))
		for method, byMethod := range idempotent {
			for safety, repeatable := range []bool{transport.IdempotencyByMethod: byMethod, transport.Idempotent: true, transport.NotIdempotent: false} {
				want := f.once
				if repeatable {
					want = f.repeatable
				}
				for _, body := range []string{"none", "replayable", "once"} {
					for _, noRetry := range []bool{false, true} {
						want := want
						switch {
						case want.again && noRetry:
							want = toldNotTo
						case want.again && body == "once":
							want = bodyGone
						}
						call := &transport.Call{Idempotency: transport.Idempotency(safety), NoRetry: noRetry}
						if cases++; !f.play(t, method, call, body, want) {
							t.Fatalf("%s: %s, safety %d, body %s, NoRetry %v: want %q", f.name, method, safety, body, noRetry, want.why)
						}
					}
				}
			}
		}
	}
	t.Logf("%d cases", cases)
}

func (f failure) did(v verdict) string {
	switch {
	case !v.again:
		return "no: " + v.why
	case f.held != "":
		return "no: " + f.held
	}
	return "again: " + v.why
}

// play sends one call whose first attempt fails and whose second does not.
func (f failure) play(t *testing.T, method string, call *transport.Call, body string, want verdict) (ok bool) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(transport.WithCall(t.Context(), call))
		defer cancel()
		sent, reasons := 0, []string{}
		base := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			if got := readAll(req); body != "none" && got != "the body" {
				t.Errorf("sending %d carries %q", sent, got)
			}
			if sent++; sent > 1 {
				return &http.Response{StatusCode: 200, Body: http.NoBody, Request: req}, nil
			}
			if f.leave {
				cancel()
			}
			if f.err != nil {
				return nil, f.err
			}
			return &http.Response{StatusCode: f.status, Header: http.Header{"Retry-After": {f.after}}, Body: io.NopCloser(strings.NewReader(f.body)), Request: req}, nil
		})
		req := newRequest(t, ctx, method, "https://api.example.com/x", map[string]string{"replayable": "the body", "once": "the body"}[body])
		if body == "once" {
			req.GetBody = nil
		}
		step := Retry(RetryConfig{
			ShouldRetry: func(resp *http.Response, _ error) (retry, decided bool) {
				return false, resp != nil && string(transport.Peek(resp, 100, time.Second)) == "QUOTA_EXCEEDED"
			},
			OnRetry: func(e RetryEvent) { reasons = append(reasons, e.Reason) },
		})
		resp, got, err := send(t, step(base), req)
		again := want.again && f.held == ""
		switch {
		case again:
			ok = sent == 2 && err == nil && resp.StatusCode == 200 && len(reasons) == 1 && reasons[0] == want.why
		case f.err != nil:
			ok = sent == 1 && err == f.err && len(reasons) == 0 // as it was, not wrapped
		default:
			ok = sent == 1 && err == nil && resp.StatusCode == f.status && got == f.body && len(reasons) == 0
		}
		if !ok {
			t.Errorf("sent %d times for %q, then %v, %q, %v", sent, reasons, resp, got, err)
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

// When retries are used up the last answer comes back unread; an error says how often and for how long it was tried, and is what it was.
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
		{name: "answers", status: 503, attempts: 4, least: 1750 * time.Millisecond, most: 3500 * time.Millisecond},
		{name: "errors", attempts: 4, least: 1750 * time.Millisecond, most: 3500 * time.Millisecond},
		{name: "one retry", cfg: RetryConfig{MaxRetries: 1}, status: 503, attempts: 2, least: 250 * time.Millisecond, most: 500 * time.Millisecond},
		{name: "none", cfg: RetryConfig{MaxRetries: -1}, status: 503, attempts: 1},
		{name: "none, an error", cfg: RetryConfig{MaxRetries: -1}, attempts: 1},
		{name: "growth ends", cfg: RetryConfig{MaxRetries: 9}, status: 503, attempts: 10, least: 23750 * time.Millisecond, most: 47500 * time.Millisecond},
		{name: "no growth", cfg: RetryConfig{InitialDelay: time.Second, Multiplier: 1}, status: 503, attempts: 4, least: 1500 * time.Millisecond, most: 3 * time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sent := 0
				var report transport.Report
				ctx := transport.WithCall(t.Context(), &transport.Call{Report: &report})
				start := time.Now()
				resp, body, err := send(t, Retry(tc.cfg)(transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
					if sent++; tc.status == 0 {
						return nil, reset
					}
					return &http.Response{StatusCode: tc.status, Body: io.NopCloser(strings.NewReader(fmt.Sprint(sent))), Request: req}, nil
				})), newRequest(t, ctx, "GET", "https://api.example.com/x", ""))
				took := time.Since(start)
				if sent != tc.attempts || took < tc.least || took > tc.most {
					t.Errorf("sent %d times in %v, want %d times in %v to %v", sent, took, tc.attempts, tc.least, tc.most)
				}
				if tc.status != 0 {
					attempts, elapsed := report.Attempts()
					if err != nil || resp.StatusCode != tc.status || body != fmt.Sprint(tc.attempts) || attempts != tc.attempts || elapsed != took {
						t.Errorf("%v, %q, %v; tried %d times in %v", resp, body, err, attempts, elapsed)
					}
					return
				}
				var tried *RetryError
				switch found := errors.As(err, &tried); {
				case !errors.Is(err, syscall.ECONNRESET) || found != (tc.attempts > 1):
					t.Errorf("got %v", err)
				case found && (tried.Attempts != tc.attempts || tried.Elapsed != took || !strings.Contains(err.Error(), fmt.Sprintf("tried %d times in ", tc.attempts))):
					t.Errorf("got %v after %v", err, took)
				}
			})
		})
	}
}
