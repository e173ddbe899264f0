package middleware

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/transport"
)

// timeless returns a logger that leaves out all times, so that records can be compared.
func timeless(w io.Writer, level slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(w,
		&slog.HandlerOptions{Level: level, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == "wait" || a.Key == "took" {
				return slog.Attr{}
			}
			return a
		}}))
}

func TestLog(t *testing.T) {
	const where = "https://user:pass@api.example.com/v1/x?limit=5&code=SECRET#f"
	const redacted = `https://api.example.com/v1/x?limit=[redacted]&code=[redacted]`
	const exchange = `msg="http exchange" method=PUT url="` + redacted + `" operation=do-it`
	broken := errors.New("connection reset")
	for _, test := range []struct {
		name    string
		level   slog.Level
		cfg     LogConfig
		status  int
		err     error // in place of a response
		bodyErr error // at the end of the body
		want    string
	}{
		{name: "success", level: slog.LevelDebug, status: 200,
			want: `level=DEBUG ` + exchange + ` status=200 proto=HTTP/1.1 sent=4 received=6`},
		{name: "success below the logger's level", level: slog.LevelInfo, status: 200},
		{name: "another Level", level: slog.LevelInfo,
			cfg: LogConfig{Level: slog.LevelInfo, ShowQuery: []string{"limit", "code"}}, status: 200,
			want: `level=INFO ` + strings.Replace(exchange, "limit=[redacted]", "limit=5", 1) +
				` status=200 proto=HTTP/1.1 sent=4 received=6`},
		{name: "404", level: slog.LevelWarn, status: 404,
			want: `level=WARN ` + exchange + ` status=404 proto=HTTP/1.1 sent=4 received=6`},
		{name: "a body that is cut short", level: slog.LevelInfo, status: 200, bodyErr: io.ErrUnexpectedEOF,
			want: `level=WARN ` + exchange + ` status=200 proto=HTTP/1.1 sent=4 received=6 error="unexpected EOF"`},
		{name: "an error", level: slog.LevelError, err: broken,
			want: `level=ERROR ` + exchange + ` sent=4 error="connection reset"`},
		{name: "an error that quotes the URL", level: slog.LevelError,
			err:  &url.Error{Op: "Put", URL: where, Err: broken},
			want: `level=ERROR ` + exchange + ` sent=4 error="Put \"` + redacted + `\": connection reset"`},
		{name: "cancelled", level: slog.LevelInfo, err: context.Canceled},
		{name: "headers", level: slog.LevelDebug,
			cfg: LogConfig{Headers: true, RedactHeaders: []string{"x-api-key"}}, status: 200,
			want: `level=DEBUG ` + exchange + ` status=200 proto=HTTP/1.1 sent=4 received=6 ` +
				`request.Accept=text/plain request.Authorization=[redacted] request.Cookie=[redacted] ` +
				`request.X-Api-Key=[redacted] ` +
				`response.Location="https://app.example/cb?code=[redacted]" response.Set-Cookie=[redacted]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			base := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
				transport.CloseRequest(req)
				if test.err != nil {
					return nil, test.err
				}
				var body io.Reader = strings.NewReader("hello!")
				if test.bodyErr != nil {
					body = io.MultiReader(body, errorReader{test.bodyErr})
				}
				return &http.Response{StatusCode: test.status, Proto: "HTTP/1.1", Body: io.NopCloser(body),
					Request: req, Header: http.Header{
						"Set-Cookie": {"sid=SECRET"}, "Location": {"https://app.example/cb?code=SECRET"},
					}}, nil
			})
			req := newRequest(t, transport.WithCall(t.Context(), &transport.Call{Operation: "do-it"}), "PUT", where,
				"body")
			req.Header = http.Header{"Authorization": {"Bearer SECRET"}, "Cookie": {"sid=SECRET"},
				"X-Api-Key": {"SECRET"}, "Accept": {"text/plain"}}
			_, _, err := send(t, Log(timeless(&out, test.level), test.cfg)(base), req)
			if want := errors.Join(test.err, test.bodyErr); (err == nil) != (want == nil) || err != nil &&
				!errors.Is(want, err) {
				t.Errorf("the error %v was returned as %v", want, err)
			}
			if got := strings.TrimSuffix(out.String(), "\n"); got != test.want {
				t.Errorf("logged\n%s, want\n%s", got, test.want)
			}
			if strings.Contains(out.String(), "SECRET") {
				t.Error("a secret was logged")
			}
		})
	}
}

func TestLogRedacts(t *testing.T) {
	r := newRedactor(nil, []string{"limit", "q", "access_token", "STATE"})
	for _, test := range []struct{ in, want string }{
		{"https://a.example/x", "https://a.example/x"},
		{"https://a.example/x?", "https://a.example/x?"},
		{"https://a.example/x?limit=1&offset=2", "https://a.example/x?limit=1&offset=[redacted]"},
		{"https://a.example/x?access_token=s&refresh_token=s&STATE=s",
			"https://a.example/x?access_token=[redacted]&refresh_token=[redacted]&STATE=[redacted]"},
		{"https://a.example/x?s", "https://a.example/x?[redacted]"},
		{"https://a.example/x?q=a%26code%3Ds&%71=b", "https://a.example/x?q=a%26code%3Ds&%71=b"},
		{"https://a.example/x?limit=1;code=s", "https://a.example/x?[redacted]"},
		{"https://a.example/x?%zz=1&c%6Fde=s", "https://a.example/x?[redacted]&c%6Fde=[redacted]"},
		{"https://u:p@a.example/x#access_token=s", "https://a.example/x"},
		{"https://u@a.example:1/x", "https://a.example:1/x"},
	} {
		u, err := url.Parse(test.in)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.url(u); got != test.want {
			t.Errorf("%s is written as %s, want %s", test.in, got, test.want)
		}
	}
	if got := r.url(&url.URL{Scheme: "https", Opaque: "//u:p@a.example/x"}); strings.Contains(got, "u:p") {
		t.Errorf("opaque: %s", got)
	}

	req := newRequest(t, t.Context(), "GET", "https://a.example/x?code=SECRET", "")
	req.Header.Set("Authorization", "Bearer THE-TOKEN")
	for _, test := range []struct{ in, want string }{
		{`bad header "Bearer THE-TOKEN"`, `bad header "Bearer [redacted]"`},
		{`the token THE-TOKEN is no good`, `the token [redacted] is no good`},
		{`GET /x?code=SECRET failed`, `GET /x?code=[redacted] failed`},
		{`Get "https://a.example/x?code=SECRET": Get 'HTTP://u:p@b.example?token=SECRET': reset`,
			`Get "https://a.example/x?code=[redacted]": Get 'http://b.example?token=[redacted]': reset`},
		{`proxy socks5://u:SECRET@p.example refused`, `proxy socks5://p.example refused`},
		{`Get "https://a.example/%zz?code=SECRET"`, `Get "[redacted]"`},
	} {
		if got := r.text(test.in, req); got != test.want {
			t.Errorf("%s is written as %s, want %s", test.in, got, test.want)
		}
	}
}

// Log writes one record for each request, however often the response's body is read and closed.
func TestLogOnce(t *testing.T) {
	var out bytes.Buffer
	base := respond(func(*http.Request) (int, string) { return 200, "body" })
	rt := Log(timeless(&out, slog.LevelDebug), LogConfig{})(base)
	resp, err := rt.RoundTrip(newRequest(t, t.Context(), "GET", "https://a.example/x", ""))
	if err != nil {
		t.Fatal(err)
	}
	if out.Len() > 0 {
		t.Errorf("logged before the body ended: %s", out.String())
	}
	for range 2 {
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
	if n := strings.Count(out.String(), "\n"); n != 1 {
		t.Errorf("logged %d times: %s", n, out.String())
	}
}

// Over real connections, no record holds a secret, the records of errors included.
func TestLogOnWire(t *testing.T) {
	onWire(t, func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "sid", Value: "SECRET"})
		if r.URL.Path == "/cut" {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "half")
			return
		}
		_, _ = io.WriteString(w, "whole")
	}, func(t *testing.T, base http.RoundTripper, server string) {
		var out bytes.Buffer
		rt := Log(timeless(&out, slog.LevelDebug), LogConfig{Headers: true})(base)
		for _, target := range []string{server + "/x?code=SECRET", server + "/cut?code=SECRET",
			"https://u:SECRET@127.0.0.1:1/refused?code=SECRET", "nonsense://x?code=SECRET"} {
			req := newRequest(t, t.Context(), "GET", target, "")
			req.Header.Set("Authorization", "Bearer SECRET")
			_, _, _ = send(t, rt, req)
		}
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		if strings.Contains(out.String(), "SECRET") || len(lines) != 4 {
			t.Errorf("logged %d records:\n%s", len(lines), out.String())
		}
		for i, want := range []string{"received=5", "received=4", "level=ERROR", "level=ERROR"} {
			if !strings.Contains(fmt.Sprint(lines[min(i, len(lines)-1)]), want) {
				t.Errorf("record %d has no %s: %s", i, want, lines[i])
			}
		}
	})
}
