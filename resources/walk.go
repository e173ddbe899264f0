package resources

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/transport"
)

// pager is what a walk needs of an operation's parameters.
type pager[P any] interface {
	querier
	span() (limit, offset int)
	at(limit, offset int) P
}

// walk yields the items of all pages in order, starting at the parameters' offset. It fetches the first page alone and then keeps as many pages in flight as
// were used already, up to the window: a walk to the end is as fast as a limiter allows, and one that is left early has fetched no more pages in vain than it used.
// It ends at the last page, at an empty one, or with the first error, which it yields. However it ends, nothing of it goes on.
func walk[T any, P pager[P]](ctx context.Context, c *core, op *operations.Operation, params P, page func(context.Context, P) (*Page[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		ctx, stop := context.WithCancel(bulk(ctx))
		var flying workers
		defer flying.Wait()
		defer stop()

		limit, offset := params.span()
		w := walker[T, P]{c: c, op: op, params: params, fetch: page, limit: limit, offset: offset, small: limit == 0}
		var queue []func() result[T]
		for used := 0; !w.ended || len(queue) > 0; used++ {
			var got result[T]
			if len(queue) > 0 {
				got, queue = queue[0](), queue[1:]
			} else {
				got = w.next(ctx)
			}
			if got.err != nil {
				yield(*new(T), got.err)
				return
			}
			w.learn(got.page)
			for !w.ended && w.known() && len(queue) < min(used+1, c.conf.Window) {
				queue = append(queue, w.start(ctx, &flying))
			}
			for _, item := range got.page.Items {
				if !yield(item, nil) {
					return
				}
			}
			if w.last(got.page) {
				return
			}
		}
	}
}

// of binds the id to a method that gets pages of what belongs to one thing.
func of[T, P any](id string, page func(context.Context, string, P) (*Page[T], error)) func(context.Context, P) (*Page[T], error) {
	return func(ctx context.Context, p P) (*Page[T], error) { return page(ctx, id, p) }
}

// walker is where a walk stands: the offset of the next page to fetch, and what is known of the list.
type walker[T any, P pager[P]] struct {
	c      *core
	op     *operations.Operation
	params P
	fetch  func(context.Context, P) (*Page[T], error)
	limit  int  // of every page; zero until it is known
	offset int  // of the next page to fetch
	total  int  // zero until it is known
	small  bool // whether the page size is the walk's to choose
	begun  bool // whether a page was fetched
	ended  bool // whether there is no further page to fetch
}

type result[T any] struct {
	page *Page[T]
	err  error
}

// start fetches the next page while the caller goes on.
func (w *walker[T, P]) start(ctx context.Context, flying *workers) func() result[T] {
	at := w.params.at(w.room(w.limit), w.offset)
	w.advance()
	return later(flying, func() result[T] { return w.checked(w.fetch(ctx, at)) })
}

// next fetches the next page and waits for it.
func (w *walker[T, P]) next(ctx context.Context) result[T] {
	limit := w.limit
	if limit == 0 {
		limit = w.c.pageSize(w.op)
	}
	page, err := w.fetch(ctx, w.params.at(w.room(limit), w.offset))
	switch {
	case w.small && w.op.DevelopmentMaxLimit > 0 && limit > w.op.DevelopmentMaxLimit && isInvalidLimit(err):
		w.c.small.Store(true)
		limit = w.op.DevelopmentMaxLimit
		page, err = w.fetch(ctx, w.params.at(limit, w.offset)) // there is room for it: a larger one was refused for its size alone
	case w.begun && statusOf(err) == http.StatusBadRequest:
		page, err = &Page[T]{}, nil // the last link of a list of unknown length may lead past its end
	}
	w.limit, w.begun = limit, true
	return w.checked(page, err)
}

// room keeps a page below the operation's ceiling, past which it would be refused.
func (w *walker[T, P]) room(limit int) int {
	if w.op.Ceiling == 0 || limit < 0 { // one that is no size is refused as what it is
		return limit
	}
	return max(min(limit, w.op.Ceiling-w.offset), 1)
}

func (w *walker[T, P]) checked(page *Page[T], err error) result[T] {
	if err == nil {
		err = w.c.checkNext(w.op, page.Next)
	}
	return result[T]{page, err}
}

// checkNext refuses a page that would lead elsewhere. Nothing is ever fetched from a link; but one that names another origin is no answer of the API's.
func (c *core) checkNext(op *operations.Operation, next string) error {
	if next == "" {
		return nil
	}
	if link, err := url.Parse(next); err != nil || !transport.SameOrigin(c.base, link) {
		return named(op, ErrForeignLink)
	}
	return nil
}

// learn takes over what a page tells of the list, which counts from the first page on.
func (w *walker[T, P]) learn(page *Page[T]) {
	if w.known() {
		return
	}
	if page.Limit > 0 {
		w.limit = page.Limit
	}
	w.total = page.Total
	w.advance()
}

// known reports whether the list's length is: pages can be fetched ahead only then.
func (w *walker[T, P]) known() bool { return w.total > 0 }

func (w *walker[T, P]) advance() {
	w.offset += w.limit
	w.ended = w.known() && w.offset >= w.total || w.op.Ceiling > 0 && w.offset >= w.op.Ceiling
}

// last reports whether a page is the last one, whatever was announced.
func (w *walker[T, P]) last(page *Page[T]) bool {
	return page.Next == "" || len(page.Items)+page.Dropped == 0
}

// pageSize is how many items a walk asks for at a time: as many as the app may.
func (c *core) pageSize(op *operations.Operation) int {
	if op.DevelopmentMaxLimit > 0 && (!c.conf.ExtendedQuota || c.small.Load()) {
		return op.DevelopmentMaxLimit
	}
	return op.MaxLimit
}

// statusOf returns the HTTP status that an error is about, or 0.
func statusOf(err error) int {
	answered, ok := errors.AsType[interface {
		error
		StatusCode() int
	}](err)
	if !ok {
		return 0
	}
	return answered.StatusCode()
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
