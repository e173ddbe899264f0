package middleware

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/transport"
)

// unlimited returns a function that makes a call through Retry and RateLimit over a base that costs
// nothing. The quota is configured and never reached, so the call neither waits nor is retried.
func unlimited(tb testing.TB) func() {
	resp := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody}
	base := transport.RoundTripperFunc(func(*http.Request) (*http.Response, error) { return resp, nil })
	rt := transport.Chain(base, Retry(RetryConfig{}), RateLimit(NewPacer(PacerConfig{Quota: mostQuota})))
	req := newRequest(tb, tb.Context(), http.MethodGet, thing, "")
	return func() {
		if _, err := rt.RoundTrip(req); err != nil {
			tb.Fatal(err)
		}
	}
}

// BenchmarkOverhead measures a call through Retry and RateLimit. The aim is 1 µs at most.
func BenchmarkOverhead(b *testing.B) {
	call := unlimited(b)
	b.ReportAllocs()
	for b.Loop() {
		call()
	}
}

func TestOverhead(t *testing.T) {
	if n := testing.AllocsPerRun(1000, unlimited(t)); n > 8 {
		t.Errorf("%v allocations per call, want at most 8", n)
	}
}

// BenchmarkMiddlewares measures a successful call through each middleware alone, and through the
// base alone (none).
func BenchmarkMiddlewares(b *testing.B) {
	src := auth.Static("BQDk7gZ0K1yPz4nVtW8xqE3uR5sL2mH9cJ6fA0dG1iTbYoXwNvCpQzKrSeUjMhFl")
	quiet := slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelError + 1}))
	info := slog.New(slog.NewTextHandler(io.Discard, nil))
	debug := slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelDebug}))
	for _, c := range []struct {
		name string
		mw   transport.Middleware
	}{
		{"none", passThrough},
		{"Auth", Auth(src, anywhere)},
		{"Refresh", Refresh(src)},
		{"Timeout", Timeout(time.Minute)},
		{"RateLimit", RateLimit(NewPacer(PacerConfig{Quota: 1_000_000_000}))},
		{"DecodeErrors", DecodeErrors(func(*http.Response) error { return nil })},
		{"Observe/headers", bothPlaces(Observe(headersAlone{}))},
		{"Observe/all", bothPlaces(Observe(eventFunc(func(Event) {})))},
		{"Log/off", bothPlaces(Observe(Log(quiet, LogConfig{})))},
		{"Log/info", bothPlaces(Observe(Log(info, LogConfig{})))},
		{"Log/debug", bothPlaces(Observe(Log(debug, LogConfig{})))},
	} {
		b.Run(c.name, func(b *testing.B) {
			var resp http.Response
			rt := c.mw(transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
				resp = http.Response{StatusCode: http.StatusOK, Body: emptyBody{}, Request: req}
				return &resp, nil
			}))
			req := newRequest(b, b.Context(), "GET", "https://api.example.com/v1/albums/1?market=SE", "")
			req.Header.Set("Accept", "application/json")
			req.Header.Set("User-Agent", "bench")
			var buf [64]byte
			b.ReportAllocs()
			for b.Loop() {
				resp, err := rt.RoundTrip(req)
				if err != nil {
					b.Fatal(err)
				}
				_, _ = resp.Body.Read(buf[:])
				_ = resp.Body.Close()
			}
		})
	}
}

// headersAlone is an Observer that does nothing until the headers.
type headersAlone struct{ eventFunc }

func (headersAlone) Note(context.Context, Event) {}
func (headersAlone) HeadersOnly() bool           { return true }

type emptyBody struct{}

func (emptyBody) Read([]byte) (int, error) { return 0, io.EOF }
func (emptyBody) Close() error             { return nil }
