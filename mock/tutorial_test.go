package mock_test

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/resources"
)

func titles(ctx context.Context, client *spotify.Client, album string) ([]string, error) {
	var names []string
	for track, err := range client.Albums.AllTracks(ctx, album, nil) {
		if err != nil {
			return nil, err
		}
		names = append(names, track.Name)
	}
	return names, nil
}

func TestTitles(t *testing.T) {
	client, fake := mock.NewClient(t)
	names, err := titles(t.Context(), client, mock.AlbumID)
	if err != nil || len(names) != 12 || names[0] != "Low Tide" {
		t.Fatal(names, err)
	}
	fake.AssertCallCount(t, "GET /albums/{id}/tracks", 1)
}

func TestTitlesAfterRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, fake := mock.NewClient(t)
		fake.On("GET", "/albums/{id}/tracks").Times(1).RateLimited(30 * time.Second)
		start := time.Now()
		if _, err := titles(t.Context(), client, mock.AlbumID); err != nil {
			t.Fatal(err)
		}
		if waited := time.Since(start); waited < 30*time.Second {
			t.Errorf("waited %v", waited)
		}
	})
}

func TestTitlesOfNoAlbum(t *testing.T) {
	client, fake := mock.NewClient(t)
	gone := map[string]any{"error": map[string]any{"status": 404, "message": "gone"}}
	fake.On("GET", "/albums/{id}/tracks").Respond(404, gone)
	if _, err := titles(t.Context(), client, mock.AlbumID); !errors.Is(err, spotify.ErrNotFound) {
		t.Fatal(err)
	}
}

func TestTitlesWithAnExpiredToken(t *testing.T) {
	client, fake := mock.NewClient(t, spotify.WithClientCredentials("id", "secret"))
	for range 2 {
		if _, err := titles(t.Context(), client, mock.AlbumID); err != nil {
			t.Fatal(err)
		}
		fake.ExpireTokens()
	}
	fake.AssertCallCount(t, "POST /api/token", 2)
}

func TestRoadTrip(t *testing.T) {
	client, _ := mock.NewClient(t)
	ctx := t.Context()
	params := &resources.CreatePlaylistParams{Name: "Road trip"}
	playlist, err := client.Playlists.Create(ctx, params)
	if err != nil {
		t.Fatal(err)
	}
	uris := []string{"spotify:track:" + mock.TrackID}
	if _, err := client.Playlists.AddItems(ctx, playlist.ID, uris, nil); err != nil {
		t.Fatal(err)
	}
	page, err := client.Playlists.Items(ctx, playlist.ID, nil)
	if err != nil || page.Total != 1 || page.Items[0].Item.Track.Name != "Low Tide" {
		t.Fatal(page, err)
	}
}

func TestEpisodesWithChaos(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limit := mock.WithRateLimit(10, 30*time.Second)
		client := mock.New(t, mock.WithFaults(mock.Chaos(7)), limit).NewClient()
		n := 0
		page := &resources.PageParams{Limit: 10}
		for _, err := range client.Shows.AllEpisodes(t.Context(), mock.ShowID, page) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n != 240 {
			t.Errorf("%d episodes", n)
		}
	})
}

func TestLongPlaylist(t *testing.T) {
	c := catalogue.New()
	song := c.AddTrack(catalogue.Track{Name: "Again", Artists: []string{"The Loops"}})
	items := slices.Repeat([]string{"spotify:track:" + song}, 10_000)
	list := c.AddPlaylist(catalogue.Playlist{Name: "On and on", Items: items})
	client := mock.New(t, mock.WithCatalogue(c)).NewClient()
	page, err := client.Playlists.Items(t.Context(), list, nil)
	if err != nil || page.Total != 10_000 {
		t.Fatal(page, err)
	}
}

func TestWithoutTheScope(t *testing.T) {
	client := mock.New(t, mock.WithScopes(auth.ScopeUserReadEmail)).NewClient()
	if _, err := client.Albums.Saved(t.Context(), nil); !errors.Is(err, spotify.ErrForbidden) {
		t.Fatal(err)
	}
}

// The documentation shows nothing that is not tested here.
func TestTheTutorialIsTested(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	tested, err := os.ReadFile("tutorial_test.go")
	if err != nil {
		t.Fatal(err)
	}
	blocks := 0
	for _, block := range strings.Split(string(doc), "\n//\n") {
		if !strings.HasPrefix(block, "//\t") {
			continue
		}
		code := strings.ReplaceAll(strings.TrimPrefix(block, "//\t"), "\n//\t", "\n")
		if strings.HasPrefix(code, "go run ") {
			continue
		}
		blocks++
		if !strings.Contains(string(tested), code+"\n") {
			t.Errorf("not tested:\n%s", code)
		}
	}
	if blocks < 6 {
		t.Errorf("found %d pieces of code", blocks)
	}
}
