package resources_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/resources"
)

// Collect returns the items of an iterator, here the two latest episodes.
func ExampleShows_AllEpisodes() {
	client, _ := mock.NewClient(nil)
	defer client.Close()

	newest, err := resources.Collect(client.Shows.AllEpisodes(context.Background(), mock.ShowID, nil), 2)
	if err != nil {
		log.Fatal(err)
	}
	for _, episode := range newest {
		fmt.Println(episode.Released(), episode.Name)
	}

	// Output:
	// 2025-10-31 240: The Radio in the Lighthouse
	// 2025-10-24 239: Neon Anchor
}
