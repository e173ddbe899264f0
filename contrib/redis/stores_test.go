package spotifyredis

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

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
	if err := store.Save(ctx, "user-name",
		auth.StoredToken{AccessToken: "access-token", RefreshToken: "refresh-token"}, 0); err != nil {
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
		if _, ok := errors.AsType[*auth.StoreError](err); !ok ||
			strings.Contains(err.Error(), "token") && strings.Contains(err.Error(), "refresh-") {
			t.Errorf("Load without the key: %v, want a *auth.StoreError without secrets", err)
		}
	}
	data, _ := rdb.HGetAll(ctx, store.key("user-name")).Result()
	rdb.HSet(ctx, store.key("somebody"), "generation", data["generation"], "login", data["login"])
	if _, err := store.Load(ctx, "somebody"); err == nil {
		t.Error("a login that was copied to another user was read")
	}
}

// Without Redis a save waits for it, and fails when its context ends.
func TestFaultsTokenStoreWaitsForRedis(t *testing.T) {
	s := startRedis(t, "--appendonly", "yes", "--appendfsync", "always")
	store := newTokenStore(t, s, nil)
	s.kill()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if err := store.Save(ctx, "me", auth.StoredToken{RefreshToken: "1"}, 0); !errors.Is(
		err,
		context.DeadlineExceeded,
	) {
		t.Errorf("Save without Redis: %v, want the context's end", err)
	}
	saved := make(chan error, 1)
	go func() { saved <- store.Save(t.Context(), "me", auth.StoredToken{RefreshToken: "2"}, 0) }()
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
		if _, err := wrong.Update(t.Context(),
			middleware.UsageRecord{
				Counts: []middleware.UsageCount{{At: at, Operation: operation, Calls: 3}},
			}, at.Add(-time.Hour)); err != nil {
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
					found = c.Calls == 3 && store.now().Sub(c.At) < 30*time.Second &&
						store.now().Sub(c.At) > -time.Second
				}
			}
			if !found {
				t.Errorf("off %v: the %s clock's process has %+v", off, name, got.Counts)
			}
		}
	}
}

// No exported type shows a key or a password, however it is printed.
func TestPrintsNoSecret(t *testing.T) {
	options := Options("127.0.0.1:1")
	options.Password = "the-password-of-redis"
	rdb := redis.NewUniversalClient(options)
	defer rdb.Close()
	key := []byte("the-key-that-seals-all-logins!!!")
	cfg := TokenStoreConfig{Account: "app", Key: key}
	tokens, err := NewTokenStore(rdb, cfg)
	if err != nil {
		t.Fatal(err)
	}
	limiter, _ := NewLimiter(rdb, LimiterConfig{Account: "app"})
	usage, _ := NewUsageStore(rdb, UsageStoreConfig{Account: "app"})
	for _, v := range []any{
		cfg, &cfg, tokens, limiter, usage, limiter.Stats(""), LimiterConfig{Account: "app"}, UsageStoreConfig{Account: "app"},
	} {
		encoded, _ := json.Marshal(v)
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("", "v", v)
		for _, text := range []string{fmt.Sprintf("%v %+v %#v %s", v, v, v, v), string(encoded), log.String()} {
			for _, secret := range []string{
				"the-password", string(key), fmt.Sprint(key), base64.StdEncoding.EncodeToString(key),
			} {
				if strings.Contains(text, secret) {
					t.Errorf("%T shows a secret: %s", v, text)
				}
			}
		}
	}
}

// Every key of a script is declared: a cluster runs a script on the node of its declared keys.
func TestScriptsDeclareTheirKeys(t *testing.T) {
	call := regexp.MustCompile(`redis\.p?call\(([^,()]+)(?:, *([^,()]+))?`)
	for name, source := range map[string]string{
		"limiter.lua": limiterSource, "closed.lua": closedSource, "lock.lua": lockSource, "save.lua": saveSource,
	} {
		code := regexp.MustCompile(`--[^\n]*`).ReplaceAllString(source, "")
		calls := call.FindAllStringSubmatch(code, -1)
		if len(calls) == 0 || strings.Count(code, "redis.") != len(calls) {
			t.Errorf("%s: %d calls found of %d", name, len(calls), strings.Count(code, "redis."))
		}
		for _, c := range calls {
			if c[1] == "'TIME'" {
				continue
			}
			if !regexp.MustCompile(`^'[A-Z]+'$`).MatchString(c[1]) ||
				!regexp.MustCompile(`^KEYS\[[1-9]\]$`).MatchString(c[2]) {
				t.Errorf("%s: %s...: want a literal command and a declared key", name, c[0])
			}
		}
	}
}
