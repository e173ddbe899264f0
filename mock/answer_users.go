package mock

// answer_users.go answers for people: who they are, and what they like best.

import "github.com/seed-2147f1a9/spotify/resources"

var userAnswers = map[string]handler{
	"get-current-users-profile": (*world).profile,
	"get-users-profile":         (*world).userProfile,
	"get-users-top-artists":     top(resources.KindArtist),
	"get-users-top-tracks":      top(resources.KindTrack),
}

func (w *world) profile(x *exchange) answer {
	return found(encode(w.me(x).private(w.view(x, full, ""), x)))
}

func (w *world) userProfile(x *exchange) answer {
	p := w.people[x.vars["user_id"]]
	if p == nil {
		return notFound()
	}
	return found(encode(p.public(w.view(x, full, ""))))
}

// top answers GET /me/top/artists and its like. The favourites are the same over all ranges of time.
func top(kind resources.Kind) handler {
	return func(w *world, x *exchange) answer {
		if no := x.word("time_range", "Invalid time range", "long_term", "medium_term", "short_term"); no != nil {
			return *no
		}
		s, no := x.span(w.surface)
		if no != nil {
			return *no
		}
		return found(w.page(x, s, w.me(x).top[kind], w.view(x, full, "")))
	}
}
