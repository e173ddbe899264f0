package mock

// answer_library.go answers for what a user has saved.

import (
	"net/http"

	"github.com/seed-2147f1a9/spotify/resources"
)

var libraryAnswers = map[string]handler{
	"get-users-saved-albums":     listSaved(resources.KindAlbum),
	"get-users-saved-tracks":     listSaved(resources.KindTrack),
	"get-users-saved-episodes":   listSaved(resources.KindEpisode),
	"get-users-saved-shows":      listSaved(resources.KindShow),
	"get-users-saved-audiobooks": listSaved(resources.KindAudiobook),
}

const timestamp = "2006-01-02T15:04:05Z"

// listSaved answers GET /me/albums and its like.
func listSaved(kind resources.Kind) handler {
	f := full
	if kind == resources.KindShow {
		f = simplified
	}
	return func(w *world, x *exchange) answer {
		market, no := w.market(x)
		if no != nil {
			return *no
		}
		s, no := x.span(w.surface)
		if no != nil {
			return *no
		}
		part, total := w.me(x).saved[kind].newest(s)
		v := w.view(x, f, market)
		items := make([][]byte, len(part))
		for i, one := range part {
			items[i] = object(
				field{"added_at", quote(one.at.UTC().Format(timestamp))},
				field{string(kind), w.c.render(w.c.find(kind, one.id), v)},
			)
		}
		return answer{status: http.StatusOK, body: s.write(x.path(), x.query, items, total)}
	}
}
