package mock

// answer_search.go searches: every word must stand in the name, or in the name of an artist, album, show or author it belongs to.

import (
	"net/url"
	"slices"
	"strings"

	"github.com/seed-2147f1a9/spotify/resources"
)

var searchAnswers = map[string]handler{"search": (*world).search}

// searchable are the kinds that can be searched for, in the order in which the answer has them.
var searchable = []resources.Kind{
	resources.KindTrack, resources.KindArtist, resources.KindAlbum, resources.KindPlaylist, resources.KindShow, resources.KindEpisode, resources.KindAudiobook,
}

func (w *world) search(x *exchange) answer {
	q := x.query.Get("q")
	if strings.TrimSpace(q) == "" {
		return bad("No search query")
	}
	kinds := strings.Split(x.query.Get("type"), ",")
	if x.query.Get("type") == "" {
		return bad("Missing parameter type")
	}
	for _, k := range kinds {
		if !slices.Contains(searchable, resources.Kind(k)) {
			return bad("Bad search type field " + k)
		}
	}
	if ext := x.query.Get("include_external"); ext != "" && ext != "audio" {
		return bad("Bad include_external field " + ext)
	}
	market, no := w.market(x)
	if no != nil {
		return *no
	}
	s, no := x.span(w.surface)
	if no != nil {
		return *no
	}
	if s.offset+s.limit > x.op.Ceiling {
		return bad("Invalid offset")
	}
	wanted := parseQuery(q)
	var fields []field
	for _, k := range searchable {
		if !slices.Contains(kinds, string(k)) {
			continue
		}
		// Each list has links of its own, as Spotify's have.
		own := url.Values{}
		for name, values := range x.query {
			own[name] = values
		}
		own.Set("type", string(k))
		items, total := w.hits(x, k, wanted, market, s)
		fields = append(fields, field{string(k) + "s", s.write(x.path(), own, items, min(total, x.op.Ceiling))})
	}
	return found(object(fields...))
}

// hits returns the page of what is found of one kind, and how much there is.
func (w *world) hits(x *exchange, kind resources.Kind, q query, market string, s span) ([][]byte, int) {
	f := full
	if kind != resources.KindTrack && kind != resources.KindArtist {
		f = simplified
	}
	v := w.view(x, f, market)
	var all []entry
	for _, e := range w.searched(kind) {
		if e.availableIn(market) && q.matches(e, w.c.text(e)) {
			all = append(all, e)
		}
	}
	from, to := s.of(len(all))
	return w.renderAll(all[from:to], v), len(all)
}

// searched is everything of a kind that can be found. Only public playlists can.
func (w *world) searched(kind resources.Kind) []entry {
	if kind != resources.KindPlaylist {
		return w.c.entries(kind)
	}
	return slices.DeleteFunc(upcast(w.order), func(e entry) bool { return e.(*playlist).Private })
}
