package e2e_test

// These tests read lists and call operations with the faults that a rule of the fake injects.

import (
	"errors"
	"testing"
	"testing/synctest"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/mock"
)

// savedTracks returns how often each saved track was yielded, and the error that ended the list.
func savedTracks(t *testing.T, client *spotify.Client) (map[string]int, error) {
	t.Helper()
	seen := map[string]int{}
	for track, err := range client.Tracks.AllSaved(t.Context(), nil) {
		if err != nil {
			return seen, err
		}
		seen[track.Track.ID]++
	}
	return seen, nil
}

// Lists are read to their end although total or next is wrong in every page.
func TestFaultsListsThatLie(t *testing.T) {
	want, err := savedTracks(t, mock.New(t).NewClient())
	if err != nil || len(want) == 0 {
		t.Fatal(len(want), err)
	}
	for name, faults := range map[string]mock.Faults{
		"wrong total":   {WrongTotalRate: 1},
		"wrong next":    {WrongNextRate: 1},
		"unasked gzip":  {UnaskedGzipRate: 1},
		"redirects":     {RedirectRate: 1},
		"error in 200s": {ErrorIn200Rate: 0.1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				for seed := range uint64(5) {
					faults.Seed = seed + 1
					fake := mock.New(t)
					fake.On("GET", "/me/tracks").Faults(faults)
					got, err := savedTracks(t, fake.NewClient())
					if err != nil {
						t.Errorf("seed %d: %v", faults.Seed, err)
					}
					for id := range want {
						if got[id] == 0 {
							t.Fatalf("seed %d: %d of %d tracks, without %s", faults.Seed, len(got), len(want), id)
						}
					}
				}
			})
		})
	}
}

// A playlist that grows at its end while it is read is read to its new end.
func TestFaultsGrowingPlaylist(t *testing.T) {
	fake := mock.New(t)
	fake.On("GET", "/playlists/{id}/items").Faults(mock.Faults{GrowthRate: 0.5})
	client := fake.NewClient()
	n := 0
	for _, err := range client.Playlists.AllItems(t.Context(), mock.LongPlaylistID, nil) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	playlist, err := client.Playlists.Get(t.Context(), mock.LongPlaylistID, nil)
	if err != nil || n <= 1200 || n > playlist.Items.Total {
		t.Errorf("%d items, %v", n, err)
	}
}

// A write that is redirected or gets an error in a 200 returns an error, and is not applied twice.
func TestFaultsOfWrites(t *testing.T) {
	for name, faults := range map[string]mock.Faults{
		"redirect":       {RedirectRate: 1},
		"error in a 200": {ErrorIn200Rate: 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, fake := mock.NewClient(t)
				fake.On("POST", "/playlists/{id}/items").Faults(faults)
				uris := []string{"spotify:track:" + mock.TrackID}
				_, err := client.Playlists.AddItems(t.Context(), mock.PlaylistID, uris, nil)
				var e *spotify.Error
				if err == nil || faults.ErrorIn200Rate > 0 && (!errors.As(err, &e) || e.Status != 502) {
					t.Errorf("got %v", err)
				}
				fake.AssertCallCount(t, "POST /playlists/{id}/items", 1)
			})
		})
	}
}
