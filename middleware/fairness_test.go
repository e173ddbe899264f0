package middleware

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// waited is a base step that reports how long a call took to get to it.
func waited(next http.RoundTripper, since time.Time, d *time.Duration) http.RoundTripper {
	return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		*d = time.Since(since)
		return next.RoundTrip(req)
	})
}

// An interactive call that comes at any time while a bulk job of 600 calls runs goes out at once, nearly always.
func TestScenarioInteractiveUnderBulk(t *testing.T) {
	var waits []time.Duration
	for seed := range uint64(41) {
		synctest.Test(t, func(t *testing.T) {
			server := newWindowServer(seed, 180)
			pacer := NewPacer(PacerConfig{})
			chain, start := paced(pacer)(server), time.Now()
			var wg sync.WaitGroup
			for range 600 {
				wg.Go(func() {
					if status, err := get(t, chain, transport.Call{Bulk: true}); status != http.StatusOK {
						t.Errorf("a bulk call: %d %v", status, err)
					}
				})
			}
			rnd := rand.New(rand.NewPCG(seed, 7))
			time.Sleep(time.Duration(rnd.Int64N(int64(100 * time.Second))))
			var wait time.Duration
			if status, err := get(t, RateLimit(pacer)(waited(server, time.Now(), &wait)), transport.Call{}); status != http.StatusOK {
				t.Errorf("the interactive call after %v: %d %v", time.Since(start), status, err)
			}
			waits = append(waits, wait)
			wg.Wait()
			if elapsed := time.Since(start).Seconds(); elapsed > 1.05*120 {
				t.Errorf("the bulk job took %.1f s", elapsed)
			}
		})
	}
	slices.Sort(waits)
	t.Logf("an interactive call under 600 bulk ones waits %v at the median, %v at the 90th percentile, %v at most", waits[20], waits[36], waits[40])
	if waits[20] > 200*time.Millisecond {
		t.Error("at most 0.2 s at the median is the aim")
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
