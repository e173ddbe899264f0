package middleware

import (
	"math"
	"net/http"
	"slices"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// cacheStore keeps entries in memory up to a number of bytes, and evicts the least recently used
// first. It is safe for concurrent use.
type cacheStore struct {
	limit int64

	mu     sync.Mutex
	bytes  int64
	writes uint64
	lru    *simplelru.LRU[cacheKey, *variants]
}

// variants are the entries of one URL and user, newest first. There are several if the response
// varies on request headers.
type variants struct {
	entries []*cacheEntry
	bytes   int64
}

// maxVariants is the most entries that are kept of one URL and user. A server may vary on a header
// whose value is never the same twice.
const maxVariants = 8

func newCacheStore(limit int64) *cacheStore {
	s := &cacheStore{limit: limit}
	// NewLRU returns an error for a size of 0 or less only.
	s.lru, _ = simplelru.NewLRU(math.MaxInt, func(_ cacheKey, evicted *variants) { s.bytes -= evicted.bytes })
	return s
}

// writeCount returns the number of calls of invalidate so far.
func (s *cacheStore) writeCount() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.writes
}

// find returns the entry for a request, fresh or stale, or nil.
func (s *cacheStore) find(key cacheKey, req *http.Request) *cacheEntry {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found, ok := s.lru.Get(key); ok {
		for _, e := range found.entries {
			if e.matches(req) {
				return e
			}
		}
	}
	return nil
}

// add stores an entry in place of the one for the same request. It does nothing if writeCount is no
// longer writes: the entry may be out of date.
func (s *cacheStore) add(key cacheKey, entry *cacheEntry, writes uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.writes != writes {
		return
	}
	entries := []*cacheEntry{entry}
	if found, ok := s.lru.Peek(key); ok {
		for _, e := range found.entries {
			if e.variant != entry.variant || !slices.Equal(e.varies, entry.varies) {
				entries = append(entries, e)
			}
		}
	}
	s.set(key, entries[:min(len(entries), maxVariants)])
	for s.bytes > s.limit {
		s.lru.RemoveOldest()
	}
}

// remove removes an entry, if it is still there.
func (s *cacheStore) remove(key cacheKey, entry *cacheEntry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found, ok := s.lru.Peek(key); ok {
		s.set(key, slices.DeleteFunc(slices.Clone(found.entries), func(e *cacheEntry) bool { return e == entry }))
	}
}

// set replaces all entries of a key. The caller holds s.mu.
func (s *cacheStore) set(key cacheKey, entries []*cacheEntry) {
	s.lru.Remove(key)
	if len(entries) == 0 {
		return
	}
	v := &variants{entries: entries, bytes: int64(len(key.url))}
	for _, e := range entries {
		v.bytes += e.size()
	}
	s.bytes += v.bytes
	s.lru.Add(key, v)
}

// invalidate marks every entry of this user and of this URL stale. It looks at every key: writes
// are few, and an index by user and URL would slow down the many reads.
func (s *cacheStore) invalidate(by cacheKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writes++
	for _, key := range s.lru.Keys() {
		if key.identity != by.identity && key.url != by.url {
			continue
		}
		found, _ := s.lru.Peek(key)
		for i, e := range found.entries {
			stale := *e
			stale.freshFor = 0
			found.entries[i] = &stale
		}
	}
}
