package mock

// answer_saving.go puts things into a user's library and takes them out: by URI, as apps do since February 2026, or by kind and id as before.

import (
	"net/http"
	"slices"
	"time"

	"github.com/seed-2147f1a9/spotify/resources"
)

// deed is what is done with the things that a call names.
type deed func(w *world, x *exchange, things []thing) answer

var savingAnswers = func() map[string]handler {
	all := map[string]handler{
		"save-library-items":     byURI(saving(http.StatusOK), "user-library-modify", "user-follow-modify", "playlist-modify-public"),
		"remove-library-items":   byURI(removing(http.StatusOK), "user-library-modify", "user-follow-modify", "playlist-modify-public"),
		"check-library-contains": byURI((*world).check, "user-library-read", "user-follow-read", "playlist-read-private"),
	}
	for _, kind := range []resources.Kind{resources.KindAlbum, resources.KindAudiobook, resources.KindEpisode, resources.KindShow, resources.KindTrack} {
		all["save-"+string(kind)+"s-user"] = byID(kind, saving(http.StatusOK))
		all["remove-"+string(kind)+"s-user"] = byID(kind, removing(http.StatusOK))
		all["check-users-saved-"+string(kind)+"s"] = byID(kind, (*world).check)
	}
	all["save-tracks-user"] = (*world).saveTracks
	return all
}()

// byURI answers PUT /me/library and its like. The scopes are those for what is saved, for artists and users, and for playlists.
func byURI(do deed, save, follow, playlists string) handler {
	return func(w *world, x *exchange) answer {
		things, no := x.named()
		if no == nil {
			no = x.permits(things, save, follow, playlists)
		}
		if no != nil {
			return *no
		}
		return do(w, x, things)
	}
}

// byID answers PUT /me/albums and its like.
func byID(kind resources.Kind, do deed) handler {
	return func(w *world, x *exchange) answer {
		things, no := x.about(kind)
		if no != nil {
			return *no
		}
		return do(w, x, things)
	}
}

// saveTracks takes ids with the time at which each is to have been saved as well, which then stand where that time puts them.
func (w *world) saveTracks(x *exchange) answer {
	var body struct {
		Timed []struct {
			ID string    `json:"id"`
			At time.Time `json:"added_at"`
		} `json:"timestamped_ids"`
	}
	if no := x.read(&body); no != nil {
		return *no
	}
	if len(body.Timed) == 0 {
		return byID(resources.KindTrack, saving(http.StatusOK))(w, x)
	}
	ids := make([]string, len(body.Timed))
	for i, one := range body.Timed {
		ids[i] = one.ID
	}
	things, no := x.things(resources.KindTrack, ids)
	if no != nil {
		return *no
	}
	if !w.knowsAll(x, things) {
		return notFound()
	}
	for _, one := range body.Timed {
		w.me(x).shelf(resources.KindTrack).insert(one.ID, one.At)
	}
	return done(http.StatusOK)
}

// saving puts all of the things into the library, or none if one of them is not there. What is in it stays where it is.
func saving(status int) deed {
	return func(w *world, x *exchange, things []thing) answer {
		if !w.knowsAll(x, things) {
			return notFound()
		}
		for _, t := range things {
			w.me(x).shelf(t.kind).add(t.id, x.now)
		}
		return done(status)
	}
}

func (w *world) knowsAll(x *exchange, things []thing) bool {
	return !slices.ContainsFunc(things, func(t thing) bool { return !w.knows(x, t) })
}

// removing takes things out of the library. One's own playlist is deleted by that: nobody's library has it any more but its followers'.
func removing(status int) deed {
	return func(w *world, x *exchange, things []thing) answer {
		for _, t := range things {
			if w.me(x).saved[t.kind].has(t.id) {
				w.me(x).shelf(t.kind).remove(t.id)
			}
		}
		return done(status)
	}
}

func (w *world) check(x *exchange, things []thing) answer {
	in := make([]bool, len(things))
	for i, t := range things {
		in[i] = w.me(x).saved[t.kind].has(t.id)
	}
	return found(encode(in))
}
