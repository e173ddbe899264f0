package spotify_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/internal/testutil"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/transport"
)

// granting is a limiter that grants every permit at once and records the requests for permits.
type granting struct {
	mu    sync.Mutex
	asked []middleware.LimitRequest
}

func (l *granting) Acquire(_ context.Context, r middleware.LimitRequest) (middleware.Permit, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked = append(l.asked, r)
	return permit{}, nil
}

type permit struct{}

func (permit) Done(middleware.Outcome) {}

// TestLimiterSeesOperationAndPriority: the limiter sees each call's operation, bucket and priority.
// Iterators and batches have priority bulk unless the caller sets another.
func TestLimiterSeesOperationAndPriority(t *testing.T) {
	get := func(ctx context.Context, c *spotify.Client) error {
		_, err := c.Albums.Get(ctx, mock.AlbumID, nil)
		return err
	}
	iterate := func(ctx context.Context, c *spotify.Client) error {
		for _, err := range c.Albums.AllTracks(ctx, mock.AlbumID, nil) {
			return err
		}
		return nil
	}
	many := func(ctx context.Context, c *spotify.Client) error {
		_, err := c.Tracks.GetMany(ctx, []string{mock.TrackID}, nil)
		return err
	}
	for name, tc := range map[string]struct {
		call func(context.Context, *spotify.Client) error
		opts []spotify.CallOption
		want middleware.LimitRequest
	}{
		"a call": {get, nil, middleware.LimitRequest{Operation: "get-an-album"}},
		"a bulk call": {
			get, []spotify.CallOption{spotify.Bulk()},
			middleware.LimitRequest{Operation: "get-an-album", Priority: transport.PriorityBulk},
		},
		"the last word counts": {
			get, []spotify.CallOption{spotify.Bulk(), spotify.Interactive()},
			middleware.LimitRequest{Operation: "get-an-album", Priority: transport.PriorityInteractive},
		},
		"an impatient call": {
			get, []spotify.CallOption{spotify.MaxWait(time.Second)},
			middleware.LimitRequest{Operation: "get-an-album", MaxWait: time.Second},
		},
		"an iterator": {
			iterate, nil,
			middleware.LimitRequest{Operation: "get-an-albums-tracks", Priority: transport.PriorityBulk},
		},
		"an iterator that one waits for": {
			iterate, []spotify.CallOption{spotify.Interactive()},
			middleware.LimitRequest{Operation: "get-an-albums-tracks", Priority: transport.PriorityInteractive},
		},
		"a batch": {
			many, nil, middleware.LimitRequest{Operation: "get-track", Priority: transport.PriorityBulk},
		},
		"a batch one waits for": {
			many, []spotify.CallOption{spotify.Interactive()},
			middleware.LimitRequest{Operation: "get-track", Priority: transport.PriorityInteractive},
		},
	} {
		t.Run(name, func(t *testing.T) {
			limiter := &granting{}
			client, _ := mock.NewClient(t, spotify.WithLimiter(limiter))
			if err := tc.call(spotify.WithCall(t.Context(), tc.opts...), client); err != nil {
				t.Fatal(err)
			}
			if len(limiter.asked) == 0 || limiter.asked[0] != tc.want {
				t.Errorf("the limiter saw %+v, want %+v", limiter.asked, tc.want)
			}
		})
	}
}

// TestMaxWait: a call that would wait longer than MaxWait fails at once, in the pacer (another
// call's Retry-After) and in Retry (its own).
func TestMaxWait(t *testing.T) {
	for name, tc := range map[string]struct {
		opts []spotify.CallOption
		took time.Duration
		err  error
		sent int64
	}{
		"no bound":          {nil, 20 * time.Second, nil, 3},
		"a bound":           {[]spotify.CallOption{spotify.MaxWait(5 * time.Second)}, 0, spotify.ErrRateLimited, 1},
		"one that is kept":  {[]spotify.CallOption{spotify.MaxWait(25 * time.Second)}, 20 * time.Second, nil, 3},
		"none, and a retry": {[]spotify.CallOption{spotify.NoRetry()}, 20 * time.Second, nil, 3},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, fake := mock.NewClient(t)
				fake.OnAny().Times(1).RateLimited(20 * time.Second)
				ctx := spotify.WithCall(t.Context(), tc.opts...)
				impatient := spotify.WithCall(t.Context(), spotify.MaxWait(5*time.Second))
				start := time.Now()
				if _, err := client.Albums.Get(impatient, mock.AlbumID, nil); !errors.Is(err, spotify.ErrRateLimited) ||
					time.Since(start) != 0 {
					t.Fatalf("a call with a Retry-After of 20s: %v after %v", err, time.Since(start))
				}
				// The API has set a Retry-After for all operations.
				for range 2 {
					if _, err := client.Albums.Get(ctx, mock.AlbumID, nil); !errors.Is(err, tc.err) {
						t.Errorf("got %v, want %v", err, tc.err)
					}
				}
				if took := time.Since(start); took < tc.took || took > tc.took+time.Second {
					t.Errorf("took %v, want %v", took, tc.took)
				}
				if n := client.Stats().Attempts; n != tc.sent {
					t.Errorf("%d requests, want %d", n, tc.sent)
				}
			})
		})
	}
}

// TestNoRetry: NoRetry turns retries off. A rejected token is still replaced.
func TestNoRetry(t *testing.T) {
	for status, want := range map[int]int64{429: 1, 500: 1, 503: 1, 0: 1, 401: 2} {
		synctest.Test(t, func(t *testing.T) {
			first := testutil.Respond(status, "")
			if status == 0 {
				first = func(*http.Request) (*http.Response, error) { return nil, errors.New("connection reset by peer") }
			}
			base := testutil.NewScript(first)
			client := newClient(t, base)
			if _, err := client.Albums.Get(
				spotify.WithCall(t.Context(), spotify.NoRetry()),
				albumID,
				nil,
			); (err == nil) != (status == 401) {
				t.Errorf("%d: %v", status, err)
			}
			if stats := client.Stats(); stats.Attempts != want || stats.Retries != 0 {
				t.Errorf("%d: sent %d times, want %d; %d retries", status, stats.Attempts, want, stats.Retries)
			}
		})
	}
}

// TestCoverUploadHasALimitOfItsOwn: the Retry-After of an operation with its own bucket delays no
// other operation.
func TestCoverUploadHasALimitOfItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := newClient(t, testutil.NewScript(testutil.Respond(429, "", "Retry-After", "30")))
		upload := func() error {
			return client.Playlists.UploadCoverImage(t.Context(), albumID, []byte("\xff\xd8\xff\xe0\xff\xd9"))
		}
		start := time.Now()
		var uploading sync.WaitGroup
		uploading.Go(func() {
			if err := upload(); err != nil || time.Since(start) < 30*time.Second {
				t.Errorf("the upload: %v after %v", err, time.Since(start))
			}
		})
		synctest.Wait()
		if _, err := client.Albums.Get(t.Context(), albumID, nil); err != nil || time.Since(start) > time.Second {
			t.Errorf("another call meanwhile: %v after %v", err, time.Since(start))
		}
		uploading.Wait()
	})
}

func TestStats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		base := testutil.NewScript(
			testutil.Respond(429, "", "Retry-After", "2"),
			testutil.Respond(401, "", "WWW-Authenticate", testutil.InvalidToken),
			testutil.Respond(503, ""),
		)
		client := newClient(t, base, spotify.WithLimiter(middleware.NewPacer(middleware.PacerConfig{Quota: 100})))
		for range 2 {
			if _, err := client.Albums.Get(t.Context(), albumID, nil); err != nil {
				t.Fatal(err)
			}
		}
		got := client.Stats()
		if got.Waited < 2*time.Second || got.Waited > 4*time.Second {
			t.Errorf("waited for %v, want the Retry-After of 2s and up to a backoff for the outage", got.Waited)
		}
		album := got.Operations["get-an-album"]
		if album.Waited != got.Waited {
			t.Errorf("get-an-album waited for %v of %v", album.Waited, got.Waited)
		}
		album.Waited, got.Waited = 0, 0
		got.Operations["get-an-album"] = album
		if want := (spotify.Stats{
			Calls: 2, Attempts: 5, Retries: 2, RateLimited: 1, Refreshes: 1, Quota: 100,
			QuotaLowerBound: true,
			Operations: map[string]spotify.OperationStats{
				"get-an-album": {Calls: 2, Attempts: 5, RateLimited: 1},
			},
		}); !reflect.DeepEqual(
			got,
			want,
		) {
			t.Errorf("got %+v\nwant %+v", got, want)
		}
	})
}

// Stats counts the retries that the budget denied, and the calls that failed, by operation. Names
// of operations are bounded.
func TestStatsByOperation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := newClient(t, transport.RoundTripperFunc(testutil.Respond(503, "")), spotify.WithLimiter(nil))
		for range 6 {
			_, _ = client.Albums.Get(t.Context(), albumID, nil)
		}
		got := client.Stats().Operations["get-an-album"]
		// 10 retries are allowed: three calls have 3, one has 1, two have none.
		if want := (spotify.OperationStats{Calls: 6, Failed: 6, Attempts: 16, RetriesDenied: 3}); got.Waited == 0 ||
			got.Calls != want.Calls || got.Failed != want.Failed || got.Attempts != want.Attempts ||
			got.RetriesDenied != want.RetriesDenied {
			t.Errorf("got %+v, want %+v and a wait", got, want)
		}
		if all := client.Stats(); all.RetriesDenied != 3 || all.Calls != 6 || all.Attempts != 16 || all.Retries != 10 {
			t.Errorf("got %+v, want the sums", all)
		}
		for i := range 1000 {
			ctx := transport.WithCall(t.Context(), &transport.Call{
				Operation: fmt.Sprint("mine-", i), Route: "/mine", NoRetry: true,
			})
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://api.spotify.com/v1/mine", nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := client.HTTPClient().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
		}
		if all := client.Stats(); all.Calls != 1006 || len(all.Operations) > 501 {
			t.Errorf("%d calls of %d operations, want 1006 of at most 501", all.Calls, len(all.Operations))
		}
	})
}
