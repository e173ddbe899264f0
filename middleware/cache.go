package middleware

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/transport"
)

// CacheConfig configures Cache. The zero value is ready to use for a client with one user, or none.
type CacheConfig struct {
	// MaxBytes bounds the memory of the cache, in bytes, bodies, headers and keys included: 64 MiB
	// if zero; a negative value turns the cache off. The least recently used responses are evicted
	// first.
	MaxBytes int64
	// MaxBodyBytes is the largest body that is stored, in bytes after decompression: 1 MiB if zero,
	// no bound but MaxBytes if negative.
	MaxBodyBytes int64
	// Identity returns the name of the user that a request is made for. Set it if the client's
	// token source serves several users or changes its user: a response is shared among requests
	// with the same name only. Nil means one user. It must be safe for concurrent use. Requests
	// with different Authorization headers, cookies or tokens of their own (transport.Call.Token)
	// share nothing either way.
	Identity func(*http.Request) string
	// Counters, if it is set, counts hits and misses. Nil counts nothing.
	Counters *CacheCounters
}

// Validate returns an error that names the first field with an invalid value, or nil.
func (c CacheConfig) Validate() error {
	if most := c.withDefaults().MaxBytes; c.MaxBodyBytes > most && most > 0 {
		return argument.Errorf("CacheConfig.MaxBodyBytes", c.MaxBodyBytes,
			"up to MaxBytes (%d), 0 (1 MiB), or negative for no bound but MaxBytes", most)
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

// CacheCounters counts the requests that Cache may serve, by where their responses came from.
type CacheCounters struct {
	// Hits counts responses from the cache, without a request to the server.
	Hits atomic.Int64
	// Revalidated counts responses from the cache that the server has confirmed with a 304.
	Revalidated atomic.Int64
	// Misses counts responses from the server.
	Misses atomic.Int64
}

// Cache returns the middleware that stores complete 200 responses to GET requests and serves later
// requests from them. It is a private cache in memory, by RFC 9111.
//
// The server decides how long a response is fresh: max-age or Expires, no-cache, no-store and Vary
// count. A stale response is revalidated with If-None-Match or If-Modified-Since, and served again
// after a 304. There is no heuristic freshness: a response with neither a lifetime nor a validator
// is not stored. No stale response is served when the server fails.
//
// A request with a body, a Range, a condition or a Cache-Control header bypasses the cache. A
// request with an unsafe method (not GET, HEAD, OPTIONS or TRACE) makes all stored responses of the
// same user stale, and those of the same URL for every user, unless its response has a 4xx status
// code. They are revalidated before they are used.
//
// A response is stored when its body has been read to the end. A response from the cache has an Age
// header, in seconds, and a Cache-Status header (RFC 9211).
func Cache(cfg CacheConfig) transport.Middleware {
	if cfg.MaxBytes < 0 {
		return passThrough
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
		setRequest(resp, given)
	}
	return resp, err
}

func (c *cache) roundTrip(req *http.Request) (*http.Response, error) {
	switch {
	case !isSafe(req.Method):
		return c.write(req)
	case !isCacheable(req):
		return roundTrip(c.next, req)
	case req.Context().Err() != nil:
		transport.CloseRequest(req)
		return nil, context.Cause(req.Context())
	}
	r := &cacheRequest{req: req, key: keyOf(req, c.Identity), start: wallNow(), writes: c.store.writeCount()}
	entry := c.store.find(r.key, req)
	switch {
	case entry == nil:
		return c.fetch(r)
	case entry.isFresh(r.start):
		c.Counters.Hits.Add(1)
		emit(req.Context(), Event{Kind: CacheEvent, Reason: "hit"})
		return entry.response(req, r.start, entry.hit(r.start)), nil
	case !entry.hasValidator():
		c.store.remove(r.key, entry)
		return c.fetch(r)
	}
	return c.revalidate(r, entry)
}

// cacheRequest is a request that Cache may serve, or whose response it may store.
type cacheRequest struct {
	req   *http.Request
	key   cacheKey
	start time.Time
	// writes is the number of writes when the request was made. A response to a request made before
	// a write may be out of date after it, and is not stored.
	writes uint64
}

// fetch sends the request, and stores the response once its body has been read.
func (c *cache) fetch(r *cacheRequest) (*http.Response, error) {
	resp, err := roundTrip(c.next, r.req)
	if err != nil {
		return nil, err
	}
	c.record(r, resp)
	return resp, nil
}

// record counts a miss, and stores the response once its body has been read, if it may be stored.
func (c *cache) record(r *cacheRequest, resp *http.Response) {
	c.Counters.Misses.Add(1)
	entry := newCacheEntry(r.req, resp, r.start, wallNow())
	// The class of a 200 response may be an error, see Buffer.
	isError := classOf(transport.CallFrom(r.req.Context()).Report, resp).Status >= 400
	if entry == nil || isError || resp.ContentLength > c.MaxBodyBytes {
		return
	}
	resp.Body = &recordedBody{
		ReadCloser: resp.Body, ctx: r.req.Context(), length: resp.ContentLength, limit: c.MaxBodyBytes,
		store: func(body []byte) {
			entry.body = body
			c.store.add(r.key, entry, r.writes)
		},
	}
}

// revalidate asks the server whether a stale entry is still valid.
func (c *cache) revalidate(r *cacheRequest, entry *cacheEntry) (*http.Response, error) {
	conditional := r.req.WithContext(r.req.Context())
	if etag := entry.header.Get("ETag"); etag != "" {
		conditional.Header = withHeader(r.req.Header, "If-None-Match", etag)
	} else {
		conditional.Header = withHeader(r.req.Header, "If-Modified-Since", entry.header.Get("Last-Modified"))
	}
	resp, err := roundTrip(c.next, conditional)
	if err != nil {
		return nil, err
	}
	setRequest(resp, r.req)
	switch {
	case resp.StatusCode != http.StatusNotModified:
		// A 429 or a 5xx says nothing about the entry; every other response replaces it.
		if resp.StatusCode < 500 && resp.StatusCode != tooManyRequests {
			c.store.remove(r.key, entry)
		}
		c.record(r, resp)
		return resp, nil
	case !entry.isConfirmedBy(resp):
		transport.Drain(resp)
		c.store.remove(r.key, entry)
		return c.fetch(r)
	}
	transport.Drain(resp)
	c.Counters.Revalidated.Add(1)
	emit(r.req.Context(), Event{Kind: CacheEvent, Reason: "revalidated"})
	now := wallNow()
	updated := entry.updated(r.req, resp, r.start, now)
	if updated == nil { // valid for this request, but no longer to be stored
		c.store.remove(r.key, entry)
		return entry.response(r.req, now, revalidated), nil
	}
	c.store.add(r.key, updated, r.writes)
	return updated.response(r.req, now, revalidated), nil
}

// write sends a request with an unsafe method, and invalidates what it may have changed (RFC 9111
// section 4.4). A request without a response may have been applied; one with a 4xx was not.
func (c *cache) write(req *http.Request) (*http.Response, error) {
	resp, err := roundTrip(c.next, req)
	if err != nil || resp.StatusCode < 400 || resp.StatusCode >= 500 {
		c.store.invalidate(keyOf(req, c.Identity))
	}
	return resp, err
}

// wallNow returns the time without its monotonic reading, which stands still while the machine
// sleeps: responses age during sleep, too.
func wallNow() time.Time { return time.Now().Round(0) }
