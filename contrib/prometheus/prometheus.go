// Package promspotify counts a client's calls, attempts, waits and retries for Prometheus.
//
//	collector := promspotify.New()
//	client, err := spotify.New(credentials, spotify.WithObserver(collector))
//	if err != nil {
//		return err
//	}
//	collector.Watch(client)
//	prometheus.MustRegister(collector)
//
// The metrics are
//
//	spotify_client_calls_total{operation,outcome}           calls, with their retries and waits
//	spotify_client_attempts_total{operation,status_class}   requests on the wire
//	spotify_client_call_duration_seconds{operation}         histogram of calls
//	spotify_client_wait_seconds_total{kind}                 waits: "limiter", "backoff", "token"
//	spotify_client_retries_total{operation}                 retries
//	spotify_client_retries_denied_total                     retries that the budget has denied
//	spotify_client_token_refreshes_total                    access tokens after the first
//	spotify_client_cache_hits_total                         calls that the cache has served
//	spotify_client_quota                                    calls allowed in 30 s, as far as known
//	spotify_client_quota_used                               calls in the current 30 s
//	spotify_client_bucket_closed{bucket}                    1 while its calls fail at once
//	spotify_client_usage_day                                calls of the last 24 hours
//
// The last four are read from the watched client. An outcome is "ok" or the Event.ErrorType of
// package middleware, such as "404" or "timeout". A status class is "2xx", "3xx", "4xx", "5xx",
// "429", which does not count as "4xx", or "none" for an attempt without a response. No label has
// an id, a path or a user.
//
// The files dashboard.json and alerts.yml beside this package are a dashboard for Grafana and rules
// for alerts.
package promspotify

import (
	"context"
	"net/http"
	"strconv"
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/middleware"
)

// Client is the part of a spotify.Client that Watch reads.
type Client interface {
	Stats() spotify.Stats
	Usage() middleware.Usage
}

// Collector is a middleware.Observer that counts, and a prometheus.Collector. It is safe for
// concurrent use.
type Collector struct {
	calls, attempts, waits, retries *prometheus.CounterVec
	denied, refreshes, cacheHits    prometheus.Counter
	durations                       *prometheus.HistogramVec

	mu     sync.Mutex
	client Client
	closed map[string]bool // the buckets that have been closed, and whether they still are
}

var (
	quota = prometheus.NewDesc("spotify_client_quota",
		"Calls that Spotify allows in a window of 30 s, as far as it is known.", nil, nil)
	quotaUsed    = prometheus.NewDesc("spotify_client_quota_used", "Calls in the current window of 30 s.", nil, nil)
	bucketClosed = prometheus.NewDesc("spotify_client_bucket_closed",
		"1 while the calls of a bucket, or of an operation, fail at once.", []string{"bucket"}, nil)
	usageDay = prometheus.NewDesc("spotify_client_usage_day", "Calls of the last 24 hours.", nil, nil)
)

// New returns a collector.
func New() *Collector {
	counter := func(name, help string) prometheus.CounterOpts {
		return prometheus.CounterOpts{Namespace: "spotify", Subsystem: "client", Name: name, Help: help}
	}
	return &Collector{
		calls: prometheus.NewCounterVec(counter("calls_total", "Calls by outcome, with their retries and waits."),
			[]string{"operation", "outcome"}),
		attempts: prometheus.NewCounterVec(counter("attempts_total", "Requests on the wire."),
			[]string{"operation", "status_class"}),
		waits:     prometheus.NewCounterVec(counter("wait_seconds_total", "Time that calls have waited."), []string{"kind"}),
		retries:   prometheus.NewCounterVec(counter("retries_total", "Retries."), []string{"operation"}),
		denied:    prometheus.NewCounter(counter("retries_denied_total", "Retries that the budget has denied.")),
		refreshes: prometheus.NewCounter(counter("token_refreshes_total", "Access tokens after the first.")),
		cacheHits: prometheus.NewCounter(counter("cache_hits_total", "Calls that the cache has served.")),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: "spotify", Subsystem: "client", Name: "call_duration_seconds",
			Help:    "Duration of calls, with their retries and waits.",
			Buckets: []float64{0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10},
		}, []string{"operation"}),
		closed: map[string]bool{},
	}
}

// Watch adds the quota, the usage and the closed buckets of a client. They are read when Prometheus
// scrapes. A second client takes the place of the first; nil ends the watch.
func (c *Collector) Watch(client Client) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.client = client
	clear(c.closed)
}

// Begin does nothing: all is counted at the end.
func (c *Collector) Begin(ctx context.Context, _ middleware.Event) context.Context { return ctx }

// Note counts an event.
func (c *Collector) Note(_ context.Context, e middleware.Event) {
	switch e.Kind {
	case middleware.CallEvent:
		outcome := e.ErrorType
		if outcome == "" {
			outcome = "ok"
		}
		c.calls.WithLabelValues(operation(e), outcome).Inc()
		c.durations.WithLabelValues(operation(e)).Observe(e.Took.Seconds())
	case middleware.AttemptEvent:
		c.attempts.WithLabelValues(operation(e), statusClass(e.Status)).Inc()
	case middleware.WaitEvent:
		c.waits.WithLabelValues(string(e.Wait)).Add(e.Took.Seconds())
	case middleware.RetryingEvent:
		c.retries.WithLabelValues(operation(e)).Inc()
	case middleware.RetryDeniedEvent:
		c.denied.Inc()
	case middleware.RefreshEvent:
		c.refreshes.Inc()
	case middleware.CacheEvent:
		if e.Reason == "hit" {
			c.cacheHits.Inc()
		}
	}
}

// operation returns the operation of an event, "unknown" for a request that the client does not
// know.
func operation(e middleware.Event) string {
	if e.Operation == "" {
		return "unknown"
	}
	return e.Operation
}

func statusClass(status int) string {
	switch {
	case status == 0:
		return "none"
	case status == http.StatusTooManyRequests:
		return "429"
	}
	return strconv.Itoa(status/100) + "xx"
}

func (c *Collector) own() []prometheus.Collector {
	return []prometheus.Collector{c.calls, c.attempts, c.durations, c.waits, c.retries, c.denied, c.refreshes, c.cacheHits}
}

// Describe sends the descriptions of all metrics.
func (c *Collector) Describe(to chan<- *prometheus.Desc) {
	for _, m := range c.own() {
		m.Describe(to)
	}
	for _, d := range []*prometheus.Desc{quota, quotaUsed, bucketClosed, usageDay} {
		to <- d
	}
}

// Collect sends all metrics. The quota is left out until it is known.
func (c *Collector) Collect(to chan<- prometheus.Metric) {
	for _, m := range c.own() {
		m.Collect(to)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.client == nil {
		return
	}
	gauge := func(d *prometheus.Desc, v int, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(v), labels...)
	}
	stats, usage := c.client.Stats(), c.client.Usage()
	if stats.Quota > 0 {
		gauge(quota, stats.Quota)
	}
	gauge(quotaUsed, usage.Window)
	gauge(usageDay, usage.Day)
	for bucket := range c.closed {
		c.closed[bucket] = false
	}
	for _, group := range stats.Closed {
		bucket := group.Bucket
		if bucket == "" {
			bucket = group.Operation
		}
		c.closed[bucket] = true
	}
	for bucket, isClosed := range c.closed {
		value := 0
		if isClosed {
			value = 1
		}
		gauge(bucketClosed, value, bucket)
	}
}
