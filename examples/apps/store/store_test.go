package store_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/auth/storetest"
	"github.com/seed-2147f1a9/spotify/examples/apps/store"
)

func open(t *testing.T, path string) *store.Store {
	t.Helper()
	s, err := store.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) auth.TokenStore { return open(t, filepath.Join(t.TempDir(), "logins.db")) })
}

// A second connection loads what the first one saved, and the file has mode 0600.
func TestTwoConnections(t *testing.T) {
	path := filepath.Join(t.TempDir(), "logins.db")
	one, other := open(t, path), open(t, path)
	if err := one.Save(t.Context(), "me", auth.StoredToken{RefreshToken: "refresh"}, 0); err != nil {
		t.Fatal(err)
	}
	if token, err := other.Load(t.Context(), "me"); err != nil || token.RefreshToken != "refresh" ||
		token.Generation != 1 {
		t.Errorf("%v, %v", token, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}
