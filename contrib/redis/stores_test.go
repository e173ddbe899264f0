package spotifyredis

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/auth/storetest"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/middleware/usage/usagetest"
)

func newTokenStore(t testing.TB, s *redisServer, key []byte) *TokenStore {
	t.Helper()
	store, err := NewTokenStore(s.connect(t), TokenStoreConfig{Account: account(t), Key: key})
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func TestTokenStoreContract(t *testing.T) {
	s := startRedis(t)
	for name, key := range map[string][]byte{"plain": nil, "sealed": bytes.Repeat([]byte{7}, 32)} {
		t.Run(name, func(t *testing.T) {
			storetest.Run(t, func(t *testing.T) auth.TokenStore { return newTokenStore(t, s, key) })
		})
	}
}

// A login that is sealed cannot be read in Redis, nor with another key, nor as another user's.
func TestTokenStoreSeals(t *testing.T) {
	s := startRedis(t)
	rdb, ctx := s.connect(t), t.Context()
	key := bytes.Repeat([]byte{7}, 32)
	store, _ := NewTokenStore(rdb, TokenStoreConfig{Account: "app", Key: key})
	if err := store.Save(ctx, "user-name", auth.Record{AccessToken: "access-token", RefreshToken: "refresh-token"}, 0); err != nil {
		t.Fatal(err)
	}
	keys, _ := rdb.Keys(ctx, "*").Result()
	for _, k := range keys {
		content, _ := rdb.HGetAll(ctx, k).Result()
		if all := fmt.Sprint(k, content); strings.Contains(all, "token") || strings.Contains(all, "user-name") {
			t.Errorf("Redis has it readable: %q", all)
		}
	}
	other, _ := NewTokenStore(rdb, TokenStoreConfig{Account: "app", Key: bytes.Repeat([]byte{8}, 32)})
	plain, _ := NewTokenStore(rdb, TokenStoreConfig{Account: "app"})
	for _, s := range []*TokenStore{other, plain} {
		_, err := s.Load(ctx, "user-name")
		if _, ok := errors.AsType[*auth.StoreError](err); !ok || strings.Contains(err.Error(), "token") && strings.Contains(err.Error(), "refresh-") {
			t.Errorf("Load without the key: %v, want a *auth.StoreError without secrets", err)
		}
	}
	data, _ := rdb.HGetAll(ctx, store.key("user-name")).Result()
	rdb.HSet(ctx, store.key("somebody"), "generation", data["generation"], "login", data["login"])
	if _, err := store.Load(ctx, "somebody"); err == nil {
		t.Error("a login that was copied to another user was read")
	}
	for _, text := range []string{fmt.Sprint(store), fmt.Sprintf("%+v", store), fmt.Sprintf("%#v", store)} {
		if strings.Contains(text, "7") {
			t.Errorf("%s shows the key", text)
		}
	}
}

// Without Redis a save waits for it, and fails when its context ends.
func TestFaultsTokenStoreWaitsForRedis(t *testing.T) {
	s := startRedis(t, "--appendonly", "yes", "--appendfsync", "always")
	store := newTokenStore(t, s, nil)
	s.kill()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if err := store.Save(ctx, "me", auth.Record{RefreshToken: "1"}, 0); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Save without Redis: %v, want the context's end", err)
	}
	saved := make(chan error, 1)
	go func() { saved <- store.Save(t.Context(), "me", auth.Record{RefreshToken: "2"}, 0) }()
	time.Sleep(100 * time.Millisecond)
	s.start()
	if err := <-saved; err != nil {
		t.Errorf("Save: %v", err)
	}
	if rec, err := store.Load(t.Context(), "me"); err != nil || rec.RefreshToken != "2" {
		t.Errorf("Load: %v, %v", rec, err)
	}
}

func TestUsageStoreContract(t *testing.T) {
	s := startRedis(t)
	usagetest.Run(t, func(t testing.TB) (a, b middleware.UsageStore) {
		cfg := UsageStoreConfig{Account: account(t)}
		a, err := NewUsageStore(s.connect(t), cfg)
		if err != nil {
			t.Fatal(err)
		}
		b, err = NewUsageStore(s.connect(t), cfg)
		if err != nil {
			t.Fatal(err)
		}
		return a, b
	})
}

// Counts of a process whose clock is an hour off are others' counts of now.
func TestUsageStoreClocks(t *testing.T) {
	s := startRedis(t)
	right, _ := NewUsageStore(s.connect(t), UsageStoreConfig{Account: "a"})
	wrong, _ := NewUsageStore(s.connect(t), UsageStoreConfig{Account: "a"})
	for _, off := range []time.Duration{time.Hour, -time.Hour, 30 * time.Minute} {
		clock := func() time.Time { return time.Now().Add(off) }
		wrong.now = clock
		operation := off.String()
		at := clock().UTC().Truncate(10 * time.Second)
		if _, err := wrong.Update(t.Context(), middleware.UsageRecord{Counts: []middleware.UsageCount{{At: at, Operation: operation, Calls: 3}}}, at.Add(-time.Hour)); err != nil {
			t.Fatal(err)
		}
		for name, store := range map[string]*UsageStore{"right": right, "wrong": wrong} {
			got, err := store.Update(t.Context(), middleware.UsageRecord{}, store.now().Add(-24*time.Hour))
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, c := range got.Counts {
				if c.Operation == operation {
					found = c.Calls == 3 && store.now().Sub(c.At) < 30*time.Second && store.now().Sub(c.At) > -time.Second
				}
			}
			if !found {
				t.Errorf("off %v: the %s clock's process has %+v", off, name, got.Counts)
			}
		}
	}
}
