package spotify_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/transport"
)

// An argument that Spotify would refuse is an error before anything is sent.
func ExampleArgumentError() {
	client, fake := mock.NewClient(nil)
	defer client.Close()

	_, err := client.Albums.Get(context.Background(), "spotify:track:"+mock.TrackID, nil)
	if invalid, ok := errors.AsType[*spotify.ArgumentError](err); ok {
		fmt.Println("argument:", invalid.Name)
		fmt.Println("want:", invalid.Allowed)
	}
	fmt.Println(errors.Is(err, spotify.ErrInvalidArgument), len(fake.Calls("", "")), "requests")

	// Output:
	// argument: id
	// want: the album's id, URI or open.spotify.com link, not the track's
	// true 0 requests
}

// GetMany returns what it could fetch, and the error names the rest.
func ExampleBatchError() {
	client, _ := mock.NewClient(nil)
	defer client.Close()

	tracks, err := client.Tracks.GetMany(context.Background(), []string{mock.TrackID, "0000000000000000000000"}, nil)
	fmt.Println(tracks[0], tracks[1] == nil)
	if batch, ok := errors.AsType[*spotify.BatchError](err); ok {
		for _, item := range batch.Items {
			fmt.Println(item.ID, errors.Is(item, spotify.ErrNotFound))
		}
	}

	// Output:
	// Low Tide – The Paper Lanterns (3:42) true
	// 0000000000000000000000 true
}

// A chain of your own over the parts of Spotify's: it describes and classifies requests, retries
// them and decodes their errors, and has no limiter.
func ExampleDecodeError() {
	fake := mock.New(nil)
	fake.On("GET", "/albums/{id}").Times(1).Error(503, "")
	token := auth.Static("token")
	client := &http.Client{Transport: transport.Chain(fake,
		middleware.Describe(spotify.Describe),
		middleware.DecodeErrors(spotify.DecodeError),
		middleware.Retry(middleware.RetryConfig{InitialDelay: time.Millisecond}),
		middleware.Classify(spotify.Classify),
		middleware.Auth(token, func(to *url.URL) bool { return to.Host == "api.spotify.com" }),
	)}

	resp, err := client.Get("https://api.spotify.com/v1/albums/" + mock.AlbumID)
	if err != nil {
		log.Fatal(err)
	}
	_ = resp.Body.Close()
	fmt.Println(resp.StatusCode)
	_, err = client.Get("https://api.spotify.com/v1/albums/0000000000000000000000")
	fmt.Println(errors.Unwrap(err))

	// Output:
	// 200
	// spotify: GET /albums/{id}: 404 Not Found: Resource not found
}
