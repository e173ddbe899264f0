package middleware

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/redact"
	"github.com/seed-2147f1a9/spotify/transport"
)

// textLog returns a logger that leaves out the time and the call's number.
func textLog(w *bytes.Buffer, level slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{
		Level: level,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == "call" {
				return slog.Attr{}
			}
			return a
		},
	}))
}

// Log writes one record for each call, at the level that its outcome deserves.
func TestLog(t *testing.T) {
	const name = `operation=do-it method=PUT route=/x/{id} query="limit=5&q=[redacted]&code=[redacted]" `
	const plain = name + `status=200 took=120ms received=6`
	retrying := stack(Retry(RetryConfig{InitialDelay: 1}), Classify(classifyBody))
	for story, test := range map[string]struct {
		level   slog.Level
		cfg     LogConfig
		call    transport.Call
		base    http.RoundTripper
		between func() []transport.Middleware
		timeout time.Duration
		cancel  bool
		want    string
	}{
		"a success":              {base: scripted(200), want: `INFO http call ` + plain},
		"below the logger level": {level: slog.LevelWarn, base: scripted(200)},
		"its attempt": {level: slog.LevelDebug, base: scripted(200), want: `
DEBUG http attempt ` + name + `attempt=1 status=200 protocol=HTTP/1.1 headers=100ms took=120ms sent=4 received=6
INFO http call ` + plain},
		"other levels": {level: slog.LevelDebug, base: scripted(200),
			cfg: LogConfig{Level: slog.LevelDebug, AttemptLevel: slog.LevelDebug - 4}, want: `DEBUG http call ` + plain},
		"a 404": {base: scripted(404),
			want: `WARN http call ` + strings.Replace(plain, "status=200", "status=404", 1)},
		"an expected 404": {base: scripted(404), call: transport.Call{Optional: true},
			want: `INFO http call ` + strings.Replace(plain, "status=200", "status=404", 1)},
		"a 503 that a retry mended": {base: scripted(503, 200), between: retrying,
			want: `INFO http call ` + name + `status=200 attempts=2 took=240ms received=12`},
		"its attempts": {level: slog.LevelDebug, base: scripted(503, 200), between: retrying, want: `
DEBUG http attempt ` + name + `attempt=1 status=503 protocol=HTTP/1.1 headers=100ms took=120ms sent=4 received=6
DEBUG http retry ` + name + `attempt=1 status=503 reason="transient status code"
DEBUG http attempt ` + name + `attempt=2 status=200 protocol=HTTP/1.1 headers=100ms took=120ms sent=4 received=6
INFO http call ` + name + `status=200 attempts=2 took=240ms received=12`},
		"a 503 to the end": {base: scripted(503), between: retrying,
			want: `WARN http call ` + name + `status=503 attempts=4 took=480ms received=24`},
		"a short wait": {base: scripted(200), between: stack(RateLimit(queueing{wait: time.Second})),
			want: `INFO http call ` + name + `status=200 waited=1s took=1.12s received=6`},
		"a wait": {base: scripted(200), between: stack(RateLimit(queueing{wait: 1100 * time.Millisecond})),
			want: `WARN http call ` + name + `status=200 waited=1.1s took=1.22s received=6`},
		"a wait that begins": {base: scripted(429, 200), between: stack(Retry(RetryConfig{InitialDelay: 1}), retryAfter7),
			want: `
WARN http wait ` + name + `for=backoff delay=7s
WARN http call ` + name + `status=200 attempts=2 waited=7s took=7.24s received=12`},
		"not sent": {base: scripted(200), between: stack(RateLimit(queueing{err: &LimitError{Exhausted: true}})),
			want: `WARN http call ` + name + `attempts=0 took=0s error="quota exceeded: not sent: the call's time is over" ` +
				`error_type=quota_exceeded`},
		"no connection": {base: scripted(0),
			want: `ERROR http call ` + name + `took=100ms error="connection reset" error_type=transport_failed`},
		"another error level": {base: scripted(0), cfg: LogConfig{ErrorLevel: slog.LevelWarn},
			want: `WARN http call ` + name + `took=100ms error="connection reset" error_type=transport_failed`},
		"a deadline": {base: scripted(200), timeout: 50 * time.Millisecond,
			want: `WARN http call ` + name + `took=50ms error="context deadline exceeded" error_type=deadline_exceeded`},
		"the caller cancels": {base: scripted(200), timeout: 50 * time.Millisecond, cancel: true,
			want: `INFO http call ` + name + `took=50ms error="context canceled" error_type=canceled`},
		"more of the query, and ids": {base: scripted(200), cfg: LogConfig{ShowURL: true, ShowQuery: []string{"q", "code"}},
			want: `INFO http call operation=do-it method=PUT ` +
				`url="https://api.example.com/v1/x/an-id?limit=5&q=text&code=[redacted]" ` +
				`status=200 took=120ms received=6`},
		"OpenTelemetry": {level: slog.LevelDebug, base: scripted(503, 200), between: retrying,
			cfg: LogConfig{OpenTelemetry: true}, want: strings.NewReplacer(
				"NAME", `operation=do-it http.request.method=PUT url.template=/x/{id} server.address=api.example.com `+
					`url.query="limit=5&q=[redacted]&code=[redacted]"`,
				"ATTEMPT",
				`network.protocol.version=1.1 headers=100ms took=120ms http.request.body.size=4 http.response.body.size=6`,
			).Replace(`
DEBUG http attempt NAME http.response.status_code=503 ATTEMPT error.type=503
DEBUG http retry NAME http.response.status_code=503 reason="transient status code" error.type=503
DEBUG http attempt NAME http.request.resend_count=1 http.response.status_code=200 ATTEMPT
INFO http call NAME http.response.status_code=200 attempts=2 took=240ms http.response.body.size=12`)},
	} {
		t.Run(story, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var out bytes.Buffer
				observe := Observe(Log(textLog(&out, test.level), test.cfg))
				mws := []transport.Middleware{observe}
				if test.between != nil {
					mws = append(mws, test.between()...)
				}
				rt := transport.Chain(test.base, append(mws, observe)...)
				test.call.Operation, test.call.Route = "do-it", "/x/{id}"
				ctx, cancel := context.WithCancel(transport.WithCall(t.Context(), &test.call))
				defer cancel()
				if test.timeout > 0 && test.cancel {
					time.AfterFunc(test.timeout, cancel)
				} else if test.timeout > 0 {
					ctx, cancel = context.WithTimeout(ctx, test.timeout)
					defer cancel()
				}
				_, _, _ = send(t, rt, newRequest(t, ctx, "PUT",
					"https://user:pass@api.example.com/v1/x/an-id?limit=5&q=text&code=SECRET#f", "body"))
				got := strings.NewReplacer("level=", "", `msg="`, "", `" operation`, " operation").Replace(out.String())
				if strings.TrimSpace(got) != strings.TrimSpace(test.want) {
					t.Errorf("logged\n%s\nwant\n%s", got, strings.TrimSpace(test.want))
				}
				if strings.Contains(out.String(), "SECRET") || strings.Contains(out.String(), "pass") {
					t.Error("a secret was logged")
				}
			})
		})
	}
}

// retryAfter7 adds a Retry-After of 7 s to a 429.
func retryAfter7(next http.RoundTripper) http.RoundTripper {
	return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		resp, err := next.RoundTrip(req)
		if err == nil && resp.StatusCode == http.StatusTooManyRequests {
			resp.Header.Set("Retry-After", "7")
		}
		return resp, err
	})
}

// An error in an event, and so in a log, quotes neither a secret of the call nor a URL's query.
func TestLogRedacts(t *testing.T) {
	var report transport.Report
	report.AddSecrets(redact.Of("THE-TOKEN"))
	for _, test := range []struct{ in, want string }{
		{`bad header "Bearer THE-TOKEN"`, `bad header "Bearer [redacted]"`},
		{`Get "https://a.example/x?code=SECRET": Get 'HTTP://u:p@b.example?token=SECRET': reset`,
			`Get "https://a.example/x?code=[redacted]": Get 'http://b.example?token=[redacted]': reset`},
		{`proxy socks5://u:SECRET@p.example refused`, `proxy socks5://p.example refused`},
		{`Get "https://a.example/%zz?code=SECRET"`, `Get "[redacted]"`},
		{`connection reset`, `connection reset`},
	} {
		given := errors.New(test.in)
		err := cleanError(given, &report)
		if err.Error() != test.want || test.in == test.want && err != given {
			t.Errorf("%s is written as %v, want %s", test.in, err, test.want)
		}
	}
	inner := &url.Error{Op: "Get", URL: "https://a.example/x?code=SECRET", Err: context.DeadlineExceeded}
	if err := cleanError(inner, &report); !errors.Is(err, context.DeadlineExceeded) || errors.As(err, &inner) {
		t.Errorf("%#v: want an error that is a deadline's and does not hold the URL", err)
	}
}

// The ids of a request are in the log only if they are asked for.
func TestLogWithoutIDs(t *testing.T) {
	address, err := url.Parse("https://a.example/v1/users/somebody")
	if err != nil {
		t.Fatal(err)
	}
	e := Event{Route: "/users/{id}", url: address, Err: errors.New(`Get "https://a.example/v1/users/somebody": reset`)}
	for _, shown := range []bool{false, true} {
		var out bytes.Buffer
		Log(slog.New(slog.NewTextHandler(&out, nil)), LogConfig{ShowURL: shown}).Note(t.Context(), e)
		if strings.Contains(out.String(), "somebody") != shown || !strings.Contains(out.String(), "reset") {
			t.Errorf("ShowURL %t: %s", shown, out.String())
		}
	}
}
