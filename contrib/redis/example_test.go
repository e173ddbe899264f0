package spotifyredis_test

import (
	"encoding/hex"
	"log"
	"os"

	"github.com/redis/go-redis/v9"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
	spotifyredis "github.com/seed-2147f1a9/spotify/contrib/redis"
	"github.com/seed-2147f1a9/spotify/middleware"
)

// A process of a server that acts for its users: all processes share the rate limit and the
// users' logins.
func Example() {
	clientID, redirectURL := os.Getenv("SPOTIFY_CLIENT_ID"), os.Getenv("SPOTIFY_REDIRECT_URI")
	key, err := hex.DecodeString(os.Getenv("LOGIN_KEY")) // 32 random bytes
	check(err)

	rdb := redis.NewUniversalClient(spotifyredis.Options("localhost:6379"))
	limiter, err := spotifyredis.NewLimiter(rdb, spotifyredis.LimiterConfig{Account: clientID, Processes: 8})
	check(err)
	store, err := spotifyredis.NewTokenStore(rdb, spotifyredis.TokenStoreConfig{Account: clientID, Key: key})
	check(err)
	login, err := auth.NewPKCE(auth.Config{ClientID: clientID, RedirectURL: redirectURL, Store: store})
	check(err)
	client, err := spotify.New(spotify.WithTokenSource(login.ForAccount("user-1")), spotify.WithLimiter(limiter))
	check(err)
	defer limiter.Close()
	defer client.Close()
}

// One process at a time, or processes that do not run together: a Pacer that keeps what it has
// spent, and the quota, in Redis.
func ExampleNewUsageStore() {
	clientID, token := os.Getenv("SPOTIFY_CLIENT_ID"), os.Getenv("SPOTIFY_ACCESS_TOKEN")

	rdb := redis.NewUniversalClient(spotifyredis.Options("localhost:6379"))
	usage, err := spotifyredis.NewUsageStore(rdb, spotifyredis.UsageStoreConfig{Account: clientID})
	check(err)
	pacer := middleware.NewPacer(middleware.PacerConfig{Usage: usage, DayQuota: 10_000})
	client, err := spotify.New(spotify.WithAccessToken(token), spotify.WithLimiter(pacer))
	check(err)
	defer client.Close()
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
