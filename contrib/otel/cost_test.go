package otelspotify_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	metricnoop "go.opentelemetry.io/otel/metric/noop"
	tracenoop "go.opentelemetry.io/otel/trace/noop"

	"github.com/seed-2147f1a9/spotify"
	otelspotify "github.com/seed-2147f1a9/spotify/contrib/otel"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/transport"
)

func noop(t testing.TB) *otelspotify.Observer {
	t.Helper()
	observer, err := otelspotify.New(otelspotify.Config{
		TracerProvider: tracenoop.NewTracerProvider(), MeterProvider: metricnoop.NewMeterProvider(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return observer
}

// silent is the least that an observer can do.
type silent struct{}

func (silent) Begin(ctx context.Context, _ middleware.Event) context.Context { return ctx }
func (silent) Note(context.Context, middleware.Event)                        {}

// BenchmarkNoop measures a call over a base transport that responds at once: with an observer that
// does nothing, and with spans and metrics that nobody records.
func BenchmarkNoop(b *testing.B) {
	const album = `{"album_type":"album","id":"2up3OPMp9Tb4dAKM2erWXQ","name":"An album","type":"album","uri":"spotify:album:2up3OPMp9Tb4dAKM2erWXQ"}`
	base := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: http.StatusOK, Proto: "HTTP/2.0", Header: http.Header{"Content-Type": {"application/json"}},
			Body: io.NopCloser(strings.NewReader(album)), ContentLength: int64(len(album)), Request: req,
		}, nil
	})
	for _, c := range []struct {
		name     string
		observer middleware.Observer
	}{{"none", nil}, {"silent", silent{}}, {"otel", noop(b)}} {
		opts := []spotify.Option{spotify.WithAccessToken("a-token-of-a-benchmark"), spotify.WithTransport(base), spotify.WithLimiter(nil)}
		if c.observer != nil {
			opts = append(opts, spotify.WithObserver(c.observer))
		}
		client, err := spotify.New(opts...)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := client.Albums.Get(b.Context(), "2up3OPMp9Tb4dAKM2erWXQ", nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
