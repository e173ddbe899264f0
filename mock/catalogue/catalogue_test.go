package catalogue

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
)

func TestAddRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		add  func(*Catalogue)
		want string
	}{
		"no name": {func(c *Catalogue) { c.AddShow(Show{}) }, "the show has no name"},
		"a malformed id": {func(c *Catalogue) { c.AddArtist(Artist{ID: "short", Name: "A"}) },
			`invalid id "short" of the artist`},
		"an id twice": {func(c *Catalogue) { c.AddShow(Show{Name: "A"}); c.AddShow(Show{Name: "A"}) },
			"is in the catalogue already"},
		"an artist twice": {func(c *Catalogue) { c.AddArtist(Artist{Name: "A"}); c.AddArtist(Artist{Name: "A"}) },
			`the artist "A" is there already`},
		"an album type": {func(c *Catalogue) { c.AddAlbum(Album{Name: "A", Type: "ep"}) }, "invalid album type"},
		"a date": {func(c *Catalogue) { c.AddAlbum(Album{Name: "A", ReleaseDate: "May"}) },
			`invalid release date "May"`},
		"a market": {func(c *Catalogue) { c.AddTrack(Track{Name: "A", Markets: []string{"Sweden"}}) },
			`invalid market "Sweden"`},
		"a user's id":     {func(c *Catalogue) { c.AddUser(User{ID: "a\nb"}) }, "invalid user id"},
		"an unknown user": {func(c *Catalogue) { c.AddDevice("nobody", Device{Name: "A"}) }, `there is no user "nobody"`},
		"a device twice": {func(c *Catalogue) { c.AddDevice("", Device{Name: "A"}); c.AddDevice("", Device{Name: "A"}) },
			"has the device"},
		"two active devices": {func(c *Catalogue) {
			c.AddDevice("", Device{Name: "A", Active: true})
			c.AddDevice("", Device{Name: "B", Active: true})
		}, "only one device is active"},
		"an unknown URI": {func(c *Catalogue) { c.Save("", "spotify:track:"+ids.New("x")) }, "invalid URI"},
		"a play of a show": {func(c *Catalogue) { c.AddPlays("", "spotify:show:"+c.AddShow(Show{Name: "A"})) },
			"only tracks are remembered"},
		"a show as a top item": {func(c *Catalogue) { c.SetTop("", "spotify:show:"+c.AddShow(Show{Name: "A"})) },
			"only artists and tracks"},
		"a playlist's item": {func(c *Catalogue) { c.AddPlaylist(Playlist{Name: "A", Items: []string{"x"}}) },
			`invalid item "x" of the playlist "A"`},
		"an unknown show": {func(c *Catalogue) { c.AddEpisode("x", Episode{Name: "A"}) }, `there is no show "x"`},
		"an unknown book": {func(c *Catalogue) { c.AddChapter("x", Chapter{Name: "A"}) }, `there is no audiobook "x"`},
		"an unknown playlist": {func(c *Catalogue) { c.AddCategory(Category{Name: "A", Playlists: []string{"x"}}) },
			`names the playlist "x"`},
		"an unknown Instead": {func(c *Catalogue) { c.AddTrack(Track{Name: "A", Instead: ids.New("x")}); c.Contents() },
			"as Instead"},
		"after use": {func(c *Catalogue) { c.Contents(); c.AddArtist(Artist{Name: "A"}) }, "is in use"},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if said := fmt.Sprint(recover()); !strings.HasPrefix(said, "mock: catalogue: ") ||
					!strings.Contains(said, c.want) {
					t.Errorf("panic %q, want %q", said, c.want)
				}
			}()
			c.add(New())
		})
	}
}

// The caller's structs stay as they are, and later changes of their slices have no effect.
func TestAddCopies(t *testing.T) {
	c := New()
	a := Album{Name: "A", Artists: []string{"B"}, Tracks: []Track{{Name: "C"}}}
	id := c.AddAlbum(a)
	p := Playlist{Name: "P", Items: []string{"spotify:track:" + c.albums.byID[id].Tracks[0].ID}}
	c.AddPlaylist(p)
	if a.Tracks[0].ID != "" || a.Artists[0] != "B" {
		t.Errorf("the caller's album became %+v", a)
	}
	a.Tracks[0].Name, p.Items[0] = "changed", "changed"
	contents := c.Contents()
	if contents.Albums[0].Tracks[0].Name != "C" || strings.HasPrefix(contents.Playlists[0].Items[0], "changed") {
		t.Errorf("%+v, %+v", contents.Albums[0], contents.Playlists[0])
	}
	if contents != c.Contents() {
		t.Error("a second call returns other contents")
	}
}

func TestContentsHaveDefaults(t *testing.T) {
	c := New()
	c.AddAlbum(Album{Name: "A", Artists: []string{"B"}})
	c.AddEpisode(c.AddShow(Show{Name: "S"}), Episode{Name: "E"})
	c.AddChapter(c.AddAudiobook(Audiobook{Name: "K"}), Chapter{Name: "H"})
	all := c.Contents()
	album, show, book := all.Albums[0], all.Shows[0], all.Audiobooks[0]
	if album.ID == "" || album.Type != "album" || album.Artists[0] != all.Artists[0].ID || len(album.Tracks) != 1 ||
		album.Tracks[0].ISRC == "" {
		t.Errorf("%+v", album)
	}
	if len(show.Episodes) != 1 || show.Episodes[0].ID == "" || show.Episodes[0].Duration == 0 ||
		show.Languages[0] != "en" {
		t.Errorf("%+v", show)
	}
	if len(book.Chapters) != 1 || book.Chapters[0].ID == "" || book.Chapters[0].Duration == 0 {
		t.Errorf("%+v", book)
	}
}
