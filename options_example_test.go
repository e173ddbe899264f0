package spotify_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"os"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/mock"
)

// With WithCache, the second call is served from memory, without a request.
func ExampleWithCache() {
	client, _ := mock.NewClient(nil, spotify.WithCache(middleware.CacheConfig{}))
	defer client.Close()

	for range 2 {
		if _, err := client.Albums.Get(context.Background(), mock.AlbumID, nil); err != nil {
			log.Fatal(err)
		}
	}
	stats := client.Stats()
	fmt.Println(stats.Calls, "calls,", stats.CacheHits, "from the cache,", stats.Attempts, "request")

	// Output:
	// 2 calls, 1 from the cache, 1 request
}

// One Pacer limits two clients of the same app, such as those of two users, together.
func ExampleWithLimiter() {
	pacer := middleware.NewPacer(middleware.PacerConfig{})
	fake := mock.New(nil)
	for _, token := range []string{"token-of-wanda", "token-of-leo"} {
		client, err := spotify.New(
			spotify.WithAccessToken(token),
			spotify.WithLimiter(pacer),
			spotify.WithTransport(fake),
		)
		if err != nil {
			log.Fatal(err)
		}
		defer client.Close()
		if _, err := client.Albums.Get(context.Background(), mock.AlbumID, nil); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(pacer.Usage().Window, "calls in the last 30 seconds")

	// Output:
	// 2 calls in the last 30 seconds
}

// Each call is one record, without the token.
func ExampleWithLogger() {
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == "call" || a.Key == "took" { // differ from run to run
				return slog.Attr{}
			}
			return a
		},
	}))
	client, _ := mock.NewClient(nil, spotify.WithLogger(logger))
	defer client.Close()
	if _, err := client.Albums.Get(context.Background(), mock.AlbumID, nil); err != nil {
		log.Fatal(err)
	}

	// Output:
	// level=INFO msg="http call" operation=get-an-album method=GET route=/albums/{id} status=200 received=9486
}

// An observer counts the attempts that got a 429.
func ExampleWithObserver() {
	var limited counter
	client, fake := mock.NewClient(nil, spotify.WithObserver(&limited))
	defer client.Close()
	fake.On("GET", "/albums/{id}").Times(2).RateLimited(0)
	if _, err := client.Albums.Get(context.Background(), mock.AlbumID, nil); err != nil {
		log.Fatal(err)
	}
	fmt.Println(limited, "attempts were rate limited")

	// Output:
	// 2 attempts were rate limited
}

// counter counts attempts. Concurrent calls would need an atomic counter.
type counter int

func (c *counter) Begin(ctx context.Context, _ middleware.Event) context.Context { return ctx }

func (c *counter) Note(_ context.Context, e middleware.Event) {
	if e.Kind == middleware.AttemptEvent && e.Status == 429 {
		*c++
	}
}

// Retries begin after a millisecond, and OnRetry is told of each.
func ExampleWithRetry() {
	client, fake := mock.NewClient(nil, spotify.WithRetry(middleware.RetryConfig{
		MaxRetries:   1,
		InitialDelay: time.Millisecond,
		OnRetry:      func(e middleware.RetryEvent) { fmt.Println("retry:", e.Reason) },
	}))
	defer client.Close()
	fake.On("GET", "/albums/{id}").Error(503, "")

	_, err := client.Albums.Get(context.Background(), mock.AlbumID, nil)
	if e, ok := errors.AsType[*spotify.Error](err); ok {
		fmt.Println(e.Status, "after", e.Attempts, "attempts")
	}

	// Output:
	// retry: transient status code
	// 503 after 2 attempts
}

// Calls and the client secret go to one fake, which listens on loopback. The environment variables
// SPOTIFY_BASE_URL and SPOTIFY_ACCOUNTS_URL do the same without a change of the program.
func ExampleWithEndpoints() {
	fake := mock.NewServer(nil)
	defer fake.Close()
	client, err := spotify.NewFromClientCredentials("client-id", "client-secret", spotify.WithEndpoints(spotify.Endpoints{
		API:      fake.URL + "/v1",
		Accounts: fake.URL,
	}))
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	artist, err := client.Artists.Get(context.Background(), mock.ArtistID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(artist)

	// Output:
	// The Paper Lanterns
}

// The base transport is the last one to see a request: in a test, the fake.
func ExampleWithTransport() {
	fake := mock.New(nil)
	client, err := spotify.New(spotify.WithAccessToken("token"), spotify.WithTransport(fake))
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	if _, err := client.Shows.Get(context.Background(), mock.ShowID, nil); err != nil {
		log.Fatal(err)
	}
	for _, call := range fake.Calls("", "") {
		fmt.Println(call.Method, call.Path, call.Header.Get("Authorization"))
	}

	// Output:
	// GET /shows/5Rt8wEaHu2JpKz4OvLx6Qd Bearer token
}

// A track that is available in the market of the client's calls.
func ExampleWithMarket() {
	client, _ := mock.NewClient(nil, spotify.WithMarket("SE"))
	defer client.Close()
	ctx := context.Background()

	for _, params := range []*spotify.GetParams{nil, {Market: "DE"}} {
		track, err := client.Tracks.Get(ctx, mock.UnavailableTrackID, params)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(track.Name, "can be played:", *track.IsPlayable)
	}

	// Output:
	// Letzter Zug nach Bremen can be played: false
	// Letzter Zug nach Bremen can be played: true
}

// For an app with extended quota, GetMany sends one request for up to 50 items.
func ExampleWithExtendedQuota() {
	for _, opts := range [][]spotify.Option{nil, {spotify.WithExtendedQuota()}} {
		client := mock.New(nil, mock.WithExtendedQuota()).NewClient(opts...)
		defer client.Close()
		tracks, err := client.Tracks.GetMany(context.Background(), []string{mock.TrackID, mock.RelinkedTrackID}, nil)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(len(tracks), "tracks, requests:", client.Stats().Attempts)
	}

	// Output:
	// 2 tracks, requests: 2
	// 2 tracks, requests: 1
}

// An attempt that takes longer than the timeout fails, and is retried if the call is idempotent.
func ExampleWithTimeout() {
	client, fake := mock.NewClient(nil, spotify.WithTimeout(10*time.Millisecond), spotify.WithMaxRetries(0))
	defer client.Close()
	fake.On("GET", "/albums/{id}").Delay(time.Minute)

	_, err := client.Albums.Get(context.Background(), mock.AlbumID, nil)
	if timeout, ok := errors.AsType[*middleware.TimeoutError](err); ok {
		fmt.Println(timeout)
	}

	// Output:
	// no complete response within 10ms
}
