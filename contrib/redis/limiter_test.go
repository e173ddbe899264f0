package spotifyredis

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/middleware/limitertest"
	"github.com/seed-2147f1a9/spotify/transport"
)

func newLimiter(t testing.TB, s *redisServer, cfg LimiterConfig) *Limiter {
	t.Helper()
	if cfg.Account == "" {
		cfg.Account = account(t)
	}
	l, err := NewLimiter(s.connect(t), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func TestLimiterContract(t *testing.T) {
	s := startRedis(t)
	limitertest.Run(t, func(t testing.TB) middleware.Limiter {
		return newLimiter(t, s, LimiterConfig{OnDegraded: func(err error) { t.Logf("degraded: %v", err) }})
	})
}

// pair returns two limiters of one account, as two processes have them.
func pair(t *testing.T, s *redisServer, cfg LimiterConfig) (a, b *Limiter) {
	t.Helper()
	cfg.Account, cfg.Timeout = account(t), time.Second
	return newLimiter(t, s, cfg), newLimiter(t, s, cfg)
}

func acquire(t *testing.T, l *Limiter, r middleware.LimitRequest) middleware.Permit {
	t.Helper()
	p, err := l.Acquire(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// pass sends n calls that pass.
func pass(t *testing.T, l *Limiter, n int) {
	t.Helper()
	for range n {
		acquire(t, l, middleware.LimitRequest{}).Done(middleware.Outcome{Status: 200})
	}
}

// A slot that one process has taken is free for the other a window later, and not before.
func TestLimitersShareTheWindow(t *testing.T) {
	a, b := pair(t, startRedis(t), LimiterConfig{Quota: 10, Window: time.Second})
	began := time.Now()
	pass(t, a, 5)
	pass(t, b, 5)
	pass(t, b, 1)
	if took := time.Since(began); took < time.Second {
		t.Errorf("11 calls at 10 in a second took %v", took)
	}
}

func TestLimitersShareARetryAfter(t *testing.T) {
	a, b := pair(t, startRedis(t), LimiterConfig{})
	acquire(t, a, middleware.LimitRequest{}).Done(middleware.Outcome{Status: 429, RetryAfter: 40 * time.Second})
	opens := time.Now().Add(40 * time.Second)
	for time.Until(opens) > 30*time.Second { // until Redis knows of it
		p, err := b.Acquire(t.Context(), middleware.LimitRequest{MaxWait: 20 * time.Second})
		if err == nil {
			p.Done(middleware.Outcome{Err: transport.Permanent(errors.New("not sent"))})
			time.Sleep(time.Millisecond)
			continue
		}
		limit, ok := errors.AsType[*middleware.LimitError](err)
		if !ok || limit.Until.Sub(opens).Abs() > 2*time.Second {
			t.Errorf("%v, want a *LimitError until %v", err, opens)
		}
		b.ClearBackoff()
		acquire(t, b, middleware.LimitRequest{MaxWait: 20 * time.Second})
		return
	}
	t.Error("the other process never learned of the Retry-After")
}

func TestLimitersShareClosedGroups(t *testing.T) {
	s := startRedis(t)
	a, b := pair(t, s, LimiterConfig{})
	search := middleware.LimitRequest{Operation: "search"}
	acquire(t, a, search).Done(middleware.Outcome{Status: 429, Exhausted: true, RetryAfter: time.Hour})
	for deadline := time.Now().Add(20 * time.Second); a.rdb.HLen(t.Context(),
		a.tag+"closed").Val() == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the group is not closed in Redis")
		}
	}
	if _, err := b.Acquire(t.Context(), search); !errors.Is(err, middleware.ErrExhausted) {
		t.Errorf("a call of the closed group: %v, want ErrExhausted", err)
	}
	pass(t, b, 1)
	if groups := b.Closed(); len(groups) != 1 || groups[0].Operation != "search" ||
		time.Until(groups[0].Until) < 59*time.Minute {
		t.Errorf("Closed: %+v", groups)
	}
	b.ClearBackoff()
	var permits []middleware.Permit
	for deadline := time.Now().Add(20 * time.Second); len(permits) == 0 && time.Now().Before(deadline); {
		if p, err := b.Acquire(t.Context(), search); err == nil {
			permits = append(permits, p)
		}
	}
	if len(permits) == 0 {
		t.Fatal("no probe after ClearBackoff")
	}
	if p, err := a.Acquire(t.Context(),
		middleware.LimitRequest{Operation: "search", MaxWait: 500 * time.Millisecond}); err == nil {
		t.Errorf("a second probe: %v", p)
	}
	permits[0].Done(middleware.Outcome{Status: 200})
	acquire(t, b, search).Done(middleware.Outcome{Status: 200})
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		if _, err := a.Acquire(t.Context(), search); err == nil {
			break
		} else if time.Now().After(deadline) {
			t.Fatalf("after the other process's probe has passed: %v", err)
		}
	}
}

// eventually waits until a condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within 20s: %s", what)
		}
	}
}

// Two closed groups close all of them, in all processes, unless a call of another one has passed in
// between. One probe that passes opens the others again.
func TestLimitersWidenClosedGroups(t *testing.T) {
	for _, between := range []bool{false, true} {
		t.Run(map[bool]string{false: "nothing passed", true: "a call passed"}[between], func(t *testing.T) {
			a, b := pair(t, startRedis(t), LimiterConfig{})
			operation := func(name string) middleware.LimitRequest {
				return middleware.LimitRequest{Operation: name, MaxWait: 500 * time.Millisecond}
			}
			exhausted := middleware.Outcome{Status: 429, Exhausted: true, RetryAfter: time.Hour}
			groups := func(l *Limiter, n int) func() bool {
				return func() bool { l.loadClosed(); return len(l.Closed()) == n }
			}
			acquire(t, a, operation("search")).Done(exhausted)
			eventually(t, "the second process knows a closed group", groups(b, 1))
			if between {
				acquire(t, a, operation("get-album")).Done(middleware.Outcome{Status: 200})
				eventually(t, "Redis knows that a call has passed", func() bool {
					return a.rdb.HGet(t.Context(), a.tag+"closed", "proven").Val() != "0"
				})
			}
			acquire(t, b, operation("get-track")).Done(exhausted)
			eventually(t, "the first process knows two closed groups", groups(a, 2))
			first := acquire(t, a, operation("get-artist"))
			p, err := b.Acquire(t.Context(), operation("get-show"))
			if between {
				if err != nil {
					t.Errorf("a call of an open group: %v", err)
				}
				return
			}
			if err == nil {
				t.Fatalf("a second call while every group is closed: %v", p)
			}
			first.Done(middleware.Outcome{Status: 429, Exhausted: true})
			eventually(t, "the second process knows three closed groups", groups(b, 3))
			if _, err := b.Acquire(t.Context(), operation("get-show")); !errors.Is(err, middleware.ErrExhausted) {
				t.Errorf("after the probe has failed: %v, want ErrExhausted", err)
			}
			b.ClearBackoff()
			eventually(t, "a probe after ClearBackoff", func() bool {
				p, err = b.Acquire(t.Context(), operation("get-show"))
				return err == nil
			})
			p.Done(middleware.Outcome{Status: 200})
			eventually(t, "the other groups are open", func() bool {
				_, err := a.Acquire(t.Context(), operation("get-chapter"))
				return err == nil
			})
			if len(a.Closed()) != 3 {
				t.Errorf("%v, want the groups that were closed themselves", a.Closed())
			}
		})
	}
}

// Bulk calls of all processes leave a tenth of the quota to others.
func TestLimitersReserve(t *testing.T) {
	a, b := pair(t, startRedis(t), LimiterConfig{Quota: 20, Window: 20 * time.Second})
	bulk := middleware.LimitRequest{Priority: transport.PriorityBulk, MaxWait: 100 * time.Millisecond}
	sent := 0
	for range 12 {
		for _, l := range []*Limiter{a, b} {
			if p, err := l.Acquire(t.Context(), bulk); err == nil {
				p.Done(middleware.Outcome{Status: 200})
				sent++
			} else if !errors.Is(err, middleware.ErrLimited) {
				t.Fatal(err)
			}
		}
		if sent > 18 {
			break
		}
	}
	if sent != 18 {
		t.Errorf("%d bulk calls of a quota of 20 were sent, want 18", sent)
	}
	for _, l := range []*Limiter{a, b} {
		acquire(t, l, middleware.LimitRequest{Priority: transport.PriorityInteractive, MaxWait: 5 * time.Second})
	}
}

// Calls that wait go by priority, also while others of a lower one came first.
func TestLimiterPriorities(t *testing.T) {
	l := newLimiter(t, startRedis(t), LimiterConfig{Quota: 1, Window: 300 * time.Millisecond, Timeout: time.Second})
	pass(t, l, 1)
	var mu sync.Mutex
	var order []transport.Priority
	var all sync.WaitGroup
	for i, p := range []transport.Priority{
		transport.PriorityBulk, transport.PriorityNormal, transport.PriorityInteractive,
	} {
		all.Go(func() {
			permit := acquire(t, l, middleware.LimitRequest{Priority: p})
			mu.Lock()
			order = append(order, p)
			mu.Unlock()
			permit.Done(middleware.Outcome{Status: 200})
		})
		for l.Stats("").Queued <= i {
			time.Sleep(time.Millisecond)
		}
	}
	all.Wait()
	if want := []transport.Priority{transport.PriorityInteractive, transport.PriorityNormal,
		transport.PriorityBulk}; !slices.Equal(
		order,
		want,
	) {
		t.Errorf("went in the order %v, want %v", order, want)
	}
}

// Close ends the waits, and returns what the process has not used.
func TestLimiterClose(t *testing.T) {
	a, b := pair(t, startRedis(t), LimiterConfig{Quota: 5, Window: 30 * time.Second})
	for range 5 {
		acquire(t, a, middleware.LimitRequest{})
	}
	waited := make(chan error, 1)
	go func() {
		_, err := a.Acquire(context.Background(), middleware.LimitRequest{})
		waited <- err
	}()
	for a.Stats("").Queued == 0 {
		time.Sleep(time.Millisecond)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	if err := <-waited; !errors.Is(err, ErrClosed) {
		t.Errorf("a call that waited: %v, want ErrClosed", err)
	}
	if _, err := a.Acquire(t.Context(), middleware.LimitRequest{}); !errors.Is(err, ErrClosed) {
		t.Errorf("a later call: %v, want ErrClosed", err)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	if _, err := b.Acquire(t.Context(), middleware.LimitRequest{MaxWait: time.Second}); !errors.Is(
		err,
		middleware.ErrLimited,
	) {
		t.Errorf("with 5 calls of the closed process in flight: %v, want ErrLimited", err)
	}
	if n := b.Stats("").Processes; n != 1 {
		t.Errorf("%d processes, want 1", n)
	}
}

// The permits of a process that ends without Close are others' again.
func TestLimiterDeadProcess(t *testing.T) {
	a, b := pair(t, startRedis(t), LimiterConfig{Quota: 5, Window: 500 * time.Millisecond})
	for range 5 {
		acquire(t, a, middleware.LimitRequest{})
	}
	a.lock()
	a.done = true // it reports no more
	a.mu.Unlock()
	began := time.Now()
	acquire(t, b, middleware.LimitRequest{MaxWait: 30 * time.Second})
	if took := time.Since(began); took < 500*time.Millisecond {
		t.Errorf("a slot of the dead process was free after %v", took)
	}
}

// Without Redis a process goes on with its part of the quota, and says so once.
func TestFaultsLimiterWithoutRedis(t *testing.T) {
	s := startRedis(t)
	changes := make(chan error, 10)
	l := newLimiter(
		t,
		s,
		LimiterConfig{
			Quota:      20,
			Processes:  2,
			Window:     500 * time.Millisecond,
			OnDegraded: func(err error) { changes <- err },
		},
	)
	pass(t, l, 1)
	s.kill()
	began := time.Now()
	pass(t, l, 21)
	if took := time.Since(began); took < 500*time.Millisecond {
		t.Errorf("21 calls at half of 20 in 500ms took %v", took)
	}
	if err := <-changes; err == nil || !l.Stats("").Degraded {
		t.Errorf("OnDegraded(%v), Stats %+v", err, l.Stats(""))
	}
	s.start()
	if err := <-changes; err != nil {
		t.Errorf("OnDegraded(%v), want nil: Redis is back", err)
	}
	pass(t, l, 1)
}

// What one process sends, every process sees.
func TestLimiterUsage(t *testing.T) {
	s := startRedis(t)
	counts, err := NewUsageStore(s.connect(t), UsageStoreConfig{Account: "usage"})
	if err != nil {
		t.Fatal(err)
	}
	a, b := pair(t, s, LimiterConfig{Usage: counts})
	for _, l := range []*Limiter{a, b, b} {
		acquire(t, l, middleware.LimitRequest{Operation: "search"}).Done(middleware.Outcome{Status: 200})
	}
	acquire(
		t,
		b,
		middleware.LimitRequest{Operation: "get-track"},
	).Done(middleware.Outcome{Status: 429, Exhausted: true, RetryAfter: time.Hour})
	if err := errors.Join(a.Close(), b.Close()); err != nil {
		t.Fatal(err)
	}
	c := newLimiter(t, s, LimiterConfig{Usage: counts})
	if err := c.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := c.Usage()
	if got.Day != 4 || got.Hour != 4 || got.Operations["search"].Day != 3 || got.DayQuota == 0 || got.DayLeft != 0 {
		t.Errorf("%+v, want 4 calls, 3 of them searches, and nothing left of the day", got)
	}
}

// Bulk and normal calls of all processes leave a part of the day's quota to interactive ones.
func TestLimiterDayReserve(t *testing.T) {
	s := startRedis(t)
	counts, err := NewUsageStore(s.connect(t), UsageStoreConfig{Account: "day"})
	if err != nil {
		t.Fatal(err)
	}
	cfg := LimiterConfig{Account: "day", Usage: counts, DayQuota: 20, DayReserve: 0.25, Timeout: time.Second}
	a := newLimiter(t, s, cfg)
	pass(t, a, 14)
	if err := a.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	b := newLimiter(t, s, cfg) // another process, or the next start
	pass(t, b, 1)
	for _, p := range []transport.Priority{transport.PriorityNormal, transport.PriorityBulk} {
		_, err := b.Acquire(t.Context(), middleware.LimitRequest{Priority: p})
		limit, ok := errors.AsType[*middleware.LimitError](err)
		if !errors.Is(err, middleware.ErrExhausted) || !ok || limit.Wait < 23*time.Hour || limit.Wait > 24*time.Hour {
			t.Errorf("with only the reserve left: %v, want ErrExhausted for a day", err)
		}
	}
	acquire(t, b, middleware.LimitRequest{Priority: transport.PriorityInteractive}).Done(middleware.Outcome{Status: 200})
	if u := b.Usage(); u.Day != 16 || u.DayLeft != 4 {
		t.Errorf("%+v, want 16 calls of the day and 4 left", u)
	}
}

// A process that has never reached Redis learns by itself.
func TestFaultsLimiterNeverReachedRedis(t *testing.T) {
	l := newLimiter(
		t,
		&redisServer{addr: "127.0.0.1:1"},
		LimiterConfig{Burst: 40, Processes: 2, Window: 500 * time.Millisecond},
	)
	pass(t, l, 10)
	acquire(t, l, middleware.LimitRequest{}).Done(middleware.Outcome{Status: 429, RetryAfter: 100 * time.Millisecond})
	if quota := l.Stats("").Quota; quota == 0 || quota > 2*10 {
		t.Errorf("quota %d, want that of twice the calls that passed at most", quota)
	}
	began := time.Now()
	pass(t, l, 21)
	if took := time.Since(began); took < 500*time.Millisecond {
		t.Errorf("21 calls took %v", took)
	}
}

func TestConfigErrors(t *testing.T) {
	rdb := redis.NewUniversalClient(Options("127.0.0.1:1"))
	defer rdb.Close()
	for name, make := range map[string]func() error{
		"no client":    func() error { _, err := NewLimiter(nil, LimiterConfig{Account: "a"}); return err },
		"no account":   func() error { _, err := NewLimiter(rdb, LimiterConfig{}); return err },
		"braces":       func() error { _, err := NewUsageStore(rdb, UsageStoreConfig{Account: "a}b"}); return err },
		"short window": func() error { _, err := NewLimiter(rdb, LimiterConfig{Account: "a", Window: 1}); return err },
		"quota":        func() error { _, err := NewLimiter(rdb, LimiterConfig{Account: "a", Quota: -1}); return err },
		"key": func() error {
			_, err := NewTokenStore(rdb, TokenStoreConfig{Account: "a", Key: []byte("short")})
			return err
		},
		"prefix": func() error {
			_, err := NewTokenStore(rdb, TokenStoreConfig{Account: "a", Prefix: "{"})
			return err
		},
		"day quota": func() error { _, err := NewLimiter(rdb, LimiterConfig{Account: "a", DayQuota: -1}); return err },
		"day reserve": func() error {
			_, err := NewLimiter(rdb, LimiterConfig{Account: "a", DayReserve: math.NaN()})
			return err
		},
		"day reserve without counts": func() error {
			_, err := NewLimiter(rdb, LimiterConfig{Account: "a", DayReserve: 0.1})
			return err
		},
		"lease":         func() error { _, err := NewLimiter(rdb, LimiterConfig{Account: "a", MaxLease: -1}); return err },
		"processes":     func() error { _, err := NewLimiter(rdb, LimiterConfig{Account: "a", Processes: -1}); return err },
		"slow timeouts": func() error { _, err := NewLimiter(rdb, LimiterConfig{Account: "a", Timeout: -1}); return err },
	} {
		if err := make(); !errors.Is(err, ErrInvalidArgument) {
			t.Errorf("%s: %v, want ErrInvalidArgument", name, err)
		}
	}
}
