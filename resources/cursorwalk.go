package resources

import (
	"context"
	"iter"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// cursorPager is what a walk needs of the parameters of an operation that pages by cursor.
type cursorPager[P any] interface {
	querier
	// size is the page size asked for, zero for the walk's own.
	size() int
	// to returns the parameters of the page of that size which the cursors of the one before lead to, and whether they lead to one.
	// No cursors mean the page that the caller asked for.
	to(limit int, at Cursors) (P, bool)
}

// cursorWalk yields the items of all pages in order. Each page tells where the next one is, so there is never more than one call in flight.
// It ends at the last page, at an empty one, at one that leads to itself, or with the first error, which it yields.
func cursorWalk[T any, P cursorPager[P]](ctx context.Context, c *core, op *operations.Operation, params P, fetch func(context.Context, P) (*CursorPage[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		ctx := bulk(ctx)
		limit := params.size()
		if limit == 0 {
			limit = c.pageSize(op)
		}
		var here Cursors
		for at, more := params.to(limit, here); more; at, more = params.to(limit, here) {
			page, err := fetch(ctx, at)
			if err == nil {
				err = c.checkNext(op, page.Next)
			}
			if err != nil {
				yield(*new(T), err)
				return
			}
			for _, item := range page.Items {
				if !yield(item, nil) {
					return
				}
			}
			if page.Next == "" || len(page.Items)+page.Dropped == 0 || page.Cursors == here || page.Cursors == (Cursors{}) {
				return
			}
			here = page.Cursors
		}
	}
}
