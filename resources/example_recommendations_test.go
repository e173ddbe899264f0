package resources_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/resources"
)

// Recommendations are closed to apps made after 27 November 2024.
func ExampleRecommendations_Get() {
	fake := mock.New(nil, mock.WithExtendedQuota())
	client := fake.NewClient(spotify.WithExtendedQuota())
	defer client.Close()

	seeds := resources.RecommendationSeeds{Artists: []string{mock.ArtistID}}
	found, err := client.Recommendations.Get(context.Background(), seeds, &resources.RecommendationsParams{
		Target: resources.TrackAttributes{Energy: new(0.3)},
		Limit:  2,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(found.Tracks), "tracks from", len(found.Seeds), "seed")

	// Output:
	// 2 tracks from 1 seed
}
