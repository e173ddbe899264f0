// Package storetest checks that an auth.TokenStore keeps its promises: run it in the tests of a store of your own.
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

// Run checks the stores that factory makes: each must be empty, and independent of the others. A store that is an auth.Locker has its lock checked too.
func Run(t *testing.T, factory func(t *testing.T) auth.TokenStore) {
	t.Helper()
	for name, check := range map[string]func(*testing.T, auth.TokenStore){
		"nothing stored":      nothingStored,
		"all of a record":     allOfARecord,
		"compare and swap":    compareAndSwap,
		"one winner":          oneWinner,
		"accounts are apart":  accountsAreApart,
		"copies":              copies,
		"the context is over": contextOver,
	} {
		t.Run(name, func(t *testing.T) { check(t, factory(t)) })
	}
	if _, ok := factory(t).(auth.Locker); ok {
		t.Run("lock", func(t *testing.T) { lock(t, factory(t).(auth.Locker)) })
		t.Run("lock with an impatient waiter", func(t *testing.T) { impatient(t, factory(t).(auth.Locker)) })
	}
}

func sample() auth.Record {
	return auth.Record{
		ClientID: "client", AccessToken: "access-" + strings.Repeat("a", 300), RefreshToken: "refresh/\"<é>\n",
		Expiry: time.Date(2030, 1, 2, 3, 4, 5, 678, time.UTC), Scopes: auth.Scopes{auth.ScopeStreaming, auth.ScopeUserTopRead},
		Asked:        auth.Scopes{auth.ScopeUserLibraryRead, auth.ScopeUserTopRead},
		AuthorizedAt: time.Date(2029, 12, 31, 23, 59, 59, 0, time.UTC),
	}
}

// stored checks that the account has a record. Times are compared as instants, so that a store may keep them in another zone.
func stored(t *testing.T, s auth.TokenStore, account string, want auth.Record) {
	t.Helper()
	got, err := s.Load(t.Context(), account)
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	if !got.Expiry.Equal(want.Expiry) || !got.AuthorizedAt.Equal(want.AuthorizedAt) || got.Expiry.IsZero() != want.Expiry.IsZero() {
		t.Errorf("loaded the times of %v, want those of %v", got, want)
	}
	got.Expiry, got.AuthorizedAt = want.Expiry, want.AuthorizedAt
	if len(got.Scopes) == 0 && len(want.Scopes) == 0 {
		got.Scopes = want.Scopes
	}
	if len(got.Asked) == 0 && len(want.Asked) == 0 {
		got.Asked = want.Asked
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("loaded %v, want %v (tokens equal: %v)", got, want, got.AccessToken == want.AccessToken && got.RefreshToken == want.RefreshToken)
	}
}

func nothingStored(t *testing.T, s auth.TokenStore) {
	if rec, err := s.Load(t.Context(), "nobody"); !errors.Is(err, auth.ErrNoRecord) || !reflect.DeepEqual(rec, auth.Record{}) {
		t.Errorf("Load of an account that was never saved: %v, %v; want ErrNoRecord", rec, err)
	}
	if err := s.Save(t.Context(), "nobody", sample(), 1); !errors.Is(err, auth.ErrConflict) {
		t.Errorf("Save over a generation that is not there: %v, want ErrConflict", err)
	}
	if _, err := s.Load(t.Context(), "nobody"); !errors.Is(err, auth.ErrNoRecord) {
		t.Errorf("a refused Save stored something: %v", err)
	}
}

func allOfARecord(t *testing.T, s auth.TokenStore) {
	for i, rec := range []auth.Record{sample(), {}, {RefreshToken: "only"}} {
		if err := s.Save(t.Context(), "me", rec, uint64(i)); err != nil {
			t.Fatalf("Save: %v", err)
		}
		rec.Generation = uint64(i + 1)
		stored(t, s, "me", rec)
	}
}

func compareAndSwap(t *testing.T, s auth.TokenStore) {
	rec := sample()
	for generation := range uint64(3) {
		rec.Generation = 99 // what the caller puts there does not count
		if err := s.Save(t.Context(), "me", rec, generation); err != nil {
			t.Fatalf("Save over generation %d: %v", generation, err)
		}
	}
	rec.Generation = 3
	for _, generation := range []uint64{0, 1, 2, 4, 1 << 40} {
		if err := s.Save(t.Context(), "me", auth.Record{RefreshToken: "late"}, generation); !errors.Is(err, auth.ErrConflict) {
			t.Errorf("Save over generation %d, with 3 stored: %v, want ErrConflict", generation, err)
		}
	}
	stored(t, s, "me", rec)
}

func oneWinner(t *testing.T, s auth.TokenStore) {
	for generation := range uint64(5) {
		var won atomic.Int32
		var winner atomic.Value
		var wg sync.WaitGroup
		for i := range 16 {
			wg.Go(func() {
				token := fmt.Sprint("refresh", i)
				switch err := s.Save(t.Context(), "me", auth.Record{RefreshToken: token}, generation); {
				case err == nil:
					won.Add(1)
					winner.Store(token)
				case !errors.Is(err, auth.ErrConflict):
					t.Errorf("Save: %v", err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Fatalf("%d of 16 that saved over generation %d at once won, want 1", won.Load(), generation)
		}
		stored(t, s, "me", auth.Record{RefreshToken: winner.Load().(string), Generation: generation + 1})
	}
}

func accountsAreApart(t *testing.T, s auth.TokenStore) {
	names := []string{"default", "Default", "a/b", "../a", "a b", "ä\n\"", "*", strings.Repeat("long", 60)}
	for _, name := range names {
		if err := s.Save(t.Context(), name, auth.Record{RefreshToken: "of " + name}, 0); err != nil {
			t.Fatalf("Save of account %q: %v", name, err)
		}
	}
	for _, name := range names {
		stored(t, s, name, auth.Record{RefreshToken: "of " + name, Generation: 1})
	}
}

func copies(t *testing.T, s auth.TokenStore) {
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
	stored(t, s, "me", want)
}

func contextOver(t *testing.T, s auth.TokenStore) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Save(ctx, "me", sample(), 0); !errors.Is(err, context.Canceled) {
		t.Errorf("Save after the context ended: %v, want context.Canceled", err)
	}
	if _, err := s.Load(ctx, "me"); !errors.Is(err, context.Canceled) {
		t.Errorf("Load after the context ended: %v, want context.Canceled", err)
	}
	if _, err := s.Load(t.Context(), "me"); !errors.Is(err, auth.ErrNoRecord) {
		t.Errorf("a Save whose context was over stored something: %v", err)
	}
}

func lock(t *testing.T, s auth.Locker) {
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
				t.Errorf("%d hold the lock", n)
			}
			rec, err := s.Load(t.Context(), "me")
			if err != nil && !errors.Is(err, auth.ErrNoRecord) {
				t.Errorf("Load under the lock: %v", err)
			}
			if err := s.Save(t.Context(), "me", sample(), rec.Generation); err != nil {
				t.Errorf("Save under the lock: %v", err)
			}
			entered.Add(1)
			inside.Add(-1)
			unlock()
			unlock() // once more is harmless
		})
	}
	wg.Wait()
	if entered.Load() != 8 {
		t.Errorf("%d of 8 got the lock in the end", entered.Load())
	}
}

func impatient(t *testing.T, s auth.Locker) {
	unlock, err := s.Lock(t.Context(), "me")
	if err != nil {
		t.Fatalf("Lock: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := s.Lock(ctx, "me"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Lock while it is held: %v, want the context's end", err)
	}
	unlock()
	again, err := s.Lock(t.Context(), "me")
	if err != nil {
		t.Fatalf("Lock after unlock: %v", err)
	}
	again()
}
