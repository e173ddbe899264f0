//go:build timed

package middleware_test

// The scenarios in virtual time are worth something only if real time agrees: here the same fake plays them on a real socket.

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

// run is how 600 calls under a quota of 180 went.
type run struct {
	took             time.Duration
	rejected, failed int64
}

// play makes the calls of a scenario whose window is scaled from 30 s to window, and all other times with it.
func play(t *testing.T, window time.Duration, openLoop bool, base http.RoundTripper, url string) run {
	var rejected, failed, next atomic.Int64
	counting := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		resp, err := base.RoundTrip(req)
		if err == nil && resp.StatusCode == http.StatusTooManyRequests {
			rejected.Add(1)
		}
		return resp, err
	})
	chain := transport.Chain(counting, middleware.Retry(middleware.RetryConfig{InitialDelay: window / 60}), middleware.RateLimit(middleware.NewPacer(middleware.PacerConfig{Window: window})))
	call := func() {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		if err != nil {
			t.Error(err)
			return
		}
		req.Header.Set("Authorization", "Bearer token")
		resp, err := chain.RoundTrip(req)
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
func both(t *testing.T, window time.Duration, openLoop bool, weather ...mock.Option) (virtual, real run) {
	weather = append(weather, mock.Latency(window/600, window/200), mock.KeepCalls(0))
	synctest.Test(t, func(t *testing.T) {
		virtual = play(t, window, openLoop, mock.New(t, weather...), "https://api.spotify.com/v1/me")
	})
	base := transport.NewBase()
	defer base.CloseIdleConnections()
	real = play(t, window, openLoop, base, mock.NewServer(t, weather...).BaseURL+"/me")
	return virtual, real
}

// Each scenario is played in virtual time and on a socket, with a window of a second in place of 30, and the two have to agree within a tenth.
//
// Virtual time has a machine that takes no time at all. What this one takes is measured right before, with the same calls and no limit, and taken off.
// Other programs can still get in between, so what counts is the best of several tries; later ones have longer windows, on which that weighs less.
func TestTimedSocketsAgreeWithVirtualTime(t *testing.T) {
	for _, tc := range []struct {
		name     string
		openLoop bool
		weather  []mock.Option
	}{
		{"A and B: 600 calls, 50 goroutines", false, nil}, // a Retry-After in whole seconds is always a window long here
		{"G: 10 calls a second", true, nil},
		{"H: as G, rejected calls count", true, []mock.Option{mock.CountRejected()}},
		{"N: as A, no Retry-After", false, []mock.Option{mock.OmitRetryAfter()}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel() // most of the time they wait
			best := math.Inf(1)
			for _, window := range []time.Duration{time.Second, time.Second, 2 * time.Second, 4 * time.Second} {
				free, onSocket := both(t, window, tc.openLoop)
				machine := max(onSocket.took-free.took, 0)
				virtual, real := both(t, window, tc.openLoop, append(tc.weather, mock.RollingLimit(180, window))...)
				off := (real.took-machine).Seconds()/virtual.took.Seconds() - 1
				t.Logf("window of %v: %.2f s and %d rejected in virtual time, %.2f s and %d rejected on a socket, of which the machine takes %.2f s: %+.1f %%",
					window, virtual.took.Seconds(), virtual.rejected, real.took.Seconds(), real.rejected, machine.Seconds(), 100*off)
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
