package e2e_test

import (
	"flag"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/mock"
)

var restartAll = flag.Bool("restart.all", false, "play the restart with every number of free slots, 0 to 20")

// TestRestartLosesNoCall restarts a program while its window is nearly full: 180 calls pass in 30
// s, and all slots but k are taken. Without any configuration no call may be lost, whatever
// Retry-After says.
func TestRestartLosesNoCall(t *testing.T) {
	ages := []time.Duration{0, time.Second, 10 * time.Second, 25 * time.Second, -1}
	for style, options := range map[string][]mock.Option{
		"exact": nil, "always 30": {mock.WithRetryAfter(30 * time.Second)}, "none": {mock.WithoutRetryAfter()},
	} {
		var lost, calls atomic.Int64
		for k := range 21 {
			if !*restartAll && !slices.Contains([]int{0, 1, 5, 20}, k) {
				continue
			}
			synctest.Test(t, func(t *testing.T) {
				fake := mock.New(t, append([]mock.Option{
					mock.WithRateLimit(180, 30*time.Second), mock.WithUsedWindow(180-k, ages[k%len(ages)]),
					mock.WithFaults(mock.Faults{MinLatency: 50 * time.Millisecond, MaxLatency: 150 * time.Millisecond}),
					mock.WithKeptCalls(0),
				}, options...)...)
				client := fake.NewClient()
				var next atomic.Int64
				var all sync.WaitGroup
				for range 64 {
					all.Go(func() {
						for n := next.Add(1); n <= 600; n = next.Add(1) {
							calls.Add(1)
							if err := restartCall(t, client, n); err != nil && lost.Add(1) < 3 {
								t.Errorf("%s, k=%d: %v", style, k, err)
							}
						}
					})
				}
				all.Wait()
			})
		}
		t.Logf("Retry-After %s: %d of %d calls lost", style, lost.Load(), calls.Load())
	}
}

// restartCall makes the n-th call; the operations vary.
func restartCall(t *testing.T, client *spotify.Client, n int64) error {
	var err error
	switch n % 4 {
	case 0:
		_, err = client.Albums.Get(t.Context(), mock.AlbumID, nil)
	case 1:
		_, err = client.Artists.Get(t.Context(), mock.ArtistID)
	case 2:
		_, err = client.Tracks.Get(t.Context(), mock.TrackID, nil)
	default:
		_, err = client.Users.Me(t.Context())
	}
	if err != nil {
		return fmt.Errorf("call %d: %w", n, err)
	}
	return nil
}
