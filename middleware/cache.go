package middleware

// Cache answers GET requests from memory for as long as the server allows: RFC 9111, for the private cache of one client.

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/transport"
)

// CacheConfig says how much Cache keeps, and for whom. The zero value is ready to use for a client with one user, or none.
type CacheConfig struct {
	// MaxBytes bounds what is kept in memory, bodies, headers and keys together: 64 MiB if zero; if negative there is no cache.
	// What was not used for the longest time goes first.
	MaxBytes int64
	// MaxBodyBytes is the largest body that is kept, as it is after decompression: 1 MiB if zero, no bound but MaxBytes if negative.
	MaxBodyBytes int64
	// Identity names the user that a request is made for, if the client's token source serves several users or changes its user. Answers are shared
	// among requests with the same name only. It must be safe for concurrent use; nil is one user.
	// Calls with an Authorization header, a cookie or a token of their own (transport.Call) are told apart by themselves.
	Identity func(*http.Request) string
	// Counters, where it is set, counts what Cache does.
	Counters *CacheCounters
}

// Validate returns an error that names the first field whose value makes no sense.
func (c CacheConfig) Validate() error {
	if most := c.withDefaults().MaxBytes; c.MaxBodyBytes > most && most > 0 {
		return argument.Errorf("CacheConfig.MaxBodyBytes", c.MaxBodyBytes, "up to MaxBytes (%d), 0 (1 MiB), or negative for no bound but that", most)
	}
	return nil
}

func (c CacheConfig) withDefaults() CacheConfig {
	if c.MaxBytes == 0 {
		c.MaxBytes = 64 << 20
	}
	switch {
	case c.MaxBodyBytes < 0 || c.MaxBodyBytes > c.MaxBytes:
		c.MaxBodyBytes = c.MaxBytes
	case c.MaxBodyBytes == 0:
		c.MaxBodyBytes = min(1<<20, c.MaxBytes)
	}
	if c.Counters == nil {
		c.Counters = new(CacheCounters)
	}
	return c
}

// CacheCounters is what a cache has done so far.
type CacheCounters struct {
	// Hits is how many requests were answered without asking the server.
	Hits atomic.Int64
	// Revalidated is how many were answered with what was stored after the server had confirmed it with a 304.
	Revalidated atomic.Int64
	// Misses is how many, of those that could have been answered from the cache, the server answered in full.
	Misses atomic.Int64
}

// Cache returns the step that keeps complete answers with status 200 to GET requests and answers with them again.
//
// How long is up to the server: max-age or Expires, no-cache, no-store, Vary (RFC 9111). What is no longer fresh is asked for with If-None-Match or
// If-Modified-Since, and answered with what was stored if the server says 304. Nothing is guessed: an answer that says neither how long it is
// good nor how to ask again is not kept, and nothing stale is served when the server fails.
//
// A request with a body, a Range, a condition or a Cache-Control of its own passes by. One with another method than GET, HEAD, OPTIONS and TRACE that was
// answered with anything but 4xx, or that failed on the way and may have been applied, makes all answers stored for the same user stale, and those of the
// same URL for every user: they are asked for again before they are used.
//
// An answer is stored when its body has been read to the end. What comes from the cache says so in Cache-Status (RFC 9211), and how old it is in Age.
func Cache(cfg CacheConfig) transport.Middleware {
	if cfg.MaxBytes < 0 {
		return nothing
	}
	cfg = cfg.withDefaults()
	store := newCacheStore(cfg.MaxBytes)
	return func(next http.RoundTripper) http.RoundTripper {
		return &cache{CacheConfig: cfg, store: store, next: next}
	}
}

type cache struct {
	CacheConfig
	store *cacheStore
	next  http.RoundTripper
}

func (c *cache) RoundTrip(given *http.Request) (*http.Response, error) {
	req, _ := transport.WithReport(given)
	resp, err := c.roundTrip(req)
	if err == nil {
		answers(given, resp)
	}
	return resp, err
}

func (c *cache) roundTrip(req *http.Request) (*http.Response, error) {
	switch {
	case !isSafe(req.Method):
		return c.write(req)
	case !cacheable(req):
		return roundTrip(c.next, req)
	case req.Context().Err() != nil:
		transport.CloseRequest(req)
		return nil, context.Cause(req.Context())
	}
	q := &query{req: req, key: keyOf(req, c.Identity), start: wallNow(), epoch: c.store.epoch()}
	found := c.store.find(q.key, req)
	switch {
	case found == nil:
		return c.fetch(q)
	case found.isFresh(q.start):
		c.Counters.Hits.Add(1)
		return found.answer(req, q.start, found.hit(q.start)), nil
	case !found.hasValidator():
		c.store.drop(q.key, found)
		return c.fetch(q)
	}
	return c.revalidate(q, found)
}

// query is one request that the cache may answer, or whose answer it may keep.
type query struct {
	req   *http.Request
	key   cacheKey
	start time.Time
	epoch uint64 // what is asked before a write and answered after it may be out of date: it is not kept
}

// fetch asks the server, and keeps the answer once it has been read.
func (c *cache) fetch(q *query) (*http.Response, error) {
	resp, err := roundTrip(c.next, q.req)
	if err != nil {
		return nil, err
	}
	c.keep(q, resp)
	return resp, nil
}

func (c *cache) keep(q *query, resp *http.Response) {
	c.Counters.Misses.Add(1)
	fresh := newStored(q.req, resp, q.start, wallNow())
	isError := classOf(transport.CallFrom(q.req.Context()).Report, resp).Status >= 400 // also one that came with a 200
	if fresh == nil || isError || resp.ContentLength > c.MaxBodyBytes {
		return
	}
	resp.Body = &tee{ReadCloser: resp.Body, ctx: q.req.Context(), want: resp.ContentLength, limit: c.MaxBodyBytes, keep: func(body []byte) {
		fresh.body = body
		c.store.add(q.key, fresh, q.epoch)
	}}
}

// revalidate asks the server whether what is stored is still right.
func (c *cache) revalidate(q *query, old *stored) (*http.Response, error) {
	conditional := q.req.WithContext(q.req.Context())
	if etag := old.header.Get("ETag"); etag != "" {
		conditional.Header = withHeader(q.req.Header, "If-None-Match", etag)
	} else {
		conditional.Header = withHeader(q.req.Header, "If-Modified-Since", old.header.Get("Last-Modified"))
	}
	resp, err := roundTrip(c.next, conditional)
	if err != nil {
		return nil, err
	}
	answers(q.req, resp)
	switch {
	case resp.StatusCode != http.StatusNotModified:
		if resp.StatusCode < 500 && resp.StatusCode != tooManyRequests { // the server knows better; one that fails, or does not look, does not
			c.store.drop(q.key, old)
		}
		c.keep(q, resp)
		return resp, nil
	case !old.isMeantBy(resp):
		transport.Drain(resp)
		c.store.drop(q.key, old)
		return c.fetch(q)
	}
	transport.Drain(resp)
	c.Counters.Revalidated.Add(1)
	now := wallNow()
	renewed := old.renewed(q.req, resp, q.start, now)
	if renewed == nil { // it is right, and not to be kept any longer
		c.store.drop(q.key, old)
		return old.answer(q.req, now, confirmed), nil
	}
	c.store.add(q.key, renewed, q.epoch)
	return renewed.answer(q.req, now, confirmed), nil
}

// write sends a request that changes something, after which the cache trusts less of what it has.
func (c *cache) write(req *http.Request) (*http.Response, error) {
	resp, err := roundTrip(c.next, req)
	if err != nil || resp.StatusCode < 400 || resp.StatusCode >= 500 {
		c.store.written(keyOf(req, c.Identity))
	}
	return resp, err
}

// wallNow is the time without its monotonic reading: answers grow old while the machine sleeps, too.
func wallNow() time.Time { return time.Now().Round(0) }
