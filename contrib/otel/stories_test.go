package otelspotify_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-resty/resty/v2"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/seed-2147f1a9/spotify"
	otelspotify "github.com/seed-2147f1a9/spotify/contrib/otel"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/resources"
	"github.com/seed-2147f1a9/spotify/transport"
)

var update = flag.Bool("update", false, "write the span trees of testdata/stories")

// story is a sequence of calls and the trace of them.
type story struct {
	name string
	mock []mock.Option
	// options returns more options of the client.
	options func(fake *mock.Transport) []spotify.Option
	// play makes the calls. ctx has a span, which is the parent of all others.
	play func(t *testing.T, ctx context.Context, client *spotify.Client, fake *mock.Transport)
}

var stories = []story{
	{
		name: "plain",
		play: func(t *testing.T, ctx context.Context, client *spotify.Client, _ *mock.Transport) {
			must(t, second(client.Albums.Get(ctx, mock.AlbumID, &resources.GetParams{Market: "SE"})))
		},
	},
	{
		name: "rate limited",
		play: func(t *testing.T, ctx context.Context, client *spotify.Client, fake *mock.Transport) {
			fake.On("GET", "/albums/{id}").Times(1).RateLimited(2 * time.Second)
			must(t, second(client.Albums.Get(ctx, mock.AlbumID, nil)))
		},
	},
	{
		name: "token expired",
		options: func(*mock.Transport) []spotify.Option {
			return []spotify.Option{spotify.WithClientCredentials("id", "secret")}
		},
		play: func(t *testing.T, ctx context.Context, client *spotify.Client, fake *mock.Transport) {
			must(t, second(client.Albums.Get(ctx, mock.AlbumID, nil)))
			fake.ExpireTokens()
			must(t, second(client.Albums.Get(ctx, mock.AlbumID, nil)))
		},
	},
	{
		name: "retried to the end",
		play: func(t *testing.T, ctx context.Context, client *spotify.Client, fake *mock.Transport) {
			fake.On("GET", "/albums/{id}").Respond(503, nil)
			mustFail(t, second(client.Albums.Get(ctx, mock.AlbumID, nil)), spotify.ErrServer)
		},
	},
	{
		name: "cache hit",
		options: func(*mock.Transport) []spotify.Option {
			return []spotify.Option{spotify.WithCache(middleware.CacheConfig{})}
		},
		play: func(t *testing.T, ctx context.Context, client *spotify.Client, fake *mock.Transport) {
			fake.On("GET", "/albums/{id}").Header("Cache-Control", "max-age=60")
			must(t, second(client.Albums.Get(ctx, mock.AlbumID, nil)))
			must(t, second(client.Albums.Get(ctx, mock.AlbumID, nil)))
		},
	},
	{
		name: "coalesced",
		options: func(*mock.Transport) []spotify.Option {
			coalesce := middleware.Coalesce(middleware.CoalesceConfig{})
			return []spotify.Option{spotify.WithMiddleware(transport.PerCall, coalesce)}
		},
		play: func(t *testing.T, ctx context.Context, client *spotify.Client, _ *mock.Transport) {
			var calls sync.WaitGroup
			for range 2 {
				calls.Go(func() { must(t, second(client.Albums.Get(ctx, mock.AlbumID, nil))) })
				time.Sleep(time.Millisecond)
			}
			calls.Wait()
		},
	},
	{
		name: "get many",
		play: func(t *testing.T, ctx context.Context, client *spotify.Client, _ *mock.Transport) {
			ids := []string{mock.TrackID, mock.RelinkedTrackID, "0000000000000000000000"}
			mustFail(t, second(client.Tracks.GetMany(ctx, ids, nil)), spotify.ErrNotFound)
		},
	},
	{
		name: "all pages",
		play: func(t *testing.T, ctx context.Context, client *spotify.Client, _ *mock.Transport) {
			for _, err := range client.Albums.AllTracks(ctx, mock.AlbumID, &resources.PageParams{Limit: 4}) {
				must(t, err)
			}
		},
	},
	{
		name: "another SDK",
		play: func(t *testing.T, ctx context.Context, client *spotify.Client, fake *mock.Transport) {
			fake.On("GET", "/search").Times(1).Respond(502, nil)
			sdk := resty.NewWithClient(client.HTTPClient()).SetBaseURL("https://api.spotify.com/v1")
			get := func(path string, query map[string]string, status int) {
				resp, err := sdk.R().SetContext(ctx).SetQueryParams(query).Get(path)
				if err != nil || resp.StatusCode() != status {
					t.Errorf("%s: got %v and the error %v, want %d", path, resp, err, status)
				}
			}
			get("/search", map[string]string{"q": "somebody's secret crush", "type": "album", "limit": "1"}, 200)
			fake.OnUnlisted("GET", "/new/things/{id}").Respond(200, "{}")
			get("/new/things/0000000000000000000000", nil, 200)
		},
	},
	{
		name: "cut body",
		options: func(fake *mock.Transport) []spotify.Option {
			return []spotify.Option{spotify.WithTransport(cutFirst(slow(fake)))}
		},
		play: func(t *testing.T, ctx context.Context, client *spotify.Client, _ *mock.Transport) {
			must(t, second(client.Albums.Get(ctx, mock.AlbumID, nil)))
		},
	},
	{
		name: "canceled in the queue",
		options: func(*mock.Transport) []spotify.Option {
			return []spotify.Option{spotify.WithLimiter(middleware.NewPacer(middleware.PacerConfig{Quota: 1}))}
		},
		play: func(t *testing.T, ctx context.Context, client *spotify.Client, _ *mock.Transport) {
			must(t, second(client.Albums.Get(ctx, mock.AlbumID, nil)))
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(3*time.Second, cancel)
			mustFail(t, second(client.Albums.Get(ctx, mock.AlbumID, nil)), context.Canceled)
		},
	},
	{
		name: "closed bucket",
		mock: []mock.Option{mock.WithExhaustedBucket(time.Hour, 0, "search")},
		play: func(t *testing.T, ctx context.Context, client *spotify.Client, _ *mock.Transport) {
			for range 2 {
				mustFail(t, second(client.Search.Query(ctx, "rain", nil)), spotify.ErrQuotaExceeded)
			}
		},
	},
}

func second[T any](_ T, err error) error { return err }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

func mustFail(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got the error %v, want %v", err, want)
	}
}

// slow delays every request by 10 ms, so that spans that follow each other differ in their starts.
func slow(next http.RoundTripper) http.RoundTripper {
	return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		time.Sleep(10 * time.Millisecond)
		return next.RoundTrip(req)
	})
}

// cutFirst cuts the first response's body short.
func cutFirst(next http.RoundTripper) http.RoundTripper {
	var first sync.Once
	return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		resp, err := next.RoundTrip(req)
		if err == nil {
			first.Do(func() {
				resp.Body = struct {
					io.Reader
					io.Closer
				}{io.MultiReader(io.LimitReader(resp.Body, 100), brokenReader{}), resp.Body}
			})
		}
		return resp, err
	})
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// played is the telemetry of a story.
type played struct {
	spans   []sdktrace.ReadOnlySpan
	metrics metricdata.ResourceMetrics
	fake    *mock.Transport
}

// run plays a story in a bubble.
func (s story) run(t *testing.T, cfg otelspotify.Config) (p played) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		recorder, reader := tracetest.NewSpanRecorder(), sdkmetric.NewManualReader()
		tracers := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder))
		cfg.TracerProvider, cfg.MeterProvider = tracers, sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader))
		observer, err := otelspotify.New(cfg)
		must(t, err)
		p.fake = mock.New(t, s.mock...)
		opts := []spotify.Option{spotify.WithObserver(observer), spotify.WithTransport(slow(p.fake))}
		if s.options != nil {
			opts = append(opts, s.options(p.fake)...)
		}
		client := p.fake.NewClient(opts...)
		defer client.Close()
		registration, err := observer.Register(client)
		must(t, err)
		defer func() { must(t, registration.Unregister()) }()

		ctx, span := tracers.Tracer("test").Start(t.Context(), s.name)
		s.play(t, ctx, client, p.fake)
		synctest.Wait()
		span.End()
		must(t, reader.Collect(t.Context(), &p.metrics))
		p.spans = recorder.Ended()
	})
	return p
}

// tree returns the spans as text: children below their parents, in the order of their starts.
func (p played) tree() string {
	var b strings.Builder
	for _, root := range p.children(trace.SpanID{}) {
		b.WriteString(p.render(root, ""))
	}
	return b.String()
}

func (p played) children(parent trace.SpanID) []sdktrace.ReadOnlySpan {
	var all []sdktrace.ReadOnlySpan
	for _, s := range p.spans {
		if s.Parent().SpanID() == parent {
			all = append(all, s)
		}
	}
	slices.SortStableFunc(all, func(a, b sdktrace.ReadOnlySpan) int {
		if c := a.StartTime().Compare(b.StartTime()); c != 0 {
			return c
		}
		return strings.Compare(p.render(a, ""), p.render(b, ""))
	})
	return all
}

func (p played) render(s sdktrace.ReadOnlySpan, indent string) string {
	var b strings.Builder
	status := ""
	if s.Status().Code != codes.Unset {
		status = " " + strings.ToLower(s.Status().Code.String())
		if s.Status().Description != "" {
			status += fmt.Sprintf(" (%s)", s.Status().Description)
		}
	}
	fmt.Fprintf(&b, "%s%s [%s]%s\n", indent, s.Name(), s.SpanKind(), status)
	for _, a := range sorted(s.Attributes()) {
		fmt.Fprintf(&b, "%s    %s\n", indent, shown(a))
	}
	for _, e := range s.Events() {
		fmt.Fprintf(&b, "%s    * %s", indent, e.Name)
		for _, a := range sorted(e.Attributes) {
			fmt.Fprintf(&b, " %s", shown(a))
		}
		b.WriteByte('\n')
	}
	for _, child := range p.children(s.SpanContext().SpanID()) {
		b.WriteString(p.render(child, indent+"  "))
	}
	return b.String()
}

func sorted(all []attribute.KeyValue) []attribute.KeyValue {
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b attribute.KeyValue) int { return strings.Compare(string(a.Key), string(b.Key)) })
	return all
}

// shown returns an attribute as text. Times have a random jitter, so only that they are is shown.
func shown(a attribute.KeyValue) string {
	if a.Value.Type() == attribute.FLOAT64 && a.Value.AsFloat64() > 0 {
		return string(a.Key) + "=<seconds>"
	}
	return string(a.Key) + "=" + a.Value.Emit()
}

// TestStories compares the span trees of twelve stories with testdata/stories.
func TestStories(t *testing.T) {
	for _, s := range stories {
		t.Run(s.name, func(t *testing.T) {
			got := s.run(t, otelspotify.Config{}).tree()
			file := filepath.Join("testdata", "stories", strings.ReplaceAll(s.name, " ", "_")+".txt")
			if *update {
				must(t, os.MkdirAll(filepath.Dir(file), 0o755))
				must(t, os.WriteFile(file, []byte(got), 0o644))
			}
			want, err := os.ReadFile(file)
			must(t, err)
			if !bytes.Equal([]byte(got), want) {
				t.Errorf("the spans differ from %s (run go test -update to write it):\n%s", file, got)
			}
		})
	}
}
