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

// interactiveWait makes a single call at a random time while a bulk job of 600 runs, and returns
// how long it waited until it was sent for good, how many of all calls failed, and how long the job
// took.
func interactiveWait(
	t *testing.T,
	seed uint64,
	r rules,
	from, to time.Duration,
	step transport.Middleware,
) (wait time.Duration, failed int64, took time.Duration) {
	server := newWindowServer(seed, r)
	chain, start := step(server), time.Now()
	var lost atomic.Int64
	ask := func(chain http.RoundTripper, call transport.Call) {
		if status, err := get(t, chain, call); err != nil || status != http.StatusOK {
			lost.Add(1)
		}
	}
	var wg sync.WaitGroup
	for range 600 {
		wg.Go(func() { ask(chain, transport.Call{Priority: transport.PriorityBulk}) })
	}
	rnd := rand.New(rand.NewPCG(seed, 7))
	time.Sleep(from + time.Duration(rnd.Int64N(int64(to-from))))
	ask(step(waited(server, time.Now(), &wait)), transport.Call{Priority: transport.PriorityInteractive})
	wg.Wait()
	return wait, lost.Load(), time.Since(start)
}

// An interactive call that comes at any time while a bulk job of 600 calls runs is sent at once,
// nearly always: also when the program has started into a window that is partly used, so that it
// knows a lower bound of the quota only.
func TestScenarioInteractiveUnderBulk(t *testing.T) {
	seeds := 11
	if *scenarioSeeds >= 3 {
		seeds = 41
	}
	t.Logf("%-11s  %-52s %9s %9s %9s", "strategy", "600 queued bulk calls, and one call", "median", "90th", "at most")
	for _, tc := range []struct {
		name     string
		rules    rules
		from, to time.Duration
		job      time.Duration // at most
	}{
		{"at any time", rules{}, 0, 100 * time.Second, 126 * time.Second},
		{"in the window after the quota was found", rules{}, 30 * time.Second, 60 * time.Second, 126 * time.Second},
		{
			"after a restart, 120 of 180 slots used 10 s ago", rules{used: usedBefore(120, 10*time.Second)},
			55 * time.Second, 110 * time.Second, 160 * time.Second,
		},
	} {
		for _, strategy := range strategies {
			if strategy.name != "pacer" && *scenarioSeeds < 3 {
				continue
			}
			var waits []time.Duration
			for seed := range uint64(seeds) {
				synctest.Test(t, func(t *testing.T) {
					wait, failed, took := interactiveWait(t, seed, tc.rules, tc.from, tc.to, strategy.step(seed))
					if waits = append(waits, wait); strategy.name == "pacer" && (failed > 0 || took > tc.job) {
						t.Errorf("%s: %d calls failed, the bulk job took %v, want at most %v", tc.name, failed, took, tc.job)
					}
				})
			}
			slices.Sort(waits)
			at := func(share float64) time.Duration {
				return waits[int(share*float64(seeds-1))].Round(10 * time.Millisecond)
			}
			t.Logf("%-11s  %-52s %9v %9v %9v", strategy.name, tc.name, at(0.5), at(0.9), at(1))
			if strategy.name == "pacer" && at(0.5) > 200*time.Millisecond {
				t.Errorf("%s: want at most 0.2 s at the median", tc.name)
			}
		}
	}
}

// Interactive calls that alone would use the quota up do not starve a bulk job for ever.
func TestScenarioBulkUnderInteractive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newWindowServer(1, rules{})
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
				if status, err := get(t, chain, transport.Call{Priority: transport.PriorityBulk}); status != http.StatusOK {
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
