package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/examples/apps/observed/promtest"
	"github.com/seed-2147f1a9/spotify/middleware"
)

const rules, dashboard = "../../../contrib/prometheus/alerts.yml", "../../../contrib/prometheus/dashboard.json"

// TestPrometheus checks that a real Prometheus gets every metric from the program, that promtool
// finds nothing wrong with them or with the alerts, and that all queries of the dashboard's panels
// return series. It needs Prometheus and runs for 30 s, so it only runs if PROMETHEUS_TEST is
// "system".
func TestPrometheus(t *testing.T) {
	if os.Getenv("PROMETHEUS_TEST") != "system" {
		t.Skip("PROMETHEUS_TEST is not system")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	start := time.Now()
	go func() { ended <- run(ctx, address, filepath.Join(t.TempDir(), "trace.json")) }()
	prometheus, err := promtest.Start(t.Context(), address, rules)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := prometheus.Close(); err != nil {
			t.Error(err)
		}
	}()
	time.Sleep(30 * time.Second)

	for _, name := range []string{
		"calls_total", "attempts_total", "call_duration_seconds_bucket", "call_duration_seconds_count",
		"wait_seconds_total", "retries_total", "retries_denied_total", "token_refreshes_total", "cache_hits_total",
		"quota", "quota_used", "bucket_closed", "usage_day",
	} {
		wantSeries(t, prometheus, "spotify_client_"+name, start)
	}
	wantSeries(t, prometheus, `spotify_client_attempts_total{status_class="429"}`, start)
	wantSeries(t, prometheus, `spotify_client_bucket_closed{bucket="search"} == 1`, start)
	wantSeries(t, prometheus, `ALERTS{alertname="SpotifyBucketClosed"}`, start)
	panels, err := promtest.Panels(dashboard)
	if err != nil || len(panels) < 8 {
		t.Fatalf("got %d panels and the error %v", len(panels), err)
	}
	for _, panel := range panels {
		for _, target := range panel.Targets {
			wantSeries(t, prometheus, target.Expr, start)
		}
	}

	resp, err := http.Get("http://" + address + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	metrics, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	promtool(t, bytes.NewReader(metrics), "check", "metrics")
	promtool(t, nil, "check", "rules", rules)
	promtool(t, nil, "test", "rules", strings.Replace(rules, ".yml", "_test.yml", 1))
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// wantSeries fails the test if an expression has no series with a number in it.
func wantSeries(t *testing.T, from *promtest.Prometheus, expression string, start time.Time) {
	t.Helper()
	all, err := from.Range(t.Context(), expression, start, time.Now())
	points := 0
	for _, s := range all {
		for _, p := range s.Points {
			if p.Value == p.Value { // not NaN
				points++
			}
		}
	}
	if err != nil || points == 0 {
		t.Errorf("%s has %d series with %d points, and the error %v", expression, len(all), points, err)
	}
}

// promtool fails the test if promtool finds something wrong, or says anything but that all is well.
func promtool(t *testing.T, input io.Reader, arguments ...string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "promtool", arguments...)
	command.Stdin = input
	out, err := command.CombinedOutput()
	if err != nil || input != nil && len(out) > 0 {
		t.Errorf("promtool %s: %v: %s", strings.Join(arguments, " "), err, out)
	}
}

// TestLoad checks that the load meets all that the dashboard shows, and yields a timeline.
func TestLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 40*time.Second)
		defer cancel()
		w := newWorld(ctx)
		client := w.NewClient(spotify.WithClientCredentials("an-id", "a-secret"), spotify.WithCache(middleware.CacheConfig{}))
		defer client.Close()
		timeline := w.callUntil(ctx, client)
		if !strings.HasPrefix(timeline, "GET /") {
			t.Errorf("got the timeline %q", timeline)
		}
		s := client.Stats()
		if s.RateLimited == 0 || s.Retries == 0 || s.RetriesDenied == 0 || s.Refreshes == 0 || s.CacheHits == 0 ||
			s.Quota == 0 || len(s.Closed) == 0 || s.Waited == 0 {
			t.Errorf("got %+v: want some of everything", s)
		}
	})
}
