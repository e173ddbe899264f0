//go:build timed

package e2e_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/transport"
)

// percentile returns the 99th percentile of the duration of calls by 8 goroutines, in memory.
func percentile(t *testing.T, limiter middleware.Limiter) time.Duration {
	t.Helper()
	const goroutines, each = 8, 5_000
	base := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}},
			Body: io.NopCloser(strings.NewReader(`{"id":"x","name":"x"}`)), Request: req,
		}, nil
	})
	client, err := spotify.New(spotify.WithAccessToken("token"), spotify.WithTransport(base), spotify.WithLimiter(limiter))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	took := make([]time.Duration, goroutines*each)
	var all sync.WaitGroup
	for g := range goroutines {
		all.Go(func() {
			for i := range each {
				start := time.Now()
				if _, err := client.Artists.Get(t.Context(), mock.ArtistID); err != nil {
					t.Error(err)
					return
				}
				took[g*each+i] = time.Since(start)
			}
		})
	}
	all.Wait()
	slices.Sort(took)
	return took[len(took)*99/100]
}

// TestTimedLimiterThatDoesNotBind: below the limit the pacer costs little even if goroutines
// contend for its lock. The 99th percentile of a call is at most 1.5 times that without a limiter,
// in the best of four rounds, as the machine may be busy.
func TestTimedLimiterThatDoesNotBind(t *testing.T) {
	for range 4 {
		with, without := race(t)
		if t.Logf("p99 %v with the pacer, %v without", with, without); with <= without*3/2 {
			return
		}
	}
	t.Error("want at most 1.5 times as much")
}

// race returns the medians of five 99th percentiles with a pacer and of five without, measured in
// turns.
func race(t *testing.T) (with, without time.Duration) {
	t.Helper()
	var paced, bare []time.Duration
	for range 5 {
		paced = append(paced, percentile(t, middleware.NewPacer(middleware.PacerConfig{Quota: 1_000_000_000})))
		bare = append(bare, percentile(t, nil))
	}
	slices.Sort(paced)
	slices.Sort(bare)
	return paced[2], bare[2]
}
