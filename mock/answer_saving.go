package mock

// answer_saving.go puts things into a user's library and takes them out: by URI, as apps do since February 2026, or by kind and id as before.

import (
	"net/http"
	"time"

	"github.com/seed-2147f1a9/spotify/resources"
)

var savingAnswers = func() map[string]handler {
	all := map[string]handler{
		"save-library-items":     (*world).saveThings,
		"remove-library-items":   (*world).removeThings,
		"check-library-contains": (*world).checkThings,
	}
	for _, kind := range []resources.Kind{resources.KindAlbum, resources.KindAudiobook, resources.KindEpisode, resources.KindShow, resources.KindTrack} {
		all["save-"+string(kind)+"s-user"] = saveByID(kind, http.StatusOK)
		all["remove-"+string(kind)+"s-user"] = removeByID(kind, http.StatusOK)
		all["check-users-saved-"+string(kind)+"s"] = checkByID(kind)
	}
	all["save-tracks-user"] = (*world).saveTracks
	return all
}()

func (w *world) saveThings(x *exchange) answer {
	things, no := x.named()
	if no == nil {
		no = x.permits(things, "user-library-modify", "user-follow-modify", "playlist-modify-public")
	}
	if no != nil {
		return *no
	}
	return w.save(x, things, http.StatusOK)
}

func (w *world) removeThings(x *exchange) answer {
	things, no := x.named()
	if no == nil {
		no = x.permits(things, "user-library-modify", "user-follow-modify", "playlist-modify-public")
	}
	if no != nil {
		return *no
	}
	return w.remove(x, things, http.StatusOK)
}

func (w *world) checkThings(x *exchange) answer {
	things, no := x.named()
	if no == nil {
		no = x.permits(things, "user-library-read", "user-follow-read", "playlist-read-private")
	}
	if no != nil {
		return *no
	}
	return w.check(x, things)
}

// saveByID answers PUT /me/albums and its like.
func saveByID(kind resources.Kind, status int) handler {
	return func(w *world, x *exchange) answer {
		things, no := x.about(kind)
		if no != nil {
			return *no
		}
		return w.save(x, things, status)
	}
}

func removeByID(kind resources.Kind, status int) handler {
	return func(w *world, x *exchange) answer {
		things, no := x.about(kind)
		if no != nil {
			return *no
		}
		return w.remove(x, things, status)
	}
}

func checkByID(kind resources.Kind) handler {
	return func(w *world, x *exchange) answer {
		things, no := x.about(kind)
		if no != nil {
			return *no
		}
		return w.check(x, things)
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
		return saveByID(resources.KindTrack, http.StatusOK)(w, x)
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

// save puts all of the things into the library, or none if one of them is not there. What is in it stays where it is.
func (w *world) save(x *exchange, things []thing, status int) answer {
	if !w.knowsAll(x, things) {
		return notFound()
	}
	for _, t := range things {
		w.me(x).shelf(t.kind).add(t.id, x.now)
	}
	return done(status)
}

func (w *world) knowsAll(x *exchange, things []thing) bool {
	for _, t := range things {
		if !w.knows(x, t) {
			return false
		}
	}
	return true
}

// remove takes things out of the library. One's own playlist is deleted by that: nobody's library has it any more but its followers'.
func (w *world) remove(x *exchange, things []thing, status int) answer {
	for _, t := range things {
		if w.me(x).saved[t.kind].has(t.id) {
			w.me(x).shelf(t.kind).remove(t.id)
		}
	}
	return done(status)
}

func (w *world) check(x *exchange, things []thing) answer {
	in := make([]bool, len(things))
	for i, t := range things {
		in[i] = w.me(x).saved[t.kind].has(t.id)
	}
	return found(encode(in))
}
