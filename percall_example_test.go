package spotify_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/mock"
)

// A list's total is known before its first item.
func ExampleTotal() {
	client, _ := mock.NewClient(nil)
	defer client.Close()

	var total int
	ctx := spotify.WithCall(context.Background(), spotify.Total(&total))
	n := 0
	for _, err := range client.Shows.AllEpisodes(ctx, mock.ShowID, nil) {
		if err != nil {
			log.Fatal(err)
		}
		if n++; n%100 == 0 || n == total {
			fmt.Printf("%d of %d\n", n, total)
		}
	}

	// Output:
	// 100 of 240
	// 200 of 240
	// 240 of 240
}
