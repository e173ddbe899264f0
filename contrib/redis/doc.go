// Package spotifyredis shares a Spotify account between processes through Redis: one rate limit,
// one login per user, and one count of calls.
//
//	rdb := redis.NewUniversalClient(spotifyredis.Options("localhost:6379"))
//	limiter, err := spotifyredis.NewLimiter(rdb, spotifyredis.LimiterConfig{Account: app})
//	tokens, err := spotifyredis.NewTokenStore(rdb, spotifyredis.TokenStoreConfig{Account: app})
//	login, err := auth.NewPKCE(auth.Config{ClientID: app, Store: tokens})
//	client, err := spotify.New(spotify.WithTokenSource(login), spotify.WithLimiter(limiter))
//
// The account is the developer account, or the client ID, that the processes have in common:
// Spotify counts its calls together. docs/scaling.md explains what is shared, and what happens when
// Redis fails.
//
// The package is a module of its own, on github.com/redis/go-redis/v9, so that the library does not
// depend on Redis. It works with a single Redis, with Sentinel and with Redis Cluster: all keys of
// an account have one hash tag, so an account lives on one node.
package spotifyredis

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/redis/go-redis/v9"
)

// ErrInvalidArgument matches the error of a configuration that makes no sense.
var ErrInvalidArgument = errors.New("invalid argument")

// Options returns options of a go-redis client that notices within 100 ms that Redis does not
// respond, and does not retry: the limiter has its own way to go on without Redis. One address is a
// single Redis, several are the nodes of a cluster. Set what else the client needs, such as a
// password or TLS, in what it returns.
//
// go-redis' own defaults wait for 5 s and ignore a context's deadline.
func Options(addresses ...string) *redis.UniversalOptions {
	return &redis.UniversalOptions{
		Addrs:                 addresses,
		ContextTimeoutEnabled: true,
		DialTimeout:           500 * time.Millisecond,
		ReadTimeout:           500 * time.Millisecond,
		WriteTimeout:          500 * time.Millisecond,
		PoolTimeout:           500 * time.Millisecond,
		MaxRetries:            -1,
		DialerRetries:         1,
		DisableIdentity:       true,
	}
}

func invalid(argument string, given any, want string) error {
	return fmt.Errorf("spotifyredis: invalid %s %v: want %s: %w", argument, given, want, ErrInvalidArgument)
}

// tag returns the beginning of an account's keys. The braces are the hash tag, so that all keys of
// an account are on one node of a cluster.
func tag(prefix, account string) (string, error) {
	if account == "" || len(account) > 200 || !utf8.ValidString(account) || strings.ContainsAny(account, "{}") {
		return "", invalid(
			"Account",
			fmt.Sprintf("%q", account),
			"1 to 200 bytes of UTF-8 without braces, such as the client ID",
		)
	}
	if strings.ContainsAny(prefix, "{}") {
		return "", invalid("Prefix", fmt.Sprintf("%q", prefix), "a prefix without braces")
	}
	if prefix == "" {
		prefix = "spotify"
	}
	return prefix + ":{" + account + "}:", nil
}
