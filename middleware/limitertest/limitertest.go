// Package limitertest checks that a middleware.Limiter keeps its contract.
package limitertest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/transport"
)

// Run checks a limiter. make returns a new one without stored state, which permits at least 20
// calls at once. The checks take a few seconds of real time; none fails because the machine is
// slow.
func Run(t *testing.T, make func(testing.TB) middleware.Limiter) {
	t.Helper()
	for name, check := range map[string]func(*testing.T, middleware.Limiter){
		"permits": permits, "concurrent": concurrent, "ended context": ended, "Retry-After": retryAfter,
		"cancelled while it waits": cancelled,
		"deadline":                 deadline, "MaxWait": maxWait, "buckets share nothing": buckets, "Done twice": twice,
		"never sent": neverSent, "exhausted": exhausted,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, make(t))
		})
	}
}

// pause is a Retry-After that is long enough to be told from none.
const pause = 700 * time.Millisecond

func acquire(t *testing.T, l middleware.Limiter, r middleware.LimitRequest) middleware.Permit {
	t.Helper()
	permit, err := l.Acquire(context.Background(), r)
	if err != nil || permit == nil {
		t.Fatalf("Acquire: %v, %v", permit, err)
	}
	return permit
}

// reject has a call rejected, and returns the earliest moment for the next one.
func reject(t *testing.T, l middleware.Limiter, r middleware.LimitRequest, after time.Duration) time.Time {
	t.Helper()
	permit := acquire(t, l, r)
	rejected := time.Now()
	permit.Done(middleware.Outcome{Status: 429, RetryAfter: after, Sent: rejected})
	return rejected.Add(after)
}

func permits(t *testing.T, l middleware.Limiter) {
	for range 20 {
		acquire(t, l, middleware.LimitRequest{Operation: "get-track"}).Done(middleware.Outcome{Status: 200, Sent: time.Now()})
	}
}

func concurrent(t *testing.T, l middleware.Limiter) {
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			permit, err := l.Acquire(context.Background(), middleware.LimitRequest{Priority: transport.Priority(i % 3)})
			if err != nil {
				t.Error(err)
				return
			}
			permit.Done(middleware.Outcome{Status: 200, Sent: time.Now()})
		})
	}
	all.Wait()
}

func ended(t *testing.T, l middleware.Limiter) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if permit, err := l.Acquire(ctx, middleware.LimitRequest{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v, want the context's error", permit, err)
	}
}

func retryAfter(t *testing.T, l middleware.Limiter) {
	opens := reject(t, l, middleware.LimitRequest{}, pause)
	acquire(t, l, middleware.LimitRequest{Rejected: true}).Done(middleware.Outcome{Status: 200, Sent: time.Now()})
	if early := time.Until(opens); early > 20*time.Millisecond {
		t.Errorf("a call went %v before the Retry-After had passed", early)
	}
}

func cancelled(t *testing.T, l middleware.Limiter) {
	reject(t, l, middleware.LimitRequest{}, 30*time.Second)
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	time.AfterFunc(50*time.Millisecond, cancel)
	if _, err := l.Acquire(ctx, middleware.LimitRequest{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want the context's error", err)
	}
}

func refusal(t *testing.T, err error, opens time.Time) {
	t.Helper()
	if !errors.Is(err, middleware.ErrLimited) {
		t.Errorf("%v, want ErrLimited", err)
	}
	limit, ok := errors.AsType[*middleware.LimitError](err)
	if ok && limit.Until.Sub(opens).Abs() > 2*time.Second {
		t.Errorf("the error says until %v, want about %v", limit.Until, opens)
	}
}

func deadline(t *testing.T, l middleware.Limiter) {
	opens := reject(t, l, middleware.LimitRequest{}, 40*time.Second)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	_, err := l.Acquire(ctx, middleware.LimitRequest{})
	if ctx.Err() != nil {
		t.Error("the call waited to its deadline instead of failing at once")
	}
	refusal(t, err, opens)
}

func maxWait(t *testing.T, l middleware.Limiter) {
	opens := reject(t, l, middleware.LimitRequest{}, 40*time.Second)
	_, err := l.Acquire(context.Background(), middleware.LimitRequest{MaxWait: 20 * time.Second})
	if time.Until(opens) < 21*time.Second {
		t.Error("the call waited instead of failing at once")
	}
	refusal(t, err, opens)
}

func buckets(t *testing.T, l middleware.Limiter) {
	opens := reject(t, l, middleware.LimitRequest{Bucket: "upload"}, 50*time.Second)
	acquire(t, l, middleware.LimitRequest{}).Done(middleware.Outcome{Status: 200, Sent: time.Now()})
	if time.Now().After(opens) {
		t.Error("a call of another bucket waited")
	}
}

func twice(t *testing.T, l middleware.Limiter) {
	permit := acquire(t, l, middleware.LimitRequest{})
	for range 3 {
		permit.Done(middleware.Outcome{Status: 200, Sent: time.Now()})
	}
	permits(t, l)
}

func neverSent(t *testing.T, l middleware.Limiter) {
	for range 15 {
		acquire(
			t,
			l,
			middleware.LimitRequest{},
		).Done(middleware.Outcome{Err: errors.New("connection reset by peer"), Sent: time.Now()})
	}
	acquire(t, l, middleware.LimitRequest{}).Done(middleware.Outcome{Status: 200, Sent: time.Now()})
}

func exhausted(t *testing.T, l middleware.Limiter) {
	r := middleware.LimitRequest{Operation: "search", Bucket: "search"}
	acquire(t, l, r).Done(middleware.Outcome{Status: 429, Exhausted: true, RetryAfter: time.Hour, Sent: time.Now()})
	_, err := l.Acquire(context.Background(), r)
	if !errors.Is(err, middleware.ErrLimited) || !errors.Is(err, middleware.ErrExhausted) {
		t.Errorf("%v, want an error that matches ErrLimited and ErrExhausted", err)
	}
	acquire(t, l, middleware.LimitRequest{Operation: "get-track"}).Done(middleware.Outcome{Status: 200, Sent: time.Now()})
}
