// Package usagetest checks that a middleware.UsageStore keeps its contract.
package usagetest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify/middleware"
)

// Run checks a store. Open returns two handles of one new, empty storage, as two processes would
// have them; they may be the same.
func Run(t *testing.T, open func(testing.TB) (a, b middleware.UsageStore)) {
	t.Helper()
	for name, check := range map[string]func(*testing.T, middleware.UsageStore, middleware.UsageStore){
		"empty": empty, "adds": adds, "keeps quotas": quotas, "since": since, "loses nothing": concurrent,
		"is not changed from outside": isolated,
		"compacts":                    compacts, "stops with the context": cancelled,
	} {
		t.Run(name, func(t *testing.T) {
			a, b := open(t)
			check(t, a, b)
		})
	}
}

func update(t *testing.T, s middleware.UsageStore, delta middleware.UsageRecord) middleware.UsageRecord {
	t.Helper()
	got, err := s.Update(context.Background(), delta, time.Now().Add(-24*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// recent is the beginning of the ten seconds of now.
func recent() time.Time { return time.Now().UTC().Truncate(10 * time.Second) }

func count(at time.Time, operation, bucket string, calls int) middleware.UsageRecord {
	return middleware.UsageRecord{
		Counts: []middleware.UsageCount{{At: at, Operation: operation, Bucket: bucket, Calls: calls}},
	}
}

func total(r middleware.UsageRecord, operation, bucket string) int {
	n := 0
	for _, c := range r.Counts {
		if c.Operation == operation && c.Bucket == bucket {
			n += c.Calls
		}
	}
	return n
}

func empty(t *testing.T, a, _ middleware.UsageStore) {
	if got := update(t, a, middleware.UsageRecord{}); len(got.Counts) != 0 || got.Quota != 0 || got.DayQuota != 0 {
		t.Errorf("got %+v", got)
	}
}

func adds(t *testing.T, a, b middleware.UsageStore) {
	at := recent()
	update(t, a, count(at, "search", "", 3))
	update(t, b, count(at, "search", "", 4))
	update(t, a, count(at, "search", "upload", 5))
	got := update(t, b, count(at, "get-track", "", 6))
	if n := total(got, "search", ""); n != 7 {
		t.Errorf("search: %d, want 7", n)
	}
	if n := total(got, "search", "upload"); n != 5 {
		t.Errorf("search in a bucket of its own: %d, want 5", n)
	}
	if n := total(got, "get-track", ""); n != 6 {
		t.Errorf("get-track: %d, want 6, the counts of this update included", n)
	}
	for _, c := range got.Counts {
		if d := at.Sub(c.At); d < 0 || d > time.Minute {
			t.Errorf("the time of %+v is %v off", c, d)
		}
	}
}

func quotas(t *testing.T, a, b middleware.UsageStore) {
	update(t, a, middleware.UsageRecord{Quota: 180})
	update(t, b, middleware.UsageRecord{DayQuota: 1000})
	update(t, a, count(recent(), "search", "", 1))
	if got := update(t, b, middleware.UsageRecord{}); got.Quota != 180 || got.DayQuota != 1000 {
		t.Errorf("quotas %d and %d, want 180 and 1000: a zero changes nothing", got.Quota, got.DayQuota)
	}
	if got := update(t, a, middleware.UsageRecord{Quota: 90}); got.Quota != 90 {
		t.Errorf("quota %d, want the newer one, 90", got.Quota)
	}
}

func since(t *testing.T, a, _ middleware.UsageStore) {
	now := recent()
	update(t, a, count(now.Add(-5*time.Hour), "old", "", 1))
	update(t, a, count(now, "new", "", 1))
	got, err := a.Update(context.Background(), middleware.UsageRecord{}, now.Add(-2*time.Hour))
	if err != nil || total(got, "old", "") != 0 || total(got, "new", "") != 1 {
		t.Errorf("got %+v, %v, want the new count alone", got, err)
	}
}

func concurrent(t *testing.T, a, b middleware.UsageStore) {
	at := recent()
	var all sync.WaitGroup
	for i := range 20 {
		store := a
		if i%2 == 1 {
			store = b
		}
		all.Go(func() {
			for range 5 {
				if _, err := store.Update(context.Background(), count(at, "search", "", 1), at); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if n := total(update(t, a, middleware.UsageRecord{}), "search", ""); n != 100 {
		t.Errorf("%d of 100 calls were counted", n)
	}
}

func isolated(t *testing.T, a, b middleware.UsageStore) {
	delta := count(recent(), "search", "", 1)
	got := update(t, a, delta)
	delta.Counts[0].Calls = 100
	for i := range got.Counts {
		got.Counts[i].Calls = 100
	}
	if n := total(update(t, b, middleware.UsageRecord{}), "search", ""); n != 1 {
		t.Errorf("%d calls, want 1", n)
	}
}

func compacts(t *testing.T, a, _ middleware.UsageStore) {
	now := recent()
	var delta middleware.UsageRecord
	for i := range 720 { // two hours, twelve hours ago
		delta.Counts = append(
			delta.Counts,
			middleware.UsageCount{At: now.Add(-12*time.Hour - time.Duration(i)*10*time.Second), Operation: "search", Calls: 1},
		)
	}
	update(t, a, delta)
	update(t, a, count(now, "other", "", 1))
	got := update(t, a, middleware.UsageRecord{})
	if n := total(got, "search", ""); n != 720 {
		t.Errorf("%d of 720 calls are still counted", n)
	}
	if len(got.Counts) > 200 {
		t.Errorf("%d counts are kept of two hours long ago, want them merged (middleware.CompactUsage)", len(got.Counts))
	}
}

func cancelled(t *testing.T, a, b middleware.UsageStore) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := a.Update(ctx, count(recent(), "search", "", 1), time.Now()); err == nil {
		return // it had nothing to wait for
	}
	if n := total(update(t, b, middleware.UsageRecord{}), "search", ""); n != 0 {
		t.Errorf("an update that failed counted %d calls", n)
	}
}
