package otelspotify_test

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/propagation"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/semconv/v1.43.0/httpconv"
	"go.opentelemetry.io/otel/trace"
	tracenoop "go.opentelemetry.io/otel/trace/noop"

	"github.com/seed-2147f1a9/spotify"
	otelspotify "github.com/seed-2147f1a9/spotify/contrib/otel"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/transport"
)

// conventional are the attributes of OpenTelemetry that spans and metrics have.
var conventional = []attribute.Key{
	semconv.HTTPRequestMethodKey, semconv.HTTPRequestMethodOriginalKey, semconv.HTTPRequestResendCountKey,
	semconv.HTTPRequestBodySizeKey, semconv.HTTPResponseBodySizeKey, semconv.HTTPResponseStatusCodeKey,
	semconv.ErrorTypeKey, semconv.NetworkProtocolVersionKey, semconv.ServerAddressKey, semconv.ServerPortKey,
	semconv.URLFullKey, semconv.URLTemplateKey,
}

var ours = []attribute.Key{
	otelspotify.OperationKey, otelspotify.BucketKey, otelspotify.PriorityKey, otelspotify.AttemptsKey,
	otelspotify.WaitedKey, otelspotify.ReusedKey, otelspotify.WaitKindKey, otelspotify.AttemptKey,
	otelspotify.DurationKey, otelspotify.DelayKey, otelspotify.ReasonKey,
}

// TestAttributeNames checks every attribute of the stories against semconv's constants, and that a
// CLIENT span has all those that the conventions require.
func TestAttributeNames(t *testing.T) {
	known := func(s fmt.Stringer, all []attribute.KeyValue) {
		for _, a := range all {
			if !slices.Contains(conventional, a.Key) && !slices.Contains(ours, a.Key) {
				t.Errorf("%v has the attribute %s, which is neither a convention nor ours", s, a.Key)
			}
			if slices.Contains(ours, a.Key) != strings.HasPrefix(string(a.Key), "spotify.") {
				t.Errorf("%v has the attribute %s: want the prefix spotify. for ours alone", s, a.Key)
			}
		}
	}
	clients := 0
	for _, s := range stories {
		for _, span := range s.run(t, otelspotify.Config{}).spans {
			known(span.SpanKind(), span.Attributes())
			for _, e := range span.Events() {
				known(span.SpanKind(), e.Attributes)
			}
			if span.InstrumentationScope().Name == "test" {
				continue
			}
			if got := span.InstrumentationScope().SchemaURL; got != semconv.SchemaURL {
				t.Errorf("the schema is %q, want %q", got, semconv.SchemaURL)
			}
			if span.SpanKind() != trace.SpanKindClient {
				continue
			}
			clients++
			has := attribute.NewSet(span.Attributes()...)
			for _, key := range []attribute.Key{
				semconv.HTTPRequestMethodKey, semconv.ServerAddressKey, semconv.ServerPortKey, semconv.URLFullKey,
			} {
				if !has.HasValue(key) {
					t.Errorf("%s: a CLIENT span has no %s", s.name, key)
				}
			}
		}
	}
	if clients < 20 {
		t.Errorf("only %d CLIENT spans were checked", clients)
	}
}

// TestNoIDs checks that no span and no metric of the stories has a token, an id or a search text,
// and that Config.IDs shows ids and search texts but no token.
func TestNoIDs(t *testing.T) {
	private := []string{mock.AlbumID, mock.TrackID, mock.RelinkedTrackID, "0000000000000000000000", "rain", "crush"}
	shown := map[string]bool{}
	for _, s := range stories {
		for _, showIDs := range []bool{false, true} {
			p := s.run(t, otelspotify.Config{IDs: showIDs})
			text := p.tree() + fmt.Sprintf("%+v", p.metrics)
			secrets := map[string]bool{"secret": s.name == "token expired"}
			for _, call := range p.fake.Calls("", "") {
				secrets[strings.TrimPrefix(call.Header.Get("Authorization"), "Bearer ")] = true
			}
			for secret := range secrets {
				if secrets[secret] && secret != "" && strings.Contains(text, secret) {
					t.Errorf("%s: the telemetry has the token %q", s.name, secret)
				}
			}
			for _, id := range private {
				switch has := strings.Contains(text, id); {
				case has && !showIDs:
					t.Errorf("%s: the telemetry has %q", s.name, id)
				case has:
					shown[id] = true
				}
			}
		}
	}
	if len(shown) != len(private) {
		t.Errorf("with Config.IDs only %v are shown, want all of %v", slices.Collect(maps.Keys(shown)), private)
	}
}

// TestMetrics checks the metrics of a story, by name, unit, attributes and count.
func TestMetrics(t *testing.T) {
	got := map[string]string{}
	for _, s := range stories {
		if s.name != "rate limited" && s.name != "closed bucket" && s.name != "retried to the end" {
			continue
		}
		for _, scope := range s.run(t, otelspotify.Config{}).metrics.ScopeMetrics {
			for _, m := range scope.Metrics {
				got[s.name+": "+m.Name] = m.Unit + points(m.Data)
			}
		}
	}
	op := "spotify.operation=get-an-album"
	server := "network.protocol.version=1.1,server.address=api.spotify.com,server.port=443,url.template=/albums/{id}"
	want := map[string]string{
		"rate limited: " + httpconv.ClientRequestDuration{}.Name(): "s" +
			" 1x{http.request.method=GET,http.response.status_code=200," + server + "}" +
			" 1x{error.type=429,http.request.method=GET,http.response.status_code=429," + server + "}",
		"rate limited: spotify.client.call.duration":        "s 1x{http.response.status_code=200," + op + "}",
		"rate limited: spotify.client.call.attempts":        "{request} 1x{" + op + "}",
		"rate limited: spotify.client.wait.duration":        "s 1x{" + op + ",spotify.wait.kind=limiter}",
		"rate limited: spotify.client.retries":              "{retry} 1x{" + op + "}",
		"rate limited: spotify.client.rate_limited":         "{response} 1x{" + op + "}",
		"retried to the end: spotify.client.retries":        "{retry} 3x{" + op + "}",
		"retried to the end: spotify.client.call.duration":  "s 1x{error.type=503,http.response.status_code=503," + op + "}",
		"closed bucket: spotify.client.refusals":            "{request} 1x{spotify.operation=search}",
		"closed bucket: spotify.client.bucket_closed":       "1 1x{spotify.bucket=search}",
		"closed bucket: spotify.client.usage_day":           "{call} 1x{}",
		"retried to the end: spotify.client.quota_used":     "{call} 4x{}",
		"retried to the end: spotify.client.denied_retries": "",
	}
	for name, w := range want {
		if !same(got[name], w) {
			t.Errorf("%s: got %q, want %q", name, got[name], w)
		}
	}
	if t.Failed() {
		for _, name := range slices.Sorted(maps.Keys(got)) {
			t.Logf("%s: %s", name, got[name])
		}
	}
}

// same compares points in any order.
func same(a, b string) bool {
	x, y := strings.Fields(a), strings.Fields(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

// points returns the counts or values of all series, with their attributes.
func points(data metricdata.Aggregation) string {
	var b strings.Builder
	add := func(n any, set attribute.Set) {
		var all []string
		for _, a := range set.ToSlice() {
			all = append(all, string(a.Key)+"="+a.Value.Emit())
		}
		fmt.Fprintf(&b, " %vx{%s}", n, strings.Join(all, ","))
	}
	switch d := data.(type) {
	case metricdata.Histogram[float64]:
		for _, p := range d.DataPoints {
			add(p.Count, p.Attributes)
		}
	case metricdata.Histogram[int64]:
		for _, p := range d.DataPoints {
			add(p.Count, p.Attributes)
		}
	case metricdata.Sum[int64]:
		for _, p := range d.DataPoints {
			add(p.Value, p.Attributes)
		}
	case metricdata.Gauge[int64]:
		for _, p := range d.DataPoints {
			add(p.Value, p.Attributes)
		}
	}
	return b.String()
}

func tracedBy(tracers trace.TracerProvider) otelspotify.Config {
	return otelspotify.Config{TracerProvider: tracers, MeterProvider: sdkmetric.NewMeterProvider()}
}

// TestPropagate checks that attempts, and nothing else, send traceparent if that is asked for, with
// the id of the attempt's span, and that they send nothing if it is not.
func TestPropagate(t *testing.T) {
	for _, asked := range []bool{false, true} {
		recorder := tracetest.NewSpanRecorder()
		tracers := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder))
		observer, err := otelspotify.New(tracedBy(tracers))
		must(t, err)
		fake := mock.New(t)
		var base http.RoundTripper = fake
		if asked {
			base = otelspotify.Propagate(propagation.TraceContext{})(fake)
		}
		client := fake.NewClient(spotify.WithObserver(observer), spotify.WithTransport(base),
			spotify.WithClientCredentials("id", "secret"))
		must(t, second(client.Albums.Get(t.Context(), mock.AlbumID, nil)))

		attempt := recorder.Ended()[0].SpanContext()
		want := ""
		if asked {
			want = fmt.Sprintf("00-%s-%s-01", attempt.TraceID(), attempt.SpanID())
		}
		for _, call := range fake.Calls("", "") {
			got := call.Header.Get("Traceparent")
			if isToken := call.Path == "/api/token"; isToken && got != "" || !isToken && got != want {
				t.Errorf("%s has the traceparent %q, want %q", call.Path, got, want)
			}
		}
		if n := len(recorder.Ended()); n != 2 {
			t.Errorf("got %d spans, want 2", n)
		}
	}
}

// TestBaseSeesSpan checks that the base transport gets the attempt's span and the caller's
// httptrace.
func TestBaseSeesSpan(t *testing.T) {
	recorder := tracetest.NewSpanRecorder()
	tracers := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder))
	observer, err := otelspotify.New(tracedBy(tracers))
	must(t, err)
	server := mock.NewServer(t)
	var seen trace.SpanContext
	base := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		seen = trace.SpanContextFromContext(req.Context())
		return server.Client().Transport.RoundTrip(req)
	})
	client, err := spotify.New(spotify.WithAccessToken("a-token-of-a-test"), spotify.WithBaseURL(server.BaseURL),
		spotify.WithTransport(base), spotify.WithObserver(observer))
	must(t, err)
	defer client.Close()
	connected := false
	hooks := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected = true }}
	ctx := httptrace.WithClientTrace(t.Context(), hooks)
	must(t, second(client.Albums.Get(ctx, mock.AlbumID, nil)))
	attempt := recorder.Ended()[0]
	if !seen.Equal(attempt.SpanContext()) || !connected {
		t.Errorf("the base transport saw the span %v and a connection: %t; want %v",
			seen.SpanID(), connected, attempt.SpanContext().SpanID())
	}
	port := attribute.NewSet(attempt.Attributes()...)
	if v, _ := port.Value(semconv.ServerPortKey); v.AsInt64() < 1024 {
		t.Errorf("server.port is %d, want the port of %s", v.AsInt64(), server.URL)
	}
}

// TestTwoObservers checks that two observers of one client do not end each other's spans.
func TestTwoObservers(t *testing.T) {
	var opts []spotify.Option
	var recorders []*tracetest.SpanRecorder
	for range 2 {
		recorder := tracetest.NewSpanRecorder()
		observer, err := otelspotify.New(tracedBy(sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder))))
		must(t, err)
		opts, recorders = append(opts, spotify.WithObserver(observer)), append(recorders, recorder)
	}
	client, _ := mock.NewClient(t, opts...)
	must(t, second(client.Albums.Get(t.Context(), mock.AlbumID, nil)))
	for i, r := range recorders {
		if len(r.Started()) != 2 || len(r.Ended()) != 2 {
			t.Errorf("observer %d: %d spans started and %d ended, want 2", i, len(r.Started()), len(r.Ended()))
		}
	}
}

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

// TestNoopAllocations checks that a call allocates at most 8 times more with no-op providers.
func TestNoopAllocations(t *testing.T) {
	measure := func(opts ...spotify.Option) float64 {
		base := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			return &http.Response{
				StatusCode: http.StatusOK, Proto: "HTTP/2.0", Header: http.Header{"Content-Type": {"application/json"}},
				Body: io.NopCloser(strings.NewReader(`{"id":"2up3OPMp9Tb4dAKM2erWXQ"}`)), ContentLength: -1, Request: req,
			}, nil
		})
		opts = append(opts, spotify.WithAccessToken("a-token-of-a-test"), spotify.WithTransport(base),
			spotify.WithLimiter(nil))
		client, err := spotify.New(opts...)
		must(t, err)
		return testing.AllocsPerRun(500, func() {
			must(t, second(client.Albums.Get(t.Context(), "2up3OPMp9Tb4dAKM2erWXQ", nil)))
		})
	}
	without, with := measure(), measure(spotify.WithObserver(noop(t)))
	if with-without > 8 {
		t.Errorf("a call allocates %v times, and %v times with no-op providers: want at most 8 more", without, with)
	}
}

var _ middleware.Observer = (*otelspotify.Observer)(nil)
