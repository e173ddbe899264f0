package api

// answer_catalogue.go answers for what stands in the catalogue: one entry, several, and the lists within one.

import (
	"slices"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"

	"github.com/seed-2147f1a9/spotify/resources"
)

// handler answers one operation. The world is locked while it runs: for reading if it only reads, else for writing.
type handler func(st *state, req *Request) Response

// view is how the exchange is to be shown something.
func (st *state) view(req *Request, f form, market string) view {
	return view{access: st.access, form: f, market: market, resume: req.User != "" && req.hasScope("user-read-playback-position")}
}

// shows reports whether something is answered at all where a market is asked for. Music is, with a note that it does not play there.
func shows(e entry, market string) bool {
	switch e.kind() {
	case resources.KindShow, resources.KindEpisode, resources.KindAudiobook, resources.KindChapter:
		return e.availableIn(market)
	}
	return true
}

// look finds what the path names.
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

// one answers GET /albums/{id} and its like.
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

// several answers GET /albums?ids= and its like: null for what is not there.
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

// within answers GET /albums/{id}/tracks and its like.
func listIn(kind resources.Kind, f form, parts func(of entry, req *Request) []entry) handler {
	return func(st *state, req *Request) Response {
		market, refused := st.market(req)
		if refused != nil {
			return *refused
		}
		s, refused := req.pageParams(st.access)
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

// page is a page of entries.
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

// market reads the market, which may be the user's country. It is empty if none is asked for.
func (st *state) market(req *Request) (string, *Response) {
	given := req.Query.Get("market")
	if given == "from_token" {
		if req.User == "" {
			resp := insufficientScope() // Spotify's word for a token without a user
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
