package spotify_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/transport"
)

// An album with its tracks. The fake of package mock takes the place of Spotify; a program leaves
// out WithTransport.
func Example() {
	client, err := spotify.NewFromClientCredentials("client-id", "client-secret",
		spotify.WithTransport(mock.New(nil)), spotify.WithMarket("DE"))
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()

	ctx := context.Background()
	album, err := client.Albums.Get(ctx, "https://open.spotify.com/album/"+mock.AlbumID, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(album)
	for track, err := range client.Albums.AllTracks(ctx, album.ID, nil) {
		if err != nil {
			log.Fatal(err)
		}
		if fmt.Println(track); track.TrackNumber == 2 {
			break
		}
	}

	// Output:
	// Harbour Lights – The Paper Lanterns (2019-03-22)
	// Low Tide – The Paper Lanterns (3:42)
	// Ferry Song – The Paper Lanterns (4:05)
}

// A client with an access token, options and a look at what a call goes through.
func ExampleNew() {
	client, err := spotify.New(
		spotify.WithAccessToken("token"),
		spotify.WithTransport(mock.New(nil)),
		spotify.WithMaxRetries(5),
		spotify.WithCache(middleware.CacheConfig{}),
		spotify.WithUserAgentSuffix("party-wall/1.4"),
	)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	for _, name := range client.Pipeline() {
		fmt.Println(name)
	}

	_, err = spotify.New()
	fmt.Println(err)

	// Output:
	// DecodeErrors
	// Gate
	// Describe
	// Observe
	// Cache
	// Retry
	// Buffer
	// Refresh
	// RateLimit
	// Classify
	// Timeout
	// Auth
	// Observe
	// no credentials: pass one of WithAccessToken, WithClientCredentials and WithTokenSource
}

// The app itself reads the catalogue, without a user.
func ExampleNewFromClientCredentials() {
	client, err := spotify.NewFromClientCredentials("client-id", "client-secret", spotify.WithTransport(mock.New(nil)))
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()

	track, err := client.Tracks.Get(context.Background(), mock.TrackID, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(track)

	// Output:
	// Low Tide – The Paper Lanterns (3:42)
}

// A middleware of the program's own sees each attempt, without the token.
func ExampleWithMiddleware() {
	logs := func(next http.RoundTripper) http.RoundTripper {
		return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			resp, err := next.RoundTrip(req)
			if err == nil {
				fmt.Println(req.Method, req.URL.Path, resp.StatusCode)
			}
			return resp, err
		})
	}
	client, fake := mock.NewClient(nil, spotify.WithMiddleware(transport.PerAttempt, logs))
	defer client.Close()

	fake.On("GET", "/tracks/{id}").Times(1).RateLimited(0)
	if _, err := client.Tracks.Get(context.Background(), mock.TrackID, nil); err != nil {
		log.Fatal(err)
	}

	// Output:
	// GET /v1/tracks/6Nd0yTjLr4KmCw8EvHs2Xa 429
	// GET /v1/tracks/6Nd0yTjLr4KmCw8EvHs2Xa 200
}

// errors.Is finds the kind of an error, errors.As its details.
func ExampleError() {
	client, fake := mock.NewClient(nil)
	defer client.Close()
	fake.On("PUT", "/me/player/pause").Error(404, "NO_ACTIVE_DEVICE")

	err := client.Player.Pause(context.Background(), nil)
	if e, ok := errors.AsType[*spotify.Error](err); ok && errors.Is(err, spotify.ErrNotFound) {
		fmt.Println(e.Status, e.Reason)
	}

	// Output:
	// 404 NO_ACTIVE_DEVICE
}

// The response as it was received.
func ExampleCapture() {
	client, _ := mock.NewClient(nil)
	defer client.Close()

	var meta spotify.Captured
	ctx := spotify.WithCall(context.Background(), spotify.NoRetry(), spotify.Capture(&meta))
	if _, err := client.Albums.Get(ctx, mock.AlbumID, nil); err != nil {
		log.Fatal(err)
	}
	fmt.Println(meta.Status, meta.Header.Get("Content-Type"), len(meta.Body) > 0)

	// Output:
	// 200 application/json; charset=utf-8 true
}

// Tokens come from a source, such as the login of a user or auth.Static.
func ExampleWithTokenSource() {
	client, err := spotify.New(
		spotify.WithTokenSource(auth.Static("token")),
		spotify.WithTransport(mock.New(nil)),
	)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()

	me, err := client.Users.Me(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(me)

	// Output:
	// Wanda Quill
}
