package api

import (
	"net/http"

	"github.com/seed-2147f1a9/spotify/resources"
)

// savedKinds are the kinds of the items in the lists of saved items, by operation.
var savedKinds = map[string]resources.Kind{
	"get-users-saved-albums":     resources.KindAlbum,
	"get-users-saved-tracks":     resources.KindTrack,
	"get-users-saved-episodes":   resources.KindEpisode,
	"get-users-saved-shows":      resources.KindShow,
	"get-users-saved-audiobooks": resources.KindAudiobook,
}

var savedListHandlers = func() map[string]handler {
	all := make(map[string]handler, len(savedKinds))
	for name, kind := range savedKinds {
		all[name] = listSaved(kind)
	}
	return all
}()

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
