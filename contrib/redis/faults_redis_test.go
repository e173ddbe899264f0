//go:build redis

package spotifyredis

import (
	"testing"
	"time"
)

// moments of a run at which a fault begins: while the first calls go, while all wait for slots,
// just before the slots are free, while the next calls go, and while all wait again.
var moments = []time.Duration{
	30 * time.Millisecond,
	1500 * time.Millisecond,
	2970 * time.Millisecond,
	3050 * time.Millisecond,
	5 * time.Second,
}

// fault is something that happens to Redis in a run.
type fault struct {
	name       string
	lasts      time.Duration
	most       int // 429s from its beginning to two windows after its end
	begin, end func(*redisServer, *proxy)
}

func TestFaultsRedis(t *testing.T) {
	for _, f := range []fault{
		{name: "stopped for 2 s", lasts: 2 * time.Second, most: 5,
			begin: func(s *redisServer, _ *proxy) { s.pause() }, end: func(s *redisServer, _ *proxy) { s.resume() }},
		{name: "slowed by 100 ms for 4 s", lasts: 4 * time.Second, most: 5,
			begin: func(_ *redisServer, p *proxy) { p.delay.Store(int64(100 * time.Millisecond)) },
			end:   func(_ *redisServer, p *proxy) { p.delay.Store(0) }},
		{name: "restarted empty at once", most: 5,
			begin: func(s *redisServer, _ *proxy) { s.kill(); s.start() }, end: func(*redisServer, *proxy) {}},
		{name: "killed, back empty after 2 s", lasts: 2 * time.Second, most: 10,
			begin: func(s *redisServer, _ *proxy) { s.kill() }, end: func(s *redisServer, _ *proxy) { s.start() }},
	} {
		t.Run(f.name, func(t *testing.T) {
			for i, moment := range moments {
				t.Run(moment.String(), func(t *testing.T) {
					t.Parallel()
					stagger(i)
					f.run(t, moment)
				})
			}
		})
	}
}

// stagger keeps runs that go side by side out of step, so that not all send in the same moments.
func stagger(i int) { time.Sleep(time.Duration(i) * loadWindow / 5) }

func (f fault) run(t *testing.T, moment time.Duration) {
	s := startRedis(t)
	p := newProxy(t, s.addr)
	var began, ended time.Time
	r := load{
		each: work{Redis: []string{p.addr}, Account: "a", Quota: loadQuota, Calls: 115, Processes: 8},
		during: func(run *processes) {
			run.at(moment)
			began = time.Now()
			f.begin(s, p)
			run.at(moment + f.lasts)
			f.end(s, p)
			ended = time.Now()
		},
	}.run(t)
	rejected := rejections(r.log, began, ended.Add(2*loadWindow))
	var alone, last time.Duration // how long processes went on without Redis, and when the last was back
	degraded, hiccups := 0, 0
	for i, w := range r.results {
		if len(w.Degraded) > 0 {
			degraded++
		}
		if n := len(w.Degraded); n%2 != 0 {
			if w.Ended.Sub(w.Degraded[n-1]) > 2*time.Second+f.lasts {
				t.Errorf("process %d was never back", i)
			}
			w.Degraded = w.Degraded[:n-1]
		}
		for j := 1; j < len(w.Degraded); j += 2 {
			alone += w.Degraded[j].Sub(w.Degraded[j-1])
			if w.Degraded[j-1].Before(ended) || f.lasts == 0 && w.Degraded[j-1].Before(ended.Add(2*time.Second)) {
				last = max(last, w.Degraded[j].Sub(ended))
			} else {
				hiccups++
			}
		}
	}
	t.Logf(
		"%v; 429s from the fault to two windows after it: %d; %d processes without Redis for %.1f s in "+
			"all, shared again after %.2f s; %d times later%s",
		r,
		rejected,
		degraded,
		alone.Seconds(),
		last.Seconds(),
		hiccups,
		events(r.log),
	)
	if r.failed > 0 {
		t.Errorf("%d calls failed, want 0", r.failed)
	}
	if rejected > f.most {
		t.Errorf("%d 429s, want at most %d", rejected, f.most)
	}
	if last > 2*time.Second {
		t.Errorf("shared again after %v, want at most 2s", last)
	}
}
