package catalogue_test

import (
	"context"
	"fmt"

	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/mock/catalogue"
)

// A catalogue with only the content of a test: the track's album and artist are made with it.
func ExampleNew() {
	c := catalogue.New()
	track := c.AddTrack(catalogue.Track{Name: "Again", Artists: []string{"The Loops"}})
	client := mock.New(nil, mock.WithCatalogue(c)).NewClient()
	defer client.Close()

	got, err := client.Tracks.Get(context.Background(), track, nil)
	fmt.Println(got.Name, "by", got.ArtistNames(), err)
	// Output: Again by The Loops <nil>
}
