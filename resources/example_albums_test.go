package resources_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/resources"
)

// An iterator fetches the pages that the loop needs, some of them ahead, and ends with the loop.
func ExampleAlbums_AllTracks() {
	client, _ := mock.NewClient(nil) // in a program: spotify.NewFromClientCredentials("", "")
	defer client.Close()

	for track, err := range client.Albums.AllTracks(context.Background(), mock.AlbumID, nil) {
		if err != nil {
			log.Fatal(err)
		}
		if track.TrackNumber > 3 {
			break
		}
		fmt.Printf("%d. %s (%v)\n", track.TrackNumber, track.Name, track.Duration())
	}

	// Output:
	// 1. Low Tide (3m42s)
	// 2. Ferry Song (4m5s)
	// 3. Lanterns on the Quay (3m18s)
}

// NextPage follows the links from page to page.
func ExampleNextPage() {
	client, _ := mock.NewClient(nil)
	defer client.Close()
	ctx := context.Background()

	page, err := client.Shows.Episodes(ctx, mock.ShowID, &resources.PageParams{Limit: 50})
	for page != nil && err == nil {
		fmt.Printf("%d to %d of %d\n", page.Offset+1, page.Offset+len(page.Items), page.Total)
		page, err = resources.NextPage(ctx, client.Services, page)
	}
	if err != nil {
		log.Fatal(err)
	}

	// Output:
	// 1 to 50 of 240
	// 51 to 100 of 240
	// 101 to 150 of 240
	// 151 to 200 of 240
	// 201 to 240 of 240
}

// Decode decodes stored JSON to the value that the call has returned.
func ExampleDecode() {
	const kept = `{"name":"Low Tide","duration_ms":222000.0,"is_playable":false,"artists":[null,{"name":"The Harbour"}]}`
	var track resources.Track
	if err := resources.Decode([]byte(kept), &track); err != nil {
		log.Fatal(err)
	}
	fmt.Println(track.Name, track.Duration(), *track.IsPlayable, track.Artists[0].Name)

	// Output:
	// Low Tide 3m42s false The Harbour
}
