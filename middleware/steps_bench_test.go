package middleware

// What each step costs a call that goes well, beside the base alone.

import (
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/transport"
)

func BenchmarkSteps(b *testing.B) {
	src := auth.Static("BQDk7gZ0K1yPz4nVtW8xqE3uR5sL2mH9cJ6fA0dG1iTbYoXwNvCpQzKrSeUjMhFl")
	quiet := slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelError + 1}))
	info := slog.New(slog.NewTextHandler(io.Discard, nil))
	debug := slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelDebug}))
	for _, step := range []struct {
		name string
		mw   transport.Middleware
	}{
		{"none", passThrough},
		{"Auth", Auth(src, anywhere)},
		{"Refresh", Refresh(src)},
		{"Timeout", Timeout(time.Minute)},
		{"RateLimit", RateLimit(NewPacer(PacerConfig{Quota: 1_000_000_000}))},
		{"DecodeErrors", DecodeErrors(func(*http.Response) error { return nil })},
		{"Log/off", Log(quiet, LogConfig{})},
		{"Log/info", Log(info, LogConfig{})},
		{"Log/debug", Log(debug, LogConfig{})},
	} {
		b.Run(step.name, func(b *testing.B) {
			var answer http.Response
			chain := step.mw(transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
				answer = http.Response{StatusCode: http.StatusOK, Body: emptyBody{}, Request: req}
				return &answer, nil
			}))
			req := newRequest(b, b.Context(), "GET", "https://api.example.com/v1/albums/1?market=SE", "")
			req.Header.Set("Accept", "application/json")
			req.Header.Set("User-Agent", "bench")
			var buf [64]byte
			b.ReportAllocs()
			for b.Loop() {
				resp, err := chain.RoundTrip(req)
				if err != nil {
					b.Fatal(err)
				}
				_, _ = resp.Body.Read(buf[:])
				_ = resp.Body.Close()
			}
		})
	}
}

type emptyBody struct{}

func (emptyBody) Read([]byte) (int, error) { return 0, io.EOF }
func (emptyBody) Close() error             { return nil }
