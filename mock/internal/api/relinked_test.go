package api_test

import (
	"errors"
	"testing"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/resources"
)

// A relinked track is removed by the URI in linked_from. By the URI of the recording that replaces
// it in the market it would stay.
func TestFaultsRelinkedTrackIsRemoved(t *testing.T) {
	for _, market := range []string{"", "US", "SE"} {
		for _, wrapped := range []bool{false, true} {
			client := mock.New(t, mock.WithExtendedQuota()).NewClient()
			list, err := client.Playlists.Create(t.Context(), &resources.CreatePlaylistParams{Name: "Crossing"})
			if err != nil {
				t.Fatal(err)
			}
			uris := []string{
				resources.URI(resources.KindTrack, mock.RelinkedTrackID),
				resources.URI(resources.KindTrack, mock.TrackID),
				resources.URI(resources.KindEpisode, mock.EpisodeID),
			}
			if _, err := client.Playlists.AddItems(t.Context(), list.ID, uris, nil); err != nil {
				t.Fatal(err)
			}
			items, err := resources.Collect(
				client.Playlists.AllItems(t.Context(), list.ID, &resources.PlaylistItemsParams{Market: market}),
				0,
			)
			if err != nil || len(items) != 3 {
				t.Fatalf("%d items, %v", len(items), err)
			}
			for i, item := range items {
				if item.URI() != uris[i] {
					t.Errorf("market %q: entry %d is %s, want %s", market, i, item.URI(), uris[i])
				}
			}
			if relinked := items[0].Item.URI() != uris[0]; relinked != (market == "SE") {
				t.Errorf("market %q: relinked %v: the test proves nothing", market, relinked)
			}
			if wrapped {
				items = append(items, items...) // the same ones twice are removed once
			}
			if _, err := client.Playlists.RemoveEntries(t.Context(), list.ID, items, nil); err != nil {
				t.Fatal(err)
			}
			left, err := client.Playlists.Items(t.Context(), list.ID, nil)
			if err != nil || left.Total != 0 {
				t.Errorf("market %q: %d are left, %v", market, left.Total, err)
			}
		}
	}
	client, fake := mock.NewClient(t)
	_, err := client.Playlists.RemoveEntries(t.Context(), mock.PlaylistID, []resources.PlaylistItem{{}}, nil)
	if !errors.Is(err, spotify.ErrInvalidArgument) || len(fake.Calls("DELETE", "/playlists/{id}/items")) != 0 {
		t.Errorf("an entry without a URI: %v", err)
	}
}
