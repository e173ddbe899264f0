package mock

// answer_catalogue.go answers for what stands in the catalogue: one entry, several, and the lists within one.

import (
	"slices"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"

	"github.com/seed-2147f1a9/spotify/resources"
)

// view is how the exchange is to be shown something.
func (w *world) view(x *exchange, f form, market string) view {
	return view{surface: w.surface, form: f, market: market, resume: x.user != "" && x.has("user-read-playback-position")}
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
func (w *world) look(x *exchange, kind resources.Kind, market string) (entry, *answer) {
	id := x.vars["id"]
	if !ids.Valid(id) {
		a := bad("Invalid base62 id")
		return nil, &a
	}
	e := w.c.find(kind, id)
	if e == nil || !shows(e, market) {
		a := notFound()
		return nil, &a
	}
	return e, nil
}

// one answers GET /albums/{id} and its like.
func one(kind resources.Kind, f form) handler {
	return func(w *world, x *exchange) answer {
		market, no := w.market(x)
		if no != nil {
			return *no
		}
		e, no := w.look(x, kind, market)
		if no != nil {
			return *no
		}
		return found(w.c.render(e, w.view(x, f, market)))
	}
}

// several answers GET /albums?ids= and its like: null for what is not there.
func several(kind resources.Kind, f form) handler {
	return func(w *world, x *exchange) answer {
		ids, no := x.ids()
		if no != nil {
			return *no
		}
		market, no := w.market(x)
		if no != nil {
			return *no
		}
		items := make([][]byte, len(ids))
		for i, id := range ids {
			if e := w.c.find(kind, id); e != nil && shows(e, market) {
				items[i] = w.c.render(e, w.view(x, f, market))
			}
		}
		return found(object(field{x.op.Member, array(items)}))
	}
}

// within answers GET /albums/{id}/tracks and its like.
func within(kind resources.Kind, f form, parts func(of entry, x *exchange) []entry) handler {
	return func(w *world, x *exchange) answer {
		market, no := w.market(x)
		if no != nil {
			return *no
		}
		s, no := x.span(w.surface)
		if no != nil {
			return *no
		}
		of, no := w.look(x, kind, market)
		if no != nil {
			return *no
		}
		all := parts(of, x)
		if market != "" {
			all = slices.DeleteFunc(all, func(e entry) bool { return !shows(e, market) })
		}
		return found(w.page(x, s, all, w.view(x, f, market)))
	}
}

// page is a page of entries.
func (w *world) page(x *exchange, s span, all []entry, v view) []byte {
	from, to := s.of(len(all))
	return s.write(x.path(), x.query, w.renderAll(all[from:to], v), len(all))
}

func (w *world) renderAll(entries []entry, v view) [][]byte {
	items := make([][]byte, len(entries))
	for i, e := range entries {
		items[i] = w.c.render(e, v)
	}
	return items
}
