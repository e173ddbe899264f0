package api

import (
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
	"weak"

	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
	"github.com/seed-2147f1a9/spotify/resources"
)

// index is a catalogue's contents, linked by pointers. Fakes of the same catalogue share it, and
// none of them changes it except for what it caches.
type index struct {
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
	rendered   sync.Map // JSON ([]byte) by rendering
	texts      sync.Map // the searched text (string) by entry
}

// table holds all entries of one kind, in the catalogue's order.
type table[T any] struct {
	byID map[string]*T
	list []*T
}

func newTable[T any](n int) table[T] {
	return table[T]{byID: make(map[string]*T, n), list: make([]*T, 0, n)}
}

func (t *table[T]) add(id string, e *T) {
	t.byID[id] = e
	t.list = append(t.list, e)
}

// indexes caches the index of each catalogue for as long as the catalogue is in use, by a weak
// pointer to its contents.
var indexes sync.Map

// indexOf returns the index of a catalogue, which it makes once.
func indexOf(c *catalogue.Catalogue) *index {
	contents := c.Contents()
	key := weak.Make(contents)
	if found, ok := indexes.Load(key); ok {
		return found.(*index)
	}
	found, loaded := indexes.LoadOrStore(key, newIndex(contents))
	if !loaded {
		runtime.AddCleanup(contents, func(key weak.Pointer[catalogue.Contents]) { indexes.Delete(key) }, key)
	}
	return found.(*index)
}

func newIndex(c *catalogue.Contents) *index {
	ix := &index{
		artists: newTable[artist](len(c.Artists)), albums: newTable[album](len(c.Albums)),
		tracks: newTable[track](8 * len(c.Albums)),
		shows:  newTable[show](len(c.Shows)), episodes: newTable[episode](16 * len(c.Shows)),
		audiobooks: newTable[audiobook](len(c.Audiobooks)), chapters: newTable[chapter](8 * len(c.Audiobooks)),
		users: newTable[user](len(c.Accounts)), playlists: newTable[playlist](len(c.Playlists)),
		categories: newTable[category](len(c.Categories)),
	}
	for _, a := range c.Artists {
		ix.artists.add(a.ID, &artist{Artist: *a})
	}
	for _, a := range c.Albums {
		ix.addAlbum(a)
	}
	for _, t := range ix.tracks.list {
		t.instead = ix.tracks.byID[t.Instead]
	}
	for _, s := range c.Shows {
		ix.addShow(s)
	}
	for _, b := range c.Audiobooks {
		ix.addAudiobook(b)
	}
	for _, a := range c.Accounts {
		ix.addUser(a)
	}
	for _, p := range c.Playlists {
		ix.addPlaylist(p)
	}
	for _, ca := range c.Categories {
		ix.categories.add(ca.ID, &category{*ca})
	}
	return ix
}

func (ix *index) addAlbum(a *catalogue.Album) {
	added := &album{Album: *a, artists: ix.artistsOf(a.Artists), tracks: make([]*track, 0, len(a.Tracks))}
	ix.albums.add(a.ID, added)
	numbers := map[int]int{}
	for _, t := range a.Tracks {
		numbers[t.Disc]++
		on := &track{Track: t, album: added, artists: ix.artistsOf(t.Artists), number: numbers[t.Disc]}
		ix.tracks.add(t.ID, on)
		added.tracks = append(added.tracks, on)
		for _, by := range on.artists {
			if !slices.Contains(added.artists, by) && !slices.Contains(by.guests, added) {
				by.guests = append(by.guests, added)
			}
		}
	}
	for _, by := range added.artists {
		by.albums = append(by.albums, added)
	}
	added.Tracks = nil
}

func (ix *index) artistsOf(list []string) []*artist {
	all := make([]*artist, len(list))
	for i, id := range list {
		all[i] = ix.artists.byID[id]
	}
	return all
}

func (ix *index) addShow(s *catalogue.Show) {
	added := &show{Show: *s, episodes: make([]*episode, 0, len(s.Episodes))}
	ix.shows.add(s.ID, added)
	for _, e := range s.Episodes {
		of := &episode{Episode: e, show: added}
		ix.episodes.add(e.ID, of)
		added.episodes = append(added.episodes, of)
	}
	added.Episodes = nil
}

func (ix *index) addAudiobook(b *catalogue.Audiobook) {
	added := &audiobook{Audiobook: *b, chapters: make([]*chapter, 0, len(b.Chapters))}
	ix.audiobooks.add(b.ID, added)
	for i, c := range b.Chapters {
		of := &chapter{Chapter: c, book: added, number: i + 1}
		ix.chapters.add(c.ID, of)
		added.chapters = append(added.chapters, of)
	}
	added.Chapters = nil
}

func (ix *index) addUser(a *catalogue.Account) {
	added := &user{User: a.User, saved: map[resources.Kind]*savedList{}, top: map[resources.Kind][]entry{}}
	ix.users.add(a.ID, added)
	for _, uri := range a.Saved {
		kind, id, _ := ids.SplitURI(uri)
		s := added.saved[kind]
		if s == nil {
			s = &savedList{}
			added.saved[kind] = s
		}
		s.add(id, historyEnd.AddDate(-1, 0, 0).Add(time.Duration(len(s.items))*time.Hour))
	}
	at := historyEnd
	for _, uri := range a.Plays {
		_, id, _ := ids.SplitURI(uri)
		t := ix.tracks.byID[id]
		added.history = append(added.history, play{t, at, resources.URI(resources.KindAlbum, t.album.ID)})
		at = at.Add(t.Duration).Truncate(time.Millisecond)
	}
	for _, uri := range a.Top {
		kind, id, _ := ids.SplitURI(uri)
		added.top[kind] = append(added.top[kind], ix.find(kind, id))
	}
}

func (ix *index) addPlaylist(p *catalogue.Playlist) {
	added := &playlist{
		Playlist: *p, owner: ix.users.byID[p.Owner], collaborative: len(p.Collaborators) > 0, version: 1,
		items: make([]playlistItem, len(p.Items)),
	}
	for i, uri := range p.Items {
		added.items[i] = playlistItem{uri, historyEnd.AddDate(0, -6, 0).Add(time.Duration(i) * time.Minute), p.Owner}
	}
	added.Items = nil
	ix.playlists.add(p.ID, added)
}

// find returns the entry with an id, or nil. It finds no playlists, which change.
func (ix *index) find(kind resources.Kind, id string) entry {
	switch kind {
	case resources.KindAlbum:
		return lookup(&ix.albums, id)
	case resources.KindArtist:
		return lookup(&ix.artists, id)
	case resources.KindTrack:
		return lookup(&ix.tracks, id)
	case resources.KindShow:
		return lookup(&ix.shows, id)
	case resources.KindEpisode:
		return lookup(&ix.episodes, id)
	case resources.KindAudiobook:
		return lookup(&ix.audiobooks, id)
	case resources.KindChapter:
		return lookup(&ix.chapters, id)
	}
	return nil
}

// lookup returns a nil entry, not one that holds a nil pointer, if nothing has the id.
func lookup[T any, P interface {
	*T
	entry
}](t *table[T], id string) entry {
	if found := t.byID[id]; found != nil {
		return P(found)
	}
	return nil
}

// entries returns all entries of a kind in the catalogue's order.
func (ix *index) entries(kind resources.Kind) []entry {
	switch kind {
	case resources.KindAlbum:
		return asEntries(ix.albums.list)
	case resources.KindArtist:
		return asEntries(ix.artists.list)
	case resources.KindTrack:
		return asEntries(ix.tracks.list)
	case resources.KindShow:
		return asEntries(ix.shows.list)
	case resources.KindEpisode:
		return asEntries(ix.episodes.list)
	case resources.KindAudiobook:
		return asEntries(ix.audiobooks.list)
	}
	return nil
}

// rendering is a cached JSON object: an entry and the view of it.
type rendering struct {
	entry entry
	view  view
}

// render returns the JSON of an entry. The caller must not change it.
func (ix *index) render(e entry, v view) []byte {
	if e.kind() == resources.KindPlaylist {
		return encode(e.toJSON(v)) // playlists change
	}
	at := rendering{e, v}
	if found, ok := ix.rendered.Load(at); ok {
		return found.([]byte)
	}
	body := encode(e.toJSON(v))
	ix.rendered.Store(at, body)
	return body
}

// text returns the lower-case text that a search looks for words in. It is cached except for
// playlists, which change.
func (ix *index) text(e entry) string {
	if found, ok := ix.texts.Load(e); ok {
		return found.(string)
	}
	text := strings.ToLower(strings.Join(e.searched(), "\n"))
	if e.kind() != resources.KindPlaylist {
		ix.texts.Store(e, text)
	}
	return text
}
