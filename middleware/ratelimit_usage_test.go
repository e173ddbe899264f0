package middleware

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

func spend(t *testing.T, pacer *Pacer, r LimitRequest, n int) error {
	t.Helper()
	for range n {
		permit, err := pacer.Acquire(t.Context(), r)
		if err != nil {
			return err
		}
		permit.Done(Outcome{Status: 200, Sent: time.Now()})
	}
	return nil
}

func TestUsage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pacer := NewPacer(PacerConfig{Quota: 1000, DayQuota: 600})
		for range 30 { // ten an hour of each, for 30 hours
			_ = spend(t, pacer, LimitRequest{Operation: "search"}, 10)
			_ = spend(t, pacer, LimitRequest{Operation: "get-track"}, 10)
			time.Sleep(time.Hour)
		}
		_ = spend(t, pacer, LimitRequest{Operation: "search"}, 5)
		u := pacer.Usage()
		if u.Window != 5 || u.Hour < 5 || u.Hour > 25 || u.Day < 460 || u.Day > 485 || u.Operations["get-track"].Day < 220 ||
			u.Operations["get-track"].Window != 0 {
			t.Errorf("%+v", u)
		}
		if u.DayQuota != 600 || u.DayLeft != 600-u.Day {
			t.Errorf("%d of %d left", u.DayLeft, u.DayQuota)
		}
		if !u.RunsOut.IsZero() {
			t.Errorf("5 calls in an hour use 120 a day: it never runs out, got %v", u.RunsOut)
		}
		_ = spend(t, pacer, LimitRequest{Operation: "search"}, 45)
		u = pacer.Usage()
		hours := float64(u.DayLeft) / float64(u.Hour)
		want := time.Now().Add(time.Duration(hours * float64(time.Hour)))
		if u.RunsOut.Sub(want).Abs() > time.Second {
			t.Errorf("runs out at %v, want %v", u.RunsOut, want)
		}
	})
}

// A response that says that the quota is exceeded tells the day's quota.
func TestUsageLearnsTheDayQuota(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pacer := NewPacer(PacerConfig{Quota: 1000})
		_ = spend(t, pacer, LimitRequest{Operation: "search"}, 99)
		permit, err := pacer.Acquire(t.Context(), LimitRequest{Operation: "search"})
		if err != nil {
			t.Fatal(err)
		}
		permit.Done(Outcome{Status: 429, Exhausted: true})
		if u := pacer.Usage(); u.DayQuota != 100 || u.DayLeft != 0 {
			t.Errorf("%+v", u)
		}
	})
}

// The reserve of a day's quota is left to interactive calls, and is refilled as hours pass.
func TestDayReserve(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pacer := NewPacer(PacerConfig{Quota: 1000, DayQuota: 100, DayReserve: 0.2})
		if err := spend(t, pacer, LimitRequest{}, 80); err != nil {
			t.Fatal(err)
		}
		for _, p := range []transport.Priority{transport.PriorityNormal, transport.PriorityBulk} {
			err := spend(t, pacer, LimitRequest{Priority: p}, 1)
			limit, ok := errors.AsType[*LimitError](err)
			if !ok || !errors.Is(err, ErrExhausted) || limit.Wait < 22*time.Hour || limit.Wait > 25*time.Hour {
				t.Errorf("priority %d: %v", p, err)
			}
		}
		if err := spend(t, pacer, LimitRequest{Priority: transport.PriorityInteractive}, 20); err != nil {
			t.Errorf("interactive: %v", err)
		}
		time.Sleep(25 * time.Hour)
		if err := spend(t, pacer, LimitRequest{}, 80); err != nil {
			t.Errorf("the next day: %v", err)
		}
	})
}

// Operations are counted apart up to a bound, so that names that never end do not fill the memory.
func TestUsageIsBounded(t *testing.T) {
	pacer := NewPacer(PacerConfig{Quota: 1_000_000})
	for i := range 2000 {
		_ = spend(t, pacer, LimitRequest{Operation: fmt.Sprint("operation-", i)}, 1)
	}
	if u := pacer.Usage(); len(u.Operations) > mostOperations+1 || u.Day != 2000 ||
		u.Operations[otherOperations].Day != 2000-mostOperations {
		t.Errorf("%d operations, %d calls", len(u.Operations), u.Day)
	}
}

// brokenStore fails, and counts how often it was asked.
type brokenStore struct{ asked int }

func (s *brokenStore) Update(context.Context, UsageRecord, time.Time) (UsageRecord, error) {
	s.asked++
	return UsageRecord{}, errors.New("the disk is full")
}

// hangingStore is a store that does not return before the end of the context.
type hangingStore struct{}

func (hangingStore) Update(ctx context.Context, _ UsageRecord, _ time.Time) (UsageRecord, error) {
	<-ctx.Done()
	return UsageRecord{}, ctx.Err()
}

// Close waits 5 seconds for a store, and returns its error.
func TestPacerCloseIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if err := NewPacer(PacerConfig{}).Close(); err != nil {
			t.Errorf("without a store: %v", err)
		}
		start := time.Now()
		err := NewPacer(PacerConfig{Usage: hangingStore{}}).Close()
		if took := time.Since(start); took != usageTimeout || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v after %v", err, took)
		}
	})
}

// A store that fails costs no call; what it did not take is offered again.
func TestUsageStoreThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &brokenStore{}
		pacer := NewPacer(PacerConfig{Quota: 1000, Usage: store})
		for range 10 {
			if err := spend(t, pacer, LimitRequest{Operation: "search"}, 5); err != nil {
				t.Fatal(err)
			}
			time.Sleep(usageSync)
		}
		synctest.Wait()
		if store.asked < 9 || store.asked > 12 {
			t.Errorf("the store was asked %d times in 100 s, want about 10", store.asked)
		}
		if err := pacer.Flush(t.Context()); err == nil {
			t.Error("Flush: want the store's error")
		}
		if err := pacer.Close(); err == nil {
			t.Error("Close: want the store's error")
		}
		if n := pacer.Usage().Day; n != 50 {
			t.Errorf("%d calls counted, want 50", n)
		}
	})
}

// Two pacers with one store see each other's calls.
func TestUsageIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := NewMemoryUsage()
		a, b := NewPacer(PacerConfig{Quota: 1000, Usage: store}), NewPacer(PacerConfig{Quota: 1000, Usage: store})
		_ = spend(t, a, LimitRequest{Operation: "search"}, 10)
		_ = spend(t, b, LimitRequest{Operation: "get-track"}, 20)
		time.Sleep(usageSync)
		_ = spend(t, a, LimitRequest{Operation: "search"}, 1)
		_ = spend(t, b, LimitRequest{Operation: "search"}, 1)
		synctest.Wait()
		if err := errors.Join(a.Flush(t.Context()), b.Flush(t.Context()), a.Flush(t.Context())); err != nil {
			t.Fatal(err)
		}
		for name, p := range map[string]*Pacer{"a": a, "b": b} {
			if u := p.Usage(); u.Day != 32 || u.Operations["search"].Day != 12 || u.Operations["get-track"].Day != 20 {
				t.Errorf("%s: %+v", name, u)
			}
		}
	})
}

// A program that knows from a store that its window is used up starts a few calls at a time, and
// takes no Retry-After for a sign of other clients: the store knows the moments of its calls to 10
// s only.
func TestRestartIntoAUsedWindow(t *testing.T) {
	for _, age := range []time.Duration{0, time.Second, 10 * time.Second, 25 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			used := make([]time.Duration, simQuota)
			for i := range used {
				used[i] = -age
			}
			server := newWindowServer(1, rules{used: used})
			store := NewMemoryUsage()
			_, err := store.Update(t.Context(), UsageRecord{Counts: []UsageCount{
				{At: time.Now().Add(-age).Truncate(usageGrain), Operation: "search", Calls: simQuota},
			}}, time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			client := &http.Client{Transport: transport.Chain(
				server, Retry(RetryConfig{}), RateLimit(NewPacer(PacerConfig{Usage: store})),
			)}
			var all sync.WaitGroup
			for range 64 {
				all.Go(func() {
					for range 6 {
						resp, err := client.Get("https://api.spotify.com/v1/me")
						if err != nil || resp.StatusCode != http.StatusOK {
							t.Errorf("%v: a call failed: %v %v", age, resp, err)
						}
					}
				})
			}
			all.Wait()
			if server.rejected > 5 {
				t.Errorf("calls %v ago: %d responses 429, want at most 5", age, server.rejected)
			}
		})
	}
}

func TestCompactUsage(t *testing.T) {
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	counts := []UsageCount{
		{
			now.Add(-26 * time.Hour),
			"a",
			"",
			1,
		}, {now.Add(-5*time.Hour - time.Minute), "a", "", 2}, {now.Add(-5*time.Hour - 2*time.Minute), "a", "", 3},
		{
			now.Add(-3 * time.Minute),
			"a",
			"",
			4,
		}, {now.Add(-3*time.Minute + 10*time.Second), "a", "", 5}, {now.Add(-10 * time.Second), "a", "", 6},
		{now.Add(-10 * time.Second), "a", "upload", 7},
	}
	want := []UsageCount{
		{
			now.Add(-6 * time.Hour),
			"a",
			"",
			5,
		}, {now.Add(-3 * time.Minute), "a", "", 9}, {now.Add(-10 * time.Second), "a", "", 6},
		{now.Add(-10 * time.Second), "a", "upload", 7},
	}
	if got := CompactUsage(counts, now); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// blaming is a limiter whose permits say whether a rejection is the limiter's fault.
type blaming struct {
	excused  bool
	requests []LimitRequest
}

func (b *blaming) Acquire(_ context.Context, r LimitRequest) (Permit, error) {
	b.requests = append(b.requests, r)
	return b, nil
}
func (b *blaming) Done(Outcome)  {}
func (b *blaming) Excused() bool { return b.excused && len(b.requests) < 10 }

// Retry leaves the wait after a 429 to the limiter. Rejections that are the limiter's fault do not
// count against MaxRetries, others do, and MaxRetries 0 and NoRetry mean one attempt in any case.
func TestRetryLeavesRejectionsToTheLimiter(t *testing.T) {
	for name, tc := range map[string]struct {
		excused bool
		call    transport.Call
		retry   RetryConfig
		sent    int
	}{
		"its fault":            {true, transport.Call{}, RetryConfig{}, 13}, // nine times, and then four that count
		"not its fault":        {false, transport.Call{}, RetryConfig{}, 4},
		"one retry":            {false, transport.Call{}, RetryConfig{MaxRetries: 1}, 2},
		"NoRetry":              {true, transport.Call{NoRetry: true}, RetryConfig{}, 1},
		"retries are off":      {true, transport.Call{}, RetryConfig{MaxRetries: -1}, 1},
		"a MaxWait below that": {true, transport.Call{MaxWait: time.Second}, RetryConfig{}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sent, start := 0, time.Now()
				limiter := &blaming{excused: tc.excused}
				chain := transport.Chain(
					respond(func(*http.Request) (int, string) { sent++; return 429, "" }, "Retry-After", "20"),
					Retry(tc.retry),
					RateLimit(limiter),
				)
				if status, err := get(t, chain, tc.call); err != nil || status != 429 || sent != tc.sent {
					t.Errorf("%d, %v, sent %d times, want a 429 after %d", status, err, sent, tc.sent)
				}
				if d := time.Since(start); d != 0 {
					t.Errorf("Retry waited for %v", d)
				}
				for i, r := range limiter.requests {
					if r.Rejected != (i > 0) {
						t.Errorf("attempt %d: Rejected is %v", i+1, r.Rejected)
					}
				}
			})
		})
	}
}

// A server that rejects everything for ever does not keep a call for ever.
func TestRejectedForEver(t *testing.T) {
	for _, after := range []string{"1", "30", ""} {
		synctest.Test(t, func(t *testing.T) {
			sent, start := 0, time.Now()
			chain := paced(
				NewPacer(PacerConfig{}),
			)(
				respond(func(*http.Request) (int, string) { sent++; return 429, "" }, "Retry-After", after),
			)
			status, err := get(t, chain, transport.Call{})
			if took := time.Since(start); (status != 429 && err == nil) || took > 15*time.Minute || sent > 150 {
				t.Errorf("Retry-After %q: %d, %v after %v and %d attempts", after, status, err, took, sent)
			} else {
				t.Logf("Retry-After %q: %d, %v after %v and %d attempts", after, status, err, took, sent)
			}
		})
	}
}
