package middleware

import (
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// In an outage, the retries of a busy client add at most the budget's share to its calls.
func TestRetryBudgetInAnOutage(t *testing.T) {
	for _, tc := range []struct {
		name    string
		perSec  int
		cfg     RetryConfig
		status  int
		atLeast float64 // attempts per call
		atMost  float64
	}{
		{name: "50 calls per second", perSec: 50, status: 503, atLeast: 1.05, atMost: 1.1},
		{name: "400 calls per second", perSec: 400, status: 503, atLeast: 1.05, atMost: 1.1},
		{name: "1 call per second", perSec: 1, status: 503, atLeast: 1.9, atMost: 2.1}, // minBudget allows 10 in 10 s
		{name: "a smaller budget", perSec: 50, cfg: RetryConfig{Budget: 0.05}, status: 503, atLeast: 1.03,
			atMost: 1.05},
		{name: "no budget", perSec: 50, cfg: RetryConfig{Budget: -1}, status: 503, atLeast: 3.7, atMost: 4},
		{name: "429s do not count", perSec: 50, status: 429, atLeast: 3.7, atMost: 4},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const before, outage = 20 * time.Second, time.Minute
				start := time.Now()
				var mu sync.Mutex
				calls, sent := 0, 0
				during := func() bool { d := time.Since(start); return d >= before && d < before+outage }
				rt := Retry(tc.cfg)(transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
					status := 200
					if during() {
						mu.Lock()
						sent++
						mu.Unlock()
						status = tc.status
					}
					return &http.Response{StatusCode: status, Body: http.NoBody, Request: req}, nil
				}))
				var wg sync.WaitGroup
				for time.Since(start) < before+outage {
					if during() {
						calls++
					}
					wg.Go(func() {
						_, _,
							_ = send(t, rt, newRequest(t, t.Context(), "GET", "https://api.example.com/x", ""))
					})
					time.Sleep(time.Second / time.Duration(tc.perSec))
				}
				wg.Wait()
				perCall := float64(sent) / float64(calls)
				t.Logf("%d calls, %d attempts: %.3f per call", calls, sent, perCall)
				if perCall < tc.atLeast || perCall > tc.atMost {
					t.Errorf("want %.2f to %.2f", tc.atLeast, tc.atMost)
				}
			})
		})
	}
}
