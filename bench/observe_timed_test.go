//go:build timed

package main

import (
	"math"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify/mock"
)

// TestTimedObserve checks that an observer costs at most 2 µs for each call, and at most 1.5 µs
// with OpenTelemetry's no-op providers. It measures the clients by turns and takes the fastest
// round of each, so that a busy machine does not count.
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
		most, isBounded := map[string]time.Duration{
			"idle": 2 * time.Microsecond, "otel/noop": 1500 * time.Nanosecond,
		}[name]
		if isBounded && more > most {
			t.Errorf("%s costs %v: want at most %v", name, more, most)
		}
	}
}
