package api

import (
	"net/http"

	"github.com/seed-2147f1a9/spotify/resources"
)

var savedListHandlers = map[string]handler{
	"get-users-saved-albums":     listSaved(resources.KindAlbum),
	"get-users-saved-tracks":     listSaved(resources.KindTrack),
	"get-users-saved-episodes":   listSaved(resources.KindEpisode),
	"get-users-saved-shows":      listSaved(resources.KindShow),
	"get-users-saved-audiobooks": listSaved(resources.KindAudiobook),
}

// listSaved handles GET /me/albums and similar operations.
func listSaved(kind resources.Kind) handler {
	f := full
	if kind == resources.KindShow {
		f = simplified
	}
	return func(st *state, req *Request) Response {
		market, refused := st.market(req)
		if refused != nil {
			return *refused
		}
		s, refused := req.pageParams(st.Access)
		if refused != nil {
			return *refused
		}
		part, total := st.user(req).saved[kind].newest(s)
		v := st.view(req, f, market)
		items := make([][]byte, len(part))
		for i, one := range part {
			items[i] = object(
				field{"added_at", quote(one.at.UTC().Format(timestamp))},
				field{string(kind), st.index.render(st.index.find(kind, one.id), v)},
			)
		}
		return Response{Status: http.StatusOK, Body: s.json(req.url(), req.Query, items, total)}
	}
}
