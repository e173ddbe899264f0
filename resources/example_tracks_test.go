package resources_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/resources"
)

// GetMany keeps the order of the ids. Tracks that could not be fetched are nil, and named by the
// error.
func ExampleTracks_GetMany() {
	client, _ := mock.NewClient(nil)
	defer client.Close()

	tracks, err := client.Tracks.GetMany(context.Background(), []string{mock.TrackID, "0000000000000000000000"}, nil)
	if missing, ok := errors.AsType[*resources.BatchError](err); ok && missing.Stopped == nil {
		for _, failure := range missing.Items {
			fmt.Println("not found:", failure.ID)
		}
	} else if err != nil {
		log.Fatal(err)
	}
	for i, track := range tracks {
		if track != nil {
			fmt.Println(i, track.Name)
		}
	}

	// Output:
	// not found: 0000000000000000000000
	// 0 Low Tide
}
