package middleware

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// waited is a base step that reports how long a call took to get to it the last time.
func waited(next http.RoundTripper, since time.Time, d *time.Duration) http.RoundTripper {
	return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		*d = time.Since(since)
		return next.RoundTrip(req)
	})
}

// interactiveWait makes a single call at any time while a bulk job of 600 runs, and returns how long it waited until it went out for good,
// and how many of all calls failed.
func interactiveWait(t *testing.T, seed uint64, step transport.Middleware) (wait time.Duration, failed int64) {
	server := newWindowServer(seed, 180)
	chain, start := step(server), time.Now()
	var lost atomic.Int64
	ask := func(chain http.RoundTripper, call transport.Call) {
		if status, err := get(t, chain, call); err != nil || status != http.StatusOK {
			lost.Add(1)
		}
	}
	var wg sync.WaitGroup
	for range 600 {
		wg.Go(func() { ask(chain, transport.Call{Bulk: true}) })
	}
	rnd := rand.New(rand.NewPCG(seed, 7))
	time.Sleep(time.Duration(rnd.Int64N(int64(100 * time.Second))))
	ask(step(waited(server, time.Now(), &wait)), transport.Call{})
	wg.Wait()
	if elapsed := time.Since(start).Seconds(); elapsed > 1.05*120 {
		t.Errorf("the bulk job took %.1f s", elapsed)
	}
	return wait, lost.Load()
}

// An interactive call that comes at any time while a bulk job of 600 calls runs goes out at once, nearly always.
func TestScenarioInteractiveUnderBulk(t *testing.T) {
	const format = "%-11s  %-42s %9s %9s %9s"
	t.Logf(format, "strategy", "scenario", "median", "90th", "at most")
	for _, strategy := range strategies {
		var waits []time.Duration
		for seed := range uint64(41) {
			synctest.Test(t, func(t *testing.T) {
				wait, failed := interactiveWait(t, seed, strategy.step())
				if waits = append(waits, wait); strategy.paced && failed > 0 {
					t.Errorf("%d calls failed", failed)
				}
			})
		}
		slices.Sort(waits)
		rounded := func(i int) string { return waits[i].Round(10 * time.Millisecond).String() }
		t.Logf(format, strategy.name, "F: one call under 600 queued bulk calls", rounded(20), rounded(36), rounded(40))
		if strategy.paced && waits[20] > 200*time.Millisecond {
			t.Error("at most 0.2 s at the median is the aim")
		}
	}
}

// Interactive calls that alone would use the quota up do not starve a bulk job for ever.
func TestScenarioBulkUnderInteractive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newWindowServer(1, 180)
		chain := paced(NewPacer(PacerConfig{Quota: 180}))(server)
		stop := make(chan struct{})
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
						_, _ = get(t, chain, transport.Call{})
					}
				}
			})
		}
		time.Sleep(time.Minute)
		start := time.Now()
		var bulk sync.WaitGroup
		for range 15 {
			bulk.Go(func() {
				if status, err := get(t, chain, transport.Call{Bulk: true}); status != http.StatusOK {
					t.Errorf("a bulk call: %d %v", status, err)
				}
			})
		}
		bulk.Wait()
		if d := time.Since(start); d > 62*time.Second {
			t.Errorf("15 bulk calls took %v beside calls that use the whole quota", d)
		}
		close(stop)
		wg.Wait()
	})
}
