package resources_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/resources"
)

// NewReleases requires an app with extended quota.
func ExampleBrowse_NewReleases() {
	fake := mock.New(nil, mock.WithExtendedQuota())
	client := fake.NewClient(spotify.WithExtendedQuota())
	defer client.Close()

	page, err := client.Browse.NewReleases(context.Background(), &resources.ListParams{Limit: 3})
	if err != nil {
		log.Fatal(err)
	}
	for _, album := range page.Items {
		fmt.Printf("%s by %s\n", album.Name, album.Artists[0].Name)
	}

	// Output:
	// Velvet Running by Hana Morikawa
	// Last Garden to Ohio by Ada Quistgaard
	// Empty Waiting by Mbali & the Night Bus
}
