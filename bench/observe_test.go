package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"testing"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	tracenoop "go.opentelemetry.io/otel/trace/noop"

	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/seed-2147f1a9/spotify"
	otelspotify "github.com/seed-2147f1a9/spotify/contrib/otel"
	promspotify "github.com/seed-2147f1a9/spotify/contrib/prometheus"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/mock"
)

// observedNames are the names of observedClients, in the order of a table.
var observedNames = []string{
	"none", "idle", "log", "otel/noop", "otelhttp/noop", "otel/unset", "otelhttp/unset", "otel/sdk", "otelhttp/sdk",
	"prometheus",
}

// idle is an observer that does nothing with the events.
type idle struct{}

func (idle) Begin(ctx context.Context, _ middleware.Event) context.Context { return ctx }
func (idle) Note(context.Context, middleware.Event)                        {}

// observedClients returns the same client without an observer, with one that does nothing, with
// each of ours, and over otelhttp: with the providers of OpenTelemetry that do nothing, and with an
// SDK that samples all spans and drops them.
func observedClients(tb testing.TB) map[string]*spotify.Client {
	tb.Helper()
	base := always([]byte(`{"id": "` + mock.AlbumID + `", "name": "An album", "type": "album"}`))
	clients := map[string]*spotify.Client{}
	add := func(name string, base http.RoundTripper, opts ...spotify.Option) {
		client, err := ours(base, append(opts, spotify.WithLimiter(nil))...)
		if err != nil {
			tb.Fatal(err)
		}
		tb.Cleanup(func() { _ = client.Close() })
		clients[name] = client
	}
	add("none", base)
	add("idle", base, spotify.WithObserver(idle{}))
	add("log", base, spotify.WithLogger(slog.New(slog.NewTextHandler(io.Discard, nil))))
	add("prometheus", base, spotify.WithObserver(promspotify.New()))
	// The global providers, which record nothing before a program sets others.
	unset, err := otelspotify.New(otelspotify.Config{})
	if err != nil {
		tb.Fatal(err)
	}
	add("otel/unset", base, spotify.WithObserver(unset))
	add("otelhttp/unset", otelhttp.NewTransport(base))
	for name, providers := range map[string]struct {
		traces  trace.TracerProvider
		metrics metric.MeterProvider
	}{
		"noop": {tracenoop.NewTracerProvider(), metricnoop.NewMeterProvider()},
		"sdk":  {sdktrace.NewTracerProvider(sdktrace.WithSampler(sdktrace.AlwaysSample())), sdkmetric.NewMeterProvider()},
	} {
		observer, err := otelspotify.New(otelspotify.Config{
			TracerProvider: providers.traces, MeterProvider: providers.metrics,
		})
		if err != nil {
			tb.Fatal(err)
		}
		add("otel/"+name, base, spotify.WithObserver(observer))
		add("otelhttp/"+name, otelhttp.NewTransport(base,
			otelhttp.WithTracerProvider(providers.traces), otelhttp.WithMeterProvider(providers.metrics)))
	}
	return clients
}

// BenchmarkObserve compares the cost of observing a call.
func BenchmarkObserve(b *testing.B) {
	clients := observedClients(b)
	for _, name := range observedNames {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := clients[name].Albums.Get(b.Context(), mock.AlbumID, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestObserveAllocations checks that an observer costs at most 10 allocations, that one with no-op
// providers costs at most 8, and that this is fewer than otelhttp costs.
func TestObserveAllocations(t *testing.T) {
	clients := observedClients(t)
	measure := func(name string) float64 {
		return testing.AllocsPerRun(300, func() {
			if _, err := clients[name].Albums.Get(t.Context(), mock.AlbumID, nil); err != nil {
				t.Fatal(err)
			}
		})
	}
	none, idle := measure("none"), measure("idle")
	if idle-none > 10 {
		t.Errorf("%v allocations, %v with an observer: want at most 10 more", none, idle)
	}
	with, other := measure("otel/noop"), measure("otelhttp/noop")
	if with-none > 8 || with >= other {
		t.Errorf("%v allocations, %v with no-op providers, %v with otelhttp: want at most 8 more and fewer than otelhttp",
			none, with, other)
	}
}
