package resources_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed-2147f1a9/spotify/mock"
)

// A walk gets the pages that it needs, some ahead, and ends where the loop does.
func ExampleAlbums_AllTracks() {
	client, _ := mock.NewClient(nil) // in a program: spotify.NewFromClientCredentials("", "")
	defer client.Close()

	for track, err := range client.Albums.AllTracks(context.Background(), mock.AlbumID, nil) {
		if err != nil {
			log.Fatal(err)
		}
		if track.TrackNumber > 3 {
			break
		}
		fmt.Printf("%d. %s (%v)\n", track.TrackNumber, track.Name, track.Duration())
	}

	// Output:
	// 1. Low Tide (3m42s)
	// 2. Ferry Song (4m5s)
	// 3. Lanterns on the Quay (3m18s)
}
