package resources

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// parts.go does with several requests what one request has not the room for.

// PartialError says how far a change came that took several requests. They are sent one after another, and the first that fails is the last.
// Where it is the very first, nothing was changed, and its error comes alone.
type PartialError struct {
	// Done is how many of the ids or URIs that were given are dealt with: the first ones.
	Done int
	// SnapshotID is the playlist's version after that; empty where no playlist was changed, or where the last answer could not be read.
	SnapshotID string
	// Err is the error of the request that failed. Where it leaves open whether that request was carried out, as a time-out or a 502 does, it is open here too.
	Err error
}

func (e *PartialError) Error() string {
	return "resources: only the first " + strconv.Itoa(e.Done) + " were dealt with: " + e.Err.Error()
}

// Unwrap returns Err.
func (e *PartialError) Unwrap() error { return e.Err }

// partial returns the error of a request for some of many items, after done of them. A request whose
// response could not be used was carried out all the same.
func partial(done, some int, snapshot string, err error) error {
	if as[*ResponseError](err) {
		done, snapshot = done+some, ""
	}
	if done == 0 {
		return err
	}
	return &PartialError{done, snapshot, err}
}

// changeAll sends one request after another, each with as many ids or URIs as the operation takes.
func changeAll[T any](ctx context.Context, c *core, op *operations.Operation, things []T, in func(some []T) (querier, any)) error {
	for from := 0; from < len(things); from += op.MaxItems {
		some := things[from:min(from+op.MaxItems, len(things))]
		params, body := in(some)
		if err := command(ctx, c, op, nowhere, params, body); err != nil {
			return partial(from, len(some), "", err)
		}
	}
	return nil
}

// carrier puts some ids or URIs into the query or the body of a request.
type carrier = func(some []string) (params querier, body any)

// askAll asks one yes or no for each id or URI, in as many requests as that takes, several at a time. The first that fails ends it.
func askAll(ctx context.Context, c *core, op *operations.Operation, things []string, in carrier) ([]bool, error) {
	if len(things) == 0 {
		return []bool{}, nil
	}
	parts := slices.Collect(slices.Chunk(things, op.MaxItems))
	answers := make([][]bool, len(parts))
	if len(parts) > 1 {
		ctx = bulk(ctx)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var failed sync.Once
	var first error
	spread(ctx, len(parts), c.conf.Concurrency, func(i int) {
		params, _ := in(parts[i])
		got, err := fetch[[]bool](ctx, c, op, nowhere, params)
		if err == nil && len(*got) != len(parts[i]) {
			err = &ResponseError{op.Name, op.Method, op.Path, http.StatusOK, "", fmt.Errorf("%d answers to %d questions", len(*got), len(parts[i]))}
		}
		if err != nil {
			failed.Do(func() { first = err; stop(err) })
			return
		}
		answers[i] = *got
	})
	if first == nil && ctx.Err() != nil {
		first = named(op, context.Cause(ctx))
	}
	if first != nil {
		return nil, first
	}
	return slices.Concat(answers...), nil
}
