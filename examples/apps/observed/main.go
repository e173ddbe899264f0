// Observed runs a client under load with metrics, traces and timelines. It calls a fake Spotify on
// this machine that has latency, faults, a rate limit and now and then an outage. It serves metrics
// for Prometheus at /metrics, makes OpenTelemetry spans, and prints the timeline of its slowest
// call at its end.
//
//	go run ./observed -for 30s
//	curl http://127.0.0.1:2112/metrics
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/seed-2147f1a9/spotify"
	otelspotify "github.com/seed-2147f1a9/spotify/contrib/otel"
	promspotify "github.com/seed-2147f1a9/spotify/contrib/prometheus"
	"github.com/seed-2147f1a9/spotify/middleware"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:2112", "serve /metrics at this `address`")
	length := flag.Duration("for", 30*time.Second, "call for this long; 0 means until an interrupt")
	traceFile := flag.String("trace", "", "write the spans of a call that was retried to this `file`, as JSON")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	if *length > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, *length)
		defer cancel()
	}
	err := run(ctx, *listen, *traceFile)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, listen, traceFile string) error {
	spans := newSpanKeeper()
	tracers := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans))
	tracing, err := otelspotify.New(otelspotify.Config{TracerProvider: tracers})
	if err != nil {
		return err
	}
	counting := promspotify.New()
	fake := newWorld(ctx)
	client := fake.NewClient(
		spotify.WithClientCredentials("an-id", "a-secret"),
		spotify.WithObserver(tracing),
		spotify.WithObserver(counting),
		spotify.WithCache(middleware.CacheConfig{}),
	)
	defer client.Close()
	counting.Watch(client)

	registry := prometheus.NewRegistry()
	registry.MustRegister(counting)
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	fmt.Printf("metrics at http://%s/metrics\n", listener.Addr())

	slowest := fake.callUntil(ctx, client)
	err = server.Close()
	if serveErr := <-served; !errors.Is(serveErr, http.ErrServerClosed) {
		err = errors.Join(err, serveErr)
	}
	stats := client.Stats()
	fmt.Printf("%d calls, %d requests, %d retries, %d rejections, %v waited\n\nThe slowest call:\n\n%s",
		stats.Calls, stats.Attempts, stats.Retries, stats.RateLimited, stats.Waited.Round(time.Second), slowest)
	if traceFile != "" {
		err = errors.Join(err, spans.write(traceFile))
	}
	return err
}
