// Othersdks calls Spotify with three other libraries: zmb3/spotify, a client that oapi-codegen has
// generated, and resty. Each is handed this library's HTTP client, and with it the tokens, the rate
// limit and the retries; each keeps its own types and errors.
//
//	go run ./othersdks               # in examples/apps
//
// With SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET set it calls Spotify. Without them it calls a
// fake Spotify inside the program, which fails the first request of each library.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/go-resty/resty/v2"
	zmb3 "github.com/zmb3/spotify/v2"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/examples/apps/othersdks/webapi"
	"github.com/seed-2147f1a9/spotify/mock"
)

func main() {
	log.SetFlags(0)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx)
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	id, secret, album := os.Getenv("SPOTIFY_CLIENT_ID"), os.Getenv("SPOTIFY_CLIENT_SECRET"), "4aawyAB9vmqN3uQ7FjRGTy"
	var options []spotify.Option
	fail := func(int) {}
	if id == "" {
		log.Print("SPOTIFY_CLIENT_ID is not set, so this is a fake Spotify.")
		fake := mock.NewServer(nil)
		defer fake.Close()
		id, secret, album = "example", "not-a-secret", mock.AlbumID
		options = append(options, spotify.WithEndpoints(fake.Endpoints()))
		fail = func(status int) { fake.On("GET", "/albums/{id}").Times(1).Error(status, "") }
	}
	client, err := spotify.NewFromClientCredentials(id, secret, options...)
	if err != nil {
		return err
	}
	defer client.Close()

	for _, sdk := range []struct {
		name  string
		fault int // the fake's first response
		album func(ctx context.Context, client *spotify.Client, id string) (name string, err error)
	}{
		{"zmb3/spotify", http.StatusUnauthorized, withZmb3},
		{"oapi-codegen", http.StatusTooManyRequests, withGenerated},
		{"resty", http.StatusServiceUnavailable, withResty},
	} {
		fail(sdk.fault)
		before, began := client.Stats(), time.Now()
		name, err := sdk.album(ctx, client, album)
		if err != nil {
			return fmt.Errorf("%s: %w", sdk.name, err)
		}
		after := client.Stats()
		fmt.Printf("%-13s %s, requests: %d, new tokens: %d, time: %v\n", sdk.name, name,
			after.Attempts-before.Attempts, after.Refreshes-before.Refreshes, time.Since(began).Round(time.Millisecond))
		_, err = sdk.album(ctx, client, "4aawyAB9vmqN3uQ7FjRGT0")
		fmt.Printf("%-13s an album that does not exist: %v\n\n", "", err)
	}
	return nil
}

func withZmb3(ctx context.Context, client *spotify.Client, id string) (string, error) {
	api := zmb3.New(client.HTTPClient(), zmb3.WithBaseURL(client.BaseURL()+"/"))
	album, err := api.GetAlbum(ctx, zmb3.ID(id))
	if err != nil {
		return "", err
	}
	return album.Name, nil
}

func withGenerated(ctx context.Context, client *spotify.Client, id string) (string, error) {
	api, err := webapi.NewClientWithResponses(client.BaseURL(), webapi.WithHTTPClient(client.HTTPClient()))
	if err != nil {
		return "", err
	}
	resp, err := api.GetAlbumWithResponse(ctx, id)
	switch {
	case err != nil:
		return "", err
	case resp.JSONDefault != nil:
		return "", errors.New(resp.JSONDefault.Error.Message)
	case resp.JSON200 == nil:
		return "", errors.New(resp.Status())
	}
	return resp.JSON200.Name, nil
}

func withResty(ctx context.Context, client *spotify.Client, id string) (string, error) {
	api := resty.NewWithClient(client.HTTPClient()).SetBaseURL(client.BaseURL())
	var album struct{ Name string }
	resp, err := api.R().SetContext(ctx).SetPathParam("id", id).SetResult(&album).Get("/albums/{id}")
	switch {
	case err != nil:
		return "", err
	case resp.IsError():
		return "", errors.New(resp.Status())
	}
	return album.Name, nil
}
