package resources

import (
	"context"
	"encoding/json"
	"hash/maphash"
	"iter"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/transport"
)

// Page is one page of a list (https://developer.spotify.com/documentation/web-api/concepts/api-calls#pagination).
// Elements that Spotify sent as null, in place of what is gone, are not among its items.
type Page[T any] struct {
	// Href is the address of this page.
	Href string `json:"href"`
	// Items are this page's.
	Items []T `json:"items"`
	// Limit is how many items were asked for, Offset the index of the first one, Total how many there are on all pages.
	Limit  int `json:"limit"`
	Offset int `json:"offset"`
	Total  int `json:"total"`
	// Next and Previous are the addresses of the pages beside this one, empty at the ends.
	Next     string `json:"next"`
	Previous string `json:"previous"`
	// Dropped is how many null elements were left out of Items: an empty page with Dropped > 0 need not be the last one.
	Dropped int `json:"-" nulls:"items"`
}

// MarshalJSON returns the page with a null for each element that was dropped, so that it decodes to
// the same page.
func (p Page[T]) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Href     string `json:"href"`
		Items    any    `json:"items"`
		Limit    int    `json:"limit"`
		Offset   int    `json:"offset"`
		Total    int    `json:"total"`
		Next     string `json:"next"`
		Previous string `json:"previous"`
	}{p.Href, withNulls(p.Items, p.Dropped), p.Limit, p.Offset, p.Total, p.Next, p.Previous})
}

// withNulls returns items with nulls after them.
func withNulls[T any](items []T, nulls int) any {
	if nulls <= 0 {
		return items
	}
	all := make([]any, len(items), len(items)+nulls)
	for i := range items {
		all[i] = &items[i]
	}
	return all[:len(items)+nulls]
}

// pager is what an iterator needs of an operation's parameters.
type pager[P any] interface {
	querier
	span() (limit, offset int)
	at(limit, offset int) P
}

// walk yields the items of all pages in order, starting at the parameters' offset. It fetches the
// first page alone and then keeps as many pages in flight as were used already, up to the window: a
// walk to the end is as fast as a limiter allows, and one that is left early has fetched no more
// pages in vain than it used. It ends at a page without a signal that there is more, or with the
// first error, which it yields. However it ends, nothing of it goes on.
func walk[T any, P pager[P]](ctx context.Context, c *core, op *operations.Operation, params P, page func(context.Context, P) (*Page[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		caller := ctx
		ctx, stop := context.WithCancel(bulk(ctx))
		var flying workers
		defer flying.Wait()
		defer stop()

		limit, offset := params.span()
		w := walker[T, P]{c: c, op: op, params: params, fetch: page, limit: limit, offset: offset}
		for {
			got := w.take(ctx)
			if got.err != nil {
				yield(*new(T), got.err)
				return
			}
			more, broken := w.learn(got)
			tell(caller, w.total)
			if more {
				w.fetchAhead(ctx, &flying)
			}
			if !yieldAll(caller, op, got.page.Items, yield) {
				return
			}
			if broken != nil {
				yield(*new(T), named(op, broken))
			}
			if !more {
				return
			}
		}
	}
}

// tell stores a list's total for a caller who wants it, before the items are yielded.
func tell(ctx context.Context, total int) {
	if to := transport.CallFrom(ctx).Total; to != nil {
		*to = total
	}
}

// yieldAll yields a page's items. It reports whether the caller wants more: after the end of the
// context, the next value is the context's error.
func yieldAll[T any](ctx context.Context, op *operations.Operation, items []T, yield func(T, error) bool) bool {
	for _, item := range items {
		if ctx.Err() != nil {
			yield(*new(T), named(op, context.Cause(ctx)))
			return false
		}
		if !yield(item, nil) {
			return false
		}
	}
	return true
}

// of binds the id to a method that fetches pages of what belongs to one thing.
func of[T, P any](id string, page func(context.Context, string, P) (*Page[T], error)) func(context.Context, P) (*Page[T], error) {
	return func(ctx context.Context, p P) (*Page[T], error) { return page(ctx, id, p) }
}

// walker is where a walk stands: the offset of the next page to fetch, and what the pages before it
// said of the list.
type walker[T any, P pager[P]] struct {
	c      *core
	op     *operations.Operation
	params P
	fetch  func(context.Context, P) (*Page[T], error)
	limit  int  // of every page; zero until it is known
	offset int  // of the next page to fetch
	total  int  // as the last page said; zero while it is not known
	begun  bool // whether a page was fetched
	full   bool // whether the last page was
	queue  []func() result[T]
	trail  trail
	last   []T // the last page's items, where nothing but a full page said that there is more
}

// result is a page and where it was asked for.
type result[T any] struct {
	limit, offset int
	page          *Page[T]
	err           error
}

// take returns the next page in order, fetched ahead or now.
func (w *walker[T, P]) take(ctx context.Context) result[T] {
	var got result[T]
	if len(w.queue) > 0 {
		got, w.queue = w.queue[0](), w.queue[1:]
	} else {
		got = w.next(ctx)
	}
	// The last link of a list may lead past its end, which Spotify answers with 400 (a page that
	// was not full, or the total, says where that is).
	if w.begun && statusOf(got.err) == http.StatusBadRequest && (!w.full || w.total > 0 && got.offset >= w.total) {
		got.page, got.err = &Page[T]{}, nil
	}
	w.begun = true
	return got
}

// fetchAhead fills the queue up to the known end of the list: one page more than was used, at most
// the window.
func (w *walker[T, P]) fetchAhead(ctx context.Context, flying *workers) {
	for w.offset < w.total && !w.atCeiling() && len(w.queue) < min(w.trail.pages, w.c.conf.Window) {
		got := result[T]{limit: w.room(w.limit), offset: w.offset}
		w.offset += w.limit
		w.queue = append(w.queue, later(flying, func() result[T] {
			got.page, got.err = w.fetch(ctx, w.params.at(got.limit, got.offset))
			return got
		}))
	}
}

// next fetches the next page and waits for it.
func (w *walker[T, P]) next(ctx context.Context) result[T] {
	if w.limit != 0 {
		return w.page(ctx)
	}
	w.limit = w.op.MaxLimit
	small := w.op.DevelopmentMaxLimit
	if small == 0 {
		return w.page(ctx)
	}
	standing, err := w.c.pages.ask(ctx)
	if err != nil {
		return result[T]{err: named(w.op, err)}
	}
	if standing == refused {
		w.limit = small
		return w.page(ctx)
	}
	got := w.page(ctx)
	isTooLarge := isInvalidLimit(got.err)
	if standing == unknown {
		switch {
		case isTooLarge:
			standing = refused
		case got.err == nil:
			standing = granted
		}
		w.c.pages.settle(standing)
	}
	if isTooLarge {
		w.c.pages.refuse()
		w.limit, w.offset = small, got.offset
		return w.page(ctx)
	}
	return got
}

// page fetches the page at the walker's offset.
func (w *walker[T, P]) page(ctx context.Context) result[T] {
	got := result[T]{limit: w.room(w.limit), offset: w.offset}
	got.page, got.err = w.fetch(ctx, w.params.at(got.limit, got.offset))
	w.offset += w.limit
	return got
}

// room keeps a page below the operation's ceiling, past which it would be refused.
func (w *walker[T, P]) room(limit int) int {
	if w.op.Ceiling == 0 || limit < 0 { // a negative limit is refused as what it is
		return limit
	}
	return max(min(limit, w.op.Ceiling-w.offset), 1)
}

func (w *walker[T, P]) atCeiling() bool { return w.op.Ceiling > 0 && w.offset >= w.op.Ceiling }

// learn takes over what a page says of the list. It reports whether the page says that there is
// more, and returns an error if that cannot be fetched.
func (w *walker[T, P]) learn(got result[T]) (more bool, err error) {
	page := got.page
	count := len(page.Items) + page.Dropped
	step := stepOf(page, got, count)
	end := got.offset + step
	w.full = count >= fullSize(page, got)
	w.total = page.Total
	if len(w.queue) > 0 && got.offset+w.limit != end { // the pages ahead were asked for at the wrong places
		w.queue = nil
	}
	if len(w.queue) == 0 {
		w.offset = end
	}
	w.limit = step
	looped := w.trail.add(page.Href, page.Next)
	switch {
	case count > 0:
		w.trail.empty = 0
	case page.Next == "":
		return false, nil
	default:
		w.trail.empty++
	}
	silent := page.Next == "" && page.Total == 0
	switch {
	case page.Next == "" && end >= page.Total && (page.Total > 0 || !w.full):
		return false, nil
	case w.op.Ceiling > 0 && end >= w.op.Ceiling:
		return false, nil
	case looped:
		return false, &incompleteError{"page " + strconv.Itoa(w.trail.pages) + " links to a page that was read already"}
	case w.trail.empty == mostEmpty && page.Total > 0 && got.offset >= page.Total:
		return false, nil
	case w.trail.empty == mostEmpty:
		return false, &incompleteError{strconv.Itoa(mostEmpty) + " pages in a row are empty and link to a next one"}
	case silent && len(page.Items) > 0 && reflect.DeepEqual(w.last, page.Items):
		return false, &incompleteError{"page " + strconv.Itoa(w.trail.pages) + " is the same as the page before it"}
	}
	if w.last = nil; silent {
		w.last = page.Items
	}
	return true, nil
}

// fullSize returns how many items a page has if it is full: as many as its limit says, at most as
// many as were asked for.
func fullSize[T any](page *Page[T], got result[T]) int {
	if page.Limit > 0 {
		return min(page.Limit, got.limit)
	}
	return got.limit
}

// stepOf returns how far from a page's offset the next page begins: the page's limit, and at least
// its length. Where a page does not tell its limit, its link to the next page does, and where it
// has none, a short page of a longer list is as long as pages are.
func stepOf[T any](page *Page[T], got result[T], count int) int {
	step := fullSize(page, got)
	if page.Limit <= 0 {
		if linked := offsetIn(page.Next); linked > got.offset {
			step = min(step, linked-got.offset)
		} else if page.Next == "" && count > 0 && got.offset+count < page.Total {
			step = min(step, count)
		}
	}
	return max(step, len(page.Items), 1)
}

// offsetIn returns the offset that a link names, or 0.
func offsetIn(link string) int {
	if link == "" {
		return 0
	}
	u, err := url.Parse(link)
	if err != nil {
		return 0
	}
	offset, _ := strconv.Atoi(u.Query().Get("offset"))
	return offset
}

// mostEmpty is how many empty pages in a row are read in the hope of what comes after them.
const mostEmpty = 10

// trail remembers where the pages of a walk have led, so that it ends when they lead in a circle.
// It keeps a hash of each address: lists are long.
type trail struct {
	seen  map[uint64]struct{}
	pages int
	empty int // pages in a row, up to the last one, that were
}

var trailSeed = maphash.MakeSeed()

// add adds a page and reports whether it leads back to one before it, or to itself.
func (t *trail) add(here, next string) (looped bool) {
	if t.seen == nil {
		t.seen = make(map[uint64]struct{})
	}
	t.pages++
	if here != "" {
		t.seen[maphash.String(trailSeed, here)] = struct{}{}
	}
	if next == "" {
		return false
	}
	address := maphash.String(trailSeed, next)
	_, looped = t.seen[address]
	t.seen[address] = struct{}{}
	return looped
}

// isInvalidLimit reports whether a page size was refused.
func isInvalidLimit(err error) bool {
	return statusOf(err) == http.StatusBadRequest && strings.Contains(strings.ToLower(err.Error()), "invalid limit")
}

// Collect gathers the items of a walk, at most max of them, or all if max is 0. With an error it returns what came before it.
func Collect[T any](seq iter.Seq2[T, error], max int) ([]T, error) {
	var items []T
	for item, err := range seq {
		if err != nil {
			return items, err
		}
		if items = append(items, item); len(items) == max {
			break
		}
	}
	return items, nil
}
