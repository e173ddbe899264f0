//go:build timed

package main

import (
	"math"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify/mock"
)

// TestTimedObserve checks that an observer with no-op providers costs at most 1.5 µs for each call.
// It measures the clients by turns and takes the fastest round of each, so that a busy machine does
// not count.
func TestTimedObserve(t *testing.T) {
	clients := observedClients(t)
	const rounds, calls = 200, 200
	fastest := map[string]time.Duration{}
	for range rounds {
		for _, name := range observedNames {
			start := time.Now()
			for range calls {
				if _, err := clients[name].Albums.Get(t.Context(), mock.AlbumID, nil); err != nil {
					t.Fatal(err)
				}
			}
			took := time.Since(start) / calls
			if before, ok := fastest[name]; !ok || took < before {
				fastest[name] = took
			}
		}
	}
	for _, name := range observedNames {
		more := fastest[name] - fastest["none"]
		t.Logf("%-14s %8v a call, %+.2f µs", name, fastest[name], math.Round(float64(more)/10)/100)
		if name == "otel/noop" && more > 1500*time.Nanosecond {
			t.Errorf("%s costs %v: want at most 1.5 µs", name, more)
		}
	}
}
