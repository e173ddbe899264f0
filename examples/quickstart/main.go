// Quickstart is a first program: an album, a search, a walk over many pages, and what happens when things go wrong on the way.
//
// With SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET set it talks to Spotify. Without them it starts a fake Spotify on this machine and does the same.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"text/tabwriter"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/resources"
	"github.com/seed-2147f1a9/spotify/transport"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	mishaps := &mishaps{next: transport.NewBase()}
	client, things, err := connect(spotify.WithTransport(mishaps))
	if err != nil {
		return err
	}
	defer client.Close()

	album, err := showAlbum(ctx, client, things.album)
	if err != nil {
		return err
	}
	if err := search(ctx, client, album.Artists[0].Name); err != nil {
		return err
	}
	if err := walk(ctx, client, things.show); err != nil {
		return err
	}
	return survive(ctx, client, things.album, mishaps)
}

// showAlbum gets one thing. Ids may be bare, spotify: URIs or addresses of open.spotify.com.
func showAlbum(ctx context.Context, client *spotify.Client, id string) (*resources.Album, error) {
	album, err := client.Albums.Get(ctx, id, nil)
	if err != nil {
		return nil, err
	}
	fmt.Printf("\n%s — %s (%d)\n\n", album.Name, album.Artists[0].Name, album.Released().Year)

	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for track, err := range client.Albums.AllTracks(ctx, id, nil) {
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(table, "  %d.\t%s\t%s\n", track.TrackNumber, track.Name, clock(track.Duration()))
	}
	return album, table.Flush()
}

// search finds several kinds of things at once.
func search(ctx context.Context, client *spotify.Client, name string) error {
	found, err := client.Search.Query(ctx, name, &resources.SearchParams{
		Types:      []resources.SearchType{resources.SearchAlbum, resources.SearchTrack},
		ListParams: resources.ListParams{Limit: 3},
	})
	if err != nil {
		return err
	}
	fmt.Printf("\nSearching for %q: %d albums, %d tracks\n\n", name, found.Albums.Total, found.Tracks.Total)
	for _, album := range found.Albums.Items {
		fmt.Printf("  album  %s\n", album.Name)
	}
	for _, track := range found.Tracks.Items {
		fmt.Printf("  track  %s\n", track.Name)
	}
	return nil
}

// walk goes over a list of any length as if it were a slice. Pages are fetched ahead, as fast as Spotify allows, and no further than the loop goes.
func walk(ctx context.Context, client *spotify.Client, show string) error {
	began, before := time.Now(), client.Stats().Attempts
	var episodes int
	var length time.Duration
	progress := newProgress()
	for episode, err := range client.Shows.AllEpisodes(ctx, show, &resources.PageParams{Market: "US"}) {
		if err != nil {
			return err
		}
		episodes++
		length += episode.Duration()
		progress.show("  %d episodes", episodes)
	}
	progress.clear()
	fmt.Printf("\nWalked over a show: %d episodes, %d hours, %d requests, %v\n",
		episodes, int(length.Hours()), client.Stats().Attempts-before, time.Since(began).Round(time.Millisecond))
	return nil
}

// survive makes the same call three times, and each time something goes wrong that the caller never hears of.
func survive(ctx context.Context, client *spotify.Client, album string, mishaps *mishaps) error {
	fmt.Printf("\nOn the way through %v:\n\n", client.Pipeline())
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "  what goes wrong\twhat is done\trequests\tnew tokens\ttime")
	for _, mishap := range []struct {
		status      int
		what, cured string
	}{
		{http.StatusUnauthorized, "the token is refused", "refreshed, replayed"},
		{http.StatusTooManyRequests, "too many requests", "waited as told, retried"},
		{http.StatusServiceUnavailable, "Spotify is down", "waited a little, retried"},
	} {
		began, before := time.Now(), client.Stats()
		mishaps.befall(mishap.status)
		if _, err := client.Albums.Get(ctx, album, nil); err != nil {
			return err
		}
		after := client.Stats()
		fmt.Fprintf(table, "  %d, %s\t%s\t%d\t%d\t%v\n", mishap.status, mishap.what, mishap.cured,
			after.Attempts-before.Attempts, after.Refreshes-before.Refreshes, time.Since(began).Round(time.Millisecond))
	}
	return table.Flush()
}

func clock(d time.Duration) string {
	return fmt.Sprintf("%d:%02d", int(d.Minutes()), int(d.Seconds())%60)
}
