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
	t.Parallel()
	for i, f := range []fault{
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
			t.Parallel()
			for j, moment := range moments {
				t.Run(moment.String(), func(t *testing.T) {
					t.Parallel()
					stagger(i + j)
					f.run(t, moment)
				})
			}
		})
	}
}

// stagger keeps runs that go side by side out of step, so that not all send in the same moments.
func stagger(i int) { time.Sleep(time.Duration(i%5) * loadWindow / 5) }

func (f fault) run(t *testing.T, moment time.Duration) {
	s := startRedis(t)
	p := newProxy(t, s.addr)
	each := shared(s)
	each.Redis, each.Calls, each.Timeout = []string{p.addr}, 115, 0
	var began, ended time.Time
	r := load{each: each, during: func(run *processes) {
		run.at(moment)
		began = time.Now()
		f.begin(s, p)
		run.at(moment + f.lasts)
		f.end(s, p)
		ended = time.Now()
	}}.run(t)
	rejected := rejections(r.log, began, ended.Add(2*loadWindow))
	alone, back, hiccups := f.degraded(t, r, began, ended)
	t.Logf("%v; %d 429s from the fault to two windows after it; %d processes without Redis, shared again after %.2f s; "+
		"%d times without Redis at other times%s", r, rejected, alone, back.Seconds(), hiccups, events(r.log))
	if r.failed > 0 {
		t.Errorf("%d calls failed, want 0", r.failed)
	}
	// A busy machine may keep a process from Redis for 50 ms at any time.
	if most := f.most + hiccups*loadQuota/8; rejected > most {
		t.Errorf("%d 429s, want at most %d", rejected, most)
	}
	if back > 2*time.Second {
		t.Errorf("shared again after %v, want at most 2s", back)
	}
}

// degraded returns how many processes went on without Redis because of the fault, how long after
// its end the last of them was back, and how often processes went on without Redis at other times.
func (f fault) degraded(
	t *testing.T, r loadResult, began, ended time.Time,
) (alone int, back time.Duration, hiccups int) {
	for i, w := range r.results {
		caused := false
		for j := 0; j < len(w.Degraded); j += 2 {
			if at := w.Degraded[j]; at.Before(began) || at.After(ended.Add(100*time.Millisecond)) {
				hiccups++
				continue
			}
			caused = true
			if j+1 < len(w.Degraded) {
				back = max(back, w.Degraded[j+1].Sub(ended))
			} else if w.Ended.Sub(ended) > 2*time.Second {
				t.Errorf("process %d was never back", i)
			}
		}
		if caused {
			alone++
		}
	}
	return alone, back, hiccups
}
