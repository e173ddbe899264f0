package api

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
	"github.com/seed-2147f1a9/spotify/resources"
)

var followingHandlers = map[string]handler{
	"get-followed":                   (*state).followedArtists,
	"follow-artists-users":           byType(saving(http.StatusNoContent)),
	"unfollow-artists-users":         byType(removing(http.StatusNoContent)),
	"check-current-user-follows":     byType((*state).check),
	"follow-playlist":                (*state).followPlaylist,
	"unfollow-playlist":              (*state).unfollowPlaylist,
	"check-if-user-follows-playlist": (*state).playlistFollowers,
}

// byType handles operations on artists or users; the query tells which.
func byType(do action) handler {
	return func(st *state, req *Request) Response {
		switch kind := resources.Kind(req.Query.Get("type")); kind {
		case "":
			return badRequest("Missing parameter type")
		case resources.KindArtist, resources.KindUser:
			return byIDs(kind, do)(st, req)
		}
		return badRequest("Invalid parameter type")
	}
}

type cursors struct {
	After  *string `json:"after"`
	Before *string `json:"before,omitempty"`
}

// followedArtists returns a page that begins after an artist. Artists are sorted by id, so that
// following and unfollowing moves no artist to another page.
func (st *state) followedArtists(req *Request) Response {
	switch req.Query.Get("type") {
	case "":
		return badRequest("Missing parameter type")
	case string(resources.KindArtist):
	default:
		return badRequest("Invalid parameter type")
	}
	limit, refused := req.intParam("limit", defaultLimit(req.Op.MaxLimit), 1, req.Op.MaxLimit, "Invalid limit")
	if refused != nil {
		return *refused
	}
	after := req.Query.Get("after")
	if after != "" && !ids.Valid(after) {
		return badRequest("Invalid base62 id")
	}
	var all []string
	if s := st.user(req).saved[resources.KindArtist]; s != nil {
		all = slices.Sorted(maps.Keys(s.on))
	}
	rest := all
	if at, there := slices.BinarySearch(all, after); there {
		rest = all[at+1:]
	} else {
		rest = all[at:]
	}
	part := rest[:min(limit, len(rest))]
	items := make([][]byte, len(part))
	for i, id := range part {
		items[i] = st.index.render(st.index.find(resources.KindArtist, id), st.view(req, full, ""))
	}
	page, next := cursors{}, []byte("null")
	if len(part) < len(rest) {
		page.After = &part[len(part)-1]
		next = quote(followingAddress(*page.After, limit))
	}
	return ok200(object(field{req.Op.Member, object(
		field{"cursors", encode(page)},
		field{"href", quote(followingAddress(after, limit))},
		field{"items", array(items)},
		field{"limit", strconv.AppendInt(nil, int64(limit), 10)},
		field{"next", next},
		field{"total", strconv.AppendInt(nil, int64(len(all)), 10)},
	)}))
}

func followingAddress(after string, limit int) string {
	q := url.Values{"type": {string(resources.KindArtist)}, "limit": {strconv.Itoa(limit)}}
	if after != "" {
		q.Set("after", after)
	}
	return apiBase + "/me/following?" + q.Encode()
}

// followPlaylist adds a playlist to the user's playlists, also on the profile unless it is followed
// in private.
func (st *state) followPlaylist(req *Request) Response {
	body := struct {
		Public bool `json:"public"`
	}{Public: true}
	if refused := req.decodeBody(&body); refused != nil {
		return *refused
	}
	scope := "playlist-modify-private"
	if body.Public {
		scope = "playlist-modify-public"
	}
	if !req.hasScope(scope) {
		return insufficientScope()
	}
	p, refused := st.playlist(req)
	if refused != nil {
		return *refused
	}
	return saving(http.StatusOK)(st, req, []item{{resources.KindPlaylist, p.ID}})
}

func (st *state) unfollowPlaylist(req *Request) Response {
	if !req.hasScope("playlist-modify-public", "playlist-modify-private") {
		return insufficientScope()
	}
	p := st.playlists[req.Vars["playlist_id"]] // the playlist may be private by now
	if p == nil {
		return notFound()
	}
	return removing(http.StatusOK)(st, req, []item{{resources.KindPlaylist, p.ID}})
}

// playlistFollowers reports for each user in the query, or for the user who is logged in, whether
// the user follows a playlist.
func (st *state) playlistFollowers(req *Request) Response {
	p, refused := st.playlist(req)
	if refused != nil {
		return *refused
	}
	ids := []string{req.User}
	if given := req.Query.Get("ids"); given != "" {
		ids = strings.Split(given, ",")
	}
	in := make([]bool, len(ids))
	for i, id := range ids {
		if who := st.people[id]; who != nil {
			in[i] = who.saved[resources.KindPlaylist].has(p.ID)
		}
	}
	return ok200(encode(in))
}
