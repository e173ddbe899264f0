// Quickstart is a first program. It prints an album, searches, lists all episodes of a show, and
// recovers from a 401, a 429 and a 503.
//
//	go run ./examples/quickstart
//
// With SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET set it calls Spotify. Without them it calls a
// fake Spotify inside the program.
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"sync/atomic"
	"text/tabwriter"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/transport"
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
	id, secret := os.Getenv("SPOTIFY_CLIENT_ID"), os.Getenv("SPOTIFY_CLIENT_SECRET")
	album, show := "4aawyAB9vmqN3uQ7FjRGTy", "38bS44xjbVVZ3No3ByF1dJ"
	options := []spotify.Option{spotify.WithTransport(injectFault(transport.NewBase()))}
	if id == "" {
		latency := mock.Faults{MinLatency: 30 * time.Millisecond, MaxLatency: 90 * time.Millisecond} // about Spotify's
		fake := mock.NewServer(nil, mock.WithFaults(latency))
		defer fake.Close()
		id, secret, album, show = "quickstart", "secret", mock.AlbumID, mock.ShowID
		options = append(options, spotify.WithEndpoints(fake.Endpoints()))
		log.Print("SPOTIFY_CLIENT_ID is not set, so this is a fake Spotify.")
	}
	client, err := spotify.NewFromClientCredentials(id, secret, options...)
	if err != nil {
		return err
	}
	defer client.Close()

	if err := showAlbum(ctx, client, album); err != nil {
		return err
	}
	if err := listEpisodes(ctx, client, show); err != nil {
		return err
	}
	return recoverFromFaults(ctx, client, album)
}

// showAlbum prints an album with its tracks, and what a search for its artist finds. An id is a
// bare id, a spotify: URI or an open.spotify.com URL.
func showAlbum(ctx context.Context, client *spotify.Client, id string) error {
	album, err := client.Albums.Get(ctx, id, nil)
	if err != nil {
		return err
	}
	fmt.Printf("\n%s — %s (%d)\n\n", album.Name, album.ArtistNames(), album.Released().Year)
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for track, err := range client.Albums.AllTracks(ctx, id, nil) {
		if err != nil {
			return err
		}
		fmt.Fprintf(table, "  %2d\t%s\t%s\n", track.TrackNumber, track.Name, spotify.FormatDuration(track.Duration()))
	}
	if err := table.Flush(); err != nil {
		return err
	}

	found, err := client.Search.Query(ctx, album.ArtistNames(), &spotify.SearchParams{
		Types:      []spotify.SearchType{spotify.SearchAlbum, spotify.SearchTrack},
		ListParams: spotify.ListParams{Limit: 3},
	})
	if err != nil {
		return err
	}
	fmt.Printf("\nA search for the artist finds %d albums, %d tracks:\n\n", found.Albums.Total, found.Tracks.Total)
	for _, album := range found.Albums.Items {
		fmt.Printf("  album  %s\n", album.Name)
	}
	for _, track := range found.Tracks.Items {
		fmt.Printf("  track  %s\n", track.Name)
	}
	return nil
}

// listEpisodes iterates over all episodes of a show. The iterator fetches pages ahead, as fast as
// the rate limit allows.
func listEpisodes(ctx context.Context, client *spotify.Client, show string) error {
	began, before := time.Now(), client.Stats().Attempts
	var episodes int
	var length time.Duration
	for episode, err := range client.Shows.AllEpisodes(ctx, show, &spotify.PageParams{Market: "US"}) {
		if err != nil {
			return err
		}
		episodes++
		length += episode.Duration()
	}
	fmt.Printf("\nAll episodes of a show: %d episodes, %d hours, %d requests, %v\n",
		episodes, int(length.Hours()), client.Stats().Attempts-before, time.Since(began).Round(time.Millisecond))
	return nil
}

// recoverFromFaults makes the same call three times. The first attempt of each fails, and the call
// returns the album all the same.
func recoverFromFaults(ctx context.Context, client *spotify.Client, album string) error {
	fmt.Println("\nThree calls that succeed, although the first attempt of each fails:")
	for _, status := range []int{http.StatusUnauthorized, http.StatusTooManyRequests, http.StatusServiceUnavailable} {
		nextStatus.Store(int32(status))
		var meta spotify.Captured
		if _, err := client.Albums.Get(spotify.WithCall(ctx, spotify.Capture(&meta)), album, nil); err != nil {
			return err
		}
		fmt.Print("\n", meta.Timeline())
	}
	return nil
}

// nextStatus is the status code of the response to the next request, if it is not 0.
var nextStatus atomic.Int32

// injectFault returns a base transport that responds to a request itself if nextStatus is set. The
// pipeline above it treats that response like one of Spotify's.
func injectFault(next http.RoundTripper) http.RoundTripper {
	return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		status := int(nextStatus.Swap(0))
		if status == 0 {
			return next.RoundTrip(req)
		}
		transport.CloseRequest(req)
		header := http.Header{}
		header.Set("Retry-After", "1")                                 // read from a 429 and a 503
		header.Set("WWW-Authenticate", `Bearer error="invalid_token"`) // read from a 401
		return &http.Response{StatusCode: status, Header: header, Body: http.NoBody, Request: req}, nil
	})
}
