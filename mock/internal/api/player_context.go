package api

import (
	"math"
	"slices"
	"strings"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
	"github.com/seed-2147f1a9/spotify/resources"
)

// itemsOfURIs returns the items with these URIs.
func (st *state) itemsOfURIs(uris []string) ([]entry, *Response) {
	items := make([]entry, len(uris))
	for i, uri := range uris {
		kind, id, ok := ids.SplitURI(uri)
		if !ok {
			return nil, new(badRequest("Invalid track uri: " + uri))
		}
		if !slices.Contains(playable, kind) {
			return nil, new(badRequest("Unsupported uri kind: " + string(kind)))
		}
		if items[i] = st.index.find(kind, id); items[i] == nil {
			return nil, new(notFound())
		}
	}
	return items, nil
}

// playable are the kinds that play by themselves.
var playable = []resources.Kind{resources.KindTrack, resources.KindEpisode, resources.KindChapter}

// itemsOfContext returns the items of a context.
func (st *state) itemsOfContext(req *Request, r playRequest) ([]entry, *Response) {
	if r.Context == collectionOf(req.User) {
		return st.itemsOfCollection(req), nil
	}
	kind, id, ok := ids.SplitURI(r.Context)
	if ok && kind == resources.KindPlaylist {
		if p := st.playlists[id]; p != nil && p.visibleTo(req.User) {
			return st.itemsOfPlaylist(p), nil
		}
		return nil, new(notFound())
	}
	switch of := st.index.find(kind, id).(type) {
	case nil:
		if ok {
			return nil, new(notFound())
		}
	case *album:
		return asEntries(of.tracks), nil
	case *artist:
		if r.Offset == nil {
			return asEntries(of.favourites(st.user(req).Country)), nil
		}
		return nil, new(badRequest("Can't have offset for context type: " + strings.ToUpper(string(kind))))
	case *show:
		return asEntries(of.episodes), nil
	case *audiobook:
		return asEntries(of.chapters), nil
	}
	return nil, new(badRequest("Non supported context uri"))
}

// collectionOf returns the URI of a user's saved tracks as a context.
func collectionOf(user string) string { return resources.URI(resources.KindUser, user) + collection }

const collection = ":collection"

// itemsOfCollection returns the saved tracks, newest first.
func (st *state) itemsOfCollection(req *Request) []entry {
	saved := st.user(req).saved[resources.KindTrack]
	part, _ := saved.newest(pageSpan{limit: math.MaxInt})
	items := make([]entry, len(part))
	for i, one := range part {
		items[i] = st.index.find(resources.KindTrack, one.id)
	}
	return items
}

// itemsOfPlaylist returns the items of a playlist. Local files and items that are gone are nil:
// they do not play.
func (st *state) itemsOfPlaylist(p *playlist) []entry {
	items := make([]entry, len(p.items))
	for i, l := range p.items {
		if kind, id, ok := ids.SplitURI(l.uri); ok {
			items[i] = st.index.find(kind, id)
		}
	}
	return items
}

// playsIn reports whether an item, or the track that replaces it, plays in a country.
func playsIn(e entry, country string) bool {
	if t, ok := e.(*track); ok {
		e = t.plays(country)
	}
	return e.availableIn(country)
}
