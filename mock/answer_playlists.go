package mock

// answer_playlists.go answers for playlists as a whole: gets, lists, makes and renames them. They are deleted by unfollowing (answer_following.go).

import (
	"math"
	"net/http"
	"strconv"

	"github.com/seed-2147f1a9/spotify/mock/catalogue"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"

	"github.com/seed-2147f1a9/spotify/resources"
)

var playlistAnswers = map[string]handler{
	"get-playlist":                          (*world).getPlaylist,
	"get-a-list-of-current-users-playlists": func(w *world, x *exchange) answer { return w.playlistsOf(w.me(x), x) },
	"get-list-users-playlists":              (*world).usersPlaylists,
	"create-playlist":                       (*world).createPlaylist,
	"create-playlist-for-user":              (*world).createPlaylistForUser,
	"change-playlist-details":               (*world).changePlaylist,
}

func (w *world) getPlaylist(x *exchange) answer {
	market, no := w.market(x)
	if no != nil {
		return *no
	}
	wanted, ok := parseFields(x.query.Get("fields"))
	if !ok {
		return bad("Invalid fields")
	}
	p, no := w.playlist(x)
	if no != nil {
		return *no
	}
	return found(wanted.of(w.full(p, x, market)))
}

// playlistsOf lists a person's playlists, newest first: all that the token's scopes open to the person, the public ones to others.
func (w *world) playlistsOf(who *person, x *exchange) answer {
	s, no := x.span(w.surface)
	if no != nil {
		return *no
	}
	var all []entry
	ids, _ := who.saved[resources.KindPlaylist].newest(span{limit: math.MaxInt})
	for _, one := range ids {
		if p := w.playlists[one.id]; !p.Private || who.ID == x.user && p.visibleTo(x.user) && x.has(p.readScope()) {
			all = append(all, p)
		}
	}
	return found(w.page(x, s, all, w.view(x, simplified, "")))
}

func (w *world) usersPlaylists(x *exchange) answer {
	who := w.people[x.vars["user_id"]]
	if who == nil {
		return notFound()
	}
	return w.playlistsOf(who, x)
}

// details are what can be said about a playlist; what is nil was not said.
type details struct {
	Name          *string `json:"name"`
	Description   *string `json:"description"`
	Public        *bool   `json:"public"`
	Collaborative *bool   `json:"collaborative"`
}

func (w *world) createPlaylistForUser(x *exchange) answer {
	if x.vars["user_id"] != x.user {
		return denied("You cannot create a playlist for another user.")
	}
	return w.createPlaylist(x)
}

func (w *world) createPlaylist(x *exchange) answer {
	var d details
	if no := x.need(&d); no != nil {
		return *no
	}
	if d.Name == nil {
		return bad("Missing required field: name")
	}
	p := &playlist{Playlist: catalogue.Playlist{Owner: x.user}, owner: w.me(x).user, version: 1}
	if no := p.describe(d, x); no != nil {
		return *no
	}
	p.ID = ids.New("playlist", x.user, p.Name, strconv.Itoa(len(w.order)))
	w.hold(p)
	w.me(x).shelf(resources.KindPlaylist).add(p.ID, x.now)
	return answer{status: http.StatusCreated, header: http.Header{"Location": {x.base + "/playlists/" + p.ID}}, body: w.full(p, x, "")}
}

func (w *world) changePlaylist(x *exchange) answer {
	var d details
	if no := x.need(&d); no != nil {
		return *no
	}
	p, no := w.mine(x, false, "You cannot change the details of a playlist you don't own.")
	if no == nil {
		no = p.describe(d, x)
	}
	if no != nil {
		return *no
	}
	return done(http.StatusOK)
}

// describe changes the details, all or none. Who works together on a playlist does so in private.
func (p *playlist) describe(d details, x *exchange) *answer {
	after := *p
	set(&after.Name, d.Name)
	set(&after.Description, d.Description)
	set(&after.collaborative, d.Collaborative)
	if d.Public != nil {
		after.Private = !*d.Public
	}
	switch {
	case after.collaborative && !after.Private:
		return new(bad("Collaborative playlists can't be public"))
	case after.Name == "":
		return new(bad("Invalid playlist name"))
	case !x.has(after.modifyScope()):
		return new(unscoped())
	}
	*p = after
	return nil
}

func set[T any](to, value *T) {
	if value != nil {
		*to = *value
	}
}

// snapshotted is the answer to a change of a playlist's items.
func snapshotted(status int, p *playlist) answer {
	return answer{status: status, body: object(field{"snapshot_id", quote(p.snapshot())})}
}
