package spotify_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/transport"
)

// busiest is a middleware that stores the largest number of requests in flight.
func busiest(most *atomic.Int64) transport.Middleware {
	var now atomic.Int64
	return func(next http.RoundTripper) http.RoundTripper {
		return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			n := now.Add(1)
			defer now.Add(-1)
			for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
			}
			time.Sleep(time.Second)
			return next.RoundTrip(req)
		})
	}
}

func TestWithConcurrencyAndWindow(t *testing.T) {
	ids := make([]string, 40)
	for i := range ids {
		ids[i] = fmt.Sprintf("%022d", i)
	}
	for name, c := range map[string]struct {
		opt  spotify.Option
		call func(context.Context, *spotify.Client)
		most int64
	}{
		"GetMany": {spotify.WithConcurrency(5), func(ctx context.Context, client *spotify.Client) {
			_, _ = client.Tracks.GetMany(ctx, ids, nil)
		}, 5},
		"an iterator": {spotify.WithWindow(2), func(ctx context.Context, client *spotify.Client) {
			_, _ = spotify.Collect(client.Shows.AllEpisodes(ctx, mock.ShowID, &spotify.PageParams{Limit: 10}), 0)
		}, 2},
	} {
		synctest.Test(t, func(t *testing.T) {
			var most atomic.Int64
			client, _ := mock.NewClient(t, c.opt, spotify.WithLimiter(nil),
				spotify.WithMiddleware(transport.PerAttempt, busiest(&most)))
			c.call(t.Context(), client)
			if most.Load() != c.most {
				t.Errorf("%s: %d requests in flight, want %d", name, most.Load(), c.most)
			}
		})
	}
}

func TestWithMaxBody(t *testing.T) {
	client, _ := mock.NewClient(t, spotify.WithMaxBody(100))
	if _, err := client.Albums.Get(t.Context(), mock.AlbumID, nil); !errors.Is(err, spotify.ErrTooLarge) {
		t.Errorf("got %v", err)
	}
}

func TestUserAgentSuffixAndBaseURL(t *testing.T) {
	client, fake := mock.NewClient(t, spotify.WithUserAgent("mine/2"), spotify.WithUserAgentSuffix("party-wall/1.4"))
	if _, err := client.Albums.Get(t.Context(), mock.AlbumID, nil); err != nil {
		t.Fatal(err)
	}
	if got := fake.Calls("GET", "/albums/{id}")[0].Header.Get("User-Agent"); got != "mine/2 party-wall/1.4" {
		t.Errorf("User-Agent: %s", got)
	}
	if got := client.BaseURL(); got != "https://api.spotify.com/v1" {
		t.Errorf("BaseURL: %s", got)
	}
}

// Options of a context do not reach the context that it was made from, nor its other children.
func TestHeaderAndQueryStayWithTheirContext(t *testing.T) {
	client, fake := mock.NewClient(t)
	parent := spotify.WithCall(t.Context(), spotify.Header("X-A", "1"), spotify.Query("market", "ES"))
	one := spotify.WithCall(parent, spotify.Header("X-A", "2"), spotify.Header("X-B", "3"))
	for _, ctx := range []context.Context{one, parent, t.Context()} {
		if _, err := client.Artists.Get(ctx, mock.ArtistID); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"[1 2] [3] market=ES", "[1] [] market=ES", "[] [] "}
	for i, call := range fake.Calls("GET", "/artists/{id}") {
		if got := fmt.Sprint(call.Header["X-A"], call.Header["X-B"], " ", call.Query.Encode()); got != want[i] {
			t.Errorf("call %d: %s, want %s", i, got, want[i])
		}
	}
}
