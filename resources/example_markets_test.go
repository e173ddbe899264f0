package resources_test

import (
	"context"
	"fmt"
	"log"
	"slices"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/mock"
)

// List requires an app with extended quota. Without it the error of the 403 says so.
func ExampleMarkets_List() {
	fake := mock.New(nil, mock.WithExtendedQuota())
	client := fake.NewClient(spotify.WithExtendedQuota())
	defer client.Close()

	markets, err := client.Markets.List(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("in Sweden:", slices.Contains(markets, "SE"))

	// Output:
	// in Sweden: true
}
