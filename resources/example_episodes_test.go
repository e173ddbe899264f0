package resources_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/mock"
)

// Every service returns an error that matches ErrNotFound for an id that does not exist.
func ExampleEpisodes_Get() {
	client, _ := mock.NewClient(nil)
	defer client.Close()
	ctx := context.Background()

	episode, err := client.Episodes.Get(ctx, mock.EpisodeID, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s (%s)\n", episode.Name, episode.Show.Name)

	_, err = client.Episodes.Get(ctx, "0000000000000000000000", nil)
	fmt.Println("there:", !errors.Is(err, spotify.ErrNotFound))

	_, err = client.Episodes.Get(ctx, "spotify:track:"+mock.TrackID, nil)
	fmt.Println(errors.Is(err, spotify.ErrInvalidArgument), "and not even sent")

	// Output:
	// 240: The Radio in the Lighthouse (Tides and Times)
	// there: false
	// true and not even sent
}
