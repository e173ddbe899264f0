package auth_test

import (
	"path/filepath"
	"testing"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/auth/storetest"
)

func TestMemoryStore(t *testing.T) {
	storetest.Run(t, func(*testing.T) auth.TokenStore { return auth.NewMemoryStore() })
}

func TestFileStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) auth.TokenStore {
		s, err := auth.NewFileStore(filepath.Join(t.TempDir(), "private", "logins.json"))
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}
