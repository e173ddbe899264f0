package otelspotify

import (
	"maps"
	"sync"
	"sync/atomic"
)

// memo remembers values by their keys. Reading takes no lock: there are few keys, and each is added
// once.
type memo[K comparable, V any] struct {
	known atomic.Pointer[map[K]V]
	mu    sync.Mutex
}

// maxKeys bounds a memo, should a server respond with ever new status codes. Further values are
// computed each time.
const maxKeys = 4096

func (m *memo[K, V]) get(key K, compute func() V) V {
	if known := m.known.Load(); known != nil {
		if v, ok := (*known)[key]; ok {
			return v
		}
	}
	v := compute()
	m.mu.Lock()
	defer m.mu.Unlock()
	next := map[K]V{}
	if known := m.known.Load(); known != nil {
		if first, ok := (*known)[key]; ok {
			return first
		}
		if len(*known) >= maxKeys {
			return v
		}
		next = maps.Clone(*known)
	}
	next[key] = v
	m.known.Store(&next)
	return v
}
