package spotify_test

import (
	"context"
	"fmt"
	"log"
	"time"

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

// The first items of a list, as a slice.
func ExampleCollect() {
	client, _ := mock.NewClient(nil)
	defer client.Close()

	episodes, err := spotify.Collect(client.Shows.AllEpisodes(context.Background(), mock.ShowID, nil), 2)
	if err != nil {
		log.Fatal(err)
	}
	for _, episode := range episodes {
		fmt.Println(episode)
	}

	// Output:
	// 240: The Radio in the Lighthouse (24:16)
	// 239: Neon Anchor (46:49)
}

// Links, URIs and ids of an item, converted without a request. Every method takes all three.
func ExampleParseURI() {
	kind, id, err := spotify.ParseURI("https://open.spotify.com/intl-de/album/4aawyAB9vmqN3uQ7FjRGTy?si=1")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(kind, id)
	fmt.Println(spotify.URI(kind, id))
	fmt.Println(spotify.Link(kind, id))

	// Output:
	// album 4aawyAB9vmqN3uQ7FjRGTy
	// spotify:album:4aawyAB9vmqN3uQ7FjRGTy
	// https://open.spotify.com/album/4aawyAB9vmqN3uQ7FjRGTy
}

// A position as players show it.
func ExampleFormatDuration() {
	fmt.Println(spotify.FormatDuration(225*time.Second), spotify.FormatDuration(3723*time.Second))

	// Output:
	// 3:45 1:02:03
}

// A request for an endpoint that has no method yet, decoded into a type of the program.
func ExampleClient_Do() {
	client, fake := mock.NewClient(nil)
	defer client.Close()
	fake.OnUnlisted("GET", "/me/mood").Respond(200, map[string]string{"mood": "calm"}) // an invented endpoint

	var out struct{ Mood string }
	if err := client.Do(context.Background(), "GET", "/me/mood", nil, nil, &out); err != nil {
		log.Fatal(err)
	}
	fmt.Println(out.Mood)

	// Output:
	// calm
}

// The calls of a client, by operation.
func ExampleClient_Stats() {
	client, _ := mock.NewClient(nil)
	defer client.Close()

	for _, err := range client.Shows.AllEpisodes(context.Background(), mock.ShowID, nil) {
		if err != nil {
			log.Fatal(err)
		}
	}
	for name, counts := range client.Stats().Operations {
		fmt.Println(name, counts.Calls, "calls,", counts.RateLimited, "of them rate limited")
	}

	// Output:
	// get-a-shows-episodes 5 calls, 0 of them rate limited
}

// The pages of a list, one by one.
func ExampleNextPage() {
	client, _ := mock.NewClient(nil)
	defer client.Close()
	ctx := context.Background()

	page, err := client.Playlists.Items(ctx, mock.PlaylistID, nil)
	for page != nil && err == nil {
		fmt.Println(page)
		page, err = spotify.NextPage(ctx, client, page)
	}
	if err != nil {
		log.Fatal(err)
	}

	// Output:
	// 1 to 20 of 22
	// 21 to 22 of 22
}
