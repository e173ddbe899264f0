package middleware

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// CoalesceConfig configures Coalesce. The zero value is ready to use for a client with one user, or
// none.
type CoalesceConfig struct {
	// MaxBodyBytes is the largest body that is shared, in bytes: 8 MiB if zero or negative. If a
	// body is larger, each call that waited for it sends a request of its own. Of a response with a
	// status code of 400 or more, at most 64 KiB are shared, as far as they arrive within 1 s.
	MaxBodyBytes int64
	// Identity returns the name of the user that a request is made for, as in CacheConfig. Nil
	// means one user.
	Identity func(*http.Request) string
}

// sharedErrorTime is the longest time for which the body of a shared error response is read.
const sharedErrorTime = time.Second

// Coalesce returns the middleware that sends one request for several equal GET requests that are in
// flight at the same time, and gives each of them a copy of its response (single flight).
//
// Requests are equal if their URL, headers and user are, and the settings of their transport.Call:
// NoRetry, Priority, Bucket and MaxWait. A request with a body, a Range or a condition
// (If-None-Match and the like) is always sent. A GET that starts after a write (POST, PUT, PATCH or
// DELETE) has ended never joins a request that was sent before: it sees the write's effect.
//
// A call whose context ends returns at once and leaves the others alone; when the last one has
// left, the shared request is cancelled. The shared request has the values of the first call's
// context but not its deadline. Put Coalesce above Retry, in transport.PerCall, so that calls share
// the retries.
func Coalesce(cfg CoalesceConfig) transport.Middleware {
	if cfg.MaxBodyBytes <= 0 {
		cfg.MaxBodyBytes = 8 << 20
	}
	return func(next http.RoundTripper) http.RoundTripper {
		return &coalesce{cfg: cfg, next: next, flights: map[flightKey]*flight{}}
	}
}

type coalesce struct {
	cfg  CoalesceConfig
	next http.RoundTripper

	mu      sync.Mutex
	flights map[flightKey]*flight // those that a call may join
}

// flightKey is equal for calls that may share a response.
type flightKey struct {
	cacheKey
	headers  [32]byte
	noRetry  bool
	priority transport.Priority
	bucket   string
	maxWait  time.Duration
}

func (c *coalesce) keyOf(req *http.Request) flightKey {
	call := transport.CallFrom(req.Context())
	return flightKey{
		keyOf(req, c.cfg.Identity), digestHeaders(req.Header, slices.Sorted(maps.Keys(req.Header))),
		call.NoRetry, call.Priority, call.Bucket, call.MaxWait,
	}
}

// flight is one request that several calls wait for.
type flight struct {
	waiting int // calls; guarded by coalesce.mu
	cancel  context.CancelFunc

	done     chan struct{} // closed when the fields below are set
	report   *transport.Report
	resp     *http.Response
	err      error
	body     []byte
	bodyErr  error
	tooLarge bool
	panicked any
}

func (c *coalesce) RoundTrip(req *http.Request) (*http.Response, error) {
	switch {
	case !isSafe(req.Method):
		defer c.forget()
		return roundTrip(c.next, req)
	case !isCacheable(req):
		return roundTrip(c.next, req)
	case req.Context().Err() != nil:
		return nil, context.Cause(req.Context())
	}
	key := c.keyOf(req)
	f, isFirst := c.join(key, req)
	if !isFirst {
		emit(req.Context(), Event{Kind: CoalescedEvent})
	}
	select {
	case <-f.done:
		c.leave(key, f)
	case <-req.Context().Done():
		c.leave(key, f)
		return nil, context.Cause(req.Context())
	}
	switch {
	case f.panicked != nil:
		panic(f.panicked)
	case f.tooLarge:
		return roundTrip(c.next, req)
	}
	return f.response(req)
}

// join returns the flight for a request, and starts one if there is none.
func (c *coalesce) join(key flightKey, req *http.Request) (f *flight, isFirst bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f = c.flights[key]
	if isFirst = f == nil; isFirst {
		ctx, cancel := context.WithCancel(context.WithoutCancel(req.Context()))
		shared, report := transport.Fork(req.WithContext(ctx)) // the first call may leave before the flight ends
		f = &flight{cancel: cancel, done: make(chan struct{}), report: report, err: errPanicked}
		c.flights[key] = f
		go c.send(key, f, shared)
	}
	f.waiting++
	return f, isFirst
}

// leave ends a call's wait for a flight. The last call to leave cancels the flight's request.
func (c *coalesce) leave(key flightKey, f *flight) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f.waiting--; f.waiting == 0 {
		f.cancel()
		c.remove(key, f)
	}
}

// remove keeps calls from joining a flight. The caller holds c.mu.
func (c *coalesce) remove(key flightKey, f *flight) {
	if c.flights[key] == f {
		delete(c.flights, key)
	}
}

// forget keeps calls from joining any flight that has started before.
func (c *coalesce) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.flights)
}

// send sends the flight's request and reads the response.
func (c *coalesce) send(key flightKey, f *flight, req *http.Request) {
	defer func() {
		f.panicked = recover() // the panic goes on in the goroutines of the calls
		c.mu.Lock()
		defer c.mu.Unlock()
		c.remove(key, f)
		close(f.done)
	}()
	resp, err := roundTrip(c.next, req)
	if f.resp, f.err = resp, err; err != nil {
		return
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode >= 400 {
		f.body = bytes.Clone(transport.PeekBody(resp, errorBody, sharedErrorTime))
		if !transport.PeekedAll(resp) {
			f.bodyErr = io.ErrUnexpectedEOF
		}
		return
	}
	f.body, f.bodyErr = io.ReadAll(io.LimitReader(resp.Body, c.cfg.MaxBodyBytes+1))
	f.tooLarge = int64(len(f.body)) > c.cfg.MaxBodyBytes
}

// response returns a copy of the flight's response for one call.
func (f *flight) response(req *http.Request) (*http.Response, error) {
	own := new(http.Response)
	if report := transport.CallFrom(req.Context()).Report; report != nil {
		report.Share(f.report, f.resp, own)
	}
	if f.err != nil {
		return nil, f.err
	}
	*own = *f.resp
	own.Header, own.Trailer = f.resp.Header.Clone(), f.resp.Trailer.Clone()
	var body io.Reader = bytes.NewReader(f.body)
	if f.bodyErr != nil {
		body = io.MultiReader(body, errorReader{f.bodyErr})
	}
	own.Body = io.NopCloser(body)
	setRequest(own, req)
	return own, nil
}

// errorReader fails every Read with err.
type errorReader struct{ err error }

func (r errorReader) Read([]byte) (int, error) { return 0, r.err }
