package auth

import (
	"context"
	"slices"
	"sync"
)

// NewMemoryStore returns a store that forgets everything when the program ends.
func NewMemoryStore() TokenStore {
	return &memoryStore{hidden: "auth.NewMemoryStore()", records: map[string]Record{}, locks: map[string]chan struct{}{}}
}

type memoryStore struct {
	hidden
	mu      sync.Mutex
	records map[string]Record
	locks   map[string]chan struct{}
}

func (m *memoryStore) Load(ctx context.Context, account string) (Record, error) {
	if ctx.Err() != nil {
		return Record{}, context.Cause(ctx)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	rec, ok := m.records[account]
	if !ok {
		return Record{}, ErrNoRecord
	}
	rec.Scopes, rec.Asked = slices.Clone(rec.Scopes), slices.Clone(rec.Asked)
	return rec, nil
}

func (m *memoryStore) Save(ctx context.Context, account string, rec Record, prevGen uint64) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.records[account].Generation != prevGen {
		return ErrConflict
	}
	rec.Generation = prevGen + 1
	rec.Scopes, rec.Asked = slices.Clone(rec.Scopes), slices.Clone(rec.Asked)
	m.records[account] = rec
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
