package mock

// answer_following.go answers for whom and what a user follows: artists, users, playlists.

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

var followingAnswers = map[string]handler{
	"get-followed":                   (*world).followedArtists,
	"follow-artists-users":           byType(saving(http.StatusNoContent)),
	"unfollow-artists-users":         byType(removing(http.StatusNoContent)),
	"check-current-user-follows":     byType((*world).check),
	"follow-playlist":                (*world).followPlaylist,
	"unfollow-playlist":              (*world).unfollowPlaylist,
	"check-if-user-follows-playlist": (*world).playlistFollowers,
}

// byType answers an operation on artists or users, which the query tells.
func byType(do deed) handler {
	return func(w *world, x *exchange) answer {
		switch kind := resources.Kind(x.query.Get("type")); kind {
		case "":
			return bad("Missing parameter type")
		case resources.KindArtist, resources.KindUser:
			return byID(kind, do)(w, x)
		}
		return bad("Invalid parameter type")
	}
}

type cursors struct {
	After  *string `json:"after"`
	Before *string `json:"before,omitempty"`
}

// followedArtists is a page that begins after an artist. They come in the order of their ids, so that following and unfollowing moves nobody to another page.
func (w *world) followedArtists(x *exchange) answer {
	switch x.query.Get("type") {
	case "":
		return bad("Missing parameter type")
	case string(resources.KindArtist):
	default:
		return bad("Invalid parameter type")
	}
	limit, no := x.number("limit", usually(x.op.MaxLimit), 1, x.op.MaxLimit, "Invalid limit")
	if no != nil {
		return *no
	}
	after := x.query.Get("after")
	if after != "" && !ids.Valid(after) {
		return bad("Invalid base62 id")
	}
	var all []string
	if s := w.me(x).saved[resources.KindArtist]; s != nil {
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
		items[i] = w.c.render(w.c.find(resources.KindArtist, id), w.view(x, full, ""))
	}
	page, next := cursors{}, []byte("null")
	if len(part) < len(rest) {
		page.After = &part[len(part)-1]
		next = quote(followingAddress(*page.After, limit))
	}
	return found(object(field{x.op.Member, object(
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
	return canonicalBase + "/me/following?" + q.Encode()
}

// followPlaylist shows it among the user's playlists, on their profile too unless it is followed in private.
func (w *world) followPlaylist(x *exchange) answer {
	body := struct {
		Public bool `json:"public"`
	}{Public: true}
	if no := x.read(&body); no != nil {
		return *no
	}
	scope := "playlist-modify-private"
	if body.Public {
		scope = "playlist-modify-public"
	}
	if !x.has(scope) {
		return unscoped()
	}
	p, no := w.playlist(x)
	if no != nil {
		return *no
	}
	return saving(http.StatusOK)(w, x, []thing{{resources.KindPlaylist, p.ID}})
}

func (w *world) unfollowPlaylist(x *exchange) answer {
	if !x.has("playlist-modify-public", "playlist-modify-private") {
		return unscoped()
	}
	p := w.playlists[x.vars["playlist_id"]] // be it private by now
	if p == nil {
		return notFound()
	}
	return removing(http.StatusOK)(w, x, []thing{{resources.KindPlaylist, p.ID}})
}

// playlistFollowers tells of the users that the query names, of the one who asks if it names none.
func (w *world) playlistFollowers(x *exchange) answer {
	p, no := w.playlist(x)
	if no != nil {
		return *no
	}
	ids := []string{x.user}
	if given := x.query.Get("ids"); given != "" {
		ids = strings.Split(given, ",")
	}
	in := make([]bool, len(ids))
	for i, id := range ids {
		if who := w.people[id]; who != nil {
			in[i] = who.saved[resources.KindPlaylist].has(p.ID)
		}
	}
	return found(encode(in))
}
