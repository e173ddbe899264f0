package middleware

import (
	"math"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// Retry waits for Retry-After at least, and returns the response at once if Retry-After is longer
// than MaxRetryAfter or reaches beyond the deadline.
func TestRetryWaitsForRetryAfter(t *testing.T) {
	for _, tc := range []struct {
		name, value string
		cfg         RetryConfig
		deadline    time.Duration
		least, most time.Duration // 0 if there is no retry
	}{
		{name: "seconds", value: "5", least: 5 * time.Second, most: 5250 * time.Millisecond},
		{name: "absent", least: 250 * time.Millisecond, most: 500 * time.Millisecond},
		{name: "0", value: "0", least: 250 * time.Millisecond, most: 500 * time.Millisecond},
		{name: "less than the backoff", value: ".1", least: 250 * time.Millisecond, most: 500 * time.Millisecond},
		{name: "equal to MaxRetryAfter", value: "60", least: time.Minute, most: time.Minute + 250*time.Millisecond},
		{name: "longer than MaxRetryAfter", value: "61"},
		{name: "overflowing", value: "99999999999999999999"},
		{name: "overflowing, with the longest MaxRetryAfter", value: "99999999999999999999",
			cfg: RetryConfig{MaxRetryAfter: math.MaxInt64}, least: 365 * 24 * time.Hour,
			most: 365*24*time.Hour + time.Second},
		{name: "negative MaxRetryAfter", value: "1", cfg: RetryConfig{MaxRetryAfter: -1}},
		{name: "negative MaxRetryAfter, Retry-After: 0", value: "0", cfg: RetryConfig{MaxRetryAfter: -1},
			least: 250 * time.Millisecond, most: 500 * time.Millisecond},
		{name: "within the deadline", value: "5", deadline: 6 * time.Second, least: 5 * time.Second,
			most: 5250 * time.Millisecond},
		{name: "past the deadline", value: "5", deadline: 5 * time.Second},
		{name: "backoff past the deadline", deadline: 200 * time.Millisecond},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if tc.deadline > 0 {
					ctx = timeoutOf(t, tc.deadline)
				}
				sent := 0
				start := time.Now()
				resp, _, err := send(t, Retry(tc.cfg)(respond(func(req *http.Request) (int,
					string) {
					sent++
					return 200 + 229*(sent%2), ""
				}, "Retry-After", tc.value)),
					newRequest(t, ctx, "POST", "https://api.example.com/x", ""))
				took := time.Since(start)
				if err != nil || (resp.StatusCode == 200) != (tc.most > 0) || took < tc.least || took > tc.most {
					t.Errorf("%v, %v after %v, want %v to %v", resp, err, took, tc.least, tc.most)
				}
			})
		})
	}
}
