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

// store is a correct store, except for the one rule that broken names.
type store struct {
	broken string
	mu     sync.Mutex
	all    map[string]auth.StoredToken
}

func (s *store) breaks(rule string) bool { return s.broken == rule }

func (s *store) name(account string) string {
	if s.breaks("accounts are independent") {
		return strings.ToLower(account)
	}
	return account
}

func (s *store) Load(ctx context.Context, account string) (auth.StoredToken, error) {
	if ctx.Err() != nil && !s.breaks("Load ends with its context") {
		return auth.StoredToken{}, ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	rec, ok := s.all[s.name(account)]
	if !ok && !s.breaks("an unsaved account is ErrNoStoredToken") {
		return auth.StoredToken{}, auth.ErrNoStoredToken
	}
	if !s.breaks("Load copies the scopes") {
		rec.Scopes, rec.Asked = slices.Clone(rec.Scopes), slices.Clone(rec.Asked)
	}
	return rec, nil
}

func (s *store) Save(ctx context.Context, account string, rec auth.StoredToken, prevGen uint64) error {
	if ctx.Err() != nil && !s.breaks("Save ends with its context") {
		return ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all[s.name(account)].Generation != prevGen && !s.breaks("Save compares the generation") {
		return auth.ErrConflict
	}
	if !s.breaks("Save sets the generation") {
		rec.Generation = prevGen + 1
	}
	if s.breaks("every field is saved") {
		rec.AuthorizedAt = rec.Expiry
	}
	if !s.breaks("Save copies the scopes") {
		rec.Scopes, rec.Asked = slices.Clone(rec.Scopes), slices.Clone(rec.Asked)
	}
	s.all[s.name(account)] = rec
	return nil
}

// lockable is a store that is an auth.RefreshLocker.
type lockable struct {
	*store
	lock chan struct{}
}

func (s lockable) Lock(ctx context.Context, _ string) (func(), error) {
	if s.breaks("Lock excludes others") {
		return func() {}, nil
	}
	select {
	case s.lock <- struct{}{}:
		return sync.OnceFunc(func() { <-s.lock }), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

var rules = []string{
	"accounts are independent", "Load ends with its context", "an unsaved account is ErrNoStoredToken",
	"Load copies the scopes", "Save ends with its context", "Save compares the generation",
	"Save sets the generation", "every field is saved", "Save copies the scopes", "Lock excludes others",
}

const env = "STORETEST_BROKEN"

// TestStore is the test that a user of the package writes.
func TestStore(t *testing.T) {
	storetest.Run(t, func(*testing.T) auth.TokenStore {
		return lockable{&store{broken: os.Getenv(env), all: map[string]auth.StoredToken{}}, make(chan struct{}, 1)}
	})
}

// Run fails for a store that breaks any one rule.
func TestRunFailsForBrokenStores(t *testing.T) {
	if os.Getenv(env) != "" {
		return
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range rules {
		cmd := exec.CommandContext(t.Context(), self, "-test.run=^TestStore$", "-test.timeout=1m")
		cmd.Env = append(os.Environ(), env+"="+rule)
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "--- FAIL: TestStore") {
			t.Errorf("Run passed for a store that breaks the rule %q:\n%s", rule, out)
		}
	}
}
