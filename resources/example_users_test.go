package resources_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/resources"
)

func ExampleUsers_TopTracks() {
	client, _ := mock.NewClient(nil)
	defer client.Close()
	ctx := context.Background()

	me, err := client.Users.Me(ctx)
	if err != nil {
		log.Fatal(err)
	}
	top, err := client.Users.TopTracks(
		ctx,
		&resources.TopParams{TimeRange: resources.TimeRangeShort, ListParams: resources.ListParams{Limit: 2}},
	)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("What", me.DisplayName, "hears:")
	for i, track := range top.Items {
		fmt.Printf("%d. %s\n", i+1, track.Name)
	}

	// Output:
	// What Wanda Quill hears:
	// 1. Low Tide
	// 2. Distant River
}
