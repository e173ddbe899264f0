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

// hidden is a server with a bucket of operations that it tells nobody of: while it is exhausted,
// they are answered 429 with the reason QUOTA_EXCEEDED.
type hidden struct {
	mu        sync.Mutex
	members   map[string]bool
	exhausted func(elapsed time.Duration) bool
	after     string
	start     time.Time
	rejected  []time.Duration
}

func (h *hidden) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := transport.Sleep(req.Context(), 50*time.Millisecond); err != nil {
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	elapsed := time.Since(h.start)
	resp := &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody, Request: req}
	if h.members[transport.CallFrom(req.Context()).Operation] && h.exhausted(elapsed) {
		h.rejected = append(h.rejected, elapsed)
		resp.StatusCode = 429
		if h.after != "" {
			resp.Header.Set("Retry-After", h.after)
		}
		transport.CallFrom(
			req.Context(),
		).Report.Classify(
			resp,
			transport.Class{Status: 429, Exhausted: true, RetryAfter: transport.RetryAfter(resp.Header)},
			nil,
		)
	}
	return resp, nil
}

func during24h(time.Duration) bool { return true }

// Q: three operations share a hidden bucket that is exhausted; four others do not. All of them are
// called every 5 s for six hours.
func TestScenarioHiddenBuckets(t *testing.T) {
	for _, tc := range []struct {
		after       string
		first, then int // rejections at most: in the first hour beside the three that tell, and in each hour after it
	}{{"3600", 0, 1}, {"", 5, 1}} {
		t.Run("Retry-After="+tc.after, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := &hidden{
					members:   map[string]bool{"a": true, "b": true, "c": true},
					exhausted: during24h,
					after:     tc.after,
					start:     time.Now(),
				}
				pacer := NewPacer(PacerConfig{Quota: 10_000})
				chain := paced(pacer)(server)
				var lost int
				var mu sync.Mutex
				for range 6 * 3600 / 5 {
					var all sync.WaitGroup
					for _, op := range []string{"a", "b", "c", "d", "e", "f", "g"} {
						all.Go(func() {
							status, err := get(t, chain, transport.Call{Operation: op})
							mu.Lock()
							defer mu.Unlock()
							switch {
							case op > "c" && (err != nil || status != 200):
								lost++
							case op <= "c" && err != nil && !errors.Is(err, ErrExhausted):
								t.Errorf("%s: %v, want ErrExhausted", op, err)
							}
						})
					}
					all.Wait()
					time.Sleep(4950 * time.Millisecond)
				}
				if lost > 0 {
					t.Errorf("%d calls of other groups were lost", lost)
				}
				hours := map[int]int{}
				for _, at := range server.rejected {
					hours[int(at/time.Hour)]++
				}
				if hours[0] > 3+tc.first {
					t.Errorf("%d rejections in the first hour, want at most %d: %v", hours[0], 3+tc.first, server.rejected)
				}
				for hour := 1; hour < 6; hour++ {
					if hours[hour] > tc.then {
						t.Errorf("%d rejections in hour %d, want at most %d: %v", hours[hour], hour, tc.then, server.rejected)
					}
				}
				if closed := pacer.Closed(); len(closed) != 3 || !closed[0].Exhausted || closed[0].Operation == "" {
					t.Errorf("closed: %v", closed)
				}
			})
		})
	}
}

// When the quota is there again, the first probe opens the whole group.
func TestClosedGroupOpens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &hidden{
			members:   map[string]bool{"a": true, "b": true},
			exhausted: func(e time.Duration) bool { return e < 90*time.Minute },
			start:     time.Now(),
		}
		chain := paced(NewPacer(PacerConfig{Quota: 1000}))(server)
		passes := func(op string) bool {
			status, err := get(t, chain, transport.Call{Operation: op})
			return err == nil && status == 200
		}
		if passes("a") || !passes("other") || passes("b") {
			t.Fatal("a and b are exhausted, the other is not")
		}
		for time.Since(server.start) < 3*time.Hour && !passes("a") {
			time.Sleep(time.Minute)
		}
		if d := time.Since(server.start); d < 90*time.Minute || d > 127*time.Minute {
			t.Errorf("open after %v", d)
		}
		if !passes("b") {
			t.Error("b is still closed")
		}
	})
}

// A second group that is closed closes all, unless a call of another group has passed since the
// first was.
func TestClosedGroupsWiden(t *testing.T) {
	for passes, want := range map[bool]int{false: 3, true: 4} {
		t.Run(fmt.Sprintf("another passes=%v", passes), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := &hidden{
					members:   map[string]bool{"a": true, "b": true, "c": true, "d": true},
					exhausted: during24h,
					after:     "3600",
					start:     time.Now(),
				}
				chain := paced(NewPacer(PacerConfig{Quota: 1000}))(server)
				call := func(op string) { _, _ = get(t, chain, transport.Call{Operation: op}) }
				call("a")
				if passes {
					call("other")
				}
				call("b")
				call("c") // closes itself; where all are held to be closed it is the one probe
				call("d")
				if len(server.rejected) != want {
					t.Errorf("%d calls were sent, want %d", len(server.rejected), want)
				}
			})
		})
	}
}

// One success takes back that all groups are closed, and a call that waits for a probe goes when it
// has passed.
func TestClosedGroupsNarrow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &hidden{
			members:   map[string]bool{"a": true, "b": true},
			exhausted: during24h,
			after:     "3600",
			start:     time.Now(),
		}
		chain := paced(NewPacer(PacerConfig{Quota: 1000}))(server)
		_, _ = get(t, chain, transport.Call{Operation: "a"})
		_, _ = get(t, chain, transport.Call{Operation: "b"})
		var all sync.WaitGroup
		for _, op := range []string{"c", "d", "e"} {
			all.Go(func() {
				if status, err := get(t, chain, transport.Call{Operation: op}); err != nil || status != 200 {
					t.Errorf("%s: %d %v", op, status, err)
				}
			})
		}
		all.Wait()
	})
}

// A Retry-After above MaxPause closes the group alone, and the error says until when.
func TestLongRetryAfterClosesTheGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		chain := paced(NewPacer(PacerConfig{}))(transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			resp := &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody, Request: req}
			if transport.CallFrom(req.Context()).Operation == "a" {
				resp.StatusCode = 429
				resp.Header.Set("Retry-After", "48925")
			}
			return resp, nil
		}))
		if status, err := get(t, chain, transport.Call{Operation: "a"}); status != 429 {
			t.Errorf("the first: %d %v", status, err)
		}
		_, err := get(t, chain, transport.Call{Operation: "a"})
		limit, ok := errors.AsType[*LimitError](err)
		if !ok || limit.Exhausted || limit.Operation != "a" || !limit.Until.Equal(start.Add(48925*time.Second)) {
			t.Errorf("the second: %v", err)
		}
		if status, err := get(t, chain, transport.Call{Operation: "b"}); status != 200 {
			t.Errorf("another: %d %v", status, err)
		}
	})
}

// ClearBackoff lets one call of a closed group probe at once; a call that gives up while it waits
// for a probe leaves nothing behind.
func TestClearBackoffProbesClosedGroups(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		open := false
		server := &hidden{
			members:   map[string]bool{"a": true},
			exhausted: func(time.Duration) bool { return !open },
			after:     "86400",
			start:     time.Now(),
		}
		pacer := NewPacer(PacerConfig{})
		chain := paced(pacer)(server)
		call := func(ctx context.Context) error {
			_, err := get(t, inContext(ctx, chain), transport.Call{Operation: "a"})
			return err
		}
		_ = call(t.Context())
		if err := call(t.Context()); !errors.Is(err, ErrExhausted) || len(server.rejected) != 1 {
			t.Fatalf("%v, %d sent", err, len(server.rejected))
		}
		pacer.ClearBackoff()
		open = true
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() { _ = call(t.Context()) })
		synctest.Wait()
		all.Go(func() {
			if err := call(ctx); !errors.Is(err, context.Canceled) {
				t.Errorf("the call that gave up: %v", err)
			}
		})
		synctest.Wait()
		cancel()
		all.Wait()
		if err := call(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// inContext puts another context into requests.
func inContext(ctx context.Context, next http.RoundTripper) http.RoundTripper {
	return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		return next.RoundTrip(req.WithContext(transport.WithCall(ctx, transport.CallFrom(req.Context()))))
	})
}
