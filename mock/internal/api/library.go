package api

import (
	"net/http"
	"slices"
	"time"

	"github.com/seed-2147f1a9/spotify/resources"
)

// action is done with the items that a request names.
type action func(st *state, req *Request, items []item) Response

var libraryHandlers = func() map[string]handler {
	all := map[string]handler{
		"save-library-items": byURIs(
			saving(http.StatusOK),
			"user-library-modify",
			"user-follow-modify",
			"playlist-modify-public",
		),
		"remove-library-items": byURIs(
			removing(http.StatusOK),
			"user-library-modify",
			"user-follow-modify",
			"playlist-modify-public",
		),
		"check-library-contains": byURIs((*state).check, "user-library-read", "user-follow-read", "playlist-read-private"),
	}
	for _, kind := range []resources.Kind{
		resources.KindAlbum, resources.KindAudiobook, resources.KindEpisode, resources.KindShow, resources.KindTrack,
	} {
		all["save-"+string(kind)+"s-user"] = byIDs(kind, saving(http.StatusOK))
		all["remove-"+string(kind)+"s-user"] = byIDs(kind, removing(http.StatusOK))
		all["check-users-saved-"+string(kind)+"s"] = byIDs(kind, (*state).check)
	}
	all["save-tracks-user"] = (*state).saveTracks
	return all
}()

// byURIs handles PUT /me/library and similar operations, which name items by URI. The scopes are
// needed for saved items, for artists and users, and for playlists.
func byURIs(do action, save, follow, playlists string) handler {
	return func(st *state, req *Request) Response {
		items, refused := req.itemsByURI()
		if refused == nil {
			refused = req.checkScopes(items, save, follow, playlists)
		}
		if refused != nil {
			return *refused
		}
		return do(st, req, items)
	}
}

// byIDs handles PUT /me/albums and similar operations, which name items of one kind by id.
func byIDs(kind resources.Kind, do action) handler {
	return func(st *state, req *Request) Response {
		items, refused := req.itemsByID(kind)
		if refused != nil {
			return *refused
		}
		return do(st, req, items)
	}
}

// saveTracks also accepts ids with the time at which each was saved, which decides the order.
func (st *state) saveTracks(req *Request) Response {
	saveIDs := byIDs(resources.KindTrack, saving(http.StatusOK))
	if req.isArray() {
		return saveIDs(st, req)
	}
	var body struct {
		Timed []struct {
			ID string    `json:"id"`
			At time.Time `json:"added_at"`
		} `json:"timestamped_ids"`
	}
	if refused := req.decodeBody(&body); refused != nil {
		return *refused
	}
	if len(body.Timed) == 0 {
		return saveIDs(st, req)
	}
	ids := make([]string, len(body.Timed))
	for i, one := range body.Timed {
		ids[i] = one.ID
	}
	items, refused := req.items(resources.KindTrack, ids)
	if refused != nil {
		return *refused
	}
	if !st.allExist(req, items) {
		return notFound()
	}
	for _, one := range body.Timed {
		st.user(req).writable(resources.KindTrack).insert(one.ID, one.At)
	}
	return empty(http.StatusOK)
}

// saving adds all items to the library, or none if one of them does not exist. Items that are in
// the library keep their place.
func saving(status int) action {
	return func(st *state, req *Request, items []item) Response {
		if !st.allExist(req, items) {
			return notFound()
		}
		for _, t := range items {
			st.user(req).writable(t.kind).add(t.id, req.Now)
		}
		return empty(status)
	}
}

func (st *state) allExist(req *Request, items []item) bool {
	return !slices.ContainsFunc(items, func(t item) bool { return !st.exists(req, t) })
}

// removing removes items from the library. Removing one's own playlist deletes it: it stays in the
// libraries of its followers only.
func removing(status int) action {
	return func(st *state, req *Request, items []item) Response {
		for _, t := range items {
			if st.user(req).saved[t.kind].has(t.id) {
				st.user(req).writable(t.kind).remove(t.id)
			}
		}
		return empty(status)
	}
}

func (st *state) check(req *Request, items []item) Response {
	in := make([]bool, len(items))
	for i, t := range items {
		in[i] = st.user(req).saved[t.kind].has(t.id)
	}
	return ok200(encode(in))
}
