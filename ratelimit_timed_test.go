//go:build timed

package spotify_test

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

// percentiles returns the median and the 99th percentile of calls by 8 goroutines, with everything
// in memory.
func percentiles(t *testing.T, limiter middleware.Limiter) (p50, p99 time.Duration) {
	t.Helper()
	const goroutines, each = 8, 5_000
	base := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(`{"id":"x","name":"x"}`)), Request: req,
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
	return took[len(took)/2], took[len(took)*99/100]
}

// A limiter that does not bind costs little, also where many goroutines want its lock: the 99th
// percentile of a call is at most 1.5 times that without one.
func TestTimedLimiterThatDoesNotBind(t *testing.T) {
	var with, without []time.Duration
	for range 5 {
		median, p99 := percentiles(t, middleware.NewPacer(middleware.PacerConfig{Quota: 1_000_000_000}))
		with = append(with, p99)
		bareMedian, bare := percentiles(t, nil)
		without = append(without, bare)
		t.Logf("median %v, p99 %v with the pacer; %v and %v without", median, p99, bareMedian, bare)
	}
	slices.Sort(with)
	slices.Sort(without)
	if with[2] > without[2]*3/2 {
		t.Errorf("p99 %v with the pacer, %v without: want at most 1.5 times as much", with[2], without[2])
	}
}
