// Quickstart is a first program. It prints an album, searches, lists all episodes of a show, and
// recovers from a 401, a 429 and a 503.
//
// With SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET set it calls Spotify. Without them it starts a
// fake Spotify on this machine and calls that.
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
	faults := &faults{next: transport.NewBase()}
	client, ids, err := connect(spotify.WithTransport(faults))
	if err != nil {
		return err
	}
	defer client.Close()

	album, err := showAlbum(ctx, client, ids.album)
	if err != nil {
		return err
	}
	if err := search(ctx, client, album.Artists[0].Name); err != nil {
		return err
	}
	if err := listEpisodes(ctx, client, ids.show); err != nil {
		return err
	}
	return recoverFromFaults(ctx, client, ids.album, faults)
}

// showAlbum prints an album and its tracks. An id may be a bare id, a spotify: URI or an
// open.spotify.com URL.
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

// search finds albums and tracks with one request.
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

// listEpisodes iterates over all episodes of a show. The iterator fetches pages ahead, as fast as
// the rate limit allows: at most as many as the loop has used.
func listEpisodes(ctx context.Context, client *spotify.Client, show string) error {
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
	fmt.Printf("\nAll episodes of a show: %d episodes, %d hours, %d requests, %v\n",
		episodes, int(length.Hours()), client.Stats().Attempts-before, time.Since(began).Round(time.Millisecond))
	return nil
}

// recoverFromFaults makes the same call three times. The first attempt of each fails, and the call
// returns the album all the same. It prints where the time of the slowest call went.
func recoverFromFaults(ctx context.Context, client *spotify.Client, album string, faults *faults) error {
	fmt.Printf("\nThree faults in the pipeline %v:\n\n", client.Pipeline())
	var slowest time.Duration
	var timeline string
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "  fault\trecovery\trequests\tnew tokens\ttime")
	for _, fault := range []struct {
		status             int
		meaning, recovered string
	}{
		{http.StatusUnauthorized, "token refused", "refreshed, replayed"},
		{http.StatusTooManyRequests, "too many requests", "waited for Retry-After, retried"},
		{http.StatusServiceUnavailable, "Spotify is down", "backed off, retried"},
	} {
		began, before := time.Now(), client.Stats()
		faults.inject(fault.status)
		var meta spotify.Captured
		if _, err := client.Albums.Get(spotify.WithCall(ctx, spotify.Capture(&meta)), album, nil); err != nil {
			return err
		}
		took, after := time.Since(began), client.Stats()
		if took > slowest {
			slowest, timeline = took, meta.Timeline()
		}
		fmt.Fprintf(table, "  %d, %s\t%s\t%d\t%d\t%v\n", fault.status, fault.meaning, fault.recovered,
			after.Attempts-before.Attempts, after.Refreshes-before.Refreshes, took.Round(time.Millisecond))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Printf("\nWhere the time of the slowest went:\n\n%s", timeline)
	return nil
}

// clock formats a duration as minutes and seconds.
func clock(d time.Duration) string {
	return fmt.Sprintf("%d:%02d", int(d.Minutes()), int(d.Seconds())%60)
}
