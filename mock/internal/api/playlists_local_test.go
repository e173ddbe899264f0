package api_test

import (
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/mock/internal/mocktest"
)

// An item that is gone is null, and its entry stays.
func TestWhatIsGoneFromAPlaylistIsNull(t *testing.T) {
	c := catalogue.New()
	id := c.AddPlaylist(catalogue.Playlist{Name: "Evenings", Items: []string{""}})
	for key, option := range map[string]mock.Option{"item": mock.WithDevelopmentMode(),
		"track": mock.WithExtendedQuota()} {
		tr := mock.New(t, mock.WithCatalogue(c), option)
		for _, path := range []string{"/playlists/" + id, "/playlists/" + id + "/items"} {
			if got := mocktest.Get(t, tr, path); got.Status != 200 || !strings.Contains(got.Body, `"`+key+`":null`) {
				t.Errorf("%s: %d %s, want an entry with %s null", path, got.Status, got.Body, key)
			}
		}
	}
}
