package mock

// catalogue.go holds what a fake Spotify has on its shelves before the first call.

import (
	"slices"
	"sync"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"

	"github.com/seed-2147f1a9/spotify/resources"
)

// Catalogue is the music, talk and people that a fake knows. Make one with NewCatalogue, add what a test needs, and give it to WithCatalogue.
// What is left out of the structs gets a believable value that is the same in every run; ids are derived from names.
//
// Adding something that makes no sense panics: a second thing with the same id, an id of the wrong form, a name nobody has.
// A catalogue may be used by many fakes at once, and none of them changes it: each has its own copy of libraries, playlists and players.
// It is closed once a fake uses it: adding to it then panics.
type Catalogue struct {
	mu     sync.Mutex
	sealed bool

	artists    table[artist]
	albums     table[album]
	tracks     table[track]
	shows      table[show]
	episodes   table[episode]
	audiobooks table[audiobook]
	chapters   table[chapter]
	users      table[user]
	playlists  table[playlist]
	categories table[category]
	named      map[string]*artist // by name
	rendered   sync.Map           // of rendering to []byte
	texts      sync.Map           // of entry to string, see text
}

// NewCatalogue returns a catalogue with nothing in it but one user, UserID, who has a premium subscription and no device.
func NewCatalogue() *Catalogue {
	c := &Catalogue{named: map[string]*artist{}}
	c.AddUser(User{ID: UserID, Name: "Wanda Quill", Email: "wanda@quill.example"})
	return c
}

// table is all things of one kind, in the order they were added.
type table[T any] struct {
	byID map[string]*T
	list []*T
}

func (t *table[T]) put(kind resources.Kind, id string, thing *T) {
	if t.byID == nil {
		t.byID = map[string]*T{}
	}
	if t.byID[id] != nil {
		refuse("the %s %s is there already", kind, id)
	}
	t.byID[id] = thing
	t.list = append(t.list, thing)
}

// entry is anything that has a URI and a place in the catalogue.
type entry interface {
	kind() resources.Kind
	id() string
	name() string
	// availableIn reports whether it can be had in a market.
	availableIn(market string) bool
	// shape is what becomes its JSON.
	shape(v view) any
}

// find returns the entry with an id, or nil. Playlists are not in it: they change.
func (c *Catalogue) find(kind resources.Kind, id string) entry {
	switch kind {
	case resources.KindAlbum:
		return lookup(&c.albums, id)
	case resources.KindArtist:
		return lookup(&c.artists, id)
	case resources.KindTrack:
		return lookup(&c.tracks, id)
	case resources.KindShow:
		return lookup(&c.shows, id)
	case resources.KindEpisode:
		return lookup(&c.episodes, id)
	case resources.KindAudiobook:
		return lookup(&c.audiobooks, id)
	case resources.KindChapter:
		return lookup(&c.chapters, id)
	}
	return nil
}

// lookup returns a nil entry, not one that holds a nil pointer, where nothing is.
func lookup[T any, P interface {
	*T
	entry
}](t *table[T], id string) entry {
	if found := t.byID[id]; found != nil {
		return P(found)
	}
	return nil
}

// entries returns all of a kind in the order they were added.
func (c *Catalogue) entries(kind resources.Kind) []entry {
	switch kind {
	case resources.KindAlbum:
		return upcast(c.albums.list)
	case resources.KindArtist:
		return upcast(c.artists.list)
	case resources.KindTrack:
		return upcast(c.tracks.list)
	case resources.KindShow:
		return upcast(c.shows.list)
	case resources.KindEpisode:
		return upcast(c.episodes.list)
	case resources.KindAudiobook:
		return upcast(c.audiobooks.list)
	}
	return nil
}

func upcast[T entry](list []T) []entry {
	all := make([]entry, len(list))
	for i, e := range list {
		all[i] = e
	}
	return all
}

// markets are those the catalogue is sold in where nothing else is said.
var markets = []string{"DE", "SE", "US"}

// sold reports whether something with these markets, nil for all there are, can be had in one.
func sold(in []string, market string) bool {
	return in == nil || market == "" || slices.Contains(in, market)
}

// seal closes the catalogue and ties up what could be named before it was there.
func (c *Catalogue) seal() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sealed {
		return
	}
	for _, t := range c.tracks.list {
		if t.Instead == "" {
			continue
		}
		if t.instead = c.tracks.byID[t.Instead]; t.instead == nil {
			refuse("the track %q names %s to be played instead, which is not there", t.Name, t.Instead)
		}
	}
	c.sealed = true
}

// change locks the catalogue for adding to it, and returns the unlock.
func (c *Catalogue) change() func() {
	c.mu.Lock()
	if c.sealed {
		c.mu.Unlock()
		refuse("it is in use: add everything before a fake is made of it")
	}
	return c.mu.Unlock
}

// key returns the id that something gets: the one given, or one derived from what names it.
func key(kind resources.Kind, given string, words ...string) string {
	if given == "" {
		return ids.New(append([]string{string(kind)}, words...)...)
	}
	if !ids.Valid(given) {
		refuse("%q is no id for the %s: it takes 22 letters and digits, or nothing to have one made", given, kind)
	}
	return given
}
