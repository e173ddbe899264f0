package mock

// world_context.go says which items an album, artist, playlist, show or audiobook has for the player, and which play at all.

import (
	"math"
	"slices"
	"strings"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"

	"github.com/seed-2147f1a9/spotify/resources"
)

// inList are the items that URIs name.
func (w *world) inList(uris []string) ([]entry, *answer) {
	items := make([]entry, len(uris))
	for i, uri := range uris {
		kind, id, ok := ids.SplitURI(uri)
		if !ok {
			return nil, new(bad("Invalid track uri: " + uri))
		}
		if !slices.Contains(single, kind) {
			return nil, new(bad("Unsupported uri kind: " + string(kind)))
		}
		if items[i] = w.c.find(kind, id); items[i] == nil {
			return nil, new(notFound())
		}
	}
	return items, nil
}

// single are the kinds that are played themselves.
var single = []resources.Kind{resources.KindTrack, resources.KindEpisode, resources.KindChapter}

// inContext are the items of what a context's URI names.
func (w *world) inContext(x *exchange, r playRequest) ([]entry, *answer) {
	if r.Context == collectionOf(x.user) {
		return w.inCollection(x), nil
	}
	kind, id, ok := ids.SplitURI(r.Context)
	if ok && kind == resources.KindPlaylist {
		if p := w.playlists[id]; p != nil && p.visibleTo(x.user) {
			return w.inPlaylist(p), nil
		}
		return nil, new(notFound())
	}
	switch of := w.c.find(kind, id).(type) {
	case nil:
		if ok {
			return nil, new(notFound())
		}
	case *album:
		return upcast(of.tracks), nil
	case *artist:
		if r.Offset == nil {
			return upcast(of.favourites(w.me(x).Country)), nil
		}
		return nil, new(bad("Can't have offset for context type: " + strings.ToUpper(string(kind))))
	case *show:
		return upcast(of.episodes), nil
	case *audiobook:
		return upcast(of.chapters), nil
	}
	return nil, new(bad("Non supported context uri"))
}

// collectionOf is the URI of what a user has saved: the tracks, as a context.
func collectionOf(user string) string { return resources.URI(resources.KindUser, user) + collection }

const collection = ":collection"

// inCollection are the saved tracks, newest first, as they are listed.
func (w *world) inCollection(x *exchange) []entry {
	saved := w.me(x).saved[resources.KindTrack]
	part, _ := saved.newest(span{limit: math.MaxInt})
	items := make([]entry, len(part))
	for i, one := range part {
		items[i] = w.c.find(resources.KindTrack, one.id)
	}
	return items
}

// inPlaylist are its items; files on somebody's computer and what is no longer there do not play.
func (w *world) inPlaylist(p *playlist) []entry {
	items := make([]entry, len(p.items))
	for i, l := range p.items {
		if kind, id, ok := ids.SplitURI(l.uri); ok {
			items[i] = w.c.find(kind, id)
		}
	}
	return items
}

// playsIn reports whether an item, or what stands in for it, plays in a country.
func playsIn(e entry, country string) bool {
	if t, ok := e.(*track); ok {
		e = t.plays(country)
	}
	return e.availableIn(country)
}
