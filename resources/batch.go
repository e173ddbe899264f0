package resources

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/transport"
)

// BatchError names the items that a GetMany could not fetch. Their places in its result are nil;
// the other items are there.
type BatchError struct {
	// Items are the items whose requests failed, in the order of the ids.
	Items []ItemError
	// Stopped is the error that canceled the remaining requests, nil if there was none: the
	// context's error, or a response of 401, 403 or 429, which the remaining requests would get
	// too. Items that were not fetched because of it are nil in the result and not in Items.
	Stopped error
}

// Error returns the number of failed items, the first of them and the error that stopped the rest.
func (e *BatchError) Error() string {
	text := "spotify: not all items were fetched"
	if n := len(e.Items); n > 0 {
		text += ": " + strconv.Itoa(n) + " failed, the first is " + e.Items[0].Error()
	}
	if e.Stopped != nil {
		text += ": stopped by " + unprefixed(e.Stopped)
	}
	return text
}

// unprefixed returns the text of an error without the "spotify: " that the text around it has.
func unprefixed(err error) string { return strings.TrimPrefix(err.Error(), "spotify: ") }

// Unwrap returns Stopped, unless it is nil, and an ItemError for each failed item.
func (e *BatchError) Unwrap() []error {
	var all []error
	if e.Stopped != nil {
		all = append(all, e.Stopped)
	}
	for _, item := range e.Items {
		all = append(all, item)
	}
	return all
}

// ItemError is the error of one item of a GetMany.
type ItemError struct {
	// Index is the item's index in the list of ids.
	Index int
	// ID is the item's bare id.
	ID string
	// Err is the reason. It matches ErrNotFound if the item does not exist.
	Err error
}

// Error returns the item and the reason.
func (e ItemError) Error() string {
	return "ids[" + strconv.Itoa(e.Index) + "] (" + e.ID + "): " + unprefixed(e.Err)
}

// Unwrap returns Err.
func (e ItemError) Unwrap() error { return e.Err }

// getMany returns the items with these ids, in their order, and fetches each of them once. It uses
// the operation for several items if the app may call it, and the one for a single item otherwise.
// An item that cannot be fetched is nil and named by the *BatchError.
func getMany[T any](
	ctx context.Context, c *core, one, several *operations.Operation, kind Kind, ids []string, params querier,
) ([]*T, error) {
	bare, err := bareIDs(kind, ids)
	if err == nil && len(bare) == 0 {
		return []*T{}, nil
	}
	if err == nil {
		_, err = c.path(one, at(kind, bare[0]), params)
	}
	if err != nil {
		return nil, named(one, err)
	}
	ctx, stop := context.WithCancel(optional(bulk(ctx)))
	defer stop()
	b := batch[T]{
		c: c, one: one, several: several, kind: kind, params: params, stop: stop,
		outcomes: make(map[string]outcome[T], len(bare)),
	}
	b.fetchAll(ctx, distinct(bare))
	return b.inOrder(bare)
}

// optional returns a context for the requests of a batch, whose items may be missing.
func optional(ctx context.Context) context.Context {
	call := transport.NewCall(ctx)
	call.Optional = true
	return transport.WithCall(ctx, &call)
}

// bareIDs returns the bare ids, or the error of the first id that is invalid.
func bareIDs(kind Kind, ids []string) ([]string, error) {
	bare := make([]string, len(ids))
	for i, id := range ids {
		var err error
		if bare[i], err = parseID(element("ids", i), kind, id); err != nil {
			return nil, err
		}
	}
	return bare, nil
}

// distinct returns ids without repetitions.
func distinct(ids []string) []string {
	seen := make(map[string]bool, len(ids))
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		again := seen[id]
		seen[id] = true
		return again
	})
}

// batch is the state of one GetMany.
type batch[T any] struct {
	c            *core
	one, several *operations.Operation
	kind         Kind
	params       querier
	stop         context.CancelFunc

	mu       sync.Mutex
	outcomes map[string]outcome[T] // by id
	stopped  error                 // the error that canceled the remaining requests
}

// outcome is the item with an id, or the reason why it could not be fetched.
type outcome[T any] struct {
	item *T
	err  error
}

// fetchAll fetches the items with these ids, with batch operations if the app may call them.
func (b *batch[T]) fetchAll(ctx context.Context, ids []string) {
	size := b.several.MaxItems
	if b.several.Access == b.one.Access { // an app that may not call one of the two may not call the other
		if !b.c.conf.ExtendedQuota {
			size = 1
		}
		first := ids[:min(size, len(ids))]
		if b.fetch(ctx, first); b.stopped != nil { // one refused request is enough to know
			return
		}
		ids = ids[len(first):]
	} else if len(ids) > 1 {
		standing, err := b.c.batches.ask(ctx)
		switch {
		case err != nil:
			b.stopped = named(b.several, err)
			return
		case standing == refused:
			size = 1
		case standing == unknown:
			first := ids[:min(size, len(ids))]
			if b.probe(ctx, first) {
				ids = ids[len(first):]
				break
			}
			b.fetchChunks(ctx, slices.Collect(slices.Chunk(ids, 1)))
			if len(b.outcomes) == 0 && statusOf(b.stopped) == http.StatusForbidden {
				// The single operation was refused too, so the 403 says nothing about batches.
				b.c.batches.forget()
			}
			return
		}
	}
	b.fetchChunks(ctx, slices.Collect(slices.Chunk(ids, size)))
}

// probe sends the request that shows whether the app may call batch operations. It returns false if
// the app may not, and stores the outcome of the request otherwise.
func (b *batch[T]) probe(ctx context.Context, ids []string) bool {
	standing := unknown
	defer func() { b.c.batches.settle(standing) }()
	items, err := b.fetchSeveral(ctx, ids)
	if statusOf(err) == http.StatusForbidden {
		standing = refused
		return false
	}
	if err == nil {
		standing = granted
	}
	b.storeSeveral(ctx, ids, items, err)
	return true
}

// fetchChunks fetches all chunks, Config.Concurrency of them at a time.
func (b *batch[T]) fetchChunks(ctx context.Context, chunks [][]string) {
	concurrently(ctx, len(chunks), b.c.conf.Concurrency, func(i int) { b.fetch(ctx, chunks[i]) })
	if b.stopped == nil && ctx.Err() != nil {
		b.stopped = named(b.one, context.Cause(ctx))
	}
}

// concurrently calls do for every number below n, in order, at most limit calls at a time, until
// ctx is done.
func concurrently(ctx context.Context, n, limit int, do func(i int)) {
	var next atomic.Int64
	var group workers
	for range min(n, limit) {
		group.Go(func() {
			for i := next.Add(1) - 1; i < int64(n) && ctx.Err() == nil; i = next.Add(1) - 1 {
				do(int(i))
			}
		})
	}
	group.Wait()
}

// fetch fetches the items of one chunk and stores their outcomes.
func (b *batch[T]) fetch(ctx context.Context, chunk []string) {
	if len(chunk) == 1 {
		item, err := fetch[T](ctx, b.c, b.one, at(b.kind, chunk[0]), b.params)
		b.store(ctx, chunk[0], item, err)
		return
	}
	items, err := b.fetchSeveral(ctx, chunk)
	if statusOf(err) == http.StatusForbidden && b.several.Access != b.one.Access {
		b.c.batches.refuse() // the app has lost extended quota
		for _, id := range chunk {
			b.fetch(ctx, []string{id})
		}
		return
	}
	b.storeSeveral(ctx, chunk, items, err)
}

// fetchSeveral fetches several items with one request.
func (b *batch[T]) fetchSeveral(ctx context.Context, ids []string) ([]*T, error) {
	items, err := fetch[[]*T](ctx, b.c, b.several, nowhere, &severalParams{ids, b.params})
	if err != nil {
		return nil, err
	}
	return *items, nil
}

// storeSeveral stores the outcomes of a chunk. If one id has made Spotify refuse the whole chunk,
// or the response does not tell the items apart, each item is fetched by a request of its own.
func (b *batch[T]) storeSeveral(ctx context.Context, chunk []string, items []*T, err error) {
	status := statusOf(err)
	if status == http.StatusBadRequest || status == http.StatusNotFound || errors.Is(err, ErrUnexpected) ||
		err == nil && len(items) != len(chunk) {
		for _, id := range chunk {
			b.fetch(ctx, []string{id})
		}
		return
	}
	for i, id := range chunk {
		switch {
		case err != nil:
			b.store(ctx, id, nil, err)
		case items[i] == nil:
			b.store(ctx, id, nil, &missingError{b.several})
		default:
			b.store(ctx, id, items[i], nil)
		}
	}
}

// store stores the outcome for one id. 401, 403, 429 and context errors cancel the remaining
// requests; requests that are canceled that way are not stored as failures.
func (b *batch[T]) store(ctx context.Context, id string, item *T, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch status := statusOf(err); {
	case err == nil:
		b.outcomes[id] = outcome[T]{item: item}
	case b.stopped != nil:
	case ctx.Err() != nil, transport.IsPermanent(err), status == http.StatusUnauthorized,
		status == http.StatusForbidden, status == http.StatusTooManyRequests:
		b.stopped = err
		b.stop()
	default:
		b.outcomes[id] = outcome[T]{err: err}
	}
}

// inOrder returns the outcomes in the order of the ids.
func (b *batch[T]) inOrder(ids []string) ([]*T, error) {
	items := make([]*T, len(ids))
	failed := BatchError{Stopped: b.stopped}
	for i, id := range ids {
		got := b.outcomes[id]
		if items[i] = got.item; got.err != nil {
			failed.Items = append(failed.Items, ItemError{i, id, got.err})
		}
	}
	if failed.Stopped == nil && failed.Items == nil {
		return items, nil
	}
	return items, &failed
}

// severalParams are the ids of a batch operation and its other parameters.
type severalParams struct {
	ids  []string
	rest querier
}

func (p *severalParams) query(q *query) {
	q.list("ids", p.ids)
	if p.rest != nil {
		p.rest.query(q)
	}
}

// missingError is the error of an item that is null in the response of a batch operation.
type missingError struct{ op *operations.Operation }

// Error returns the request and the text of ErrNotFound.
func (e *missingError) Error() string {
	return e.op.Method + " " + e.op.Path + ": " + ErrNotFound.Error()
}

// StatusCode returns 404, the status code of a request for the item alone.
func (e *missingError) StatusCode() int { return http.StatusNotFound }

// Is reports whether target is ErrNotFound.
func (e *missingError) Is(target error) bool { return target == ErrNotFound }
