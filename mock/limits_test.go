package mock

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/mock/internal/mocktest"
)

// passes returns the number of n calls that are accepted.
func passes(t *testing.T, tr *Transport, n int, path string) int {
	t.Helper()
	passed := 0
	for range n {
		if mocktest.Get(t, tr, path).Status == 200 {
			passed++
		}
	}
	return passed
}

func TestUsedWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := New(t, WithRateLimit(10, 10*time.Second), WithUsedWindow(7, 4*time.Second))
		if n := passes(t, tr, 10, trackPath); n != 3 {
			t.Errorf("%d passed, want 3", n)
		}
		time.Sleep(6 * time.Second)
		if n := passes(t, tr, 10, trackPath); n != 7 {
			t.Errorf("%d passed when the earlier slots were freed, want 7", n)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		tr := New(t, WithRateLimit(10, 10*time.Second), WithUsedWindow(9, -1))
		if n := passes(t, tr, 10, trackPath); n != 1 {
			t.Errorf("%d passed, want 1", n)
		}
		for range 9 { // one is freed each second
			time.Sleep(time.Second)
			if n := passes(t, tr, 3, trackPath); n != 1 {
				t.Errorf("%d passed, want 1", n)
			}
		}
	})
}

func TestStrangers(t *testing.T) {
	count := func(seed uint64) (passed int) {
		synctest.Test(t, func(t *testing.T) {
			tr := New(t, WithFaults(Faults{Seed: seed}), WithRateLimit(100, 10*time.Second), WithStrangers(2, 20))
			for range 100 {
				passed += passes(t, tr, 100, trackPath)
				time.Sleep(time.Second)
			}
		})
		return passed
	}
	a, b := count(1), count(2)
	if a == b || a != count(1) {
		t.Errorf("%d and %d passed: want a number that depends on the seed, and on nothing else", a, b)
	}
	if a < 450 || a > 850 { // of 1000, strangers take about 400
		t.Errorf("%d passed", a)
	}
}

func TestExhaustedBucket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := New(t, WithExhaustedBucket(time.Hour, 3600*time.Second, "get-track", "search"))
		r := mocktest.Get(t, tr, trackPath)
		if r.Status != 429 || r.Header.Get("Retry-After") != "3600" || !strings.Contains(r.Body, "QUOTA_EXCEEDED") {
			t.Errorf("%+v", r)
		}
		if r := mocktest.Get(t, tr, "/albums/"+AlbumID); r.Status != 200 {
			t.Errorf("an operation outside the bucket: %+v", r)
		}
		time.Sleep(time.Hour)
		if r := mocktest.Get(t, tr, trackPath); r.Status != 200 {
			t.Errorf("an hour later: %+v", r)
		}
	})
}

func TestUnexpected401s(t *testing.T) {
	got := census(t, New(t, WithFaults(Faults{UnauthorizedRate: 0.2})), 1000)
	if got["401"] < 150 || got["401"] > 250 || got["200"] != 1000-got["401"] {
		t.Errorf("%v", got)
	}
	r := mocktest.Get(t, New(t, WithFaults(Faults{UnauthorizedRate: 1})), trackPath)
	if challenge := r.Header.Get("Www-Authenticate"); r.Status != 401 ||
		!strings.Contains(r.Body, "Access token missing") ||
		strings.Contains(challenge, "invalid_token") {
		t.Errorf("%+v, challenge %q", r, challenge)
	}
}

// A 401 for an expired token says so in its header too.
func TestExpiredTokenChallenge(t *testing.T) {
	tr := New(t)
	_ = mocktest.Get(t, tr, trackPath)
	tr.ExpireTokens()
	r := mocktest.Get(t, tr, trackPath)
	const want = `Bearer realm="spotify", error="invalid_token", error_description="The access token expired"`
	if got := r.Header.Get("Www-Authenticate"); r.Status != 401 || got != want {
		t.Errorf("%d, %s", r.Status, got)
	}
}
