package middleware

// Coalesce lets calls that ask for the same thing at the same time share one answer.

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

// CoalesceConfig says whose calls may share, and how large an answer. The zero value is ready to use for a client with one user, or none.
type CoalesceConfig struct {
	// MaxBodyBytes is the largest body that is shared: 8 MiB if zero or less. Calls that find a larger one are each sent after all.
	// Of a response of 400 or more, 64 KiB are shared at most, as far as they arrive within 1 s.
	MaxBodyBytes int64
	// Identity names the user that a request is made for, as in CacheConfig.
	Identity func(*http.Request) string
}

// sharedErrorTime bounds how long the body of an error is read that several calls share.
const sharedErrorTime = time.Second

// Coalesce returns the step that sends one of several equal GET requests which are under way at the same time, and answers all of them with what comes.
//
// Equal are requests with the same URL, headers and user, whose transport.Call says the same about how to send them; one with a body, a Range or a
// condition is always sent. No call joins one that began before a write which this step has seen end: it sees what was written.
//
// Each call gets a response with a body of its own. One whose context ends leaves the others alone; when the last has left, the request is given up.
// It has the values of the first call's context, but not its deadline. Put the step above Retry, in transport.PerCall, so that calls share the retries.
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
	flights map[flightKey]*flight // those that calls may join
}

// flightKey is what calls that share have in common.
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
		keyOf(req, c.cfg.Identity), variant(req.Header, slices.Sorted(maps.Keys(req.Header))),
		call.NoRetry, call.Priority, call.Bucket, call.MaxWait,
	}
}

// flight is one request that any number of calls wait for.
type flight struct {
	waiting int // under the coalesce's lock
	giveUp  context.CancelFunc

	done     chan struct{} // closed when the rest is there, for good
	report   *transport.Report
	resp     *http.Response
	err      error
	body     []byte
	bodyErr  error
	large    bool
	panicked any
}

func (c *coalesce) RoundTrip(req *http.Request) (*http.Response, error) {
	switch {
	case !isSafe(req.Method):
		defer c.forget()
		return roundTrip(c.next, req)
	case !cacheable(req):
		return roundTrip(c.next, req)
	case req.Context().Err() != nil:
		return nil, context.Cause(req.Context())
	}
	key := c.keyOf(req)
	f := c.join(key, req)
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
	case f.large:
		return roundTrip(c.next, req)
	}
	return f.answer(req)
}

// join finds the flight for a request, or starts one.
func (c *coalesce) join(key flightKey, req *http.Request) *flight {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := c.flights[key]
	if f == nil {
		ctx, cancel := context.WithCancel(context.WithoutCancel(req.Context()))
		shared, report := transport.Fork(req.WithContext(ctx)) // the first caller may leave before the flight ends
		f = &flight{giveUp: cancel, done: make(chan struct{}), report: report, err: errPanicked}
		c.flights[key] = f
		go c.fly(key, f, shared)
	}
	f.waiting++
	return f
}

func (c *coalesce) leave(key flightKey, f *flight) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f.waiting--; f.waiting == 0 {
		f.giveUp()
		c.close(key, f)
	}
}

// close lets nobody join any more; the lock is held.
func (c *coalesce) close(key flightKey, f *flight) {
	if c.flights[key] == f {
		delete(c.flights, key)
	}
}

// forget lets nobody join what began before a write.
func (c *coalesce) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.flights)
}

func (c *coalesce) fly(key flightKey, f *flight, req *http.Request) {
	defer func() {
		f.panicked = recover() // it is for a caller to see, and not to end the program from here
		c.mu.Lock()
		defer c.mu.Unlock()
		c.close(key, f)
		close(f.done)
	}()
	resp, err := roundTrip(c.next, req)
	if f.resp, f.err = resp, err; err != nil {
		return
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode >= 400 { // an error is not worth a long wait, nor sending again what has failed
		f.body = bytes.Clone(transport.Peek(resp, errorBody, sharedErrorTime))
		if !transport.PeekedAll(resp) {
			f.bodyErr = io.ErrUnexpectedEOF
		}
		return
	}
	f.body, f.bodyErr = io.ReadAll(io.LimitReader(resp.Body, c.cfg.MaxBodyBytes+1))
	f.large = int64(len(f.body)) > c.cfg.MaxBodyBytes
}

// answer makes one call's response of the one that came for all.
func (f *flight) answer(req *http.Request) (*http.Response, error) {
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
		body = io.MultiReader(body, failingReader{f.bodyErr})
	}
	own.Body = io.NopCloser(body)
	answers(req, own)
	return own, nil
}

// failingReader is the end of a body that broke off.
type failingReader struct{ err error }

func (r failingReader) Read([]byte) (int, error) { return 0, r.err }
