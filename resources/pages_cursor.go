package resources

import (
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"net/url"
	"strconv"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// CursorPage is one page of a list that grows while it is read: the place in it is told by a cursor instead of a count.
// Elements that Spotify sent as null are not among its items.
type CursorPage[T any] struct {
	// Href is the address of this page.
	Href string `json:"href"`
	// Items are this page's.
	Items []T `json:"items"`
	// Limit is how many items were asked for.
	Limit int `json:"limit"`
	// Next is the address of the next page, empty at the end.
	Next string `json:"next"`
	// Cursors lead to the pages beside this one.
	Cursors Cursors `json:"cursors,omitzero"`
	// Total is how many items there are on all pages, zero where Spotify does not say.
	Total int `json:"total,omitzero"`
	// Dropped is how many null elements were left out of Items.
	Dropped int `json:"-" nulls:"items"`
}

// MarshalJSON returns the page with a null for each element that was dropped, so that it decodes to
// the same page.
func (p CursorPage[T]) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Href    string  `json:"href"`
		Items   any     `json:"items"`
		Limit   int     `json:"limit"`
		Next    string  `json:"next"`
		Cursors Cursors `json:"cursors,omitzero"`
		Total   int     `json:"total,omitzero"`
	}{p.Href, withNulls(p.Items, p.Dropped), p.Limit, p.Next, p.Cursors, p.Total})
}

// Cursors are places in a list, to be given back as they came. One that leads nowhere is empty.
type Cursors struct {
	After  string `json:"after,omitzero"`
	Before string `json:"before,omitzero"`
}

// cursorPager is what a walk needs of the parameters of an operation that pages by cursor.
type cursorPager[P any] interface {
	querier
	// size is the page size asked for, zero for the walk's own.
	size() int
	// to returns the parameters of the page of that size which the cursors of the one before lead to, and whether they lead to one.
	// No cursors mean the page that the caller asked for.
	to(limit int, at Cursors) (P, bool)
}

// cursorWalk yields the items of all pages in order. Each page tells where the next one is, so
// there is never more than one call in flight. It ends at a page with neither a link to a next one
// nor a cursor, at an empty one without a link, or with the first error, which it yields.
func cursorWalk[T any, P cursorPager[P]](ctx context.Context, c *core, op *operations.Operation, params P, fetch func(context.Context, P) (*CursorPage[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		caller := ctx
		ctx := bulk(ctx)
		limit := params.size()
		if limit == 0 {
			limit = op.MaxLimit
		}
		w := cursorWalker[T, P]{c: c, op: op, params: params, limit: limit}
		for at, more := params.to(limit, Cursors{}); more; {
			page, err := fetch(ctx, at)
			if err != nil && !w.isPastEnd(err) {
				yield(*new(T), err)
				return
			}
			if err == nil {
				tell(caller, page.Total)
			}
			if err != nil || !yieldAll(ctx, op, page.Items, yield) {
				return
			}
			if at, more, err = w.after(page); err != nil {
				yield(*new(T), named(op, err))
			}
		}
	}
}

// cursorWalker is where a walk by cursor stands.
type cursorWalker[T any, P cursorPager[P]] struct {
	c      *core
	op     *operations.Operation
	params P
	limit  int
	read   int  // items so far, and nulls among them
	total  int  // as the last page said; zero where it does not say
	full   bool // whether the last page was
	trail  trail
}

// isPastEnd reports whether an error is how Spotify answers a link that leads past the end of a
// list.
func (w *cursorWalker[T, P]) isPastEnd(err error) bool {
	return statusOf(err) == http.StatusBadRequest && w.trail.pages > 0 && (!w.full || w.total > 0 && w.read >= w.total)
}

// after returns the parameters of the page after one, and whether there is one.
func (w *cursorWalker[T, P]) after(page *CursorPage[T]) (next P, more bool, err error) {
	count := len(page.Items) + page.Dropped
	w.read, w.total, w.full = w.read+count, page.Total, count >= w.limit
	cursors := page.cursors()
	leads := false
	if cursors != (Cursors{}) {
		next, leads = w.params.to(w.limit, cursors)
	}
	if page.Next == "" && (count == 0 || !leads) {
		return next, false, nil
	}
	if !leads {
		return next, false, &incompleteError{"page " + strconv.Itoa(w.trail.pages+1) + " links to a next one, but has no cursor for it"}
	}
	address, err := w.c.path(w.op, nowhere, next)
	if err != nil {
		return next, false, &incompleteError{"page " + strconv.Itoa(w.trail.pages+1) + " has a cursor that cannot be sent: " + err.Error()}
	}
	if w.trail.add("", address) {
		return next, false, &incompleteError{"page " + strconv.Itoa(w.trail.pages) + " leads to a page that was read already"}
	}
	return next, true, nil
}

// cursors returns the page's cursors, and what its link says in place of those that are missing.
func (p *CursorPage[T]) cursors() Cursors {
	c := p.Cursors
	if p.Next == "" || c.After != "" && c.Before != "" {
		return c
	}
	if link, err := url.Parse(p.Next); err == nil {
		q := link.Query()
		c.After, c.Before = cmp.Or(c.After, q.Get("after")), cmp.Or(c.Before, q.Get("before"))
	}
	return c
}
