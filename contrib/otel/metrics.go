package otelspotify

import (
	"context"
	"errors"
	"net/http"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/semconv/v1.43.0/httpconv"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/middleware"
)

// The names of the metrics beside http.client.request.duration. Durations are in seconds.
const (
	// MetricCallDuration is a histogram of calls, with their retries and waits.
	MetricCallDuration = "spotify.client.call.duration"
	// MetricCallAttempts is a histogram of the requests on the wire of a call.
	MetricCallAttempts = "spotify.client.call.attempts"
	// MetricWaitDuration is a histogram of waits of 1 ms or longer.
	MetricWaitDuration = "spotify.client.wait.duration"
	// MetricRetries counts retries.
	MetricRetries = "spotify.client.retries"
	// MetricDeniedRetries counts the retries that the budget has denied.
	MetricDeniedRetries = "spotify.client.denied_retries"
	// MetricRateLimited counts responses of 429.
	MetricRateLimited = "spotify.client.rate_limited"
	// MetricRefusals counts attempts that the limiter has refused to send.
	MetricRefusals = "spotify.client.refusals"
	// MetricTokenRefreshes counts access tokens after the first.
	MetricTokenRefreshes = "spotify.client.token_refreshes"
	// MetricCacheHits counts calls that the cache has served.
	MetricCacheHits = "spotify.client.cache_hits"

	// The following need Observer.Register.

	// MetricQuota is the number of calls that Spotify allows in a window of 30 s, as far as it is
	// known.
	MetricQuota = "spotify.client.quota"
	// MetricQuotaUsed is the number of calls in the current window.
	MetricQuotaUsed = "spotify.client.quota_used"
	// MetricUsageDay is the number of calls of the last 24 hours.
	MetricUsageDay = "spotify.client.usage_day"
	// MetricUsageDayLeft is the rest of the day's quota, if that is known.
	MetricUsageDayLeft = "spotify.client.usage_day_left"
	// MetricBucketClosed is 1 for each bucket whose calls fail at once.
	MetricBucketClosed = "spotify.client.bucket_closed"
)

// seconds are the bounds that the conventions give http.client.request.duration.
var seconds = metric.WithExplicitBucketBoundaries(
	0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
)

type metrics struct {
	request                         httpconv.ClientRequestDuration
	duration, wait                  metric.Float64Histogram
	attempts                        metric.Int64Histogram
	retries, denied, rateLimited    metric.Int64Counter
	refusals, refreshes, cacheHits  metric.Int64Counter
	ofAttempt, ofCall, ofOp, ofWait memo[labels, recorded]
}

// labels has all that the attributes of a measurement are made of.
type labels struct {
	target
	status              int
	errorType, protocol string
	kind                string
}

// recorded has the same attributes as options of a histogram and of a counter.
type recorded struct {
	record []metric.RecordOption
	add    []metric.AddOption
}

func newRecorded(attributes ...attribute.KeyValue) recorded {
	set := metric.WithAttributeSet(attribute.NewSet(attributes...))
	return recorded{[]metric.RecordOption{set}, []metric.AddOption{set}}
}

func newMetrics(meter metric.Meter) (*metrics, error) {
	m := &metrics{}
	var errs [10]error
	counter := func(i int, name, unit, description string) (c metric.Int64Counter) {
		c, errs[i] = meter.Int64Counter(name, metric.WithUnit(unit), metric.WithDescription(description))
		return c
	}
	m.request, errs[0] = httpconv.NewClientRequestDuration(meter)
	m.duration, errs[1] = meter.Float64Histogram(MetricCallDuration, metric.WithUnit("s"), seconds,
		metric.WithDescription("Duration of calls, with their retries and waits."))
	m.wait, errs[2] = meter.Float64Histogram(MetricWaitDuration, metric.WithUnit("s"), seconds,
		metric.WithDescription("Duration of waits for the limiter, a backoff or a token."))
	m.attempts, errs[3] = meter.Int64Histogram(MetricCallAttempts, metric.WithUnit("{request}"),
		metric.WithExplicitBucketBoundaries(0, 1, 2, 3, 4, 5, 10), metric.WithDescription("Requests on the wire of a call."))
	m.retries = counter(4, MetricRetries, "{retry}", "Retries.")
	m.denied = counter(5, MetricDeniedRetries, "{retry}", "Retries that the budget has denied.")
	m.rateLimited = counter(6, MetricRateLimited, "{response}", "Responses of 429.")
	m.refusals = counter(7, MetricRefusals, "{request}", "Attempts that the limiter has refused to send.")
	m.refreshes = counter(8, MetricTokenRefreshes, "{token}", "Access tokens after the first.")
	m.cacheHits = counter(9, MetricCacheHits, "{call}", "Calls that the cache has served.")
	return m, errors.Join(errs[:]...)
}

func (o *Observer) attempt(ctx context.Context, e middleware.Event) {
	m := o.metrics
	if m.request.Enabled(ctx) {
		d := o.describe(e)
		key := labels{target: d.target, status: e.Status, errorType: e.ErrorType, protocol: e.Protocol}
		all := m.ofAttempt.get(key, func() recorded { return d.attemptAttributes(key) })
		m.request.Inst().Record(ctx, e.Took.Seconds(), all.record...)
	}
	if e.Status == http.StatusTooManyRequests {
		m.add(ctx, m.rateLimited, e)
	}
}

// attemptAttributes returns the attributes of http.client.request.duration.
func (d *described) attemptAttributes(l labels) recorded {
	all := []attribute.KeyValue{
		semconv.HTTPRequestMethodKey.String(d.method), semconv.ServerAddress(d.address), semconv.ServerPort(d.port),
	}
	if l.route != "" {
		all = append(all, semconv.URLTemplate(l.route))
	}
	if version := protocolVersion(l.protocol); version != "" {
		all = append(all, semconv.NetworkProtocolVersion(version))
	}
	return newRecorded(l.outcome(all)...)
}

// outcome appends the status code and the error's type.
func (l labels) outcome(all []attribute.KeyValue) []attribute.KeyValue {
	if l.status != 0 {
		all = append(all, semconv.HTTPResponseStatusCode(l.status))
	}
	if l.errorType != "" {
		all = append(all, semconv.ErrorTypeKey.String(l.errorType))
	}
	return all
}

func (m *metrics) call(ctx context.Context, e middleware.Event) {
	if m.duration.Enabled(ctx) {
		key := labels{target: target{operation: e.Operation}, status: e.Status, errorType: e.ErrorType}
		all := m.ofCall.get(key, func() recorded { return newRecorded(key.outcome(operation(key.operation))...) })
		m.duration.Record(ctx, e.Took.Seconds(), all.record...)
	}
	if m.attempts.Enabled(ctx) {
		m.attempts.Record(ctx, int64(e.Attempt), m.byOperation(e).record...)
	}
}

func (m *metrics) event(ctx context.Context, e middleware.Event) {
	switch e.Kind {
	case middleware.WaitEvent:
		if m.wait.Enabled(ctx) {
			key := labels{target: target{operation: e.Operation}, kind: string(e.Wait)}
			all := m.ofWait.get(key, func() recorded {
				return newRecorded(append(operation(key.operation), WaitKindKey.String(key.kind))...)
			})
			m.wait.Record(ctx, e.Took.Seconds(), all.record...)
		}
	case middleware.RetryingEvent:
		m.add(ctx, m.retries, e)
	case middleware.RetryDeniedEvent:
		m.add(ctx, m.denied, e)
	case middleware.LimitedEvent:
		m.add(ctx, m.refusals, e)
	case middleware.RefreshEvent:
		m.add(ctx, m.refreshes, e)
	case middleware.CacheEvent:
		if e.Reason == "hit" {
			m.add(ctx, m.cacheHits, e)
		}
	}
}

func (m *metrics) add(ctx context.Context, counter metric.Int64Counter, e middleware.Event) {
	if counter.Enabled(ctx) {
		counter.Add(ctx, 1, m.byOperation(e).add...)
	}
}

func (m *metrics) byOperation(e middleware.Event) recorded {
	key := labels{target: target{operation: e.Operation}}
	return m.ofOp.get(key, func() recorded { return newRecorded(operation(key.operation)...) })
}

func operation(name string) []attribute.KeyValue {
	if name == "" {
		return nil
	}
	return []attribute.KeyValue{OperationKey.String(name)}
}

// Client is the part of a spotify.Client that Register reads.
type Client interface {
	Stats() spotify.Stats
	Usage() middleware.Usage
}

// Register measures the quota, the usage of the day and the closed buckets of a client, each time
// that the meter is read. Unregister of the result ends that. If several clients are registered,
// the last one's measurements count.
func (o *Observer) Register(client Client) (metric.Registration, error) {
	var errs [5]error
	gauge := func(i int, name, unit, description string) (g metric.Int64ObservableGauge) {
		g, errs[i] = o.meter.Int64ObservableGauge(name, metric.WithUnit(unit), metric.WithDescription(description))
		return g
	}
	quota := gauge(0, MetricQuota, "{call}", "Calls that Spotify allows in a window of 30 s, as far as it is known.")
	used := gauge(1, MetricQuotaUsed, "{call}", "Calls in the current window.")
	day := gauge(2, MetricUsageDay, "{call}", "Calls of the last 24 hours.")
	left := gauge(3, MetricUsageDayLeft, "{call}", "The rest of the day's quota.")
	closed := gauge(4, MetricBucketClosed, "1", "1 for each bucket whose calls fail at once.")
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	return o.meter.RegisterCallback(func(_ context.Context, to metric.Observer) error {
		stats, usage := client.Stats(), client.Usage()
		if stats.Quota > 0 {
			to.ObserveInt64(quota, int64(stats.Quota))
		}
		to.ObserveInt64(used, int64(usage.Window))
		to.ObserveInt64(day, int64(usage.Day))
		if usage.DayQuota > 0 {
			to.ObserveInt64(left, int64(usage.DayLeft))
		}
		for _, group := range stats.Closed {
			name := group.Bucket
			if name == "" {
				name = group.Operation
			}
			to.ObserveInt64(closed, 1, metric.WithAttributes(BucketKey.String(name)))
		}
		return nil
	}, quota, used, day, left, closed)
}
