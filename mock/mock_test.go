package mock

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/resources"
)

func TestNewClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, fake := NewClient(t)
		album, err := client.Albums.Get(t.Context(), AlbumID, nil)
		if err != nil || album.ID != AlbumID {
			t.Error(album, err)
		}
		fake.AssertCalled(t, "GET /albums/{id}")
	})
}

// 400 goroutines share a client while the fake injects faults and limits the rate. In a bubble the
// windows of 30 seconds take no time.
func TestManyGoroutinesInABubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n, perWindow = 400, 150
		fake := New(t, WithFaults(Chaos(11)), WithRateLimit(perWindow, 30*time.Second))
		client := fake.NewClient(spotify.WithRetry(middleware.RetryConfig{MaxRetries: 8, Budget: -1}))
		var ids []string
		for _, album := range catalogue.Invented().Contents().Albums {
			for _, track := range album.Tracks {
				ids = append(ids, resources.URI(resources.KindTrack, track.ID))
			}
		}
		ids = ids[:n]
		start := time.Now()
		var wg sync.WaitGroup
		for _, id := range ids {
			wg.Go(func() {
				track, err := client.Tracks.Get(t.Context(), id, nil)
				if err != nil || track.URI != id {
					t.Errorf("%s: %+v, %v", id, track, err)
				}
			})
		}
		wg.Wait()
		if took := time.Since(start); took < 30*time.Second*(n/perWindow) || took > 5*time.Minute {
			t.Errorf("took %v", took)
		}
		if calls := len(fake.Calls("GET", "/tracks/{id}")); calls <= n {
			t.Errorf("%d calls: no call was retried", calls)
		}
		if open := fake.OpenBodies(); open != 0 {
			t.Errorf("%d bodies are open", open)
		}
	})
}

func TestNewClientCredentials(t *testing.T) {
	for name, c := range map[string]struct {
		opts []spotify.Option
		want string // how the token begins
	}{
		"none":        {nil, "Bearer fake"},
		"a token":     {[]spotify.Option{spotify.WithAccessToken("mine")}, "Bearer mine"},
		"credentials": {[]spotify.Option{spotify.WithClientCredentials("id", "secret")}, "Bearer fake-access-"},
	} {
		client, fake := NewClient(t, c.opts...)
		if _, err := client.Artists.Get(t.Context(), ArtistID); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if calls := fake.Calls("GET", "/artists/{id}"); len(calls) != 1 ||
			!strings.HasPrefix(calls[0].Header.Get("Authorization"), c.want) {
			t.Errorf("%s: %+v", name, calls)
		}
	}
}

func TestServerNewClient(t *testing.T) {
	for name, opts := range servers {
		s := NewServer(t, opts...)
		album, err := s.NewClient().Albums.Get(t.Context(), AlbumID, nil)
		if err != nil || !strings.HasPrefix(album.Href, s.BaseURL) {
			t.Errorf("%s: %+v, %v", name, album, err)
		}
	}
}

func TestNewClientEndsWithTheTest(t *testing.T) {
	tt := &failures{TB: t}
	client, _ := NewClient(tt)
	for _, f := range tt.cleanups {
		f()
	}
	if _, err := client.Artists.Get(t.Context(), ArtistID); !errors.Is(err, spotify.ErrClosed) {
		t.Error(err)
	}
}

func TestNewClientThatMakesNoSense(t *testing.T) {
	for name, opts := range map[string][]spotify.Option{
		"retries":         {spotify.WithMaxRetries(-1)},
		"two credentials": {spotify.WithAccessToken("a"), spotify.WithClientCredentials("a", "b")},
	} {
		tt := &failures{TB: t}
		if NewClient(tt, opts...); len(tt.errors) != 1 || !strings.Contains(tt.said(), "NewClient: ") {
			t.Errorf("%s: said %q", name, tt.said())
		}
	}
}
