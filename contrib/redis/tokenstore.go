package spotifyredis

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/transport"
)

var (
	//go:embed lock.lua
	lockSource string
	//go:embed save.lua
	saveSource string

	lockScript = redis.NewScript(lockSource)
	saveScript = redis.NewScript(saveSource)
)

const (
	// lockFor is how long a refresh lock holds after the death of its holder, which extends it
	// three times in that time.
	lockFor = 10 * time.Second
	// lockPoll and lockPollMost bound the time between two attempts to get a lock.
	lockPoll, lockPollMost = 5 * time.Millisecond, 100 * time.Millisecond
	// commandTimeout bounds one attempt of a command; Load, Save and Lock retry.
	commandTimeout = time.Second
)

// TokenStoreConfig configures a TokenStore. Only Account is required.
type TokenStoreConfig struct {
	// Account names the app whose users' logins are stored, such as its client ID.
	Account string
	// Prefix replaces "spotify" in the keys.
	Prefix string
	// Key seals the logins with AES-256-GCM: 32 random bytes, the same in every process. Without it
	// everybody who can read Redis, or its files, can read the refresh tokens. Loading a login
	// that was sealed with another key returns a *auth.StoreError.
	Key []byte `json:"-"`
}

// String describes the configuration without its key.
func (c TokenStoreConfig) String() string {
	return fmt.Sprintf(
		"spotifyredis.TokenStoreConfig{Account: %q, Prefix: %q, sealed: %t}",
		c.Account,
		c.Prefix,
		c.Key != nil,
	)
}

// Format prints what String returns, whatever the verb, so that no verb prints the key.
func (c TokenStoreConfig) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, c.String()) }

// LogValue keeps the key out of structured logs.
func (c TokenStoreConfig) LogValue() slog.Value { return slog.StringValue(c.String()) }

// TokenStore is an auth.TokenStore with a refresh lock: of all processes that share a login, one
// refreshes it and the others take its result.
//
// Every user's login is a key of its own, under a hash of the user's account name, so that a
// cluster spreads them over its nodes. Redis has to keep them: turn on appendonly. Load, Save and
// Lock wait for a Redis that does not respond, until their context ends, because a rotated refresh
// token that is not stored is lost; meanwhile the access token that a process has is used until it
// expires.
type TokenStore struct {
	rdb    redis.UniversalClient
	prefix string
	scope  string
	seal   cipher.AEAD

	mu      sync.Mutex
	unsaved map[string]bool // keys whose last Save failed
}

// NewTokenStore returns a TokenStore. It does not connect to Redis before the first use.
func NewTokenStore(rdb redis.UniversalClient, cfg TokenStoreConfig) (*TokenStore, error) {
	if rdb == nil {
		return nil, invalid(
			"redis client",
			rdb,
			"a client of go-redis, such as redis.NewUniversalClient(spotifyredis.Options(address))",
		)
	}
	if _, err := tag(cfg.Prefix, cfg.Account); err != nil {
		return nil, err
	}
	s := &TokenStore{rdb: rdb, prefix: or(cfg.Prefix, "spotify"), scope: cfg.Account, unsaved: map[string]bool{}}
	if cfg.Key == nil {
		return s, nil
	}
	if len(cfg.Key) != 32 {
		return nil, invalid(
			"TokenStoreConfig.Key",
			fmt.Sprintf("of %d bytes", len(cfg.Key)),
			"32 random bytes, or none",
		)
	}
	block, err := aes.NewCipher(cfg.Key)
	if err == nil {
		s.seal, err = cipher.NewGCM(block)
	}
	return s, err
}

// key returns the key of a user's login. The user's name cannot be read from it.
func (s *TokenStore) key(account string) string {
	sum := sha256.Sum256([]byte(s.scope + "\x00" + account))
	return s.prefix + ":{" + hex.EncodeToString(sum[:16]) + "}:login"
}

// Load returns the account's login, see auth.TokenStore. While Redis does not respond it retries
// until ctx ends, or for 10 s if ctx has no deadline: a process that cannot see which refresh token
// is the newest must not use one.
func (s *TokenStore) Load(ctx context.Context, account string) (auth.StoredToken, error) {
	if ctx.Err() != nil {
		return auth.StoredToken{}, context.Cause(ctx)
	}
	key := s.key(account)
	var data string
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, lockFor)
		defer cancel()
	}
	err := s.patiently(ctx, func(ctx context.Context) (err error) {
		data, err = s.rdb.HGet(ctx, key, "login").Result()
		return err
	})
	if errors.Is(err, redis.Nil) {
		return auth.StoredToken{}, auth.ErrNoStoredToken
	}
	if err != nil {
		return auth.StoredToken{}, s.problem("load", err)
	}
	plain, err := s.open(key, data)
	if err != nil {
		return auth.StoredToken{}, err
	}
	var rec auth.StoredToken
	if err := rec.UnmarshalBinary(plain); err != nil {
		return auth.StoredToken{}, s.unreadable(
			"it is damaged, or sealed with a Key that this process does not have",
			err,
		)
	}
	return rec, nil
}

// Save replaces the account's login, see auth.TokenStore. While Redis does not respond it
// retries until ctx ends.
func (s *TokenStore) Save(ctx context.Context, account string, rec auth.StoredToken, prevGen uint64) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	rec.Generation = prevGen + 1
	plain, err := rec.MarshalBinary()
	if err != nil {
		return err
	}
	key := s.key(account)
	data, err := s.sealed(key, plain)
	if err != nil {
		return err
	}
	saved := 0
	err = s.patiently(ctx, func(ctx context.Context) (err error) {
		saved, err = saveScript.Run(
			ctx, s.rdb, []string{key}, strconv.FormatUint(prevGen, 10), strconv.FormatUint(prevGen+1, 10), data,
		).
			Int()
		return err
	})
	s.mu.Lock()
	if err != nil {
		s.unsaved[key] = true
	} else {
		delete(s.unsaved, key)
	}
	s.mu.Unlock()
	switch {
	case err != nil:
		return s.problem("save", err)
	case saved == 0:
		return auth.ErrConflict
	}
	return nil
}

// Lock waits for the other processes and goroutines that refresh the account's login, see
// auth.RefreshLocker. The lock is extended for as long as the process lives. A process that was
// stopped for longer than 10 s loses the lock, and its Save returns auth.ErrConflict if another
// process has saved the login meanwhile.
func (s *TokenStore) Lock(ctx context.Context, account string) (unlock func(), err error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	key := s.key(account)
	lock := strings.TrimSuffix(key, "login") + "lock"
	var id [12]byte
	_, _ = rand.Read(id[:]) // never fails, see crypto/rand
	holder := hex.EncodeToString(id[:])
	for pause := lockPoll; ; pause = min(pause*6/5, lockPollMost) {
		got := false
		err := s.patiently(ctx, func(ctx context.Context) error {
			ok, err := s.rdb.SetNX(ctx, lock, holder, lockFor).Result()
			if err == nil && !ok { // the response of an earlier try may have been lost
				var now string
				now, err = s.rdb.Get(ctx, lock).Result()
				ok = now == holder
			}
			if errors.Is(err, redis.Nil) {
				err = nil
			}
			got = ok
			return err
		})
		if err != nil {
			return nil, s.problem("lock", err)
		}
		if got {
			break
		}
		if err := transport.Sleep(ctx, pause/2+time.Duration(luck()*float64(pause)/2)); err != nil {
			return nil, s.problem("lock", fmt.Errorf("another process refreshes the login: %w", err))
		}
	}
	done := make(chan struct{})
	go s.extend(lock, holder, done)
	return sync.OnceFunc(func() {
		close(done)
		s.mu.Lock()
		unsaved := s.unsaved[key]
		s.mu.Unlock()
		if unsaved { // until the lock expires nobody uses the refresh token that was replaced
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		_ = s.patiently(ctx, func(ctx context.Context) error { // if it stays, it expires
			return lockScript.Run(ctx, s.rdb, []string{lock}, holder, 0).Err()
		})
	}), nil
}

func (s *TokenStore) extend(lock, holder string, done <-chan struct{}) {
	ticker := time.NewTicker(lockFor / 3)
	defer ticker.Stop()
	for {
		select {
		case <-done:
			return
		case <-ticker.C:
		}
		ctx, cancel := context.WithTimeout(context.Background(), commandTimeout)
		held, err := lockScript.Run(ctx, s.rdb, []string{lock}, holder, lockFor.Milliseconds()).Int()
		cancel()
		if err == nil && held == 0 {
			return
		}
	}
}

// bounded gives a command commandTimeout, whatever the client's own timeouts are.
func (s *TokenStore) bounded(ctx context.Context, command func(context.Context) error) error {
	attempt, cancel := context.WithTimeout(ctx, commandTimeout)
	defer cancel()
	result := make(chan error, 1)
	go func() { result <- command(attempt) }()
	select {
	case err := <-result:
		if err != nil && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return err
	case <-attempt.Done():
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return attempt.Err()
	}
}

// patiently repeats a command while Redis does not respond, until ctx ends.
func (s *TokenStore) patiently(ctx context.Context, command func(context.Context) error) error {
	for pause := lockPoll; ; pause = min(2*pause, lockPollMost) {
		err := s.bounded(ctx, command)
		if err == nil || ctx.Err() != nil || !unavailable(err) {
			return err
		}
		if transport.Sleep(ctx, pause) != nil {
			return fmt.Errorf("%w; Redis did not respond: %w", context.Cause(ctx), err)
		}
	}
}

// unavailable reports whether a command failed because Redis does not respond for now: it is down,
// starts, or is being replaced.
func unavailable(err error) bool {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, redis.ErrPoolTimeout) {
		return true
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	for _, prefix := range []string{"LOADING", "READONLY", "CLUSTERDOWN", "MASTERDOWN", "TRYAGAIN", "NOREPLICAS"} {
		if redis.HasErrorPrefix(err, prefix) {
			return true
		}
	}
	return false
}

func (s *TokenStore) sealed(key string, plain []byte) (string, error) {
	if s.seal == nil {
		return string(plain), nil
	}
	nonce := make([]byte, s.seal.NonceSize())
	_, _ = rand.Read(nonce)
	return string(s.seal.Seal(nonce, nonce, plain, []byte(key))), nil
}

func (s *TokenStore) open(key, data string) ([]byte, error) {
	if s.seal == nil {
		return []byte(data), nil
	}
	size := s.seal.NonceSize()
	if len(data) < size {
		return nil, s.unreadable("it is damaged", nil)
	}
	plain, err := s.seal.Open(nil, []byte(data[:size]), []byte(data[size:]), []byte(key))
	if err != nil {
		return nil, s.unreadable("it was sealed with another Key, or not at all", err)
	}
	return plain, nil
}

func (s *TokenStore) unreadable(problem string, err error) error {
	return &auth.StoreError{
		Where:   "Redis",
		Problem: problem,
		Advice:  "use the Key that it was stored with, or log in again",
		Err:     err,
	}
}

func (s *TokenStore) problem(operation string, err error) error {
	return fmt.Errorf("spotifyredis: %s of a login: %w", operation, err)
}

// String describes the store without its key.
func (s *TokenStore) String() string { return fmt.Sprintf("spotifyredis.TokenStore(%s)", s.scope) }

// Format prints what String returns, whatever the verb, so that no verb prints the key.
func (s *TokenStore) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, s.String()) }
