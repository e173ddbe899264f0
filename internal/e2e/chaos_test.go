package e2e_test

// These tests inject every kind of production fault at once. Every lost call returns an error, and
// no write is applied twice.

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/testutil"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/resources"
)

// tally counts calls by outcome.
type tally struct {
	mu    sync.Mutex
	tried map[string]int // reads, writes
	lost  map[string]int
	ends  map[string]int // lost calls, by kind of error
	made  map[string]bool
}

func newTally() *tally {
	return &tally{tried: map[string]int{}, lost: map[string]int{}, ends: map[string]int{}, made: map[string]bool{}}
}

func (c *tally) count(t *testing.T, what, name string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tried[what]++
	c.made[name] = err == nil
	if err != nil {
		kind := kindOf(err)
		if kind == "" {
			t.Errorf("an error of no known type: %T: %v", err, err)
		}
		c.lost[what]++
		c.ends[kind]++
	}
}

// kindOf returns the type of a call's error.
func kindOf(err error) string {
	var (
		apiErr   *spotify.Error
		unread   *resources.ResponseError
		unheard  *spotify.CallError
		limited  *middleware.LimitError
		late     *middleware.TimeoutError
		tokenErr *auth.Error
	)
	switch {
	case errors.As(err, &apiErr):
		return fmt.Sprintf("*spotify.Error %d", apiErr.Status)
	case errors.As(err, &unread):
		return "*resources.ResponseError"
	case !errors.As(err, &unheard):
		return ""
	case errors.As(err, &limited):
		return "*spotify.CallError of a *middleware.LimitError"
	case errors.As(err, &late):
		return "*spotify.CallError of a *middleware.TimeoutError"
	case errors.As(err, &tokenErr):
		return "*spotify.CallError of an *auth.Error"
	}
	return "*spotify.CallError of the network"
}

func (c *tally) String() string {
	var b strings.Builder
	for _, what := range slices.Sorted(maps.Keys(c.tried)) {
		fmt.Fprintf(
			&b,
			"%s: %d tried, %d lost (%.2f %%); ",
			what,
			c.tried[what],
			c.lost[what],
			100*float64(c.lost[what])/float64(c.tried[what]),
		)
	}
	for _, kind := range slices.Sorted(maps.Keys(c.ends)) {
		fmt.Fprintf(&b, "%d × %s; ", c.ends[kind], kind)
	}
	return strings.TrimSuffix(b.String(), "; ")
}

// round makes n calls from 64 goroutines. One in ten is a write that is not idempotent, one an
// idempotent write.
func (c *tally) round(t *testing.T, client *spotify.Client, first, n int) {
	var next atomic.Int64
	next.Store(int64(first))
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= first+n {
					return
				}
				ctx := t.Context()
				switch i % 10 {
				case 0:
					name := fmt.Sprintf("playlist %d", i)
					_, err := client.Playlists.Create(ctx, &resources.CreatePlaylistParams{Name: name})
					c.count(t, "writes", name, err)
				case 1:
					c.count(t, "reads and repeatable writes", "", client.Library.Save(ctx, "spotify:track:"+mock.TrackID))
				case 2:
					track, err := client.Tracks.Get(ctx, mock.TrackID, nil)
					if c.count(t, "reads and repeatable writes", "", err); err == nil && track.ID != mock.TrackID {
						t.Errorf("got another track: %q", track.ID)
					}
				default:
					me, err := client.Users.Me(ctx)
					if c.count(t, "reads and repeatable writes", "", err); err == nil && me.ID != mock.UserID {
						t.Errorf("got another user: %q", me.ID)
					}
				}
			}
		})
	}
	wg.Wait()
}

// applied compares the writes that the fake applied with the results that the callers got.
func (c *tally) applied(t *testing.T, fake *mock.Transport) {
	times := map[string]int{}
	for _, call := range fake.Calls("POST", "/me/playlists") {
		if call.Applied {
			_, rest, _ := strings.Cut(string(call.Body), `"name":"`)
			name, _, _ := strings.Cut(rest, `"`)
			times[name]++
		}
	}
	for name, made := range c.made {
		if name != "" && (times[name] > 1 || made && times[name] != 1) {
			t.Errorf("%q was applied %d times, and its caller got success: %v", name, times[name], made)
		}
	}
	clear(c.made)
}

// login returns a user's login with a valid refresh token and an expired access token.
func login(t *testing.T, fake *mock.Transport) *auth.AuthorizationCode {
	t.Helper()
	_, refresh := fake.Login("app", false, "user-library-modify", "playlist-modify-public", "user-read-private")
	store := auth.NewMemoryStore()
	record := auth.StoredToken{
		ClientID:     "app",
		AccessToken:  "expired",
		RefreshToken: refresh,
		Expiry:       time.Now().Add(-time.Hour),
	}
	if err := store.Save(context.Background(), "default", record, 0); err != nil {
		t.Fatal(err)
	}
	user, err := auth.NewAuthorizationCode(
		auth.Config{
			ClientID:     "app",
			ClientSecret: "secret",
			RedirectURL:  "http://127.0.0.1:1/x",
			Store:        store,
			Transport:    fake,
		},
	)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = user.Close() })
	return user
}

func TestChaos(t *testing.T) { chaos(t, 10_000) }

// chaos makes calls in virtual time. Few calls may be lost, no write applied twice, nothing left
// open or running.
func chaos(t *testing.T, calls int) {
	defer debug.SetGCPercent(debug.SetGCPercent(800)) // these calls produce mostly garbage
	synctest.Test(t, func(t *testing.T) {
		before := testutil.BubbleGoroutines(t)
		faults := mock.Chaos(1)
		faults.Errors = map[int]float64{401: 0.01}
		faults.MedianLatency, faults.P99Latency = 60*time.Millisecond, time.Second
		fake := mock.New(t, mock.WithFaults(faults), mock.WithRateLimit(1500, 30*time.Second))
		user := login(t, fake)
		client := fake.NewClient(spotify.WithTokenSource(user), spotify.WithTimeout(time.Second))
		total, start := newTally(), time.Now()
		for first := 0; first < calls; first += 5000 { // in rounds, which bounds the calls that the fake records
			total.round(t, client, first, min(5000, calls-first))
			total.applied(t, fake)
			if n := fake.OpenBodies(); n != 0 {
				t.Fatalf("%d response bodies are open", n)
			}
			fake.Reset()
		}
		t.Logf("%v", total)
		t.Logf("%v of the fake's time, %+v", time.Since(start).Round(time.Second), client.Stats())
		if lost := total.lost["reads and repeatable writes"]; lost*500 > calls {
			t.Errorf("%d idempotent calls were lost, want at most 0.2 %%", lost)
		}
		if got := total.tried["writes"] + total.tried["reads and repeatable writes"]; got != calls {
			t.Errorf("%d calls ended, of %d", got, calls)
		}
		if err := errors.Join(client.Close(), user.Close()); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if after := testutil.BubbleGoroutines(t); after > before {
			t.Errorf("%d goroutines more than before", after-before)
		}
	})
}
