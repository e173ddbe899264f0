package api

import (
	"net/url"
	"slices"
	"strings"

	"github.com/seed-2147f1a9/spotify/resources"
)

var searchHandlers = map[string]handler{"search": (*state).search}

// searchable are the kinds that can be searched for, in the order of the response. Every word of a
// query has to be in an entry's name or in the name of its artist, album, show or author.
var searchable = []resources.Kind{
	resources.KindTrack, resources.KindArtist, resources.KindAlbum, resources.KindPlaylist, resources.KindShow,
	resources.KindEpisode, resources.KindAudiobook,
}

func (st *state) search(req *Request) Response {
	q := req.Query.Get("q")
	if strings.TrimSpace(q) == "" {
		return badRequest("No search query")
	}
	kinds := strings.Split(req.Query.Get("type"), ",")
	if req.Query.Get("type") == "" {
		return badRequest("Missing parameter type")
	}
	for _, k := range kinds {
		if !slices.Contains(searchable, resources.Kind(k)) {
			return badRequest("Bad search type field " + k)
		}
	}
	if ext := req.Query.Get("include_external"); ext != "" && ext != "audio" {
		return badRequest("Bad include_external field " + ext)
	}
	market, refused := st.market(req)
	if refused != nil {
		return *refused
	}
	s, refused := req.pageParams(st.Access)
	if refused != nil {
		return *refused
	}
	if s.offset+s.limit > req.Op.Ceiling {
		return badRequest("Invalid offset")
	}
	wanted := parseQuery(q)
	var fields []field
	for _, k := range searchable {
		if !slices.Contains(kinds, string(k)) {
			continue
		}
		// each list has its own links, as at Spotify
		own := url.Values{}
		for name, values := range req.Query {
			own[name] = values
		}
		own.Set("type", string(k))
		items, total := st.searchKind(req, k, wanted, market, s)
		fields = append(fields, field{string(k) + "s", s.json(req.url(), own, items, min(total, req.Op.Ceiling))})
	}
	return ok200(object(fields...))
}

// searchKind returns a page of the results of one kind, and the number of all results.
func (st *state) searchKind(req *Request, kind resources.Kind, q query, market string, s pageSpan) ([][]byte, int) {
	f := full
	if kind != resources.KindTrack && kind != resources.KindArtist {
		f = simplified
	}
	v := st.view(req, f, market)
	var all []entry
	for _, e := range st.searched(kind) {
		if e.availableIn(market) && q.matches(e, st.index.text(e)) {
			all = append(all, e)
		}
	}
	from, to := s.bounds(len(all))
	return st.renderAll(all[from:to], v), len(all)
}

// searched returns everything of a kind that can be found. Private playlists cannot.
func (st *state) searched(kind resources.Kind) []entry {
	if kind != resources.KindPlaylist {
		return st.index.entries(kind)
	}
	return slices.DeleteFunc(asEntries(st.order), func(e entry) bool { return e.(*playlist).Private })
}
