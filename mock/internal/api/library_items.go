package api

import (
	"slices"
	"strings"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
	"github.com/seed-2147f1a9/spotify/resources"
)

type item struct {
	kind resources.Kind
	id   string
}

// savable are the kinds that a library holds. Artists, users and playlists in it are followed.
var savable = []resources.Kind{
	resources.KindAlbum, resources.KindArtist, resources.KindAudiobook, resources.KindEpisode,
	resources.KindPlaylist, resources.KindShow, resources.KindTrack, resources.KindUser,
}

// itemsByURI reads the items of the parameter uris.
func (req *Request) itemsByURI() ([]item, *Response) {
	given := req.Query.Get("uris")
	if given == "" {
		return nil, new(badRequest("Missing required field: uris"))
	}
	uris := strings.Split(given, ",")
	if len(uris) > req.Op.MaxItems {
		return nil, new(badRequest("Too many uris requested"))
	}
	items := make([]item, len(uris))
	for i, uri := range uris {
		kind, id, ok := ids.SplitURI(uri)
		if !ok || !slices.Contains(savable, kind) {
			return nil, new(badRequest("Invalid uri: " + uri))
		}
		items[i] = item{kind, id}
	}
	return items, nil
}

// idBody is a body with ids.
type idBody struct {
	IDs []string `json:"ids"`
}

// itemsByID reads the ids of items of one kind, from the query or else from the body.
func (req *Request) itemsByID(kind resources.Kind) ([]item, *Response) {
	ids := strings.Split(req.Query.Get("ids"), ",")
	switch {
	case ids[0] != "":
	case req.isArray(): // Spotify looks for a member of the body, and an array has none
		ids = nil
	default:
		var body idBody
		if refused := req.decodeBody(&body); refused != nil {
			return nil, refused
		}
		ids = body.IDs
	}
	return req.items(kind, ids)
}

// items returns items of one kind, whose ids it checks.
func (req *Request) items(kind resources.Kind, ids []string) ([]item, *Response) {
	if len(ids) == 0 {
		return nil, new(badRequest("Missing required field: ids"))
	}
	if kind != resources.KindUser { // the ids of users have no fixed form
		if _, refused := req.checkIDs(ids); refused != nil {
			return nil, refused
		}
	}
	items := make([]item, len(ids))
	for i, id := range ids {
		items[i] = item{kind, id}
	}
	return items, nil
}

// exists reports whether the user can see an item.
func (st *state) exists(req *Request, t item) bool {
	switch t.kind {
	case resources.KindUser:
		return st.people[t.id] != nil
	case resources.KindPlaylist:
		p := st.playlists[t.id]
		return p != nil && p.visibleTo(req.User)
	}
	return st.index.find(t.kind, t.id) != nil
}

// checkScopes refuses a token that lacks the scope for one of the items. Followed items need other
// scopes than saved ones.
func (req *Request) checkScopes(items []item, save, follow, playlists string) *Response {
	for _, t := range items {
		scope := save
		switch t.kind {
		case resources.KindArtist, resources.KindUser:
			scope = follow
		case resources.KindPlaylist:
			scope = playlists
		}
		if !req.hasScope(scope) {
			return new(insufficientScope())
		}
	}
	return nil
}
