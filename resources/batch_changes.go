package resources

// A change or a question about more ids than one request takes is sent as several requests.

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// PartialError is the error of a change that took several requests, of which a later one failed.
// The requests are sent one after another, and the first that fails is the last. If the very first
// request fails, nothing was changed, and its error is returned instead of a PartialError.
type PartialError struct {
	// Done is the number of ids or URIs that were changed: the first ones of the list.
	Done int
	// SnapshotID is the playlist's version after the last change. It is empty if no playlist was
	// changed, or if the last response could not be read.
	SnapshotID string
	// Err is the error of the request that failed. After a timeout or a 502 that request may have
	// been applied or not.
	Err error
}

// Error returns the number of ids that were changed, and the error of the request that failed.
func (e *PartialError) Error() string {
	return "spotify: only the first " + strconv.Itoa(e.Done) + " were changed: " + unprefixed(e.Err)
}

// Unwrap returns Err.
func (e *PartialError) Unwrap() error { return e.Err }

// partial returns the error of a request for some items, after done items. A request whose response
// could not be used was applied.
func partial(done, some int, snapshot string, err error) error {
	if as[*ResponseError](err) {
		done, snapshot = done+some, ""
	}
	if done == 0 {
		return err
	}
	return &PartialError{done, snapshot, err}
}

// carrier puts some ids or URIs into the query or the body of a request.
type carrier = func(some []string) (params querier, body any)

// changeAll sends one request after another, each with at most op.MaxItems items.
func changeAll[T any](
	ctx context.Context, c *core, op *operations.Operation, items []T, in func(some []T) (querier, any),
) error {
	for from := 0; from < len(items); from += op.MaxItems {
		some := items[from:min(from+op.MaxItems, len(items))]
		params, body := in(some)
		if err := command(ctx, c, op, nowhere, params, body); err != nil {
			return partial(from, len(some), "", err)
		}
	}
	return nil
}

// askAll returns one bool for each id or URI. It sends requests with at most op.MaxItems of them,
// Config.Concurrency at a time. The first error cancels the others.
func askAll(
	ctx context.Context, c *core, op *operations.Operation, items []string, in carrier,
) ([]bool, error) {
	if len(items) == 0 {
		return []bool{}, nil
	}
	chunks := slices.Collect(slices.Chunk(items, op.MaxItems))
	results := make([][]bool, len(chunks))
	if len(chunks) > 1 {
		ctx = bulk(ctx)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var failed sync.Once
	var first error
	concurrently(ctx, len(chunks), c.conf.Concurrency, func(i int) {
		params, _ := in(chunks[i])
		got, err := fetch[[]bool](ctx, c, op, nowhere, params)
		if err == nil && len(*got) != len(chunks[i]) {
			err = &ResponseError{op.Name, op.Method, op.Path, http.StatusOK, "",
				fmt.Errorf("a list of %d booleans: want %d, one for each item", len(*got), len(chunks[i]))}
		}
		if err != nil {
			failed.Do(func() { first = err; stop(err) })
			return
		}
		results[i] = *got
	})
	if first == nil && ctx.Err() != nil {
		first = named(op, context.Cause(ctx))
	}
	if first != nil {
		return nil, first
	}
	return slices.Concat(results...), nil
}
