package storetest_test

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/auth/storetest"
)

// store keeps its promises, but for the one that it is told to break.
type store struct {
	broken string
	mu     sync.Mutex
	all    map[string]auth.Record
}

func (s *store) breaks(promise string) bool { return s.broken == promise }

func (s *store) name(account string) string {
	if s.breaks("accounts are apart") {
		return strings.ToLower(account)
	}
	return account
}

func (s *store) Load(ctx context.Context, account string) (auth.Record, error) {
	if ctx.Err() != nil && !s.breaks("a load ends with its context") {
		return auth.Record{}, ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	rec, ok := s.all[s.name(account)]
	if !ok && !s.breaks("nothing is an error") {
		return auth.Record{}, auth.ErrNoRecord
	}
	if !s.breaks("what is loaded is a copy") {
		rec.Scopes, rec.Asked = slices.Clone(rec.Scopes), slices.Clone(rec.Asked)
	}
	return rec, nil
}

func (s *store) Save(ctx context.Context, account string, rec auth.Record, prevGen uint64) error {
	if ctx.Err() != nil && !s.breaks("a save ends with its context") {
		return ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all[s.name(account)].Generation != prevGen && !s.breaks("the generation is compared") {
		return auth.ErrConflict
	}
	if !s.breaks("the store counts") {
		rec.Generation = prevGen + 1
	}
	if s.breaks("all of the record is kept") {
		rec.AuthorizedAt = rec.Expiry
	}
	if !s.breaks("what is saved is a copy") {
		rec.Scopes, rec.Asked = slices.Clone(rec.Scopes), slices.Clone(rec.Asked)
	}
	s.all[s.name(account)] = rec
	return nil
}

// lockable is a store with a lock.
type lockable struct {
	*store
	lock chan struct{}
}

func (s lockable) Lock(ctx context.Context, _ string) (func(), error) {
	if s.breaks("the lock locks") {
		return func() {}, nil
	}
	select {
	case s.lock <- struct{}{}:
		return sync.OnceFunc(func() { <-s.lock }), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

var promises = []string{
	"accounts are apart", "a load ends with its context", "nothing is an error", "what is loaded is a copy", "a save ends with its context", "the generation is compared",
	"the store counts", "all of the record is kept", "what is saved is a copy", "the lock locks",
}

const env = "STORETEST_BROKEN"

// TestStore is what the user of the package writes.
func TestStore(t *testing.T) {
	storetest.Run(t, func(*testing.T) auth.TokenStore {
		return lockable{&store{broken: os.Getenv(env), all: map[string]auth.Record{}}, make(chan struct{}, 1)}
	})
}

// A store that breaks any one of its promises is found out.
func TestBrokenStoresAreFoundOut(t *testing.T) {
	if os.Getenv(env) != "" {
		return
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, promise := range promises {
		cmd := exec.CommandContext(t.Context(), self, "-test.run=^TestStore$", "-test.timeout=1m")
		cmd.Env = append(os.Environ(), env+"="+promise)
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "--- FAIL: TestStore") {
			t.Errorf("nobody noticed that this is not so: %s\n%s", promise, out)
		}
	}
}
