package middleware

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// rejecting is a server that lets the first calls pass, and rejects all others.
func rejecting(passes int, after string, sent *int) http.RoundTripper {
	var header []string
	if after != "" {
		header = []string{"Retry-After", after}
	}
	return respond(func(*http.Request) (int, string) {
		if *sent++; *sent <= passes {
			return http.StatusOK, ""
		}
		return tooManyRequests, ""
	}, header...)
}

// A rejection counts against MaxRetries where the server stated a pause shorter than a window, the
// pause was kept, and nothing has passed in a window: another pause would not help. It does not
// count where the pause is as long as a window, where none was stated, or while calls that passed
// in the window may be the reason.
func TestRejectionsThatCountAgainstMaxRetries(t *testing.T) {
	for _, tc := range []struct {
		name        string
		passes      int
		after       string
		least, most int           // attempts of the call that is rejected
		from, to    time.Duration // how long it takes
	}{
		{"short pauses, nothing passed", 0, "1", 4, 4, 3 * time.Second, 6 * time.Second},
		{"pauses of 29 s, nothing passed", 0, "29", 4, 4, 87 * time.Second, 100 * time.Second},
		{"short pauses, a call passed before", 1, "1", 10, 60, 30 * time.Second, 45 * time.Second},
		{"pauses of a window, nothing passed", 0, "30", 17, 21, 480 * time.Second, 600 * time.Second},
		{"no pause stated, nothing passed", 0, "", 20, 60, 480 * time.Second, 600 * time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sent := 0
				chain := paced(seededPacer(1, PacerConfig{}))(rejecting(tc.passes, tc.after, &sent))
				for range tc.passes {
					if status, err := get(t, chain, transport.Call{}); err != nil || status != http.StatusOK {
						t.Fatal(status, err)
					}
				}
				start := time.Now()
				status, err := get(t, chain, transport.Call{})
				took, attempts := time.Since(start), sent-tc.passes
				if err != nil || status != tooManyRequests {
					t.Errorf("%d, %v, want the 429", status, err)
				}
				if attempts < tc.least || attempts > tc.most || took < tc.from || took > tc.to {
					t.Errorf("%d attempts in %v, want %d to %d in %v to %v", attempts, took, tc.least, tc.most, tc.from, tc.to)
				}
			})
		})
	}
}

// For 16 windows without a success the limiter takes the blame, also for a call that was the first
// one after a pause; after that the next rejections count.
func TestLearningLastsSixteenWindows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pacer := seededPacer(1, PacerConfig{})
		start := time.Now()
		reject := func() bool {
			permit, err := pacer.Acquire(t.Context(), LimitRequest{Rejected: true})
			if err != nil {
				t.Fatal(err)
			}
			permit.Done(Outcome{Status: tooManyRequests, RetryAfter: 30 * time.Second})
			return permit.(interface{ Excused() bool }).Excused()
		}
		const sixteen = 16 * 30 * time.Second
		for range 40 {
			excused := reject()
			if since := time.Since(start); excused != (since < sixteen) {
				t.Fatalf("excused is %v after %v without a success, want it for %v", excused, since, sixteen)
			}
		}
		permit, err := pacer.Acquire(t.Context(), LimitRequest{})
		if err != nil {
			t.Fatal(err)
		}
		permit.Done(Outcome{Status: http.StatusOK})
		time.Sleep(31 * time.Second)
		if reject(); !reject() {
			t.Error("a call has passed a minute ago, want the limiter to take the blame again")
		}
	})
}

// A quota that was learned as two more than it is costs a few rejections, not one at every turn of
// the window, although a 429 without Retry-After does not say whose calls used it up.
func TestQuotaTooLargeIsCorrectedWithoutRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pacer := seededPacer(1, PacerConfig{Quota: simQuota + 2})
		got := play(
			t,
			newWindowServer(1, rules{retryAfter: always("")}),
			[]workload{closedLoop},
			func(uint64) transport.Middleware { return paced(pacer) },
		)
		if quota := pacer.Stats("").Quota; got.rejected > 4 || got.lost > 0 || quota > simQuota+1 {
			t.Errorf("%d rejected, %d lost, quota %d: want at most 4, none and %d", got.rejected, got.lost, quota, simQuota)
		}
	})
}

// oneRejected is a server that rejects every call of operation x while dead, and others by a
// window's limit.
type oneRejected struct {
	*windowServer
	after string
	dead  atomic.Bool
	sent  atomic.Int64 // calls of x
}

func (s *oneRejected) RoundTrip(req *http.Request) (*http.Response, error) {
	if transport.CallFrom(req.Context()).Operation != "x" || !s.dead.Load() {
		return s.windowServer.RoundTrip(req)
	}
	s.sent.Add(1)
	if err := transport.Sleep(req.Context(), 100*time.Millisecond); err != nil {
		return nil, err
	}
	header := http.Header{}
	if s.after != "" {
		header.Set("Retry-After", s.after)
	}
	return &http.Response{StatusCode: tooManyRequests, Header: header, Body: http.NoBody, Request: req}, nil
}

// An operation that the server rejects for ever ends in its 429, and does not hold the others: they
// get the whole quota after a few pauses, and none of them is lost. Once the server lets the
// operation pass again, it passes.
func TestRejectedOperationDoesNotHoldTheOthers(t *testing.T) {
	for _, tc := range []struct {
		after       string
		least, most time.Duration // until three calls of x have given up
		waited      time.Duration // the slowest other call, at most
	}{
		{"1", 40 * time.Second, 90 * time.Second, 20 * time.Second},
		{"30", 2 * time.Minute, 13 * time.Minute, 5 * time.Minute},
		{"", 2 * time.Minute, 8 * time.Minute, 20 * time.Second},
	} {
		t.Run("Retry-After="+tc.after, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := &oneRejected{windowServer: newWindowServer(1, rules{retryAfter: always(tc.after)}), after: tc.after}
				server.dead.Store(true)
				pacer := seededPacer(1, PacerConfig{})
				chain := paced(pacer)(server)
				start := time.Now()
				var wg sync.WaitGroup
				var passed, lost atomic.Int64
				var mu sync.Mutex
				var slowest time.Duration
				for n := range 4800 { // 20 minutes, at two thirds of the quota
					wg.Go(func() {
						time.Sleep(time.Duration(n) * 250 * time.Millisecond)
						sent := time.Now()
						if status, err := get(t, chain, transport.Call{Operation: "y"}); err != nil || status != http.StatusOK {
							lost.Add(1)
							return
						}
						passed.Add(1)
						mu.Lock()
						defer mu.Unlock()
						slowest = max(slowest, time.Since(sent))
					})
				}
				var x sync.WaitGroup
				for range 3 {
					x.Go(func() {
						time.Sleep(time.Minute)
						if status, err := get(t, chain, transport.Call{Operation: "x"}); err != nil || status != tooManyRequests {
							t.Errorf("x: %d, %v, want its 429", status, err)
						}
					})
				}
				x.Wait()
				if took := time.Since(start) - time.Minute; took < tc.least || took > tc.most {
					t.Errorf("x gave up after %v and %d attempts, want %v to %v", took, server.sent.Load(), tc.least, tc.most)
				}
				server.dead.Store(false)
				if status, err := get(t, chain, transport.Call{Operation: "x"}); err != nil || status != http.StatusOK {
					t.Errorf("x: %d, %v, want it to pass now", status, err)
				}
				wg.Wait()
				if lost.Load() > 0 || slowest > tc.waited {
					t.Errorf(
						"%d others passed, %d were lost, one took %v: want none lost and %v at most",
						passed.Load(),
						lost.Load(),
						slowest,
						tc.waited,
					)
				}
				key := LimitRequest{Operation: "x"}
				if own := pacer.separate(key, time.Now()); own == nil || own.window.length != simWindow {
					t.Error("x has no bucket of its own")
				}
				time.Sleep(separateFor + time.Minute)
				if pacer.separate(key, time.Now()) != nil {
					t.Error("x has its own bucket after an hour without a call")
				}
			})
		})
	}
}

// Strikes are counted in a row: a call of the operation that passes ends them.
func TestStrikesEndWithASuccess(t *testing.T) {
	var s suspicion
	for _, step := range []struct {
		operation string
		passed    bool
		strikes   int // of x
	}{
		{"x", false, 0}, {"y", true, 1}, {"y", true, 1},
		{"x", false, 1}, {"y", false, 1}, {"z", true, 1}, // y is the suspect then
		{"x", false, 1}, {"z", true, 2},
		{"x", false, 2}, {"x", true, 0},
		{"x", false, 0}, {"y", true, 1},
	} {
		if step.passed {
			s.passed(step.operation)
		} else {
			s.rejected(step.operation)
		}
		if s.strikes["x"] != step.strikes {
			t.Fatalf("%+v: %d strikes", step, s.strikes["x"])
		}
	}
}

// Where all operations share the limit, none gets a bucket of its own.
func TestOperationsThatShareALimitStayTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pacer := seededPacer(1, PacerConfig{})
		load := workload{calls: 1200, goroutines: 50, operations: 7}
		got := play(
			t,
			newWindowServer(1, rules{used: usedBefore(175, 0)}),
			[]workload{load},
			func(uint64) transport.Middleware { return paced(pacer) },
		)
		if got.lost > 0 || len(pacer.separated) > 0 {
			t.Errorf("%d lost, %d operations have a bucket of their own, want none", got.lost, len(pacer.separated))
		}
	})
}
