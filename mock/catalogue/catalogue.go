// Package catalogue builds the content that a fake Spotify serves: music, podcasts, audiobooks,
// users and their playlists.
//
//	c := catalogue.New()
//	song := c.AddTrack(catalogue.Track{Name: "Again", Artists: []string{"The Loops"}})
//	c.AddPlaylist(catalogue.Playlist{Name: "On and on", Items: []string{"spotify:track:" + song}})
//	client := mock.New(t, mock.WithCatalogue(c)).NewClient()
//
// Only names are required. Every other field has a default that is the same in every run.
package catalogue

import (
	"fmt"
	"sync"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
	"github.com/seed-2147f1a9/spotify/resources"
)

// Catalogue is the content of a fake. Make one with New, add what the test needs, and pass it to
// mock.WithCatalogue. Ids that are not given are derived from names.
//
// The Add methods panic on invalid input: an id that is already taken or has the wrong form, or a
// reference to something that is not in the catalogue. They also panic once a fake uses the
// catalogue.
//
// Many fakes may use a catalogue at the same time. None of them changes it: each has its own copy
// of libraries, playlists and players.
type Catalogue struct {
	mu     sync.Mutex
	sealed *Contents // nil until Contents was called

	artists    table[Artist]
	albums     table[Album]
	tracks     table[Track]
	shows      table[Show]
	episodes   table[Episode]
	audiobooks table[Audiobook]
	chapters   table[Chapter]
	users      table[Account]
	playlists  table[Playlist]
	categories table[Category]
	named      map[string]*Artist // by name
}

// New returns a catalogue that holds one user, UserID, with a premium subscription and without a
// device.
func New() *Catalogue {
	c := &Catalogue{named: map[string]*Artist{}}
	c.AddUser(User{ID: UserID, Name: "Wanda Quill", Email: "wanda@quill.example"})
	return c
}

// Contents is everything in a catalogue, in the order in which it was added. All defaults are
// filled in: every id is set, and Artists are ids.
type Contents struct {
	Artists    []*Artist
	Albums     []*Album
	Shows      []*Show
	Audiobooks []*Audiobook
	Accounts   []*Account
	Playlists  []*Playlist
	Categories []*Category
}

// Contents closes the catalogue and returns its content: always the same pointer, which the
// caller must not change. Adding to the catalogue panics from then on.
func (c *Catalogue) Contents() *Contents {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sealed != nil {
		return c.sealed
	}
	for _, t := range c.tracks.list {
		if t.Instead != "" && c.tracks.byID[t.Instead] == nil {
			refuse("the track %q names %s as Instead: want the id of a track in the catalogue", t.Name, t.Instead)
		}
	}
	c.sealed = &Contents{
		Artists: c.artists.list, Albums: c.albums.list, Shows: c.shows.list, Audiobooks: c.audiobooks.list,
		Accounts: c.users.list, Playlists: c.playlists.list, Categories: c.categories.list,
	}
	return c.sealed
}

// table holds everything of one kind, in the order in which it was added.
type table[T any] struct {
	byID map[string]*T
	list []*T
}

func (t *table[T]) put(kind resources.Kind, id string, added *T) {
	if t.byID == nil {
		t.byID = map[string]*T{}
	}
	if t.byID[id] != nil {
		refuse("the %s %s is in the catalogue already", kind, id)
	}
	t.byID[id] = added
	t.list = append(t.list, added)
}

// change locks the catalogue for adding to it, and returns the function that unlocks it.
func (c *Catalogue) change() func() {
	c.mu.Lock()
	if c.sealed != nil {
		c.mu.Unlock()
		refuse("the catalogue is in use: want everything added before a fake uses it")
	}
	return c.mu.Unlock
}

func refuse(format string, args ...any) {
	panic("mock: catalogue: " + fmt.Sprintf(format, args...))
}

// has reports whether the catalogue holds something of a kind with an id.
func (c *Catalogue) has(kind resources.Kind, id string) bool {
	switch kind {
	case resources.KindAlbum:
		return c.albums.byID[id] != nil
	case resources.KindArtist:
		return c.artists.byID[id] != nil
	case resources.KindTrack:
		return c.tracks.byID[id] != nil
	case resources.KindShow:
		return c.shows.byID[id] != nil
	case resources.KindEpisode:
		return c.episodes.byID[id] != nil
	case resources.KindAudiobook:
		return c.audiobooks.byID[id] != nil
	case resources.KindChapter:
		return c.chapters.byID[id] != nil
	case resources.KindUser:
		return c.users.byID[id] != nil
	case resources.KindPlaylist:
		return c.playlists.byID[id] != nil
	}
	return false
}

// mustFind splits the URI of something that has to be in the catalogue.
func (c *Catalogue) mustFind(uri string) (resources.Kind, string) {
	kind, id, ok := ids.SplitURI(uri)
	if !ok || !c.has(kind, id) {
		refuse("invalid URI %q: want the URI of something in the catalogue", uri)
	}
	return kind, id
}

// key returns the given id, or one derived from words if none is given.
func key(kind resources.Kind, given string, words ...string) string {
	if given == "" {
		return ids.New(append([]string{string(kind)}, words...)...)
	}
	if !ids.Valid(given) {
		refuse("invalid id %q of the %s: want 22 letters and digits, or an empty one", given, kind)
	}
	return given
}
