package promspotify_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/seed-2147f1a9/spotify"
	promspotify "github.com/seed-2147f1a9/spotify/contrib/prometheus"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/mock"
)

var (
	_ middleware.Observer  = (*promspotify.Collector)(nil)
	_ prometheus.Collector = (*promspotify.Collector)(nil)
	_ promspotify.Client   = (*spotify.Client)(nil)
)

// sums returns the sum of each metric's series; of a histogram, the number of observations.
func sums(t *testing.T, from prometheus.Gatherer) map[string]float64 {
	t.Helper()
	all, err := from.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, family := range all {
		for _, m := range family.GetMetric() {
			observed := float64(m.GetHistogram().GetSampleCount())
			got[family.GetName()] += m.GetCounter().GetValue() + m.GetGauge().GetValue() + observed
		}
	}
	return got
}

// TestRetries checks the counts of retries and of those that the budget denies.
func TestRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		collector := promspotify.New()
		retry := middleware.RetryConfig{MaxRetries: 4, InitialDelay: time.Millisecond}
		client, fake := mock.NewClient(t, spotify.WithObserver(collector), spotify.WithRetry(retry))
		fake.On("GET", "/shows/{id}").Respond(503, nil)
		const calls = 5
		for range calls {
			_, _ = client.Shows.Get(t.Context(), mock.ShowID, nil)
		}
		registry := prometheus.NewRegistry()
		registry.MustRegister(collector)
		got := sums(t, registry)
		retries := len(fake.Calls("GET", "/shows/{id}")) - calls
		if got["spotify_client_retries_total"] != float64(retries) || retries < 10 {
			t.Errorf("got %v retries, want %d, which is 10 or more", got["spotify_client_retries_total"], retries)
		}
		if got["spotify_client_retries_denied_total"] < 1 {
			t.Error("got no denied retry, want one: the budget is 10 in 10 s")
		}
	})
}

// TestCollector checks all series after a few calls with faults.
func TestCollector(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := mock.New(t, mock.WithExhaustedBucket(time.Hour, 0, "search"))
		collector := promspotify.New()
		client := fake.NewClient(spotify.WithObserver(collector), spotify.WithCache(middleware.CacheConfig{}),
			spotify.WithClientCredentials("id", "secret"),
			spotify.WithLimiter(middleware.NewPacer(middleware.PacerConfig{Quota: 100})),
			spotify.WithRetry(middleware.RetryConfig{MaxRetries: 20, Budget: 0.01}))
		defer client.Close()
		collector.Watch(client)
		ctx := t.Context()

		fake.On("GET", "/albums/{id}").Header("Cache-Control", "max-age=600")
		fake.On("GET", "/albums/{id}").Times(1).Respond(503, nil)
		for range 2 {
			if _, err := client.Albums.Get(ctx, mock.AlbumID, nil); err != nil {
				t.Fatal(err)
			}
		}
		fake.ExpireTokens()
		if _, err := client.Artists.Get(ctx, mock.ArtistID); err != nil {
			t.Fatal(err)
		}
		_, _ = client.Tracks.Get(ctx, "0000000000000000000000", nil)
		for range 2 {
			_, _ = client.Search.Query(ctx, "rain", nil)
		}

		want := `
			# HELP spotify_client_attempts_total Requests on the wire.
			# TYPE spotify_client_attempts_total counter
			spotify_client_attempts_total{operation="get-an-album",status_class="2xx"} 1
			spotify_client_attempts_total{operation="get-an-album",status_class="5xx"} 1
			spotify_client_attempts_total{operation="get-an-artist",status_class="2xx"} 1
			spotify_client_attempts_total{operation="get-an-artist",status_class="4xx"} 1
			spotify_client_attempts_total{operation="get-track",status_class="4xx"} 1
			spotify_client_attempts_total{operation="search",status_class="429"} 1
			# HELP spotify_client_bucket_closed 1 while the calls of a bucket, or of an operation, fail at once.
			# TYPE spotify_client_bucket_closed gauge
			spotify_client_bucket_closed{bucket="search"} 1
			# HELP spotify_client_cache_hits_total Calls that the cache has served.
			# TYPE spotify_client_cache_hits_total counter
			spotify_client_cache_hits_total 1
			# HELP spotify_client_calls_total Calls by outcome, with their retries and waits.
			# TYPE spotify_client_calls_total counter
			spotify_client_calls_total{operation="get-an-album",outcome="ok"} 2
			spotify_client_calls_total{operation="get-an-artist",outcome="ok"} 1
			spotify_client_calls_total{operation="get-track",outcome="404"} 1
			spotify_client_calls_total{operation="search",outcome="429"} 1
			spotify_client_calls_total{operation="search",outcome="quota_exceeded"} 1
			# HELP spotify_client_quota Calls that Spotify allows in a window of 30 s, as far as it is known.
			# TYPE spotify_client_quota gauge
			spotify_client_quota 100
			# HELP spotify_client_token_refreshes_total Access tokens after the first.
			# TYPE spotify_client_token_refreshes_total counter
			spotify_client_token_refreshes_total 1
		`
		registry := prometheus.NewRegistry()
		registry.MustRegister(collector)
		got := sums(t, registry)
		if got["spotify_client_wait_seconds_total"] < 0.25 {
			t.Errorf("got %v: want a backoff", got)
		}
		if got["spotify_client_call_duration_seconds"] != 6 {
			t.Errorf("got %v calls in the histogram, want 6", got["spotify_client_call_duration_seconds"])
		}
		if got["spotify_client_quota_used"] < 5 || got["spotify_client_usage_day"] < got["spotify_client_quota_used"] {
			t.Errorf("got %v: want the calls of the window and of the day", got)
		}
		err := testutil.GatherAndCompare(registry, strings.NewReader(want), "spotify_client_attempts_total",
			"spotify_client_bucket_closed", "spotify_client_cache_hits_total", "spotify_client_calls_total",
			"spotify_client_quota", "spotify_client_token_refreshes_total")
		if err != nil {
			t.Error(err)
		}
		problems, err := testutil.GatherAndLint(registry)
		if err != nil || len(problems) > 0 {
			t.Errorf("got the problems %v and the error %v, want none", problems, err)
		}
		client.ClearBackoff()
		if n := testutil.CollectAndCount(collector, "spotify_client_bucket_closed"); n != 1 {
			t.Errorf("got %d series of closed buckets after the bucket has opened, want 1", n)
		}
	})
}
