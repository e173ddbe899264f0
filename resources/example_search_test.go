package resources_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/resources"
)

// Query searches for several kinds of items and returns a page of each.
func ExampleSearch_Query() {
	client, _ := mock.NewClient(nil)
	defer client.Close()

	found, err := client.Search.Query(context.Background(), "harbour artist:lanterns", &resources.SearchParams{
		Types:      []resources.SearchType{resources.SearchAlbum, resources.SearchTrack},
		ListParams: resources.ListParams{Limit: 2},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, album := range found.Albums.Items {
		fmt.Println("album:", album.Name)
	}
	for _, track := range found.Tracks.Items {
		fmt.Println("track:", track.Name)
	}

	// Output:
	// album: Harbour Lights
	// track: Low Tide
	// track: Ferry Song
}
