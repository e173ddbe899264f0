// Package storetest is the conformance suite for implementations of auth.TokenStore.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify/auth"
)

// Run runs the suite as subtests of t. Every call of factory must return a new, empty store that
// shares nothing with the others. If the store is an auth.RefreshLocker, Run tests its lock too.
func Run(t *testing.T, factory func(t *testing.T) auth.TokenStore) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, auth.TokenStore){
		"load of an unsaved account":          loadUnsaved,
		"save and load all fields":            saveAndLoad,
		"compare-and-swap":                    compareAndSwap,
		"one of 16 concurrent saves succeeds": oneSaveSucceeds,
		"accounts are independent":            accountsAreIndependent,
		"scopes are copied":                   scopesAreCopied,
		"canceled context":                    canceledContext,
	} {
		t.Run(name, func(t *testing.T) { test(t, factory(t)) })
	}
	if _, ok := factory(t).(auth.RefreshLocker); ok {
		t.Run("lock", func(t *testing.T) { lock(t, factory(t).(auth.RefreshLocker)) })
		t.Run("lock with a timeout", func(t *testing.T) { lockTimeout(t, factory(t).(auth.RefreshLocker)) })
	}
}

func sample() auth.StoredToken {
	return auth.StoredToken{
		ClientID: "client", AccessToken: "access-" + strings.Repeat("a", 300), RefreshToken: "refresh/\"<é>\n",
		Expiry:       time.Date(2030, 1, 2, 3, 4, 5, 678, time.UTC),
		Scopes:       auth.Scopes{auth.ScopeStreaming, auth.ScopeUserTopRead},
		Asked:        auth.Scopes{auth.ScopeUserLibraryRead, auth.ScopeUserTopRead},
		AuthorizedAt: time.Date(2029, 12, 31, 23, 59, 59, 0, time.UTC),
	}
}

// wantStored checks the account's stored login. Times are compared as instants, so that a store may
// keep them in another time zone.
func wantStored(t *testing.T, s auth.TokenStore, account string, want auth.StoredToken) {
	t.Helper()
	got, err := s.Load(t.Context(), account)
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	if !got.Expiry.Equal(want.Expiry) || !got.AuthorizedAt.Equal(want.AuthorizedAt) ||
		got.Expiry.IsZero() != want.Expiry.IsZero() {
		t.Errorf("Load returned the times of %v, want those of %v", got, want)
	}
	got.Expiry, got.AuthorizedAt = want.Expiry, want.AuthorizedAt
	if len(got.Scopes) == 0 && len(want.Scopes) == 0 {
		got.Scopes = want.Scopes
	}
	if len(got.Asked) == 0 && len(want.Asked) == 0 {
		got.Asked = want.Asked
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Load returned %v, want %v (tokens equal: %v)", got, want,
			got.AccessToken == want.AccessToken && got.RefreshToken == want.RefreshToken)
	}
}

func loadUnsaved(t *testing.T, s auth.TokenStore) {
	rec, err := s.Load(t.Context(), "nobody")
	if !errors.Is(err, auth.ErrNoStoredToken) || !reflect.DeepEqual(rec, auth.StoredToken{}) {
		t.Errorf("Load of an account that was never saved: %v, %v; want ErrNoStoredToken", rec, err)
	}
	if err := s.Save(t.Context(), "nobody", sample(), 1); !errors.Is(err, auth.ErrConflict) {
		t.Errorf("Save with prevGen 1 of an unsaved account: %v, want ErrConflict", err)
	}
	if _, err := s.Load(t.Context(), "nobody"); !errors.Is(err, auth.ErrNoStoredToken) {
		t.Errorf("Load after a Save that returned ErrConflict: %v, want ErrNoStoredToken", err)
	}
}

func saveAndLoad(t *testing.T, s auth.TokenStore) {
	for i, rec := range []auth.StoredToken{sample(), {}, {RefreshToken: "only"}} {
		if err := s.Save(t.Context(), "me", rec, uint64(i)); err != nil {
			t.Fatalf("Save: %v", err)
		}
		rec.Generation = uint64(i + 1)
		wantStored(t, s, "me", rec)
	}
}

func compareAndSwap(t *testing.T, s auth.TokenStore) {
	rec := sample()
	for generation := range uint64(3) {
		rec.Generation = 99 // Save must ignore it
		if err := s.Save(t.Context(), "me", rec, generation); err != nil {
			t.Fatalf("Save with prevGen %d: %v", generation, err)
		}
	}
	rec.Generation = 3
	for _, generation := range []uint64{0, 1, 2, 4, 1 << 40} {
		err := s.Save(t.Context(), "me", auth.StoredToken{RefreshToken: "late"}, generation)
		if !errors.Is(err, auth.ErrConflict) {
			t.Errorf("Save with prevGen %d, with generation 3 stored: %v, want ErrConflict", generation, err)
		}
	}
	wantStored(t, s, "me", rec)
}

func oneSaveSucceeds(t *testing.T, s auth.TokenStore) {
	for generation := range uint64(5) {
		var succeeded atomic.Int32
		var winner atomic.Value
		var wg sync.WaitGroup
		for i := range 16 {
			wg.Go(func() {
				token := fmt.Sprint("refresh", i)
				switch err := s.Save(t.Context(), "me", auth.StoredToken{RefreshToken: token}, generation); {
				case err == nil:
					succeeded.Add(1)
					winner.Store(token)
				case !errors.Is(err, auth.ErrConflict):
					t.Errorf("Save: %v", err)
				}
			})
		}
		wg.Wait()
		if succeeded.Load() != 1 {
			t.Fatalf("%d of 16 concurrent saves with prevGen %d succeeded, want 1", succeeded.Load(), generation)
		}
		wantStored(t, s, "me", auth.StoredToken{RefreshToken: winner.Load().(string), Generation: generation + 1})
	}
}

func accountsAreIndependent(t *testing.T, s auth.TokenStore) {
	names := []string{"default", "Default", "a/b", "../a", "a b", "ä\n\"", "*", strings.Repeat("long", 60)}
	for _, name := range names {
		if err := s.Save(t.Context(), name, auth.StoredToken{RefreshToken: "of " + name}, 0); err != nil {
			t.Fatalf("Save of account %q: %v", name, err)
		}
	}
	for _, name := range names {
		wantStored(t, s, name, auth.StoredToken{RefreshToken: "of " + name, Generation: 1})
	}
}

func scopesAreCopied(t *testing.T, s auth.TokenStore) {
	rec := sample()
	if err := s.Save(t.Context(), "me", rec, 0); err != nil {
		t.Fatal(err)
	}
	rec.Scopes[0], rec.Asked[0] = "changed after Save", "changed after Save"
	if loaded, err := s.Load(t.Context(), "me"); err != nil {
		t.Fatal(err)
	} else {
		loaded.Scopes[0], loaded.Asked[0] = "changed after Load", "changed after Load"
	}
	want := sample()
	want.Generation = 1
	wantStored(t, s, "me", want)
}

func canceledContext(t *testing.T, s auth.TokenStore) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Save(ctx, "me", sample(), 0); !errors.Is(err, context.Canceled) {
		t.Errorf("Save with a canceled context: %v, want context.Canceled", err)
	}
	if _, err := s.Load(ctx, "me"); !errors.Is(err, context.Canceled) {
		t.Errorf("Load with a canceled context: %v, want context.Canceled", err)
	}
	if _, err := s.Load(t.Context(), "me"); !errors.Is(err, auth.ErrNoStoredToken) {
		t.Errorf("Load after a Save with a canceled context: %v, want ErrNoStoredToken", err)
	}
}

func lock(t *testing.T, s auth.RefreshLocker) {
	var inside, entered atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			unlock, err := s.Lock(t.Context(), "me")
			if err != nil {
				t.Errorf("Lock: %v", err)
				return
			}
			if n := inside.Add(1); n != 1 {
				t.Errorf("%d goroutines hold the lock", n)
			}
			rec, err := s.Load(t.Context(), "me")
			if err != nil && !errors.Is(err, auth.ErrNoStoredToken) {
				t.Errorf("Load under the lock: %v", err)
			}
			if err := s.Save(t.Context(), "me", sample(), rec.Generation); err != nil {
				t.Errorf("Save under the lock: %v", err)
			}
			entered.Add(1)
			inside.Add(-1)
			unlock()
			unlock() // a second call must do nothing
		})
	}
	wg.Wait()
	if entered.Load() != 8 {
		t.Errorf("%d of 8 goroutines got the lock", entered.Load())
	}
}

func lockTimeout(t *testing.T, s auth.RefreshLocker) {
	unlock, err := s.Lock(t.Context(), "me")
	if err != nil {
		t.Fatalf("Lock: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := s.Lock(ctx, "me"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Lock while it is held: %v, want context.DeadlineExceeded", err)
	}
	unlock()
	again, err := s.Lock(t.Context(), "me")
	if err != nil {
		t.Fatalf("Lock after unlock: %v", err)
	}
	again()
}
