package middleware

import (
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// A server that fails for a minute gets hardly more calls than it would get from a client that never retries, once the client is busy.
func TestOutageIsNotMultiplied(t *testing.T) {
	for _, tc := range []struct {
		name    string
		perSec  int
		cfg     RetryConfig
		status  int
		atLeast float64 // times the calls
		atMost  float64
	}{
		{name: "a busy client", perSec: 50, status: 503, atLeast: 1.05, atMost: 1.1},
		{name: "a very busy client", perSec: 400, status: 503, atLeast: 1.05, atMost: 1.1},
		{name: "a quiet client may still retry", perSec: 1, status: 503, atLeast: 1.9, atMost: 2.1}, // ten in ten seconds
		{name: "a smaller budget", perSec: 50, cfg: RetryConfig{Budget: 0.05}, status: 503, atLeast: 1.03, atMost: 1.05},
		{name: "no budget", perSec: 50, cfg: RetryConfig{Budget: -1}, status: 503, atLeast: 3.7, atMost: 4},
		{name: "rejections cost the server nothing", perSec: 50, status: 429, atLeast: 3.7, atMost: 4},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const before, outage = 20 * time.Second, time.Minute
				start := time.Now()
				var mu sync.Mutex
				calls, sent := 0, 0
				during := func() bool { d := time.Since(start); return d >= before && d < before+outage }
				chain := Retry(tc.cfg)(transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
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
					wg.Go(func() { _, _, _ = send(t, chain, newRequest(t, t.Context(), "GET", "https://api.example.com/x", "")) })
					time.Sleep(time.Second / time.Duration(tc.perSec))
				}
				wg.Wait()
				times := float64(sent) / float64(calls)
				t.Logf("%d calls, %d sent: %.3f times", calls, sent, times)
				if times < tc.atLeast || times > tc.atMost {
					t.Errorf("want %.2f to %.2f times", tc.atLeast, tc.atMost)
				}
			})
		})
	}
}
