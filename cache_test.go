package spotify_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/internal/testutil"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/transport"
)

// TestCacheHitCostsNothing: a cache hit takes no request, no token and no permit, and is captured
// like any other response.
func TestCacheHitCostsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limiter, source := &granting{}, &watched{}
		client, fake := mock.NewClient(
			t,
			spotify.WithCache(middleware.CacheConfig{}),
			spotify.WithLimiter(limiter),
			spotify.WithTokenSource(source),
		)
		var meta spotify.Captured
		for i := range 5 {
			album, err := client.Albums.Get(spotify.WithCall(t.Context(), spotify.Capture(&meta)), mock.AlbumID, nil)
			if err != nil || album.ID != mock.AlbumID || meta.Status != 200 ||
				!strings.Contains(string(meta.Body), mock.AlbumID) {
				t.Fatal(album, err, meta.Status)
			}
			if hit := strings.Contains(meta.Header.Get("Cache-Status"), "hit"); hit != (i > 0) {
				t.Errorf("call %d: Cache-Status: %q", i, meta.Header.Get("Cache-Status"))
			}
		}
		stats := client.Stats()
		if stats.Calls != 5 || stats.CacheHits != 4 || stats.Attempts != 1 || len(limiter.asked) != 1 || source.asked != 1 {
			t.Errorf("%+v; %d permits, %d tokens", stats, len(limiter.asked), source.asked)
		}
		fake.AssertCallCount(t, "GET /albums/{id}", 1)
		time.Sleep(3 * time.Hour) // stale now, and revalidated: it has not changed
		if _, err := client.Albums.Get(t.Context(), mock.AlbumID, nil); err != nil {
			t.Error(err)
		}
		calls := fake.Calls("GET", "/albums/{id}")
		if len(calls) != 2 || calls[1].Status != http.StatusNotModified || client.Stats().CacheHits != 4 {
			t.Errorf("%d calls, status code %d of the last", len(calls), calls[len(calls)-1].Status)
		}
	})
}

// watched counts the tokens that it returns.
type watched struct {
	testutil.Tokens
	asked int
}

func (w *watched) Token(ctx context.Context) (*oauth2.Token, error) {
	w.asked++
	return w.Tokens.Token(ctx)
}

// TestCacheKeepsUsersApart: each user of a client has a cache of its own, and a user's write
// invalidates that user's entries.
func TestCacheKeepsUsersApart(t *testing.T) {
	client, fake := mock.NewClient(t, spotify.WithCache(middleware.CacheConfig{}))
	get := func(opts ...spotify.CallOption) {
		t.Helper()
		if _, err := client.Albums.Get(spotify.WithCall(t.Context(), opts...), mock.AlbumID, nil); err != nil {
			t.Fatal(err)
		}
	}
	get()
	get(spotify.Token("somebody's"))
	get(spotify.Token("somebody's"))
	get()
	fake.AssertCallCount(t, "GET /albums/{id}", 2)
	if err := client.Library.Save(t.Context(), "spotify:album:"+mock.AlbumID); err != nil {
		t.Fatal(err)
	}
	get()
	fake.AssertCallCount(t, "GET /albums/{id}", 3)
}

// TestCoalescedCalls: equal concurrent calls share one response, each with a body of its own.
func TestCoalescedCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := mock.New(t, mock.WithFaults(mock.Faults{MinLatency: time.Second, MaxLatency: time.Second}))
		client := fake.NewClient(
			spotify.WithMiddleware(transport.PerCall, middleware.Coalesce(middleware.CoalesceConfig{})),
		)
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				if album, err := client.Albums.Get(t.Context(), mock.AlbumID, nil); err != nil || album.ID != mock.AlbumID {
					t.Error(album, err)
				}
			})
		}
		wg.Wait()
		fake.AssertCallCount(t, "GET /albums/{id}", 1)
	})
}
