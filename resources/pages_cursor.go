package resources

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"

	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/transport"
)

// CursorPage is one page of a list that is paginated by cursor, because the list changes while it
// is read. Items has no null elements.
type CursorPage[T any] struct {
	// Href is the address of this page.
	Href string `json:"href"`
	// Items are the items of this page.
	Items []T `json:"items"`
	// Limit is the page size.
	Limit int `json:"limit"`
	// Next is the address of the next page, empty at the end of the list.
	Next string `json:"next"`
	// Cursors lead to the adjacent pages.
	Cursors Cursors `json:"cursors,omitzero"`
	// Total is the number of items in the whole list, zero if Spotify does not send it.
	Total int `json:"total,omitzero"`
	// Dropped is the number of null elements that are not in Items.
	Dropped int `json:"-" nulls:"items"`
}

// MarshalJSON returns the page as JSON, with a null for each dropped element, so that the JSON
// decodes to the same page.
func (p CursorPage[T]) MarshalJSON() ([]byte, error) {
	return marshal(struct {
		Href    string  `json:"href"`
		Items   any     `json:"items"`
		Limit   int     `json:"limit"`
		Next    string  `json:"next"`
		Cursors Cursors `json:"cursors,omitzero"`
		Total   int     `json:"total,omitzero"`
	}{p.Href, withNulls(p.Items, p.Dropped), p.Limit, p.Next, p.Cursors, p.Total})
}

// String returns the number of items, of all items if it is known, and whether more follow: "20 of
// 57, more follow".
func (p CursorPage[T]) String() string {
	text := fmt.Sprint(len(p.Items) + p.Dropped)
	if p.Total > 0 {
		text += fmt.Sprintf(" of %d", p.Total)
	}
	if p.Next != "" {
		text += ", more follow"
	}
	return text
}

// Cursors are positions in a list, which a caller sends back unchanged. A cursor that leads nowhere
// is empty.
type Cursors struct {
	After  string `json:"after,omitzero"`
	Before string `json:"before,omitzero"`
}

// cursorPager is the parameters of an operation that is paginated by cursor.
type cursorPager[P any] interface {
	querier
	// size returns the page size, zero for the iterator's default.
	size() int
	// to returns the parameters of the page that the cursors of the page before lead to, and
	// whether they lead to one. The zero Cursors lead to the page that the caller has asked for.
	to(limit int, at Cursors) (P, bool)
}

// paginateByCursor yields the items of all pages in order. Each page names the next one, so there
// is one request in flight at a time. It ends after a page with neither a link nor a cursor, after
// an empty page without a link, or with the first error, which it yields.
func paginateByCursor[T any, P cursorPager[P]](
	ctx context.Context, c *core, op *operations.Operation, params P,
	fetch func(context.Context, P) (*CursorPage[T], error),
) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		caller, progress := ctx, transport.CallFrom(ctx).Progress
		progress.Begin()
		ctx := bulk(ctx)
		limit := params.size()
		if limit == 0 {
			limit = op.MaxLimit
		}
		p := cursorPaginator[T, P]{c: c, op: op, params: params, limit: limit}
		for at, more := params.to(limit, Cursors{}); more; {
			page, err := fetch(ctx, at)
			if err != nil && !p.isPastEnd(err) {
				yield(*new(T), err)
				return
			}
			if err == nil {
				storeTotal(caller, page.Total)
				progress.Page(len(page.Items)+page.Dropped, page.Dropped, page.Total)
			}
			if err != nil || !yieldAll(caller, op, page.Items, yield) {
				return
			}
			if at, more, err = p.after(page); err != nil {
				yield(*new(T), named(op, err))
			}
		}
	}
}

// cursorPaginator is the state of one iterator that paginates by cursor.
type cursorPaginator[T any, P cursorPager[P]] struct {
	c      *core
	op     *operations.Operation
	params P
	limit  int
	read   int  // items so far, null elements included
	total  int  // in the last page; zero if it has none
	full   bool // whether the last page was full
	trail  trail
}

// isPastEnd reports whether an error is Spotify's response to a link that leads past the end of a
// list.
func (p *cursorPaginator[T, P]) isPastEnd(err error) bool {
	return statusOf(err) == http.StatusBadRequest && p.trail.pages > 0 &&
		(!p.full || p.total > 0 && p.read >= p.total)
}

// after returns the parameters of the page after one, and whether there is one.
func (p *cursorPaginator[T, P]) after(page *CursorPage[T]) (next P, more bool, err error) {
	count := len(page.Items) + page.Dropped
	p.read, p.total, p.full = p.read+count, page.Total, count >= p.limit
	cursors := page.cursors()
	leads := false
	if cursors != (Cursors{}) {
		next, leads = p.params.to(p.limit, cursors)
	}
	if page.Next == "" && (count == 0 || !leads) {
		return next, false, nil
	}
	if !leads {
		return next, false, p.incomplete(1, " links to a next one, but has no cursor for it")
	}
	address, err := p.c.path(p.op, nowhere, next)
	if err != nil {
		return next, false, p.incomplete(1, " has a cursor that cannot be sent: "+err.Error())
	}
	if p.trail.add("", address) {
		return next, false, p.incomplete(0, " leads to a page that was read before")
	}
	return next, true, nil
}

// incomplete returns an error about the page that is so many after the last one in the trail.
func (p *cursorPaginator[T, P]) incomplete(after int, problem string) error {
	return &incompleteError{"page " + strconv.Itoa(p.trail.pages+after) + problem}
}

// cursors returns the page's cursors. Those that are missing are taken from its link.
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
