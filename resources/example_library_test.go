package resources_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed-2147f1a9/spotify/mock"
)

// Save takes any number of URIs, of all kinds that can be saved or followed.
func ExampleLibrary_Save() {
	client, _ := mock.NewClient(nil)
	defer client.Close()
	ctx := context.Background()

	album, artist := "spotify:album:"+mock.AlbumID, "spotify:artist:"+mock.ArtistID
	if err := client.Library.Save(ctx, album, artist); err != nil {
		log.Fatal(err)
	}
	if err := client.Library.Remove(ctx, artist); err != nil {
		log.Fatal(err)
	}
	there, err := client.Library.Contains(ctx, album, artist)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(there)

	// Output:
	// [true false]
}
