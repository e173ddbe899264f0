package mock

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/seed-2147f1a9/spotify"
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
		if calls := fake.Calls("GET", "/artists/{id}"); len(calls) != 1 || !strings.HasPrefix(calls[0].Header.Get("Authorization"), c.want) {
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
	tt := &tattler{TB: t}
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
		tt := &tattler{TB: t}
		if NewClient(tt, opts...); len(tt.errors) != 1 || !strings.Contains(tt.said(), "NewClient: ") {
			t.Errorf("%s: said %q", name, tt.said())
		}
	}
}
