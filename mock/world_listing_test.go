package mock

import (
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/mock/catalogue"
)

// What is no longer there is null in its entry, and the entry stays.
func TestWhatIsGoneFromAPlaylistIsNull(t *testing.T) {
	c := catalogue.New()
	id := c.AddPlaylist(catalogue.Playlist{Name: "Evenings", Items: []string{""}})
	for key, option := range map[string]Option{"item": DevelopmentMode(), "track": ExtendedQuota()} {
		tr := New(t, WithCatalogue(c), option)
		for _, path := range []string{"/playlists/" + id, "/playlists/" + id + "/items"} {
			if got := get(t, tr, path); got.status != 200 || !strings.Contains(got.body, `"`+key+`":null`) {
				t.Errorf("%s: %d %s, want an entry with %s null", path, got.status, got.body, key)
			}
		}
	}
}
