package e2e_test

import (
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/internal/testutil"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/mock"
)

func exceeded(header ...string) func(*http.Request) (*http.Response, error) {
	return testutil.Respond(
		429,
		`{"error":{"status":429,"message":"Too many requests","reason":"QUOTA_EXCEEDED"}}`,
		header...)
}

func TestQuotaExceededIsNotRetried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		base := testutil.NewScript(exceeded("Retry-After", "7200"), exceeded("Retry-After", "7200"))
		client := newClient(t, base)
		get := func() error { _, err := client.Albums.Get(t.Context(), albumID, nil); return err }
		for range 3 { // only the first one is sent
			err := get()
			var e *spotify.Error // of the response, then of the limiter, which sends nothing
			var limit *middleware.LimitError
			told := errors.As(err, &e) && e.RetryAfter == 2*time.Hour || errors.As(err, &limit) && limit.Wait == 2*time.Hour
			if !errors.Is(err, spotify.ErrQuotaExceeded) || !errors.Is(err, spotify.ErrRateLimited) || !told ||
				len(base.Seen()) != 1 {
				t.Fatal(err, len(base.Seen()))
			}
		}
		client.ClearBackoff()
		if err := get(); !errors.Is(err, spotify.ErrQuotaExceeded) || len(base.Seen()) != 2 {
			t.Fatal("sent while the quota is exhausted:", err, len(base.Seen()))
		}
		client.ClearBackoff()
		if err := get(); err != nil || len(base.Seen()) != 3 {
			t.Fatal("sent while the quota is exhausted:", err, len(base.Seen()))
		}
	})
}

// TestQuotaExceededEnds: an exhausted quota ends when its Retry-After has passed. Without a
// Retry-After, one probe is sent after 1, 2, 4 … minutes.
func TestQuotaExceededEnds(t *testing.T) {
	for name, tc := range map[string]struct {
		header []string
		probes int // how many probes are rejected before the quota is available
		after  time.Duration
	}{
		"said":                       {[]string{"Retry-After", "7200"}, 0, 2 * time.Hour},
		"not said":                   {nil, 0, time.Minute},
		"not said, and it goes on":   {nil, 5, (1 + 2 + 4 + 8 + 16 + 32) * time.Minute},
		"0 means nothing":            {[]string{"Retry-After", "0"}, 1, (1 + 2) * time.Minute},
		"shorter than a retry waits": {[]string{"Retry-After", "3"}, 0, 3 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				base := testutil.NewScript(
					slices.Repeat([]func(*http.Request) (*http.Response, error){exceeded(tc.header...)}, tc.probes+1)...)
				client, start := newClient(t, base), time.Now()
				get := func() error { _, err := client.Albums.Get(t.Context(), albumID, nil); return err }
				for get() != nil {
					pause := 500 * time.Millisecond
					if tc.after-time.Since(start) > time.Minute { // fewer probes where hours remain
						pause = 30 * time.Second
					}
					time.Sleep(pause)
					var all sync.WaitGroup
					for range 9 {
						all.Go(func() { _ = get() })
					}
					all.Wait()
				}
				if took := time.Since(start); took < tc.after || took > tc.after+time.Second {
					t.Errorf("calls are sent again after %v, want %v", took, tc.after)
				}
				stats := client.Stats()
				if refused := int(stats.RateLimited); refused != tc.probes+1 || stats.Retries != 0 {
					t.Errorf("%d calls were rejected, want %d; %d retries", refused, tc.probes+1, stats.Retries)
				}
			})
		})
	}
}

// TestQuotaExceededDoesNotEmptyTheCache: cached responses are still returned.
func TestQuotaExceededDoesNotEmptyTheCache(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, fake := mock.NewClient(t, spotify.WithCache(middleware.CacheConfig{}))
		get := func(id string) error { _, err := client.Albums.Get(t.Context(), id, nil); return err }
		if err := get(mock.AlbumID); err != nil {
			t.Fatal(err)
		}
		fake.OnAny().Respond(429, map[string]any{"error": map[string]any{"status": 429, "reason": "QUOTA_EXCEEDED"}})
		for range 2 {
			if err := get(albumID); !errors.Is(err, spotify.ErrQuotaExceeded) {
				t.Error(err)
			}
		}
		if err := get(mock.AlbumID); err != nil {
			t.Error("a cached response:", err)
		}
		if n := client.Stats().Attempts; n != 2 {
			t.Errorf("%d requests, want 2", n)
		}
	})
}
