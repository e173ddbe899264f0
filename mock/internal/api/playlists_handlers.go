package api

import (
	"math"
	"net/http"
	"strconv"

	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
	"github.com/seed-2147f1a9/spotify/resources"
)

var playlistHandlers = map[string]handler{
	"get-playlist":                          (*state).getPlaylist,
	"get-a-list-of-current-users-playlists": (*state).ownPlaylists,
	"get-list-users-playlists":              (*state).usersPlaylists,
	"create-playlist":                       (*state).createPlaylist,
	"create-playlist-for-user":              (*state).createPlaylistForUser,
	"change-playlist-details":               (*state).changePlaylist,
}

func (st *state) getPlaylist(req *Request) Response {
	market, refused := st.market(req)
	if refused != nil {
		return *refused
	}
	wanted, ok := parseFields(req.Query.Get("fields"))
	if !ok {
		return badRequest("Invalid fields")
	}
	p, refused := st.playlist(req)
	if refused != nil {
		return *refused
	}
	return ok200(wanted.of(st.fullPlaylist(p, req, market)))
}

// playlistsOf returns a user's playlists, newest first: to the user those that the token's scopes
// include, to others the public ones.
func (st *state) playlistsOf(who *person, req *Request) Response {
	s, refused := req.pageParams(st.Access)
	if refused != nil {
		return *refused
	}
	var all []entry
	ids, _ := who.saved[resources.KindPlaylist].newest(pageSpan{limit: math.MaxInt})
	for _, one := range ids {
		if p := st.playlists[one.id]; !p.Private ||
			who.ID == req.User && p.visibleTo(req.User) && req.hasScope(p.readScope()) {
			all = append(all, p)
		}
	}
	return ok200(st.page(req, s, all, st.view(req, simplified, "")))
}

func (st *state) ownPlaylists(req *Request) Response { return st.playlistsOf(st.user(req), req) }

func (st *state) usersPlaylists(req *Request) Response {
	who := st.people[req.Vars["user_id"]]
	if who == nil {
		return notFound()
	}
	return st.playlistsOf(who, req)
}

// details are the details in a request. Nil fields are not changed.
type details struct {
	Name          *string `json:"name"`
	Description   *string `json:"description"`
	Public        *bool   `json:"public"`
	Collaborative *bool   `json:"collaborative"`
}

func (st *state) createPlaylistForUser(req *Request) Response {
	if req.Vars["user_id"] != req.User {
		return forbidden("You cannot create a playlist for another user.")
	}
	return st.createPlaylist(req)
}

func (st *state) createPlaylist(req *Request) Response {
	var d details
	if refused := req.requireBody(&d); refused != nil {
		return *refused
	}
	if d.Name == nil {
		return badRequest("Missing required field: name")
	}
	p := &playlist{Playlist: catalogue.Playlist{Owner: req.User}, owner: st.user(req).user, version: 1}
	if refused := p.describe(d, req); refused != nil {
		return *refused
	}
	p.ID = ids.New("playlist", req.User, p.Name, strconv.Itoa(len(st.order)))
	st.addPlaylist(p)
	st.user(req).writable(resources.KindPlaylist).add(p.ID, req.Now)
	return Response{
		Status: http.StatusCreated,
		Header: http.Header{"Location": {req.Base + "/playlists/" + p.ID}},
		Body:   st.fullPlaylist(p, req, ""),
	}
}

func (st *state) changePlaylist(req *Request) Response {
	var d details
	if refused := req.requireBody(&d); refused != nil {
		return *refused
	}
	p, refused := st.playlistToChange(req, false, "You cannot change the details of a playlist you don't own.")
	if refused == nil {
		refused = p.describe(d, req)
	}
	if refused != nil {
		return *refused
	}
	return empty(http.StatusOK)
}

// describe changes all details or, with an error, none. Collaborative playlists have to be private.
func (p *playlist) describe(d details, req *Request) *Response {
	after := *p
	set(&after.Name, d.Name)
	set(&after.Description, d.Description)
	set(&after.collaborative, d.Collaborative)
	if d.Public != nil {
		after.Private = !*d.Public
	}
	switch {
	case after.collaborative && !after.Private:
		return new(badRequest("Collaborative playlists can't be public"))
	case after.Name == "":
		return new(badRequest("Invalid playlist name"))
	case !req.hasScope(after.modifyScope()):
		return new(insufficientScope())
	}
	*p = after
	return nil
}

func set[T any](to, value *T) {
	if value != nil {
		*to = *value
	}
}

// snapshotResponse is the response to a change of a playlist's items.
func snapshotResponse(status int, p *playlist) Response {
	return Response{Status: status, Body: object(field{"snapshot_id", quote(p.snapshot())})}
}

// playlist returns the playlist whose id is in the path, if the user can see it.
func (st *state) playlist(req *Request) (*playlist, *Response) {
	id := req.Vars["playlist_id"]
	if !ids.Valid(id) {
		return nil, new(badRequest("Invalid base62 id"))
	}
	p := st.playlists[id]
	switch {
	case p == nil, !p.visibleTo(req.User), p.Owner == "spotify" && !st.Access.showsSpotifysPlaylists():
		return nil, new(notFound())
	case p.Private && !req.hasScope("playlist-read-private", p.readScope()) && !writes(req.Op):
		return nil, new(insufficientScope())
	}
	return p, nil
}

// playlistToChange returns the playlist whose id is in the path for a change by its owner or, if
// others is true, by a collaborator. Users delete a playlist by unfollowing it.
func (st *state) playlistToChange(req *Request, others bool, refusal string) (*playlist, *Response) {
	p, refused := st.playlist(req)
	if refused != nil {
		return nil, refused
	}
	switch {
	case p.Owner != req.User && (!others || !p.member(req.User)):
		return nil, new(forbidden(refusal))
	case !req.hasScope(p.modifyScope()):
		return nil, new(insufficientScope())
	}
	return p, nil
}
