package api

import (
	"slices"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
	"github.com/seed-2147f1a9/spotify/resources"
)

// handler handles the requests of one operation. The state is locked while it runs: for reading if
// the operation only reads, and otherwise for writing.
type handler func(st *state, req *Request) Response

// view returns the view of an entry that a request gets.
func (st *state) view(req *Request, f form, market string) view {
	return view{
		access: st.Access,
		form:   f,
		market: market,
		resume: req.User != "" && req.hasScope("user-read-playback-position"),
	}
}

// shows reports whether an entry is returned at all if a market is given. Music always is, with a
// note that it does not play there.
func shows(e entry, market string) bool {
	switch e.kind() {
	case resources.KindShow, resources.KindEpisode, resources.KindAudiobook, resources.KindChapter:
		return e.availableIn(market)
	}
	return true
}

// entryInPath returns the entry whose id is in the path.
func (st *state) entryInPath(req *Request, kind resources.Kind, market string) (entry, *Response) {
	id := req.Vars["id"]
	if !ids.Valid(id) {
		resp := badRequest("Invalid base62 id")
		return nil, &resp
	}
	e := st.index.find(kind, id)
	if e == nil || !shows(e, market) {
		resp := notFound()
		return nil, &resp
	}
	return e, nil
}

// getOne handles GET /albums/{id} and similar operations.
func getOne(kind resources.Kind, f form) handler {
	return func(st *state, req *Request) Response {
		market, refused := st.market(req)
		if refused != nil {
			return *refused
		}
		e, refused := st.entryInPath(req, kind, market)
		if refused != nil {
			return *refused
		}
		return ok200(st.index.render(e, st.view(req, f, market)))
	}
}

// getSeveral handles GET /albums?ids= and similar operations: null for unknown ids.
func getSeveral(kind resources.Kind, f form) handler {
	return func(st *state, req *Request) Response {
		ids, refused := req.idsParam()
		if refused != nil {
			return *refused
		}
		market, refused := st.market(req)
		if refused != nil {
			return *refused
		}
		items := make([][]byte, len(ids))
		for i, id := range ids {
			if e := st.index.find(kind, id); e != nil && shows(e, market) {
				items[i] = st.index.render(e, st.view(req, f, market))
			}
		}
		return ok200(object(field{req.Op.Member, array(items)}))
	}
}

// listIn handles GET /albums/{id}/tracks and similar operations.
func listIn(kind resources.Kind, f form, parts func(of entry, req *Request) []entry) handler {
	return func(st *state, req *Request) Response {
		market, refused := st.market(req)
		if refused != nil {
			return *refused
		}
		s, refused := req.pageParams(st.Access)
		if refused != nil {
			return *refused
		}
		of, refused := st.entryInPath(req, kind, market)
		if refused != nil {
			return *refused
		}
		all := parts(of, req)
		if market != "" {
			all = slices.DeleteFunc(all, func(e entry) bool { return !shows(e, market) })
		}
		return ok200(st.page(req, s, all, st.view(req, f, market)))
	}
}

// page returns a page of entries.
func (st *state) page(req *Request, s pageSpan, all []entry, v view) []byte {
	from, to := s.bounds(len(all))
	return s.json(req.url(), req.Query, st.renderAll(all[from:to], v), len(all))
}

func (st *state) renderAll(entries []entry, v view) [][]byte {
	items := make([][]byte, len(entries))
	for i, e := range entries {
		items[i] = st.index.render(e, v)
	}
	return items
}

// market returns the market parameter, which may stand for the user's country. It is empty if none
// is given.
func (st *state) market(req *Request) (string, *Response) {
	given := req.Query.Get("market")
	if given == "from_token" {
		if req.User == "" {
			resp := insufficientScope() // Spotify's error for a token without a user
			return "", &resp
		}
		return st.user(req).Country, nil
	}
	if given == "" || ids.IsMarket(given) {
		return given, nil
	}
	resp := badRequest("Invalid market code")
	return "", &resp
}
