package middleware

// The scenarios show what the pacer is worth: seconds, rejections and calls that failed, beside a client that only retries.

import (
	"math"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// workload is calls made by goroutines, each as soon as its last has ended, or by rate in a second whatever happens to them.
type workload struct{ calls, goroutines, rate int }

func (w workload) run(t *testing.T, chain http.RoundTripper) (elapsed time.Duration, unfinished int) {
	start := time.Now()
	var next, failed atomic.Int64
	call := func() {
		if status, err := get(t, chain, transport.Call{}); err != nil || status != http.StatusOK {
			failed.Add(1)
		}
	}
	var wg sync.WaitGroup
	for range w.goroutines {
		wg.Go(func() {
			for next.Add(1) <= int64(w.calls) {
				call()
			}
		})
	}
	if w.rate > 0 {
		for range w.calls {
			wg.Go(call)
			time.Sleep(time.Second / time.Duration(w.rate))
		}
	}
	wg.Wait()
	return time.Since(start), int(failed.Load())
}

func get(t *testing.T, chain http.RoundTripper, call transport.Call) (int, error) {
	ctx := transport.WithCall(t.Context(), &call)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://api.example.com/v1/x", nil)
	if err != nil {
		t.Error(err)
		return 0, err
	}
	resp, err := chain.RoundTrip(req)
	if err != nil {
		return 0, err
	}
	transport.Discard(resp)
	return resp.StatusCode, nil
}

// paced is what a client puts together by default.
func paced(p *Pacer) transport.Middleware {
	return func(next http.RoundTripper) http.RoundTripper {
		return transport.Chain(next, Retry(RetryConfig{}), RateLimit(p))
	}
}

// strategies are what is compared; each run starts anew.
var strategies = []struct {
	name  string
	paced bool
	step  func() transport.Middleware
}{
	{"retry only", false, func() transport.Middleware { return Retry(RetryConfig{}) }},
	{"pacer", true, func() transport.Middleware { return paced(NewPacer(PacerConfig{})) }},
}

func constant(quota int) func(time.Duration) int { return func(time.Duration) int { return quota } }

// during is a quota that is low for a while.
func during(from, to time.Duration, low, high int) func(time.Duration) int {
	return func(elapsed time.Duration) int {
		if elapsed >= from && elapsed < to {
			return low
		}
		return high
	}
}

func always(value string) func(time.Duration) string {
	return func(time.Duration) string { return value }
}

var (
	closedLoop = workload{calls: 600, goroutines: 50}
	openLoop   = workload{calls: 600, rate: 10}
)

// A scenario's bounds are for the pacer.
type scenario struct {
	name     string
	load     workload
	quota    func(time.Duration) int
	rejected bool // rejected calls count, too
	after    func(time.Duration) string
	pacer    PacerConfig
	seconds  float64 // at most
	free     float64 // or: at most so many times what the load takes where nothing limits it
	limit    int     // of 429s
}

var scenarios = []scenario{
	{name: "A: 600 calls, 50 goroutines", load: closedLoop, seconds: 1.05 * 90.1, limit: 15},
	{name: "B: as A, Retry-After is always 30", load: closedLoop, after: always("30"), seconds: 1.05 * 90.1, limit: 15},
	{name: "D: 150 calls, which fit a window", load: workload{calls: 150, goroutines: 50}, free: 1.25, limit: 0},
	{name: "D: the same, all at once", load: workload{calls: 150, goroutines: 150}, free: 1.25, limit: 0},
	{name: "E: 1500 calls, half the quota at 40-160 s", load: workload{calls: 1500, goroutines: 50},
		quota: during(40*time.Second, 160*time.Second, 90, 180), seconds: 300, limit: 30},
	{name: "G: 10 calls a second", load: openLoop, seconds: 98, limit: 10},
	{name: "H: as G, rejected calls count", load: openLoop, rejected: true, seconds: 98, limit: 10},
	{name: "N: as A, no Retry-After", load: closedLoop, after: always(""), seconds: 1.15 * 90.1, limit: 15},
}

func (sc scenario) bound(t *testing.T) float64 {
	bound := sc.seconds
	if sc.free > 0 {
		synctest.Test(t, func(t *testing.T) {
			elapsed, _ := sc.load.run(t, newWindowServer(1, math.MaxInt))
			bound = sc.free * elapsed.Seconds()
		})
	}
	return bound
}

func (sc scenario) play(t *testing.T, seed uint64, step transport.Middleware) (seconds float64, rejected, unfinished int) {
	server := newWindowServer(seed, 180)
	if sc.quota != nil {
		server.quota = sc.quota
	}
	server.countRejected, server.retryAfter = sc.rejected, sc.after
	elapsed, unfinished := sc.load.run(t, step(server))
	return elapsed.Seconds(), server.rejected, unfinished
}

// TestScenarios prints the worst of several runs of each scenario and holds the pacer to its figures, with nothing configured.
func TestScenarios(t *testing.T) {
	const format = "%-11s  %-42s %9s %6s %11s"
	t.Logf(format, "strategy", "scenario", "seconds", "429s", "unfinished")
	for _, sc := range scenarios {
		bound := sc.bound(t)
		for _, strategy := range strategies {
			var seconds float64
			var rejected, unfinished int
			for seed := range uint64(5) {
				synctest.Test(t, func(t *testing.T) {
					s, r, u := sc.play(t, seed, strategy.step())
					seconds, rejected, unfinished = max(seconds, s), max(rejected, r), max(unfinished, u)
				})
			}
			t.Logf(format, strategy.name, sc.name, strconv.FormatFloat(seconds, 'f', 2, 64), strconv.Itoa(rejected), strconv.Itoa(unfinished))
			if strategy.paced && (seconds > bound || rejected > sc.limit || unfinished > 0) {
				t.Errorf("%s: at most %.2f s, %d rejections and nothing unfinished is the aim", sc.name, bound, sc.limit)
			}
		}
	}
}

// TestScenarioUnusual goes where the figures above do not: other quotas, servers with odd habits, wrong memories. Nothing may stay unfinished.
func TestScenarioUnusual(t *testing.T) {
	halved := during(40*time.Second, 160*time.Second, 90, 180)
	for _, sc := range []scenario{
		{name: "quota of 1", load: workload{calls: 4, goroutines: 4}, quota: constant(1), seconds: 95, limit: 6},
		{name: "quota of 5, 300 goroutines", load: workload{calls: 17, goroutines: 300}, quota: constant(5), seconds: 95, limit: 15},
		{name: "quota of 60, 8 goroutines", load: workload{calls: 201, goroutines: 8}, quota: constant(60), seconds: 95, limit: 12},
		{name: "quota of 3000", load: workload{calls: 10001, goroutines: 300}, quota: constant(3000), seconds: 105, limit: 15},
		{name: "a load that fits", load: workload{calls: 600, rate: 5}, seconds: 120.2, limit: 0},
		{name: "Retry-After: 0", load: closedLoop, after: always("0"), seconds: 95, limit: 20},
		{name: "Retry-After: 1, whatever the window says", load: closedLoop, after: always("1"), seconds: 95, limit: 80},
		{name: "Retry-After: 1, rejected calls count", load: closedLoop, after: always("1"), rejected: true, seconds: 95, limit: 80},
		{name: "none, rejected calls count", load: openLoop, after: always(""), rejected: true, seconds: 98, limit: 10},
		{name: "halved, Retry-After always 30", load: workload{calls: 1500, goroutines: 50}, quota: halved, after: always("30"), seconds: 340, limit: 40},
		{name: "halved, no Retry-After", load: workload{calls: 1500, goroutines: 50}, quota: halved, after: always(""), seconds: 320, limit: 45},
		{name: "down to a tenth", load: workload{calls: 700, goroutines: 50}, quota: during(40*time.Second, 160*time.Second, 18, 180), seconds: 225, limit: 45},
		{name: "doubles", load: workload{calls: 1500, goroutines: 50}, quota: during(0, 40*time.Second, 180, 360), seconds: 165, limit: 25},
		{name: "remembered right", load: closedLoop, pacer: PacerConfig{Quota: 180}, seconds: 94, limit: 3},
		{name: "remembered too large", load: closedLoop, pacer: PacerConfig{Quota: 300}, seconds: 95, limit: 25},
		{name: "remembered too small", load: closedLoop, pacer: PacerConfig{Quota: 60}, seconds: 97, limit: 10},
	} {
		t.Run(sc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				seconds, rejected, unfinished := sc.play(t, 1, paced(NewPacer(sc.pacer)))
				t.Logf("%.2f s, %d rejected, %d unfinished", seconds, rejected, unfinished)
				if seconds > sc.seconds || rejected > sc.limit || unfinished > 0 {
					t.Errorf("at most %.2f s, %d rejections and nothing unfinished is the aim", sc.seconds, sc.limit)
				}
			})
		})
	}
}

// Several clients that know nothing of each other share the quota between them without starving.
func TestScenarioSharedQuota(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newWindowServer(1, 180)
		start := time.Now()
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if _, unfinished := closedLoop.run(t, paced(NewPacer(PacerConfig{}))(server)); unfinished > 0 {
					t.Errorf("%d calls unfinished", unfinished)
				}
			})
		}
		wg.Wait()
		elapsed := time.Since(start).Seconds()
		t.Logf("4 x 600 calls: %.2f s (at least 390), %d rejected", elapsed, server.rejected)
		if elapsed > 450 || server.rejected > 300 {
			t.Error("at most 450 s and 300 rejections is the aim")
		}
	})
}
