package mock

// world_thing.go is about whatever a library takes: named by a URI, or by an id where the operation is about one kind.

import (
	"slices"
	"strings"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"

	"github.com/seed-2147f1a9/spotify/resources"
)

type thing struct {
	kind resources.Kind
	id   string
}

// savable are the kinds that a library takes; artists, users and playlists are followed by it.
var savable = []resources.Kind{
	resources.KindAlbum, resources.KindArtist, resources.KindAudiobook, resources.KindEpisode,
	resources.KindPlaylist, resources.KindShow, resources.KindTrack, resources.KindUser,
}

// named reads the URIs that the query names. A body does not count.
func (x *exchange) named() ([]thing, *answer) {
	given := x.query.Get("uris")
	if given == "" {
		return nil, new(bad("Missing required field: uris"))
	}
	uris := strings.Split(given, ",")
	if len(uris) > x.op.MaxItems {
		return nil, new(bad("Too many uris requested"))
	}
	things := make([]thing, len(uris))
	for i, uri := range uris {
		kind, id, ok := ids.SplitURI(uri)
		if !ok || !slices.Contains(savable, kind) {
			return nil, new(bad("Invalid uri: " + uri))
		}
		things[i] = thing{kind, id}
	}
	return things, nil
}

// idBody is how ids come in a body.
type idBody struct {
	IDs []string `json:"ids"`
}

// about reads the ids of things of one kind, from the query or else from the body.
func (x *exchange) about(kind resources.Kind) ([]thing, *answer) {
	ids := strings.Split(x.query.Get("ids"), ",")
	if ids[0] == "" {
		var body idBody
		if no := x.read(&body); no != nil {
			return nil, no
		}
		ids = body.IDs
	}
	return x.things(kind, ids)
}

// things checks ids of one kind.
func (x *exchange) things(kind resources.Kind, ids []string) ([]thing, *answer) {
	if len(ids) == 0 {
		return nil, new(bad("Missing required field: ids"))
	}
	if kind != resources.KindUser { // users chose their ids
		if _, no := x.checkIDs(ids); no != nil {
			return nil, no
		}
	}
	things := make([]thing, len(ids))
	for i, id := range ids {
		things[i] = thing{kind, id}
	}
	return things, nil
}

// knows reports whether a thing is there for a user to see.
func (w *world) knows(x *exchange, t thing) bool {
	switch t.kind {
	case resources.KindUser:
		return w.people[t.id] != nil
	case resources.KindPlaylist:
		p := w.playlists[t.id]
		return p != nil && p.visibleTo(x.user)
	}
	return w.c.find(t.kind, t.id) != nil
}

// permits refuses a token that lacks the scope for one of the things: what is followed needs others than what is saved.
func (x *exchange) permits(things []thing, save, follow, playlists string) *answer {
	for _, t := range things {
		scope := save
		switch t.kind {
		case resources.KindArtist, resources.KindUser:
			scope = follow
		case resources.KindPlaylist:
			scope = playlists
		}
		if !x.has(scope) {
			return new(unscoped())
		}
	}
	return nil
}
