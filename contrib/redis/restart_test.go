package spotifyredis

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/transport"
)

// outside runs updates of UsageStores outside a synctest bubble, where Redis is. The bubble's time
// stands still meanwhile.
type outside struct {
	mu   sync.Mutex
	run  chan func()
	done chan struct{}
}

func newOutside(t *testing.T) *outside {
	o := &outside{run: make(chan func()), done: make(chan struct{})}
	go func() {
		for f := range o.run {
			f()
			o.done <- struct{}{}
		}
	}()
	t.Cleanup(func() { close(o.run) })
	return o
}

// usageInBubble is a UsageStore for a bubble: Redis has the bubble's time.
type usageInBubble struct {
	outside *outside
	store   *UsageStore
}

func (u usageInBubble) Update(
	_ context.Context, delta middleware.UsageRecord, since time.Time,
) (record middleware.UsageRecord, err error) {
	u.outside.mu.Lock()
	defer u.outside.mu.Unlock()
	now := time.Now()
	u.outside.run <- func() {
		u.store.now = func() time.Time { return now }
		u.store.clock = func(context.Context) (time.Time, error) { return now, nil }
		record, err = u.store.Update(context.Background(), delta, since)
	}
	<-u.outside.done
	return record, err
}

// restart is a run of a program, and of the next one.
type restart struct {
	free    int           // slots of the window that the first program leaves free
	age     time.Duration // of its burst when the next one starts; negative: its calls are spread over a window
	learned bool          // the first program has learned the quota: it has met it before
}

func (r restart) String() string {
	calls := fmt.Sprintf("%d calls %v ago", loadQuota-r.free, r.age)
	if r.age < 0 {
		calls = fmt.Sprintf("%d calls in 30s", loadQuota-r.free)
	}
	if r.learned {
		return calls + ", quota learned"
	}
	return calls
}

// play returns the time that the next program takes for 600 calls from 64 goroutines, that of a
// client which knows the server's log, and the number of 429s.
func (r restart) play(t *testing.T, usage middleware.UsageStore) (took, minimum time.Duration, rejected int) {
	const calls, window = 600, 30 * time.Second
	server := &spotifyServer{quota: loadQuota, window: window, latency: 100 * time.Millisecond}
	program := func(store middleware.UsageStore, calls, goroutines int, pause time.Duration) {
		pacer := middleware.NewPacer(middleware.PacerConfig{Usage: store})
		client := &http.Client{Transport: transport.Chain(
			server, middleware.Retry(middleware.RetryConfig{}), middleware.RateLimit(pacer),
		)}
		var left atomic.Int64
		left.Store(int64(calls))
		var all sync.WaitGroup
		for range goroutines {
			all.Go(func() {
				for left.Add(-1) >= 0 {
					resp, err := client.Get("http://127.0.0.1/v1/tracks/1")
					if err != nil || resp.StatusCode != http.StatusOK {
						t.Errorf("%v: a call failed: %v %v", r, resp, err)
						continue
					}
					_ = resp.Body.Close()
					time.Sleep(pause)
				}
			})
		}
		all.Wait()
		if err := pacer.Flush(context.Background()); err != nil {
			t.Error(err)
		}
	}
	if r.learned {
		program(usage, loadQuota+20, 64, 0)
		time.Sleep(window)
	}
	if r.age < 0 {
		program(usage, loadQuota-r.free, 1, window/loadQuota-server.latency)
	} else {
		program(usage, loadQuota-r.free, 64, 0)
		time.Sleep(r.age)
	}
	_, before := server.counts()
	minimum = server.fastest(calls)
	began := time.Now()
	program(usage, calls, 64, 0)
	_, after := server.counts()
	return time.Since(began), minimum, after - before
}

// A program that starts again knows what the one before it has spent, by its counts in Redis.
// Beside it is a program that does not.
func TestProofRestart(t *testing.T) {
	s := startRedis(t)
	o := newOutside(t)
	rdb := s.connect(t)
	for _, learned := range []bool{true, false} {
		for _, age := range []time.Duration{0, time.Second, 10 * time.Second, 25 * time.Second, -1} {
			worst, worstFactor, alone := 0, 0.0, 0
			for _, free := range []int{0, 1, 2, 3, 5, 10, 20} {
				r := restart{free, age, learned}
				store, err := NewUsageStore(rdb, UsageStoreConfig{Account: fmt.Sprint(r)})
				if err != nil {
					t.Fatal(err)
				}
				synctest.Test(t, func(t *testing.T) {
					took, minimum, rejected := r.play(t, usageInBubble{o, store})
					worst, worstFactor = max(worst, rejected), max(worstFactor, took.Seconds()/minimum.Seconds())
					if rejected > 5 {
						t.Errorf("%v: %d 429s, want at most 5", r, rejected)
					}
				})
				synctest.Test(t, func(t *testing.T) {
					_, _, rejected := r.play(t, nil)
					alone = max(alone, rejected)
				})
			}
			t.Logf("%v, 0 to 20 slots free: at most %d 429s, %.2f x the minimum; without the counts %d 429s",
				restart{0, age, learned}, worst, worstFactor, alone)
		}
	}
}
