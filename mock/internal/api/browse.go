package api

import (
	"net/http"
	"slices"
)

var browseHandlers = map[string]handler{
	"get-categories":             (*state).listCategories,
	"get-a-category":             (*state).oneCategory,
	"get-a-categories-playlists": (*state).categoryPlaylists,
	"get-featured-playlists":     (*state).featured,
	"get-available-markets":      (*state).listMarkets,
}

func (st *state) listCategories(req *Request) Response {
	s, refused := req.pageParams(st.Access)
	if refused != nil {
		return *refused
	}
	all := st.index.categories.list
	from, to := s.bounds(len(all))
	var items [][]byte
	for _, c := range all[from:to] {
		items = append(items, encode(c.shape()))
	}
	return ok200(object(field{req.Op.Member, s.json(req.url(), req.Query, items, len(all))}))
}

// category returns the category whose id is in the path.
func (st *state) category(req *Request) (*category, *Response) {
	c := st.index.categories.byID[req.Vars["category_id"]]
	if c == nil {
		resp := Problem(http.StatusNotFound, "Specified id doesn't exist", "")
		return nil, &resp
	}
	return c, nil
}

func (st *state) oneCategory(req *Request) Response {
	c, refused := st.category(req)
	if refused != nil {
		return *refused
	}
	return ok200(encode(c.shape()))
}

func (st *state) categoryPlaylists(req *Request) Response {
	c, refused := st.category(req)
	if refused != nil {
		return *refused
	}
	return st.playlistsUnder(req, c.Name, c)
}

// featured returns the playlists of all categories.
func (st *state) featured(req *Request) Response {
	return st.playlistsUnder(req, "Popular Playlists", st.index.categories.list...)
}

// playlistsUnder returns a page of the public playlists of categories, each once.
func (st *state) playlistsUnder(req *Request, message string, under ...*category) Response {
	s, refused := req.pageParams(st.Access)
	if refused != nil {
		return *refused
	}
	var all []entry
	for _, c := range under {
		for _, id := range c.Playlists {
			if p := st.playlists[id]; !p.Private && !slices.Contains(all, entry(p)) {
				all = append(all, p)
			}
		}
	}
	return ok200(
		object(field{"message", quote(message)}, field{"playlists", st.page(req, s, all, st.view(req, simplified, ""))}),
	)
}

func (st *state) listMarkets(req *Request) Response {
	return ok200(object(field{req.Op.Member, encode(markets)}))
}
