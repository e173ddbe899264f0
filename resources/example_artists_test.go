package resources_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/resources"
)

// Albums returns the latest singles of an artist.
func ExampleArtists_Albums() {
	client, _ := mock.NewClient(nil)
	defer client.Close()

	page, err := client.Artists.Albums(context.Background(), mock.ArtistID, &resources.ArtistAlbumsParams{
		IncludeGroups: []resources.AlbumGroup{resources.AlbumGroupSingle},
		ListParams:    resources.ListParams{Limit: 3},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, single := range page.Items {
		fmt.Println(single.Released().Year, single.Name)
	}
	fmt.Println("of", page.Total)

	// Output:
	// 2024 Chasing the Staircase
	// 2023 Burning for Dakar
	// 2022 Electric Matchbook
	// of 6
}
