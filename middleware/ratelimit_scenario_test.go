package middleware

// The scenarios show what the pacer is worth: time against the least possible, rejections, and
// calls that were lost.

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
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

var (
	scenarioSeeds = flag.Int(
		"scenario.seeds",
		1,
		"play each scenario with this many `seeds`; with 3 and more all variants of a scenario are played",
	)
	scenarioOps = flag.Int(
		"scenario.operations",
		0,
		"calls alternate between so many `operations`; 0 leaves them without a name",
	)
	scenarioTrace = flag.Bool("scenario.trace", false, "print every simVariant of a scenario")
)

// workload is calls made by goroutines, each as soon as its last has ended, or by rate in a second
// whatever happens to them.
type workload struct {
	calls, goroutines, rate int
	start                   time.Duration
	operations              int // calls alternate between so many; 0 leaves them without a name
}

// operation returns the operation of a call; they alternate.
func (w workload) operation(n int64) string {
	if w.operations == 0 {
		return ""
	}
	return fmt.Sprint("operation ", n%int64(w.operations))
}

// outcome of a run.
type simRun struct {
	took           time.Duration
	rejected, lost int
	refused        int // by the limiter
	errs           map[string]int
}

// play runs the loads, each over a chain of its own.
func play(t *testing.T, server *windowServer, loads []workload, step func(seed uint64) transport.Middleware) simRun {
	start := time.Now()
	var lost, refused atomic.Int64
	var mu sync.Mutex
	errs := map[string]int{}
	var all sync.WaitGroup
	chains := make([]http.RoundTripper, len(loads))
	for i := range loads {
		chains[i] = step(server.rnd.Uint64())(server)
	}
	for i, load := range loads {
		load.operations = max(load.operations, *scenarioOps)
		// Each caller draws its own latencies and begins in a nanosecond of its own, so that no two
		// events fall into the same instant, and a run depends on its seed alone.
		caller := func(n int) http.RoundTripper {
			rnd := rand.New(rand.NewPCG(server.seed, uint64(i)<<32|uint64(n)<<8|7))
			return inContext(context.WithValue(t.Context(), latencyKey{}, rnd), chains[i])
		}
		all.Go(func() {
			time.Sleep(load.start + time.Duration(i))
			call := func(chain http.RoundTripper, n int64) {
				status, err := get(t, chain, transport.Call{Operation: load.operation(n)})
				if err == nil && status == http.StatusOK {
					return
				}
				lost.Add(1)
				if errors.Is(err, ErrLimited) {
					refused.Add(1)
				}
				mu.Lock()
				defer mu.Unlock()
				errs[fmt.Sprint(status, " ", err)]++
			}
			var next atomic.Int64
			for n := range load.goroutines {
				chain := caller(n)
				all.Go(func() {
					time.Sleep(time.Duration(n) * 100)
					for n := next.Add(1); n <= int64(load.calls); n = next.Add(1) {
						call(chain, n)
					}
				})
			}
			for n := range load.calls * min(load.rate, 1) {
				chain := caller(n)
				all.Go(func() { call(chain, int64(n)) })
				time.Sleep(time.Second / time.Duration(load.rate))
			}
		})
	}
	all.Wait()
	return simRun{
		took:     time.Since(start),
		rejected: server.rejected,
		lost:     int(lost.Load()),
		refused:  int(refused.Load()),
		errs:     errs,
	}
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
	transport.Drain(resp)
	return resp.StatusCode, nil
}

// simVariant is one way to play a scenario.
type simVariant struct {
	label  string
	loads  []workload
	rules  func(rnd *rand.Rand) rules
	obeyed time.Duration // the minimum is that of a client that obeys the first Retry-After, which is this
	limit  int           // of 429s
}

// scenario is a row of the table. The bounds are for the pacer: ratio and mean against the minimum,
// seconds at most.
type scenario struct {
	name     string
	variants []simVariant
	ratio    float64
	mean     float64
	seconds  float64
	slack    int    // 429s above the bound
	least    string // what the pacer is compared to, where it is not the minimum
}

func fixed(r rules) func(*rand.Rand) rules { return func(*rand.Rand) rules { return r } }

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

// styles of Retry-After.
var styles = []struct {
	name  string
	after func(time.Duration) string
}{{"exact", nil}, {"always 30", always("30")}, {"none", always("")}}

var (
	closedLoop = workload{calls: 600, goroutines: 50}
	openLoop   = workload{calls: 600, rate: 10}
)

func one(load workload, r rules, limit int) []simVariant {
	return []simVariant{{"", []workload{load}, fixed(r), 0, limit}}
}

// usedBefore is n slots taken before the beginning, all of them age ago, or spread over the window
// with a negative age.
func usedBefore(n int, age time.Duration) []time.Duration {
	used := make([]time.Duration, n)
	for i := range used {
		used[i] = -age
		if age < 0 {
			used[i] = -simWindow + simWindow*time.Duration(i+1)/time.Duration(n+1)
		}
	}
	return used
}

// restarts are the variants of a program that starts again: all but k slots are taken.
func restarts(style int, even bool, all bool, limit func(k int) int) []simVariant {
	ages := []time.Duration{0, time.Second, 10 * time.Second, 25 * time.Second}
	if even {
		ages = []time.Duration{-1}
	}
	var vs []simVariant
	for _, age := range ages {
		for k := range 21 {
			if !all && !slices.Contains([]int{0, 1, 5, 20}, k) {
				continue
			}
			v := simVariant{fmt.Sprintf("k=%d, %v ago", k, age), []workload{{calls: 600, goroutines: 64}},
				fixed(rules{used: usedBefore(simQuota-k, age), retryAfter: styles[style].after}), 0, limit(k)}
			if style == 1 {
				v.obeyed = 30 * time.Second
			}
			vs = append(vs, v)
		}
	}
	return vs
}

// processes are the variants of n processes with a pacer each.
func processes(n, style, limit int) []simVariant {
	var vs []simVariant
	for _, gap := range []time.Duration{0, 7 * time.Second} {
		v := simVariant{fmt.Sprintf("%v apart", gap), nil, fixed(rules{retryAfter: styles[style].after}), 0, limit}
		for i := range n {
			v.loads = append(v.loads, workload{calls: 300, goroutines: 50, start: gap * time.Duration(i)})
		}
		vs = append(vs, v)
	}
	return vs
}

// strangers take a third of the quota in lumps, at random.
func strangers(lump, limit int) []simVariant {
	return []simVariant{{"", []workload{closedLoop}, strangersOf(lump), 0, limit}}
}

func strangersOf(lump int) func(*rand.Rand) rules {
	return func(rnd *rand.Rand) rules {
		var at []time.Duration
		gap := simWindow.Seconds() * 3 * float64(lump) / simQuota
		for now := rnd.ExpFloat64() * gap; now < 1800; now += rnd.ExpFloat64() * gap {
			for range lump {
				at = append(at, time.Duration((now-30)*float64(time.Second)))
			}
		}
		begin, _ := slices.BinarySearch(at, 0)
		return rules{used: at[:begin], strangers: at[begin:]}
	}
}

func scenarios(all bool) []scenario {
	halved := rules{
		quota:   during(40*time.Second, 160*time.Second, 90, 180),
		changes: []time.Duration{40 * time.Second, 160 * time.Second},
	}
	constant := func(n int) func(int) int { return func(int) int { return n } }
	list := []scenario{
		{name: "A: 600 calls, 50 goroutines", ratio: 1.03, variants: one(closedLoop, rules{}, 12)},
		{name: "B: as A, Retry-After always 30", ratio: 1.04, variants: one(closedLoop, rules{retryAfter: always("30")}, 12)},
		{name: "N: as A, no Retry-After", ratio: 1.02, variants: one(closedLoop, rules{retryAfter: always("")}, 12)},
		{name: "D: 150 calls that fit", ratio: 1.001, least: "no limit",
			variants: append(
				one(workload{calls: 150, goroutines: 50}, rules{}, 0),
				one(workload{calls: 150, goroutines: 150}, rules{}, 0)...)},
		{
			name:     "E: 1500 calls, half the quota at 40-160 s",
			seconds:  294,
			variants: one(workload{calls: 1500, goroutines: 50}, halved, 30),
		},
		{name: "G: 10 calls a second", seconds: 98, variants: one(openLoop, rules{}, 6)},
		{name: "H: as G, rejected calls count", seconds: 98, variants: one(openLoop, rules{countRejected: true}, 9)},
		// The aims are 1.05, which one run in 2,100 misses, and (64-k)+20 rejections: until it has
		// seen a 429 the program sends a call for each of the first k that pass.
		{name: "R: restart, exact", ratio: 1.07, slack: 9,
			variants: append(
				restarts(0, false, all, func(k int) int { return 64 - k + 20 }),
				restarts(0, true, all, func(k int) int { return 64 - k + 20 })...)},
		{
			name:     "R: restart, always 30",
			ratio:    1.05,
			variants: append(restarts(1, false, all, constant(76)), restarts(1, true, all, constant(76))...),
		},
		{name: "R: restart after a burst, none", ratio: 1.05, variants: restarts(2, false, all, constant(90))},
		{name: "R: restart after even use, none", ratio: 1.15, variants: restarts(2, true, all, constant(85))},
	}
	// Missed aims: with Retry-After always 30 a mean of 1.20 for four processes; without it 290 and
	// 660 rejections of four and eight, and 1.35 at worst for four.
	limits := [][]int{{100, 255, 590}, {100, 220, 490}, {105, 305, 700}}
	worsts := [][]float64{{1.04, 1.15, 1.20}, {1.32, 1.32, 1.24}, {1.06, 1.38, 1.20}}
	means := [][]float64{{1.03, 1.12, 1.07}, {1.18, 1.25, 1.17}, {1.03, 1.21, 1.10}}
	for style := range styles {
		for i, n := range []int{2, 4, 8} {
			list = append(
				list,
				scenario{
					name:     fmt.Sprintf("P: %d processes, %s", n, styles[style].name),
					ratio:    worsts[style][i],
					mean:     means[style][i],
					variants: processes(n, style, limits[style][i]),
				},
			)
		}
	}
	return append(list,
		// The aim for single strangers is 90 rejections.
		scenario{name: "X: strangers, singly", ratio: 1.27, mean: 1.11, variants: strangers(1, 105)},
		scenario{name: "X: strangers, lumps of 20", ratio: 1.42, mean: 1.18, variants: strangers(20, 115)},
	)
}

// minimum returns the time that a simVariant is compared to.
func (sc scenario) minimum(t *testing.T, seed uint64, v simVariant, r rules) time.Duration {
	if sc.least == "" {
		return r.minimum(v.loads, v.obeyed)
	}
	var free simRun
	synctest.Test(t, func(t *testing.T) {
		server := newWindowServer(seed, rules{quota: func(time.Duration) int { return math.MaxInt }})
		free = play(t, server, v.loads, func(uint64) transport.Middleware { return RateLimit(nil) })
	})
	return free.took
}

// strategies are compared; each run starts anew. Only the pacer is held to the bounds.
var strategies = []struct {
	name string
	step func(seed uint64) transport.Middleware
}{
	{"retry only", func(uint64) transport.Middleware { return Retry(RetryConfig{}) }},
	{"adaptive", func(uint64) transport.Middleware {
		return func(next http.RoundTripper) http.RoundTripper {
			return transport.Chain(next, Retry(RetryConfig{}), new(adaptive).limit)
		}
	}},
	{"pacer", func(seed uint64) transport.Middleware { return paced(seededPacer(seed, PacerConfig{})) }},
}

// tally is a row of the table: the worst of several runs.
type tally struct {
	seconds, least, ratio, sum  float64
	rejected, over, lost, plays int
	slowest, loudest            uint64 // seeds of the worst time and the most rejections
}

func (y *tally) add(seed uint64, got simRun, minimum time.Duration, limit int) {
	took, least := got.took.Seconds(), minimum.Seconds()
	if took/least > y.ratio {
		y.ratio, y.least, y.slowest = took/least, least, seed
	}
	if got.rejected > y.rejected {
		y.loudest = seed
	}
	y.sum += took / least
	y.plays++
	y.seconds, y.rejected, y.over = max(y.seconds, took), max(y.rejected, got.rejected), max(y.over, got.rejected-limit)
	y.lost += got.lost
}

func (y *tally) mean() float64 { return y.sum / float64(y.plays) }

// TestScenarios prints the worst of all seeds and variants of each scenario, and holds the pacer to
// its figures with nothing configured.
func TestScenarios(t *testing.T) {
	t.Logf(
		"%-10s  %-42s %8s %8s %7s %7s %6s %6s",
		"strategy",
		"scenario",
		"seconds",
		"minimum",
		"worst",
		"mean",
		"429s",
		"lost",
	)
	table := t
	for _, sc := range scenarios(*scenarioSeeds >= 3) {
		for _, strategy := range strategies {
			seeds, held := *scenarioSeeds, strategy.name == "pacer"
			if !held {
				if seeds = 1; *scenarioSeeds < 3 {
					continue
				}
			}
			t.Run(sc.name+"/"+strategy.name, func(t *testing.T) {
				y := sc.play(t, strategy.step, held, uint64(seeds))
				table.Logf(
					"%-10s  %-42s %8.1f %8.1f %7.3f %7.3f %6d %6d",
					strategy.name,
					sc.name,
					y.seconds,
					y.least,
					y.ratio,
					y.mean(),
					y.rejected,
					y.lost,
				)
				if held {
					sc.judge(t, y)
				}
			})
		}
	}
}

// Where calls are of many operations, some of which seem to be rejected more often than others by
// chance, no call is lost either.
func TestScenarioOperations(t *testing.T) {
	for _, sc := range scenarios(false) {
		for i := range sc.variants {
			for j := range sc.variants[i].loads {
				sc.variants[i].loads[j].operations = 11
			}
		}
		y := sc.play(t, strategies[len(strategies)-1].step, true, uint64(*scenarioSeeds))
		t.Logf("%-42s %8.1f %8.1f %7.3f %7.3f %6d %6d", sc.name, y.seconds, y.least, y.ratio, y.mean(), y.rejected, y.lost)
		if sc.slack += y.rejected / 10; sc.ratio > 0 {
			sc.ratio += 0.05
		}
		sc.judge(t, y)
	}
}

// A run depends on its seed alone, also where eight processes have 400 goroutines: figures that
// change are the pacer's.
func TestScenarioRepeats(t *testing.T) {
	run := func(seed uint64) (ends []time.Duration) {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			server := newWindowServer(seed, rules{})
			var mu sync.Mutex
			play(t, server, processes(8, 0, 0)[0].loads, func(seed uint64) transport.Middleware {
				pacer := paced(seededPacer(seed, PacerConfig{}))
				return func(next http.RoundTripper) http.RoundTripper {
					return pacer(transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
						resp, err := next.RoundTrip(req)
						mu.Lock()
						defer mu.Unlock()
						ends = append(ends, time.Since(start))
						return resp, err
					}))
				}
			})
		})
		return ends
	}
	first := run(1)
	if !slices.Equal(first, run(1)) {
		t.Error("two runs with the same seed differ")
	}
	if slices.Equal(first, run(2)) {
		t.Error("runs with different seeds are the same")
	}
}

func (sc scenario) play(t *testing.T, step func(seed uint64) transport.Middleware, trace bool, seeds uint64) tally {
	var all tally
	for _, v := range sc.variants {
		var own tally
		for seed := range seeds {
			r := v.rules(rand.New(rand.NewPCG(seed, 3)))
			minimum := sc.minimum(t, seed, v, r)
			synctest.Test(t, func(t *testing.T) {
				got := play(t, newWindowServer(seed, r), v.loads, step)
				all.add(seed, got, minimum, v.limit)
				own.add(seed, got, minimum, v.limit)
				if trace && got.lost > 0 {
					t.Logf("%s, %s, seed %d: %d calls lost: %v", sc.name, v.label, seed, got.lost, got.errs)
				}
			})
		}
		if trace && *scenarioTrace {
			t.Logf(
				"    %-20s worst %.3f (seed %d), mean %.3f, %d rejected (seed %d; %d)",
				v.label,
				own.ratio,
				own.slowest,
				own.mean(),
				own.rejected,
				own.loudest,
				v.limit,
			)
		}
	}
	return all
}

func (sc scenario) judge(t *testing.T, y tally) {
	if y.lost > 0 || y.over > sc.slack || sc.ratio > 0 && y.ratio > sc.ratio ||
		sc.mean > 0 && y.plays >= 20 && y.mean() > sc.mean ||
		sc.seconds > 0 && y.seconds > sc.seconds {
		t.Errorf(
			"%s: want no call lost, at most %v x the minimum (mean %v), %v s (0 is no bound); %d rejections too many",
			sc.name,
			sc.ratio,
			sc.mean,
			sc.seconds,
			y.over,
		)
	}
}

// TestScenarioUnusual goes where the table does not: other quotas, servers with odd habits, wrong
// memories. No call may be lost.
func TestScenarioUnusual(t *testing.T) {
	constant := func(quota int) func(time.Duration) int { return func(time.Duration) int { return quota } }
	halved := during(40*time.Second, 160*time.Second, 90, 180)
	for _, tc := range []struct {
		name    string
		load    workload
		rules   rules
		pacer   PacerConfig
		seconds float64
		limit   int
	}{
		{"quota of 1", workload{calls: 4, goroutines: 4}, rules{quota: constant(1)}, PacerConfig{}, 95, 6},
		{
			"quota of 5, 300 goroutines", workload{calls: 17, goroutines: 300}, rules{quota: constant(5)},
			PacerConfig{}, 95, 25,
		},
		{"quota of 60, 8 goroutines", workload{calls: 201, goroutines: 8}, rules{quota: constant(60)}, PacerConfig{}, 97, 12},
		{"quota of 3000", workload{calls: 10001, goroutines: 300}, rules{quota: constant(3000)}, PacerConfig{}, 105, 15},
		{"a load that fits", workload{calls: 600, rate: 5}, rules{}, PacerConfig{}, 120.2, 0},
		{"Retry-After: 0", closedLoop, rules{retryAfter: always("0")}, PacerConfig{}, 95, 20},
		{"Retry-After: 1, whatever the window says", closedLoop, rules{retryAfter: always("1")}, PacerConfig{}, 100, 80},
		{
			"Retry-After: 1, rejected calls count", closedLoop,
			rules{retryAfter: always("1"), countRejected: true}, PacerConfig{}, 100, 160,
		},
		{"none, rejected calls count", openLoop, rules{retryAfter: always(""), countRejected: true}, PacerConfig{}, 98, 10},
		{
			"halved, Retry-After always 30", workload{calls: 1500, goroutines: 50},
			rules{quota: halved, retryAfter: always("30")}, PacerConfig{}, 340, 40,
		},
		{
			"halved, no Retry-After", workload{calls: 1500, goroutines: 50},
			rules{quota: halved, retryAfter: always("")}, PacerConfig{}, 330, 45,
		},
		{
			"down to a tenth", workload{calls: 700, goroutines: 50},
			rules{quota: during(40*time.Second, 160*time.Second, 18, 180)}, PacerConfig{}, 225, 45,
		},
		{
			"doubles", workload{calls: 1500, goroutines: 50},
			rules{quota: during(0, 40*time.Second, 180, 360)}, PacerConfig{}, 175, 25,
		},
		{"remembered right", closedLoop, rules{}, PacerConfig{Quota: 180}, 94, 3},
		{"remembered too large", closedLoop, rules{}, PacerConfig{Quota: 300}, 96, 25},
		{"remembered too small", closedLoop, rules{}, PacerConfig{Quota: 60}, 97, 10},
		{
			"the same, after a restart", closedLoop, rules{used: usedBefore(175, 10*time.Second)},
			PacerConfig{Quota: 180}, 125, 70,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				got := play(
					t,
					newWindowServer(1, tc.rules),
					[]workload{tc.load},
					func(seed uint64) transport.Middleware { return paced(seededPacer(seed, tc.pacer)) },
				)
				t.Logf("%.2f s, %d rejected, %d lost", got.took.Seconds(), got.rejected, got.lost)
				if got.took.Seconds() > tc.seconds || got.rejected > tc.limit || got.lost > 0 {
					t.Errorf("want at most %.2f s, %d rejections and no call lost: %v", tc.seconds, tc.limit, got.errs)
				}
			})
		})
	}
}

// A call that is refused because its wait would be too long could not have gone much earlier:
// beside each refused call, another one waits without a bound.
func TestScenarioRefusalsAreRight(t *testing.T) {
	seeds := uint64(max(*scenarioSeeds, 2))
	refused, wrong := 0, 0
	for _, r := range []rules{
		{}, {retryAfter: always("30")}, {retryAfter: always("")}, {used: usedBefore(175, 0)}, {used: usedBefore(170, -1)},
		{quota: during(40*time.Second, 160*time.Second, 90, 180)}, strangersOf(20)(rand.New(rand.NewPCG(1, 3))),
	} {
		for seed := range seeds {
			synctest.Test(t, func(t *testing.T) {
				chain := paced(NewPacer(PacerConfig{MaxWait: -1}))(newWindowServer(seed, r))
				var mu sync.Mutex
				var all sync.WaitGroup
				for i := range 900 {
					maxWait := []time.Duration{time.Second, 10 * time.Second, 40 * time.Second, 80 * time.Second}[i%4]
					all.Go(func() {
						_, err := get(t, chain, transport.Call{MaxWait: maxWait})
						limit, ok := errors.AsType[*LimitError](err)
						if !ok {
							return
						}
						start := time.Now()
						_, _ = get(t, chain, transport.Call{})
						mu.Lock()
						defer mu.Unlock()
						if refused++; time.Since(start) < limit.Wait-simWindow {
							wrong++
						}
					})
					time.Sleep(50 * time.Millisecond)
				}
				all.Wait()
			})
		}
	}
	t.Logf("%d calls refused, %d of them wrongly", refused, wrong)
	if refused == 0 || wrong > 0 {
		t.Error("want some refused, and none wrongly")
	}
}

// A slot that is free in 20 minutes is refused with that moment.
func TestRefusalNamesAFarMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		chain := RateLimit(NewPacer(PacerConfig{Quota: 1, Window: 20 * time.Minute}))(newWindowServer(1, rules{}))
		_, _ = get(t, chain, transport.Call{})
		freed := time.Now().Add(20 * time.Minute)
		_, err := get(t, chain, transport.Call{})
		if limit, ok := errors.AsType[*LimitError](err); !ok || limit.Until.Sub(freed).Abs() > time.Millisecond ||
			time.Since(start) > time.Second {
			t.Errorf("%v, want the moment %v", err, freed)
		}
	})
}
