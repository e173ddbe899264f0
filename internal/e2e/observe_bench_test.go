package e2e_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/transport"
)

// idle is an Observer that does nothing.
type idle struct{}

func (idle) Begin(ctx context.Context, _ middleware.Event) context.Context { return ctx }
func (idle) Note(context.Context, middleware.Event)                        {}

// BenchmarkObserve measures a call over a base transport that responds at once.
func BenchmarkObserve(b *testing.B) {
	const album = `{"album_type":"album","id":"2up3OPMp9Tb4dAKM2erWXQ","name":"An ` +
		`album","type":"album","uri":"spotify:album:2up3OPMp9Tb4dAKM2erWXQ"}`
	base := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: http.StatusOK, Proto: "HTTP/2.0", Header: http.Header{"Content-Type": {"application/json"}},
			Body: io.NopCloser(strings.NewReader(album)), ContentLength: int64(len(album)), Request: req,
		}, nil
	})
	for name, opts := range map[string][]spotify.Option{
		"nothing":              nil,
		"observer":             {spotify.WithObserver(idle{})},
		"log":                  {spotify.WithLogger(slog.New(slog.NewTextHandler(io.Discard, nil)))},
		"log, below its level": {spotify.WithLogger(slog.New(slog.DiscardHandler))},
	} {
		client, err := spotify.New(
			append(
				opts,
				spotify.WithAccessToken("a-token-of-a-benchmark"),
				spotify.WithTransport(base),
				spotify.WithLimiter(nil),
			)...)
		if err != nil {
			b.Fatal(err)
		}
		b.Run("AlbumsGet/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := client.Albums.Get(b.Context(), "2up3OPMp9Tb4dAKM2erWXQ", nil); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("HTTPClient/"+name, func(b *testing.B) {
			b.ReportAllocs()
			hc := client.HTTPClient()
			for b.Loop() {
				resp, err := hc.Get("https://api.spotify.com/v1/albums/2up3OPMp9Tb4dAKM2erWXQ")
				if err != nil {
					b.Fatal(err)
				}
				_, _ = io.Copy(io.Discard, resp.Body)
				_ = resp.Body.Close()
			}
		})
	}
}
