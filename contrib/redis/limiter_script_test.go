package spotifyredis

import (
	"encoding/binary"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-2147f1a9/spotify/middleware"
)

// scripted is a process as limiter.lua knows it: a test says what the process reports.
type scripted struct {
	t    *testing.T
	rdb  redis.Scripter
	keys []string
	next report
}

func newScripted(t *testing.T, rdb redis.Scripter, id string, quota int) *scripted {
	name := "spotify:{" + t.Name() + "}:limit:"
	return &scripted{
		t: t, rdb: rdb, keys: []string{name, name + ":window", name + ":processes", name + ":lapses", name + "closed"},
		next: report{ID: id, Window: 30_000, Processes: 1, Expected: 1, Quota: quota, Keep: 60_000},
	}
}

// ends reports, with the next request, that n calls ended now, and that the first passed of them
// were let through.
func (s *scripted) ends(n, passed int) {
	s.next.Seq++
	s.next.InFlight -= n
	s.next.Ended = append(s.next.Ended, [5]float64{0, float64(n), float64(passed), float64(s.next.Seq)})
	s.next.Passed = append(s.next.Passed, [2]int64{s.next.Gen, int64(passed)})
	for range n - passed {
		s.next.Rejected = append(s.next.Rejected, [3]float64{0, 1000, float64(s.next.Gen)})
	}
}

// asks sends the report, and returns how many of the n calls that wait got a permit.
func (s *scripted) asks(n int) int {
	s.t.Helper()
	r := s.next
	r.Call++
	r.Want = [3]int{0, n, 0}
	r.Ended, r.Passed, r.Rejected = append([][5]float64{}, r.Ended...), append([][2]int64{}, r.Passed...),
		append([][3]float64{}, r.Rejected...)
	reply, err := runLimiter(s.t.Context(), s.rdb, s.keys, r)
	if err != nil || reply.status != merged {
		s.t.Fatalf("status %d: %v", reply.status, err)
	}
	granted := 0
	for _, g := range reply.granted {
		granted += g.n
	}
	s.next = report{
		ID: r.ID, Merged: true, Call: r.Call, Window: r.Window, Processes: reply.processes, Expected: 1, Keep: r.Keep,
		Seq:      r.Seq,
		InFlight: r.InFlight + granted, Used: r.Used + granted, Acked: reply.acked, Known: reply.used + reply.inFlight,
		Quota: reply.quota, Gen: reply.gen,
	}
	return granted
}

// due makes the next test of the quota due.
func (s *scripted) due(rdb redis.UniversalClient) {
	s.t.Helper()
	if err := rdb.HSet(s.t.Context(), s.keys[0], "nexttest", 0).Err(); err != nil {
		s.t.Fatal(err)
	}
}

func want(t *testing.T, what string, got, want int) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %d, want %d", what, got, want)
	}
}

// A call beyond the quota tests whether it has grown, once the calls of the window have ended:
// while they are in flight, its outcome tells nothing. More than the quota in one window shows that
// it has grown, and a rejection that it has not.
func TestScriptTestsTheQuota(t *testing.T) {
	s := startRedis(t)
	rdb := s.connect(t)
	a, b := newScripted(t, rdb, "a", 100), newScripted(t, rdb, "b", 100)
	want(t, "permits for a", a.asks(60), 60)
	want(t, "permits for b", b.asks(40), 40)
	a.due(rdb)
	want(t, "tests while all calls are in flight", a.asks(9), 0)
	b.ends(40, 40)
	want(t, "tests while 60 calls are in flight", b.asks(9), 0)
	a.ends(60, 60)
	want(t, "tests of a full window", a.asks(9), 1)
	want(t, "tests beside another", b.asks(9), 0)
	a.ends(1, 1)
	want(t, "tests after one that passed", a.asks(9), 2)
	want(t, "quota", a.next.Quota, 101)
	a.ends(2, 1)
	want(t, "permits after a rejection", a.asks(9), 0)
	want(t, "quota", a.next.Quota, 102)
}

// A test that passes because calls that were granted before it are still in flight is no reason for
// a larger one.
func TestScriptTestWithCallsInFlight(t *testing.T) {
	s := startRedis(t)
	rdb := s.connect(t)
	a := newScripted(t, rdb, "a", 100)
	want(t, "permits", a.asks(100), 100)
	a.due(rdb)
	a.ends(92, 92)
	want(t, "tests while 8 calls are in flight", a.asks(9), 1)
	a.ends(1, 1)
	want(t, "tests after it", a.asks(9), 0)
	a.ends(8, 7) // the test had the last one's slot
	want(t, "permits after a rejection", a.asks(9), 0)
	want(t, "quota", a.next.Quota, 100)
}

// The time between tests doubles with each one that is rejected, up to 16 windows.
func TestScriptHoldsTestsOff(t *testing.T) {
	s := startRedis(t)
	rdb := s.connect(t)
	const window = 30_000
	for before, after := range map[int]int{1: 2, 2: 4, 4: 8, 8: 16, 16: 16} {
		t.Run(strconv.Itoa(before), func(t *testing.T) {
			a := newScripted(t, rdb, "a", 100)
			want(t, "permits", a.asks(100), 100)
			a.ends(100, 100)
			err := rdb.HSet(t.Context(), a.keys[0], "hold", before*window, "nexttest", 0).Err()
			if err != nil {
				t.Fatal(err)
			}
			want(t, "tests", a.asks(9), 1)
			a.ends(1, 0)
			want(t, "permits after a rejection", a.asks(9), 0)
			hold, err := rdb.HGet(t.Context(), a.keys[0], "hold").Int()
			if err != nil {
				t.Fatal(err)
			}
			want(t, "milliseconds to the next test", hold, after*window)
		})
	}
}

// Rejections of calls that were granted before the last one was reported are the same event. The
// quota becomes the number of calls of the window that passed, 48 and 45 here.
func TestScriptRejectionsAreOneEvent(t *testing.T) {
	s := startRedis(t)
	rdb := s.connect(t)
	a, b := newScripted(t, rdb, "a", 100), newScripted(t, rdb, "b", 100)
	want(t, "permits for a", a.asks(50), 50)
	want(t, "permits for b", b.asks(50), 50)
	a.ends(50, 48)
	a.asks(0)
	want(t, "events after two rejections", int(a.next.Gen), 1)
	b.ends(50, 45)
	b.asks(0)
	want(t, "events after those of the other process", int(b.next.Gen), 1)
	want(t, "quota", b.next.Quota, 93)
}

// When Redis has lost its data, the slots that no process has reported yet stay taken.
func TestFaultsScriptLostData(t *testing.T) {
	s := startRedis(t)
	rdb := s.connect(t)
	a, b := newScripted(t, rdb, "a", 100), newScripted(t, rdb, "b", 100)
	want(t, "permits for a", a.asks(10), 10)
	want(t, "permits for b", b.asks(90), 90)
	a.ends(10, 10)
	b.ends(90, 90)
	a.asks(0)
	b.asks(0)
	a.asks(0)
	ended := map[*scripted][][5]float64{
		a: {{0, 10, 10, float64(a.next.Seq)}}, b: {{0, 90, 90, float64(b.next.Seq)}},
	}
	if err := rdb.FlushAll(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	a.next.Full, a.next.Ended = true, ended[a]
	want(t, "permits for the first", a.asks(50), 0)
	time.Sleep(1100 * time.Millisecond) // no process gets permits for a thirtieth of a window
	want(t, "permits for the first, a moment later", a.asks(50), 0)
	b.next.Full, b.next.Ended = true, ended[b]
	want(t, "permits for the other", b.asks(50), 0)
}

// It does not matter whether the calls had ended.
func TestFaultsScriptLostDataOfCallsInFlight(t *testing.T) {
	s := startRedis(t)
	rdb := s.connect(t)
	a, b := newScripted(t, rdb, "a", 100), newScripted(t, rdb, "b", 100)
	want(t, "permits for a", a.asks(10), 10)
	want(t, "permits for b", b.asks(90), 90)
	want(t, "more permits for a", a.asks(1), 0)
	if err := rdb.FlushAll(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	want(t, "permits for the first", a.asks(50), 0)
	time.Sleep(1100 * time.Millisecond) // no process gets permits for a thirtieth of a window
	want(t, "permits for the first, a moment later", a.asks(50), 0)
	want(t, "permits for the other", b.asks(50), 0)
}

// A process asks again when the time that Redis has stated is over, not with each report.
func TestShareCountsHowOftenItAsksAgain(t *testing.T) {
	l, err := NewLimiter(redis.NewClient(&redis.Options{}), LimiterConfig{Account: "a"})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	b := l.share("", now)
	refused := reply{why: whyFair, wait: time.Minute}
	b.merge(now, b.report(now), refused)
	want(t, "refused once", b.again, 1)
	b.merge(now, b.report(now), refused)
	want(t, "reported meanwhile", b.again, 1)
	now = now.Add(time.Minute)
	b.merge(now, b.report(now), refused)
	want(t, "refused again", b.again, 2)
	b.merge(now, b.report(now), reply{why: whyFair, wait: -1})
	want(t, "granted before the time was over", b.again, 2)
}

// A Retry-After that comes while a report is on its way closes the gate although the reply does not
// know it.
func TestShareKeepsAGateThatRedisDoesNotKnow(t *testing.T) {
	l, err := NewLimiter(redis.NewClient(&redis.Options{}), LimiterConfig{Account: "a"})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	b := l.share("", now)
	r := b.report(now)
	b.running = true
	b.reject(now, &permit{share: b}, time.Minute)
	b.merge(now, r, reply{wait: -1, granted: []grant{{0, 5}}})
	if p, at := b.admit(now, middleware.LimitRequest{}, false); p != nil || !at.Equal(now.Add(time.Minute)) {
		t.Errorf("a permit %v, or at %v: want none for a minute", p, at)
	}
}

// A quota that grows is found by all processes.
func TestLimitersFindALargerQuota(t *testing.T) {
	a, b := pair(t, startRedis(t), LimiterConfig{Window: 500 * time.Millisecond})
	server := &spotifyServer{quota: 40, window: 500 * time.Millisecond, latency: 5 * time.Millisecond}
	var all sync.WaitGroup
	done := make(chan struct{})
	for _, l := range []*Limiter{a, b} {
		client := &http.Client{Transport: middleware.Retry(middleware.RetryConfig{})(middleware.RateLimit(l)(server))}
		for range 30 {
			all.Go(func() {
				for {
					select {
					case <-done:
						return
					default:
					}
					if resp, err := client.Get("http://127.0.0.1/v1/tracks/1"); err == nil {
						_ = resp.Body.Close()
					}
				}
			})
		}
	}
	learned := func(least, most int) bool {
		for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
			if n, m := a.Stats("").Quota, b.Stats("").Quota; min(n, m) >= least && max(n, m) <= most {
				return true
			}
		}
		return false
	}
	if !learned(30, 42) {
		t.Errorf("the quota is 40, they know %d and %d", a.Stats("").Quota, b.Stats("").Quota)
	}
	began := time.Now()
	server.allow(60)
	if !learned(50, 62) {
		t.Errorf("the quota is 60, they know %d and %d", a.Stats("").Quota, b.Stats("").Quota)
	}
	_, rejected := server.counts()
	t.Logf("the larger quota was found after %v; %d 429s", time.Since(began), rejected)
	close(done)
	all.Wait()
}

// Calls whose responses came late passed in an earlier window of the server: they do not show that
// more than the quota pass in one.
func TestScriptCountsCallsSinceTheirGrant(t *testing.T) {
	s := startRedis(t)
	rdb := s.connect(t)
	a := newScripted(t, rdb, "a", 100)
	want(t, "permits", a.asks(100), 100)
	a.ends(100, 100)
	a.next.Ended[0][4] = 29_900
	a.due(rdb)
	want(t, "tests", a.asks(9), 1)
	time.Sleep(300 * time.Millisecond) // a window after the grants
	a.ends(1, 1)
	want(t, "tests after it", a.asks(9), 0)
	want(t, "quota", a.next.Quota, 100)
}

// The window's ring has the slots that the state counts, also when no report came for a while and
// cells that have expired are used again.
func TestScriptRingCountsEverySlot(t *testing.T) {
	s := startRedis(t)
	rdb := s.connect(t)
	a := newScripted(t, rdb, "a", 1000)
	a.next.Window = 2000
	a.asks(0)
	for round := range 3 {
		if round == 0 {
			for age := range 195 { // a slot in each cell of the window
				a.ends(1, 1)
				a.next.Ended[age][0], a.next.Ended[age][4] = float64(10*age), float64(10*age)
			}
			a.next.InFlight = 0
		} else {
			a.ends(10, 10)
			a.next.InFlight = 0
		}
		a.asks(0)
		ring, err := rdb.Get(t.Context(), a.keys[1]).Bytes()
		if err != nil {
			t.Fatal(err)
		}
		used, _ := rdb.HGet(t.Context(), a.keys[0], "used").Int()
		inRing := 0
		for ; len(ring) >= 8; ring = ring[8:] {
			inRing += int(binary.LittleEndian.Uint32(ring))
		}
		want(t, "slots in the ring", inRing, used)
		time.Sleep(150 * time.Millisecond)
	}
}
