package middleware

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// The machine sleeps for 8 hours in a pause of 1 hour: the monotonic clock stands still, the wall
// clock goes on. A time without its monotonic reading stands for what the wall clock says.
func TestLeftOnAMachineThatSleeps(t *testing.T) {
	now := time.Now()
	asleep := now.Round(0).Add(8 * time.Hour) // what the wall clock says after the sleep
	if l := left(now.Add(time.Hour), now); l != time.Hour {
		t.Errorf("awake: %v left", l)
	}
	if l := left(now.Add(time.Hour), asleep); l != -7*time.Hour {
		t.Errorf("after the sleep: %v left", l)
	}
	if e := elapsed(now, asleep); e != 8*time.Hour {
		t.Errorf("after the sleep: %v elapsed", e)
	}
	if e := elapsed(now, now.Round(0).Add(-time.Hour)); e != -time.Hour {
		t.Errorf("a clock that was set back, without another: %v elapsed", e)
	}
}

// Calls that wait in a long pause look at the clocks at least every 15 s, and go when one of them
// says that the pause is over.
func TestWaitersLookAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newWindowServer(1, rules{used: usedBefore(simQuota, 0), retryAfter: always("3600")})
		pacer := NewPacer(PacerConfig{MaxPause: -1, MaxWait: -1})
		chain := RateLimit(pacer)(server)
		if status, _ := get(t, chain, transport.Call{}); status != 429 {
			t.Fatalf("%d, want 429", status)
		}
		done := make(chan time.Time)
		go func() {
			_, _ = get(t, chain, transport.Call{})
			done <- time.Now()
		}()
		time.Sleep(40 * time.Second)
		woken := time.Now()
		pacer.lock()
		b := pacer.buckets[""]
		b.gate = b.gate.Round(0).Add(-8 * time.Hour) // the wall clock has gone on by 8 hours
		pacer.mu.Unlock()
		if d := (<-done).Sub(woken); d > lookAgain+200*time.Millisecond {
			t.Errorf("the call went %v after the sleep, want 15 s at most", d)
		}
	})
}

// Limits that are idle are forgotten, however many there are.
func TestIdleLimitsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pacer := NewPacer(PacerConfig{Window: time.Second})
		chain := RateLimit(pacer)(newWindowServer(1, rules{}))
		names := make([]byte, 3)
		for i := range 50_000 {
			names[0], names[1], names[2] = byte(i), byte(i>>8), byte(i>>16)
			permit, err := pacer.Acquire(t.Context(), LimitRequest{Bucket: string(names)})
			if err != nil {
				t.Fatal(err)
			}
			permit.Done(Outcome{Status: 200})
			time.Sleep(100 * time.Millisecond)
		}
		if _, err := get(t, chain, transport.Call{}); err != nil {
			t.Fatal(err)
		}
		if n := len(pacer.buckets); n > 200 {
			t.Errorf("%d limits are remembered", n)
		}
	})
}

// A quota that fills 32 bits does not overflow.
func TestHugeQuota(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pacer := NewPacer(PacerConfig{Quota: mostQuota})
		chain := paced(pacer)(newWindowServer(1, rules{}))
		for range 10 {
			if status, err := get(t, chain, transport.Call{Priority: transport.PriorityBulk}); err != nil || status != 200 {
				t.Fatal(status, err)
			}
		}
		if q := pacer.Stats("").Quota; q != mostQuota {
			t.Errorf("quota %d", q)
		}
	})
}
