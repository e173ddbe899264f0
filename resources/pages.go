package resources

import (
	"context"
	"fmt"
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

// Page is one page of a list that is paginated by offset
// (https://developer.spotify.com/documentation/web-api/concepts/api-calls#pagination). Items has no
// null elements, which Spotify sends for items that no longer exist.
type Page[T any] struct {
	// Href is the address of this page.
	Href string `json:"href"`
	// Items are the items of this page.
	Items []T `json:"items"`
	// Limit is the page size, and Offset the index of the first item in the list.
	Limit  int `json:"limit"`
	Offset int `json:"offset"`
	// Total is the number of items in the whole list.
	Total int `json:"total"`
	// Next and Previous are the addresses of the adjacent pages, empty at the ends of the list.
	Next     string `json:"next"`
	Previous string `json:"previous"`
	// Dropped is the number of null elements that are not in Items. An empty page with Dropped > 0
	// need not be the last one.
	Dropped int `json:"-" nulls:"items"`
}

// MarshalJSON returns the page as JSON, with a null for each dropped element, so that the JSON
// decodes to the same page.
func (p Page[T]) MarshalJSON() ([]byte, error) {
	return marshal(struct {
		Href     string `json:"href"`
		Items    any    `json:"items"`
		Limit    int    `json:"limit"`
		Offset   int    `json:"offset"`
		Total    int    `json:"total"`
		Next     string `json:"next"`
		Previous string `json:"previous"`
	}{p.Href, withNulls(p.Items, p.Dropped), p.Limit, p.Offset, p.Total, p.Next, p.Previous})
}

// String returns the page's range in the list: "41 to 60 of 120", or "none of 120".
func (p Page[T]) String() string {
	count := len(p.Items) + p.Dropped
	if count == 0 {
		return fmt.Sprintf("none of %d", p.Total)
	}
	return fmt.Sprintf("%d to %d of %d", p.Offset+1, p.Offset+count, p.Total)
}

// withNulls returns items, followed by a number of nulls.
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

// Collect returns the items of an iterator, at most max of them, or all if max is 0. After an error
// it returns the error and the items before it.
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

// pager is a pointer to the parameters S of an operation that is paginated by offset.
type pager[S any] interface {
	*S
	querier
	paging() (limit, offset *int)
}

// pageAt returns a copy of params for one page. params may be nil.
func pageAt[S any, P pager[S]](params P, limit, offset int) P {
	next := new(S)
	if params != nil {
		*next = *params
	}
	toLimit, toOffset := P(next).paging()
	*toLimit, *toOffset = limit, offset
	return next
}

// fetchPage fetches one page of a list.
type fetchPage[T, P any] = func(context.Context, P) (*Page[T], error)

// paginate yields the items of all pages in order, from the offset in params on. It fetches the
// first page alone, and then keeps as many pages in flight as it has used before, at most
// Config.Window: a caller who reads the whole list waits for the limiter only, and one who breaks
// early has never fetched more unused pages than used ones. It ends after a page that does not say
// that there are more, or with the first error, which it yields. When it has ended, all its
// requests have ended.
func paginate[T, S any, P pager[S]](
	ctx context.Context, c *core, op *operations.Operation, params P, page fetchPage[T, P],
) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		caller, progress := ctx, transport.CallFrom(ctx).Progress
		progress.Begin()
		ctx, stop := context.WithCancel(bulk(ctx))
		var inFlight workers
		defer inFlight.Wait()
		defer stop()

		p := paginator[T, S, P]{c: c, op: op, params: params, fetch: page}
		if params != nil {
			limit, offset := params.paging()
			p.limit, p.offset = *limit, *offset
		}
		start := p.offset
		for {
			got := p.take(ctx)
			if got.err != nil {
				yield(*new(T), got.err)
				return
			}
			more, incomplete := p.learn(got)
			storeTotal(caller, p.total)
			progress.Page(len(got.page.Items)+got.page.Dropped, got.page.Dropped, max(p.total-start, 0))
			if more {
				p.fetchAhead(ctx, &inFlight)
			}
			if !yieldAll(caller, op, got.page.Items, yield) {
				return
			}
			if incomplete != nil {
				yield(*new(T), named(op, incomplete))
			}
			if !more {
				return
			}
		}
	}
}

// storeTotal stores a list's total for a caller who has asked for it, before the items are yielded.
func storeTotal(ctx context.Context, total int) {
	if to := transport.CallFrom(ctx).Total; to != nil {
		*to = total
	}
}

// yieldAll yields a page's items and reports whether the caller wants more. Once the context is
// done, it yields the context's error.
func yieldAll[T any](ctx context.Context, op *operations.Operation, items []T, yield func(T, error) bool) bool {
	progress := transport.CallFrom(ctx).Progress
	for _, item := range items {
		if ctx.Err() != nil {
			yield(*new(T), named(op, context.Cause(ctx)))
			return false
		}
		progress.Item()
		if !yield(item, nil) {
			return false
		}
	}
	return true
}

// of binds the id to a method that returns pages of one item's parts.
func of[T, P any](id string, page func(context.Context, string, P) (*Page[T], error)) fetchPage[T, P] {
	return func(ctx context.Context, p P) (*Page[T], error) { return page(ctx, id, p) }
}

// paginator is the state of one iterator: the offset of the next page to fetch, and what the pages
// before have said of the list.
type paginator[T, S any, P pager[S]] struct {
	c      *core
	op     *operations.Operation
	params P
	fetch  fetchPage[T, P]
	limit  int  // of every page; zero until it is known
	offset int  // of the next page to fetch
	total  int  // in the last page; zero while it is not known
	begun  bool // whether a page was fetched
	full   bool // whether the last page was full
	queue  []func() fetched[T]
	trail  trail
	last   []T // the last page's items, if only their number says that there are more
}

// fetched is a page and the limit and offset that it was requested with.
type fetched[T any] struct {
	limit, offset int
	page          *Page[T]
	err           error
}

// take returns the next page in order: one that was fetched ahead, or else a new one.
func (p *paginator[T, S, P]) take(ctx context.Context) fetched[T] {
	var got fetched[T]
	if len(p.queue) > 0 {
		got, p.queue = p.queue[0](), p.queue[1:]
		// The list has grown since this page was fetched, and the page before it was fetched later.
		// Items that were added at the start of the list have moved others from that page to this
		// one: it is fetched again, or they would be lost.
		if got.err == nil && 0 < got.page.Total && got.page.Total < p.total {
			got.page, got.err = p.fetch(ctx, pageAt(p.params, got.limit, got.offset))
		}
	} else {
		got = p.next(ctx)
	}
	// The last link of a list may lead past its end, which Spotify responds to with 400. A page
	// before that was not full, or the total, tells that 400 from another.
	if p.begun && statusOf(got.err) == http.StatusBadRequest && (!p.full || p.total > 0 && got.offset >= p.total) {
		got.page, got.err = &Page[T]{}, nil
	}
	p.begun = true
	return got
}

// fetchAhead fills the queue up to the known end of the list: with as many pages as were used
// before, at most Config.Window.
func (p *paginator[T, S, P]) fetchAhead(ctx context.Context, inFlight *workers) {
	for p.offset < p.total && !p.atCeiling() && len(p.queue) < min(p.trail.pages, p.c.conf.Window) {
		got := fetched[T]{limit: p.belowCeiling(p.limit), offset: p.offset}
		p.offset += p.limit
		p.queue = append(p.queue, later(inFlight, func() fetched[T] {
			got.page, got.err = p.fetch(ctx, pageAt(p.params, got.limit, got.offset))
			return got
		}))
	}
}

// next fetches the next page. It chooses the page size of the list with the first page: the largest
// that the app may have.
func (p *paginator[T, S, P]) next(ctx context.Context) fetched[T] {
	if p.limit != 0 {
		return p.fetchNext(ctx)
	}
	p.limit = p.op.MaxLimit
	small := p.op.DevelopmentMaxLimit
	if small == 0 {
		return p.fetchNext(ctx)
	}
	standing, err := p.c.pages.ask(ctx)
	if err != nil {
		return fetched[T]{err: named(p.op, err)}
	}
	if standing == refused {
		p.limit = small
		return p.fetchNext(ctx)
	}
	got := p.fetchNext(ctx)
	isTooLarge := isInvalidLimit(got.err)
	if standing == unknown {
		switch {
		case isTooLarge:
			standing = refused
		case got.err == nil:
			standing = granted
		}
		p.c.pages.settle(standing)
	}
	if isTooLarge {
		p.c.pages.refuse()
		p.limit, p.offset = small, got.offset
		return p.fetchNext(ctx)
	}
	return got
}

// fetchNext fetches the page at the paginator's offset.
func (p *paginator[T, S, P]) fetchNext(ctx context.Context) fetched[T] {
	got := fetched[T]{limit: p.belowCeiling(p.limit), offset: p.offset}
	got.page, got.err = p.fetch(ctx, pageAt(p.params, got.limit, got.offset))
	p.offset += p.limit
	return got
}

// belowCeiling returns the limit of a page that ends at the operation's ceiling, past which Spotify
// refuses it. A negative limit stays as it is, to be refused as an argument.
func (p *paginator[T, S, P]) belowCeiling(limit int) int {
	if p.op.Ceiling == 0 || limit < 0 {
		return limit
	}
	return max(min(limit, p.op.Ceiling-p.offset), 1)
}

func (p *paginator[T, S, P]) atCeiling() bool { return p.op.Ceiling > 0 && p.offset >= p.op.Ceiling }

// learn updates the state with a page. It reports whether the page says that there are more, and
// returns an error if those cannot be fetched.
func (p *paginator[T, S, P]) learn(got fetched[T]) (more bool, err error) {
	page := got.page
	count := len(page.Items) + page.Dropped
	step := stepOf(page, got, count)
	end := got.offset + step
	p.full = count >= fullSize(page, got)
	p.total = page.Total
	if len(p.queue) > 0 && got.offset+p.limit != end { // the pages in the queue have the wrong offsets
		p.queue = nil
	}
	if len(p.queue) == 0 {
		p.offset = end
	}
	p.limit = step
	looped := p.trail.add(page.Href, page.Next)
	switch {
	case count > 0:
		p.trail.empty = 0
	case page.Next == "":
		return false, nil
	default:
		p.trail.empty++
	}
	silent := page.Next == "" && page.Total == 0
	switch {
	case page.Next == "" && end >= page.Total && (page.Total > 0 || !p.full):
		return false, nil
	case p.op.Ceiling > 0 && end >= p.op.Ceiling:
		return false, nil
	case looped:
		return false, &incompleteError{"page " + strconv.Itoa(p.trail.pages) + " links to a page that was read before"}
	case p.trail.empty == mostEmpty && page.Total > 0 && got.offset >= page.Total:
		return false, nil
	case p.trail.empty == mostEmpty:
		return false, &incompleteError{strconv.Itoa(mostEmpty) + " pages in a row are empty and link to a next one"}
	case silent && len(page.Items) > 0 && reflect.DeepEqual(p.last, page.Items):
		return false, &incompleteError{"page " + strconv.Itoa(p.trail.pages) + " is the same as the page before it"}
	}
	if p.last = nil; silent {
		p.last = page.Items
	}
	return true, nil
}

// fullSize returns the number of items on a full page: the page's limit, at most the limit that was
// requested.
func fullSize[T any](page *Page[T], got fetched[T]) int {
	if page.Limit > 0 {
		return min(page.Limit, got.limit)
	}
	return got.limit
}

// stepOf returns the distance from a page's offset to that of the next page: the page's limit, and
// at least its length. A page without a limit names the next offset in its link. If it has no link
// either, a short page of a longer list shows how long pages are.
func stepOf[T any](page *Page[T], got fetched[T], count int) int {
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

// offsetIn returns the offset in a link, or 0.
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

// mostEmpty is the number of empty pages in a row after which an iterator ends.
const mostEmpty = 10

// trail stores a hash of the address of each page of a list, so that an iterator ends when the
// links form a circle.
type trail struct {
	seen  map[uint64]struct{}
	pages int
	empty int // empty pages in a row, up to the last one
}

var trailSeed = maphash.MakeSeed()

// add adds a page and reports whether it links to itself or to a page before it.
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

// isInvalidLimit reports whether Spotify has refused a page size.
func isInvalidLimit(err error) bool {
	return statusOf(err) == http.StatusBadRequest && strings.Contains(strings.ToLower(err.Error()), "invalid limit")
}
