package middleware

// cachestore.go keeps answers in memory up to a number of bytes; what was not used for the longest time goes first.

import (
	"math"
	"net/http"
	"slices"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// cacheStore is safe for concurrent use.
type cacheStore struct {
	limit int64

	mu     sync.Mutex
	bytes  int64
	writes uint64
	lru    *simplelru.LRU[cacheKey, *shelf]
}

// shelf holds the answers to one URL for one user: several where they depend on headers of the request, the newest first.
type shelf struct {
	answers []*stored
	bytes   int64
}

// mostVariants bounds a shelf: a server that varies on something that is never twice the same is not to fill the memory.
const mostVariants = 8

func newCacheStore(limit int64) *cacheStore {
	s := &cacheStore{limit: limit}
	s.lru, _ = simplelru.NewLRU(math.MaxInt, func(_ cacheKey, gone *shelf) { s.bytes -= gone.bytes }) // it fails for a size of 0 only
	return s
}

// epoch counts the writes: what was asked for in an earlier one is not to be kept in a later one.
func (s *cacheStore) epoch() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.writes
}

func (s *cacheStore) find(key cacheKey, req *http.Request) *stored {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found, ok := s.lru.Get(key); ok {
		for _, a := range found.answers {
			if a.matches(req) {
				return a
			}
		}
	}
	return nil
}

// add keeps an answer in place of the one to the same request, unless something was written since it was asked for.
func (s *cacheStore) add(key cacheKey, fresh *stored, epoch uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.writes != epoch {
		return
	}
	answers := []*stored{fresh}
	if found, ok := s.lru.Peek(key); ok {
		for _, a := range found.answers {
			if a.variant != fresh.variant || !slices.Equal(a.varies, fresh.varies) {
				answers = append(answers, a)
			}
		}
	}
	s.put(key, answers[:min(len(answers), mostVariants)])
	for s.bytes > s.limit {
		s.lru.RemoveOldest()
	}
}

// drop forgets an answer, if it is still there.
func (s *cacheStore) drop(key cacheKey, old *stored) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found, ok := s.lru.Peek(key); ok {
		s.put(key, slices.DeleteFunc(slices.Clone(found.answers), func(a *stored) bool { return a == old }))
	}
}

// put replaces the whole shelf.
func (s *cacheStore) put(key cacheKey, answers []*stored) {
	s.lru.Remove(key)
	if len(answers) == 0 {
		return
	}
	filled := &shelf{answers: answers, bytes: int64(len(key.url))}
	for _, a := range answers {
		filled.bytes += a.size()
	}
	s.bytes += filled.bytes
	s.lru.Add(key, filled)
}

// written makes stale what a write may have changed: everything of the same user, and the same URL of all.
// It looks at every shelf: writes are few, and an index would be work for each of the many reads.
func (s *cacheStore) written(by cacheKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writes++
	for _, key := range s.lru.Keys() {
		if key.identity != by.identity && key.url != by.url {
			continue
		}
		found, _ := s.lru.Peek(key)
		for i, a := range found.answers {
			stale := *a
			stale.good = 0
			found.answers[i] = &stale
		}
	}
}
