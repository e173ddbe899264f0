package mock

// answer_browse.go answers for the shop window: categories, the playlists under them, and markets.

import (
	"net/http"
	"slices"

	"github.com/seed-2147f1a9/spotify/mock/catalogue"
)

var browseAnswers = map[string]handler{
	"get-categories":             (*world).listCategories,
	"get-a-category":             (*world).oneCategory,
	"get-a-categories-playlists": (*world).categoryPlaylists,
	"get-featured-playlists":     (*world).featured,
	"get-available-markets":      (*world).listMarkets,
}

type category struct{ catalogue.Category }

// categoryShape is a category. Its name is the same in every language.
type categoryShape struct {
	Href  string    `json:"href"`
	Icons []picture `json:"icons"`
	ID    string    `json:"id"`
	Name  string    `json:"name"`
}

func (c *category) shape() categoryShape {
	return categoryShape{canonicalBase + "/browse/categories/" + escape(c.ID), pictures(c.ID, 274), c.ID, c.Name}
}

func (w *world) listCategories(x *exchange) answer {
	s, no := x.span(w.surface)
	if no != nil {
		return *no
	}
	all := w.c.categories.list
	from, to := s.of(len(all))
	var items [][]byte
	for _, c := range all[from:to] {
		items = append(items, encode(c.shape()))
	}
	return found(object(field{x.op.Member, s.write(x.path(), x.query, items, len(all))}))
}

// category finds what the path names.
func (w *world) category(x *exchange) (*category, *answer) {
	c := w.c.categories.byID[x.vars["category_id"]]
	if c == nil {
		a := problem(http.StatusNotFound, "Specified id doesn't exist", "")
		return nil, &a
	}
	return c, nil
}

func (w *world) oneCategory(x *exchange) answer {
	c, no := w.category(x)
	if no != nil {
		return *no
	}
	return found(encode(c.shape()))
}

func (w *world) categoryPlaylists(x *exchange) answer {
	c, no := w.category(x)
	if no != nil {
		return *no
	}
	return w.window(x, c.Name, c)
}

// featured is what stands under any category.
func (w *world) featured(x *exchange) answer {
	return w.window(x, "Popular Playlists", w.c.categories.list...)
}

// window is a page of the public playlists under categories, each once.
func (w *world) window(x *exchange, message string, under ...*category) answer {
	s, no := x.span(w.surface)
	if no != nil {
		return *no
	}
	var all []entry
	for _, c := range under {
		for _, id := range c.Playlists {
			if p := w.playlists[id]; !p.Private && !slices.Contains(all, entry(p)) {
				all = append(all, p)
			}
		}
	}
	return found(object(field{"message", quote(message)}, field{"playlists", w.page(x, s, all, w.view(x, simplified, ""))}))
}

func (w *world) listMarkets(x *exchange) answer {
	return found(object(field{x.op.Member, encode(markets)}))
}
