package auth

import (
	"context"
	"slices"
	"sync"
)

// NewMemoryStore returns a store in memory: its logins are lost when the program ends.
func NewMemoryStore() TokenStore {
	return &memoryStore{
		hidden:  "auth.NewMemoryStore()",
		records: map[string]StoredToken{},
		locks:   map[string]chan struct{}{},
	}
}

type memoryStore struct {
	hidden
	mu      sync.Mutex
	records map[string]StoredToken
	locks   map[string]chan struct{}
}

func (m *memoryStore) Load(ctx context.Context, account string) (StoredToken, error) {
	if ctx.Err() != nil {
		return StoredToken{}, context.Cause(ctx)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	stored, ok := m.records[account]
	if !ok {
		return StoredToken{}, ErrNoStoredToken
	}
	stored.Scopes, stored.Asked = slices.Clone(stored.Scopes), slices.Clone(stored.Asked)
	return stored, nil
}

func (m *memoryStore) Save(ctx context.Context, account string, stored StoredToken, prevGen uint64) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.records[account].Generation != prevGen {
		return ErrConflict
	}
	stored.Generation = prevGen + 1
	stored.Scopes, stored.Asked = slices.Clone(stored.Scopes), slices.Clone(stored.Asked)
	m.records[account] = stored
	return nil
}

func (m *memoryStore) Lock(ctx context.Context, account string) (func(), error) {
	m.mu.Lock()
	lock := m.locks[account]
	if lock == nil {
		lock = make(chan struct{}, 1)
		m.locks[account] = lock
	}
	m.mu.Unlock()
	select {
	case lock <- struct{}{}:
		return sync.OnceFunc(func() { <-lock }), nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}
