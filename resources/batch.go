package resources

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/transport"
)

// getMany fetches things by id, each of them once, in the order of ids: with the operation for
// several where the app may call it, with the one for one where it may not. A thing that cannot be
// fetched is nil and in the *ManyError, and takes none of the others with it.
func getMany[T any](ctx context.Context, c *core, one, several *operations.Operation, kind Kind, ids []string, params querier) ([]*T, error) {
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
	ctx, stop := context.WithCancel(bulk(ctx))
	defer stop()
	m := many[T]{c: c, one: one, several: several, kind: kind, params: params, got: make(map[string]outcome[T], len(bare)), stop: stop}
	m.all(ctx, distinct(bare))
	return m.collect(bare)
}

// bareIDs checks all ids before anything is sent.
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

// distinct drops what is there already.
func distinct(ids []string) []string {
	seen := make(map[string]bool, len(ids))
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		again := seen[id]
		seen[id] = true
		return again
	})
}

// many is one GetMany on its way.
type many[T any] struct {
	c            *core
	one, several *operations.Operation
	kind         Kind
	params       querier
	stop         context.CancelFunc

	mu      sync.Mutex
	got     map[string]outcome[T]
	stopped error // what made it stop early
}

type outcome[T any] struct {
	thing *T
	err   error
}

// all fetches the things with these ids, in batches if the app may have them.
func (m *many[T]) all(ctx context.Context, ids []string) {
	size := m.several.MaxItems
	if m.several.Access == m.one.Access { // who may not call the one may not call the other either
		if !m.c.conf.ExtendedQuota {
			size = 1
		}
		first := ids[:min(size, len(ids))]
		if m.get(ctx, first); m.stopped != nil { // one refused request is enough to know
			return
		}
		ids = ids[len(first):]
	} else if len(ids) > 1 {
		standing, err := m.c.batches.ask(ctx)
		switch {
		case err != nil:
			m.stopped = named(m.several, err)
			return
		case standing == refused:
			size = 1
		case standing == unknown:
			first := ids[:min(size, len(ids))]
			if m.first(ctx, first) {
				ids = ids[len(first):]
				break
			}
			m.run(ctx, slices.Collect(slices.Chunk(ids, 1)))
			if len(m.got) == 0 && statusOf(m.stopped) == http.StatusForbidden { // the app may do nothing at all, for some other reason
				m.c.batches.forget()
			}
			return
		}
	}
	m.run(ctx, slices.Collect(slices.Chunk(ids, size)))
}

// first sends the batch that tells whether the app may have batches, and returns true unless it may
// not.
func (m *many[T]) first(ctx context.Context, ids []string) bool {
	standing := unknown
	defer func() { m.c.batches.settle(standing) }()
	things, err := m.batch(ctx, ids)
	if statusOf(err) == http.StatusForbidden {
		standing = refused
		return false
	}
	if err == nil {
		standing = granted
	}
	m.take(ctx, ids, things, err)
	return true
}

// run gets all chunks, with as many calls in flight as the configuration allows.
func (m *many[T]) run(ctx context.Context, chunks [][]string) {
	spread(ctx, len(chunks), m.c.conf.Concurrency, func(i int) { m.get(ctx, chunks[i]) })
	if m.stopped == nil && ctx.Err() != nil {
		m.stopped = named(m.one, context.Cause(ctx))
	}
}

// spread does something for every number below n, the first ones first, at most limit at a time, until ctx ends.
func spread(ctx context.Context, n, limit int, do func(i int)) {
	var next atomic.Int64
	var crew workers
	for range min(n, limit) {
		crew.Go(func() {
			for i := next.Add(1) - 1; i < int64(n) && ctx.Err() == nil; i = next.Add(1) - 1 {
				do(int(i))
			}
		})
	}
	crew.Wait()
}

// get fetches one chunk.
func (m *many[T]) get(ctx context.Context, chunk []string) {
	if len(chunk) == 1 {
		m.keep(ctx, chunk[0])(fetch[T](ctx, m.c, m.one, at(m.kind, chunk[0]), m.params))
		return
	}
	things, err := m.batch(ctx, chunk)
	if statusOf(err) == http.StatusForbidden && m.several.Access != m.one.Access { // the app has lost what it had
		m.c.batches.refuse()
		for _, id := range chunk {
			m.get(ctx, []string{id})
		}
		return
	}
	m.take(ctx, chunk, things, err)
}

// batch fetches several things with one request.
func (m *many[T]) batch(ctx context.Context, ids []string) ([]*T, error) {
	things, err := fetch[[]*T](ctx, m.c, m.several, nowhere, &severalParams{ids, m.params})
	if err != nil {
		return nil, err
	}
	return *things, nil
}

// take takes the outcome of a batch in. Where the things cannot be told apart by id, because one id
// has spoiled it for all, each is fetched alone.
func (m *many[T]) take(ctx context.Context, chunk []string, things []*T, err error) {
	status := statusOf(err)
	if status == http.StatusBadRequest || status == http.StatusNotFound || errors.Is(err, ErrUnexpected) || err == nil && len(things) != len(chunk) {
		for _, id := range chunk {
			m.get(ctx, []string{id})
		}
		return
	}
	for i, id := range chunk {
		switch {
		case err != nil:
			m.keep(ctx, id)(nil, err)
		case things[i] == nil:
			m.keep(ctx, id)(nil, &missingError{m.several})
		default:
			m.keep(ctx, id)(things[i], nil)
		}
	}
}

// keep takes the outcome for an id in. What the next id would meet with too stops the rest, and what was broken off because of that is no outcome.
func (m *many[T]) keep(ctx context.Context, id string) func(*T, error) {
	return func(thing *T, err error) {
		m.mu.Lock()
		defer m.mu.Unlock()
		switch status := statusOf(err); {
		case err == nil:
			m.got[id] = outcome[T]{thing: thing}
		case m.stopped != nil:
		case ctx.Err() != nil, transport.IsPermanent(err), status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusTooManyRequests:
			m.stopped = err
			m.stop()
		default:
			m.got[id] = outcome[T]{err: err}
		}
	}
}

// collect puts the outcomes in the order of the ids.
func (m *many[T]) collect(ids []string) ([]*T, error) {
	things := make([]*T, len(ids))
	failed := ManyError{Stopped: m.stopped}
	for i, id := range ids {
		got := m.got[id]
		if things[i] = got.thing; got.err != nil {
			failed.Failures = append(failed.Failures, Failure{i, id, got.err})
		}
	}
	if failed.Stopped == nil && failed.Failures == nil {
		return things, nil
	}
	return things, &failed
}

// severalParams are those of an operation that gets several things by id.
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

// ManyError says which things a GetMany did not get. All others are in its result.
type ManyError struct {
	// Failures are the things that were asked for in vain.
	Failures []Failure
	// Stopped is why the rest was not asked for, nil if everything was: the context's end, or an answer of 401, 403 or 429, which the others would have got too.
	Stopped error
}

// Failure is one thing that a GetMany asked for in vain.
type Failure struct {
	// Index is its place in the list of ids, ID its bare id.
	Index int
	ID    string
	// Err is why; it matches ErrNotFound where the thing is not there.
	Err error
}

func (e *ManyError) Error() string {
	text := "resources: not everything could be got"
	if n := len(e.Failures); n > 0 {
		first := e.Failures[0]
		text += ": " + strconv.Itoa(n) + " failed, the first of them ids[" + strconv.Itoa(first.Index) + "] (" + first.ID + "): " + first.Err.Error()
	}
	if e.Stopped != nil {
		text += ": stopped by: " + e.Stopped.Error()
	}
	return text
}

// Unwrap returns the errors of all failures, and the one that stopped the rest.
func (e *ManyError) Unwrap() []error {
	var all []error
	if e.Stopped != nil {
		all = append(all, e.Stopped)
	}
	for _, f := range e.Failures {
		all = append(all, f.Err)
	}
	return all
}

// missingError is a null where a thing was asked for.
type missingError struct{ op *operations.Operation }

func (e *missingError) Error() string {
	return e.op.Method + " " + e.op.Path + ": " + ErrNotFound.Error()
}

// StatusCode is that of the answer which the thing alone would have got.
func (e *missingError) StatusCode() int { return http.StatusNotFound }

func (e *missingError) Is(target error) bool { return target == ErrNotFound }
