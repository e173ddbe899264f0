//go:build timed

package middleware_test

import (
	"math"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/transport"
)

// run is the outcome of 600 calls under a quota of 180.
type run struct {
	took             time.Duration
	rejected, failed int64
}

// play makes the calls of a scenario. The rate limit's window is scaled from 30 s to window, and
// all other times with it.
func play(t *testing.T, window time.Duration, openLoop bool, base http.RoundTripper, url string) run {
	var rejected, failed, next atomic.Int64
	counting := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		resp, err := base.RoundTrip(req)
		if err == nil && resp.StatusCode == http.StatusTooManyRequests {
			rejected.Add(1)
		}
		return resp, err
	})
	rt := transport.Chain(counting, middleware.Retry(middleware.RetryConfig{InitialDelay: window / 60}),
		middleware.RateLimit(middleware.NewPacer(middleware.PacerConfig{Window: window})))
	call := func() {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		if err != nil {
			t.Error(err)
			return
		}
		req.Header.Set("Authorization", "Bearer token")
		resp, err := rt.RoundTrip(req)
		if err != nil || resp.StatusCode != http.StatusOK {
			failed.Add(1)
		}
		transport.Drain(resp)
	}
	const calls, goroutines, perWindow = 600, 50, 300
	start := time.Now()
	var wg sync.WaitGroup
	if openLoop {
		for i := range calls {
			time.Sleep(time.Until(start.Add(time.Duration(i) * window / perWindow)))
			wg.Go(call)
		}
	} else {
		for range goroutines {
			wg.Go(func() {
				for next.Add(1) <= calls {
					call()
				}
			})
		}
	}
	wg.Wait()
	return run{time.Since(start), rejected.Load(), failed.Load()}
}

// both makes the calls in virtual time and on a socket.
func both(t *testing.T, window time.Duration, openLoop bool, faults ...mock.Option) (virtual, real run) {
	faults = append(
		faults, mock.WithFaults(mock.Faults{MinLatency: window / 600, MaxLatency: window / 200}), mock.WithKeptCalls(0),
	)
	synctest.Test(t, func(t *testing.T) {
		virtual = play(t, window, openLoop, mock.New(t, faults...), "https://api.spotify.com/v1/me")
	})
	base := transport.NewBase()
	defer base.CloseIdleConnections()
	real = play(t, window, openLoop, base, mock.NewServer(t, faults...).BaseURL+"/me")
	return virtual, real
}

// A scenario takes the same time in virtual time and on a socket within 10 %, with a window of 1 s
// or more in place of 30 s.
//
// In virtual time the machine itself takes no time. The time that this machine takes is measured
// right before, with the same calls and no limit, and subtracted. Other programs may still
// interfere, so the best of four runs counts; later runs have longer windows, on which interference
// weighs less.
func TestTimedSocketsAgreeWithVirtualTime(t *testing.T) {
	for _, tc := range []struct {
		name     string
		openLoop bool
		faults   []mock.Option
	}{
		{"A and B: 600 calls, 50 goroutines", false, nil}, // Retry-After, in whole seconds, is one window long here
		{"G: 10 calls a second", true, nil},
		{"H: as G, rejected calls count", true, []mock.Option{mock.WithCountRejected()}},
		{"N: as A, no Retry-After", false, []mock.Option{mock.WithoutRetryAfter()}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel() // a run mostly waits
			best := math.Inf(1)
			for _, window := range []time.Duration{time.Second, time.Second, 2 * time.Second, 4 * time.Second} {
				free, onSocket := both(t, window, tc.openLoop)
				machine := max(onSocket.took-free.took, 0)
				virtual, real := both(t, window, tc.openLoop, append(tc.faults, mock.WithRateLimit(180, window))...)
				off := (real.took-machine).Seconds()/virtual.took.Seconds() - 1
				t.Logf("window of %v: %.2f s and %d rejected in virtual time, %.2f s and %d rejected on a socket, "+
					"of which the machine took %.2f s: %+.1f %%",
					window, virtual.took.Seconds(), virtual.rejected, real.took.Seconds(), real.rejected,
					machine.Seconds(), 100*off)
				if virtual.failed > 0 || real.failed > 0 {
					t.Fatalf("%d calls failed in virtual time, %d on a socket", virtual.failed, real.failed)
				}
				if best = min(best, math.Abs(off)); best <= 0.1 {
					return
				}
			}
			t.Errorf("off by %.1f %% at best", 100*best)
		})
	}
}
