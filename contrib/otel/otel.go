// Package otelspotify makes OpenTelemetry spans and metrics of a client's calls.
//
//	observer, err := otelspotify.New(otelspotify.Config{})
//	if err != nil {
//		return err
//	}
//	client, err := spotify.New(credentials, spotify.WithObserver(observer))
//
// Each call has an INTERNAL span, and each of its attempts a CLIENT span below it. Both are named
// by method and route, such as "GET /albums/{id}". Waits, retries, token refreshes, cache hits and
// decoding are events of the call's span. The base transport gets a context with the span of the
// attempt. Spotify gets no trace headers, unless Propagate sends them.
//
// Attributes and the metric http.client.request.duration follow OpenTelemetry's conventions for
// HTTP clients, version 1.43; names that those do not have begin with "spotify.". No attribute has
// a secret. None has an id or a search text either, unless Config.IDs is set.
package otelspotify

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync/atomic"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
	tracenoop "go.opentelemetry.io/otel/trace/noop"

	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/transport"
)

// Scope is the name of the tracer and of the meter.
const Scope = "github.com/seed-2147f1a9/spotify/contrib/otel"

// The attributes and events that OpenTelemetry has no convention for.
const (
	// OperationKey is the name of the operation in the API reference, such as "get-an-album".
	OperationKey = attribute.Key("spotify.operation")
	// BucketKey is the limit that a call counts against, if it is not the general one.
	BucketKey = attribute.Key("spotify.bucket")
	// PriorityKey is the call's priority in the limiter's queue, if it is not the normal one.
	PriorityKey = attribute.Key("spotify.priority")
	// AttemptsKey is the number of a call's requests on the wire.
	AttemptsKey = attribute.Key("spotify.attempts")
	// WaitedKey is the sum of a call's waits, in seconds.
	WaitedKey = attribute.Key("spotify.waited")
	// ReusedKey reports that an attempt was sent over a connection that had been used before.
	ReusedKey = attribute.Key("spotify.connection.reused")
	// WaitKindKey is the reason for a wait: "limiter", "backoff" or "token".
	WaitKindKey = attribute.Key("spotify.wait.kind")
	// AttemptKey is the number of the attempt that an event is about, 1 for the first.
	AttemptKey = attribute.Key("spotify.attempt")
	// DurationKey is the length of a wait or of decoding, in seconds.
	DurationKey = attribute.Key("spotify.duration")
	// DelayKey is the length of a wait that is going to follow, in seconds.
	DelayKey = attribute.Key("spotify.delay")
	// ReasonKey is the reason for a retry, or how a call was served without an attempt.
	ReasonKey = attribute.Key("spotify.reason")
)

// Config configures New. The zero value is ready to use.
type Config struct {
	// TracerProvider provides the tracer: the global one if nil.
	TracerProvider trace.TracerProvider
	// MeterProvider provides the meter: the global one if nil.
	MeterProvider metric.MeterProvider
	// IDs shows ids and the values of the query in url.full, and ids in the description of a failed
	// span. If it is false, "REDACTED" stands in their place, except for the values of limit,
	// offset, market, type and fields. Secrets are redacted in any case.
	IDs bool
}

// Observer is a middleware.Observer that makes spans and metrics. It is safe for concurrent use.
type Observer struct {
	showIDs bool
	isNoop  bool
	tracer  trace.Tracer
	meter   metric.Meter
	metrics *metrics
	shared  memo[target, *described]
	// isTracing is false until the first span: then no context has one, and none is searched.
	isTracing atomic.Bool
}

// New returns an observer. It fails if the meter refuses an instrument.
func New(cfg Config) (*Observer, error) {
	if cfg.TracerProvider == nil {
		cfg.TracerProvider = otel.GetTracerProvider()
	}
	if cfg.MeterProvider == nil {
		cfg.MeterProvider = otel.GetMeterProvider()
	}
	o := &Observer{
		showIDs: cfg.IDs,
		tracer:  cfg.TracerProvider.Tracer(Scope, trace.WithSchemaURL(semconv.SchemaURL)),
		meter:   cfg.MeterProvider.Meter(Scope, metric.WithSchemaURL(semconv.SchemaURL)),
	}
	_, noTraces := cfg.TracerProvider.(tracenoop.TracerProvider)
	_, noMetrics := cfg.MeterProvider.(metricnoop.MeterProvider)
	o.isNoop = noTraces && noMetrics
	var err error
	o.metrics, err = newMetrics(o.meter)
	if err != nil {
		return nil, err
	}
	return o, nil
}

// HeadersOnly returns true if both providers are the no-op ones of OpenTelemetry. Nothing is
// recorded then, so that nothing needs to be measured after the headers of a response.
func (o *Observer) HeadersOnly() bool { return o.isNoop }

// observed is the context of a call or of an attempt.
type observed struct {
	context.Context // has span, for the middlewares and the transport below
	observer        *Observer
	span            trace.Span
	callID          uint64
	attempt         int       // 0 for a call
	call            *observed // of an attempt
}

type observedKey struct{}

func (c *observed) Value(key any) any {
	if key == (observedKey{}) {
		return c
	}
	return c.Context.Value(key)
}

// spanOf returns the call or the attempt of an event that ends it, or else the event's call. It
// returns nil if there is no span, because there is no tracer.
func (o *Observer) spanOf(ctx context.Context, e middleware.Event) *observed {
	if !o.isTracing.Load() {
		return nil
	}
	attempt := 0
	if e.Kind == middleware.AttemptEvent {
		attempt = e.Attempt
	}
	c, _ := ctx.Value(observedKey{}).(*observed)
	for c != nil {
		if c.observer == o && c.callID == e.CallID {
			switch {
			case c.attempt == attempt:
				return c
			case c.call != nil && attempt == 0:
				return c.call
			}
		}
		c, _ = c.Context.Value(observedKey{}).(*observed)
	}
	return nil
}

// Begin starts the span of a call or of an attempt.
func (o *Observer) Begin(ctx context.Context, e middleware.Event) context.Context {
	d := o.describe(e)
	options := d.call
	if e.Kind == middleware.AttemptEvent {
		options = d.attempt
	}
	spanCtx, span := o.tracer.Start(ctx, d.name, options...)
	if !span.IsRecording() && span.SpanContext().Equal(trace.SpanContextFromContext(ctx)) {
		return ctx // there is no tracer, and a context of its own would only cost time
	}
	o.isTracing.Store(true)
	c := &observed{Context: spanCtx, observer: o, span: span, callID: e.CallID}
	if e.Kind == middleware.AttemptEvent {
		c.attempt, c.call = e.Attempt, o.spanOf(ctx, middleware.Event{CallID: e.CallID})
	}
	if c.attempt > 0 && span.IsRecording() {
		span.SetAttributes(semconv.URLFull(o.fullURL(e)))
		if e.Attempt > 1 {
			span.SetAttributes(semconv.HTTPRequestResendCount(e.Attempt - 1))
		}
	}
	return c
}

// Note ends the span of a call or of an attempt, and adds all other events to the call's span.
func (o *Observer) Note(ctx context.Context, e middleware.Event) {
	c := o.spanOf(ctx, e)
	switch e.Kind {
	case middleware.CallEvent:
		o.metrics.call(ctx, e)
		if c != nil {
			o.endCall(c.span, e)
		}
	case middleware.AttemptEvent:
		o.attempt(ctx, e)
		if c != nil {
			o.endAttempt(c.span, e)
		}
	default:
		o.metrics.event(ctx, e)
		if c != nil && c.span.IsRecording() {
			addEvent(c.span, e)
		}
	}
}

func (o *Observer) endCall(span trace.Span, e middleware.Event) {
	if span.IsRecording() {
		attributes := append(make([]attribute.KeyValue, 0, 6), AttemptsKey.Int(e.Attempt))
		if e.Waited > 0 {
			attributes = append(attributes, WaitedKey.Float64(e.Waited.Seconds()))
		}
		if e.Bucket != "" {
			attributes = append(attributes, BucketKey.String(e.Bucket))
		}
		if e.Priority != transport.PriorityNormal {
			attributes = append(attributes, PriorityKey.String(priorityName(e.Priority)))
		}
		if e.Reason != "" {
			attributes = append(attributes, ReasonKey.String(e.Reason))
		}
		span.SetAttributes(attributes...)
		o.setOutcome(span, e)
	}
	span.End()
}

func (o *Observer) endAttempt(span trace.Span, e middleware.Event) {
	if span.IsRecording() {
		attributes := append(make([]attribute.KeyValue, 0, 4), ReusedKey.Bool(e.Reused))
		if e.Sent > 0 {
			attributes = append(attributes, semconv.HTTPRequestBodySize(int(e.Sent)))
		}
		if e.Status != 0 {
			attributes = append(attributes, semconv.HTTPResponseBodySize(int(e.Received)))
		}
		if version := protocolVersion(e.Protocol); version != "" {
			attributes = append(attributes, semconv.NetworkProtocolVersion(version))
		}
		span.SetAttributes(attributes...)
		o.setOutcome(span, e)
	}
	span.End()
}

// setOutcome sets the status code, and for a failure the error's type and text. The text is left
// out for a response of 400 or more, as the conventions want it.
func (o *Observer) setOutcome(span trace.Span, e middleware.Event) {
	if e.Status != 0 {
		span.SetAttributes(semconv.HTTPResponseStatusCode(e.Status))
	}
	if e.ErrorType == "" {
		return
	}
	span.SetAttributes(semconv.ErrorTypeKey.String(e.ErrorType))
	var text string
	if e.Err != nil && e.Status < 400 {
		text = e.Err.Error()
		if !o.showIDs {
			text = e.WithoutIDs(text, redacted)
		}
	}
	span.SetStatus(codes.Error, text)
}

// addEvent adds an event to the span of a call. The beginning of a wait is left out: its end has
// the length.
func addEvent(span trace.Span, e middleware.Event) {
	if e.Kind == middleware.WaitingEvent {
		return
	}
	var attributes []attribute.KeyValue
	switch e.Kind {
	case middleware.WaitEvent:
		attributes = append(attributes, WaitKindKey.String(string(e.Wait)), DurationKey.Float64(e.Took.Seconds()))
	case middleware.DecodeEvent:
		attributes = append(attributes, DurationKey.Float64(e.Took.Seconds()))
	case middleware.RetryingEvent:
		attributes = append(attributes, AttemptKey.Int(e.Attempt), DelayKey.Float64(e.Delay.Seconds()))
	case middleware.RetryDeniedEvent:
		attributes = append(attributes, AttemptKey.Int(e.Attempt))
	case middleware.LimitedEvent:
		attributes = append(attributes, DelayKey.Float64(e.Delay.Seconds()))
	}
	if e.Reason != "" {
		attributes = append(attributes, ReasonKey.String(e.Reason))
	}
	if e.ErrorType != "" {
		attributes = append(attributes, semconv.ErrorTypeKey.String(e.ErrorType))
	}
	span.AddEvent(EventName(e.Kind), trace.WithAttributes(attributes...))
}

// EventName returns the name of a span event, such as "spotify.retry_denied".
func EventName(kind middleware.EventKind) string {
	name := []byte("spotify." + kind.String())
	for i, b := range name {
		if b == ' ' {
			name[i] = '_'
		}
	}
	return string(name)
}

// target is all that calls share whose attributes at the start are the same.
type target struct{ method, operation, route, host string }

// described is the part of spans and metrics that all calls with one target share.
type described struct {
	target
	name          string
	method        string // a method that the conventions know, or "_OTHER"
	address       string
	port          int
	call, attempt []trace.SpanStartOption
}

// describe returns the shared part for an event. It is computed once for each target.
func (o *Observer) describe(e middleware.Event) *described {
	key := target{e.Method, e.Operation, e.Route, e.Host()}
	return o.shared.get(key, func() *described { return newDescribed(key, e.URL(nil)) })
}

func newDescribed(t target, address string) *described {
	d := &described{target: t, method: t.method, name: t.method}
	var method []attribute.KeyValue
	if !slices.Contains(knownMethods, d.method) {
		d.method, d.name = "_OTHER", "HTTP"
		method = append(method, semconv.HTTPRequestMethodOriginal(t.method))
	}
	method = append(method, semconv.HTTPRequestMethodKey.String(d.method))
	if u, err := url.Parse(address); err == nil {
		d.address, d.port = u.Hostname(), portOf(u)
	}
	var known []attribute.KeyValue
	if t.route != "" {
		d.name += " " + t.route
		known = append(known, semconv.URLTemplate(t.route))
	}
	if t.operation != "" {
		known = append(known, OperationKey.String(t.operation))
	}
	ofCall := slices.Concat(method, known)
	server := []attribute.KeyValue{semconv.ServerAddress(d.address), semconv.ServerPort(d.port)}
	ofAttempt := slices.Concat(method, known, server)
	d.call = []trace.SpanStartOption{trace.WithSpanKind(trace.SpanKindInternal), trace.WithAttributes(ofCall...)}
	d.attempt = []trace.SpanStartOption{trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(ofAttempt...)}
	return d
}

var knownMethods = []string{"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY"}

func portOf(u *url.URL) int {
	if port, err := strconv.Atoi(u.Port()); err == nil {
		return port
	}
	if u.Scheme == "http" {
		return 80
	}
	return 443
}

// protocolVersion returns the version of a protocol, such as "2" for "HTTP/2.0".
func protocolVersion(protocol string) string {
	major, minor, ok := http.ParseHTTPVersion(protocol)
	switch {
	case !ok:
		return ""
	case minor == 0 && major >= 2:
		return strconv.Itoa(major)
	}
	return strconv.Itoa(major) + "." + strconv.Itoa(minor)
}

func priorityName(p transport.Priority) string {
	switch p {
	case transport.PriorityBulk:
		return "bulk"
	case transport.PriorityInteractive:
		return "interactive"
	}
	return "normal"
}
