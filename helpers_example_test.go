package spotify_test

import (
	"context"
	"fmt"
	"log"

	"github.com/go-resty/resty/v2"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/mock"
)

// The parts of an item that players show.
func ExamplePlayable() {
	client, _ := mock.NewClient(nil)
	defer client.Close()

	item := spotify.PlaylistItem{}
	for got, err := range client.Playlists.AllItems(context.Background(), mock.PlaylistID, nil) {
		if err != nil {
			log.Fatal(err)
		}
		item = got
		break
	}
	p := item.Item
	fmt.Println(p)
	fmt.Println(p.Kind(), p.Name(), "by", p.By(), "in", spotify.FormatDuration(p.Duration()))
	fmt.Println(p.Images().Smallest().Width, p.Images().Closest(300).Width, "pixels")
	fmt.Println(p.Link())

	// Output:
	// Low Tide – The Paper Lanterns (3:42)
	// track Low Tide by The Paper Lanterns in 3:42
	// 64 300 pixels
	// https://open.spotify.com/track/6Nd0yTjLr4KmCw8EvHs2Xa
}

// An iterator's progress, with an estimate of the remaining time.
func ExampleTrackProgress() {
	client, _ := mock.NewClient(nil)
	defer client.Close()

	var progress spotify.Progress
	ctx := spotify.WithCall(context.Background(), spotify.TrackProgress(&progress))
	for _, err := range client.Shows.AllEpisodes(ctx, mock.ShowID, nil) {
		if err != nil {
			log.Fatal(err)
		}
		if progress.Done%100 == 0 {
			fmt.Println(&progress)
		}
	}
	fmt.Println(progress.Done, "of", progress.Total)

	// Output:
	// 100 of 240, 0s left
	// 200 of 240, 0s left
	// 240 of 240
}

// A header field and a query parameter for one call.
func ExampleHeader() {
	client, fake := mock.NewClient(nil)
	defer client.Close()

	ctx := spotify.WithCall(context.Background(), spotify.Header("Accept-Language", "es"), spotify.Query("market", "ES"))
	if _, err := client.Artists.Get(ctx, mock.ArtistID); err != nil {
		log.Fatal(err)
	}
	for _, call := range fake.Calls("GET", "/artists/{id}") {
		fmt.Println(call.Header.Get("Accept-Language"), call.Query)
	}

	// Output:
	// es map[market:[ES]]
}

// Resty, or any other client, over the pipeline: with tokens, the rate limit and retries.
func ExampleClient_HTTPClient() {
	client, _ := mock.NewClient(nil)
	defer client.Close()

	var album struct{ Name string }
	api := resty.NewWithClient(client.HTTPClient()).SetBaseURL(client.BaseURL())
	resp, err := api.R().SetResult(&album).Get("/albums/" + mock.AlbumID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(resp.StatusCode(), album.Name)

	// Output:
	// 200 Harbour Lights
}
