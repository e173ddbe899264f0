package resources_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/resources"
)

// Create creates a playlist, whose items are tracks and episodes.
func ExamplePlaylists_Create() {
	client, _ := mock.NewClient(nil)
	defer client.Close()
	ctx := context.Background()

	playlist, err := client.Playlists.Create(ctx, &resources.CreatePlaylistParams{Name: "Road trip"})
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Playlists.AddItems(
		ctx,
		playlist.ID,
		[]string{"spotify:track:" + mock.TrackID, "spotify:episode:" + mock.EpisodeID},
		nil,
	)
	if err != nil {
		log.Fatal(err)
	}

	for entry, err := range client.Playlists.AllItems(ctx, playlist.ID, nil) {
		if err != nil {
			log.Fatal(err)
		}
		switch item := entry.Item; {
		case item.Track != nil:
			fmt.Println("track:", item.Track.Name, "by", item.Track.Artists[0].Name)
		case item.Episode != nil:
			fmt.Println("episode:", item.Episode.Name)
		}
	}

	// Output:
	// track: Low Tide by The Paper Lanterns
	// episode: 240: The Radio in the Lighthouse
}
