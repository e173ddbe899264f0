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

// The invented catalogue with another track, which the user has saved.
func ExampleNewInvented() {
	c := catalogue.NewInvented()
	track := c.AddTrack(catalogue.Track{Name: "Again", Artists: []string{"The Loops"}})
	c.Save(mock.UserID, "spotify:track:"+track)
	client := mock.New(nil, mock.WithCatalogue(c)).NewClient()
	defer client.Close()

	newest, err := client.Tracks.Saved(context.Background(), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(newest.Items[0].Track.Name, newest.Total)
	// Output: Again 3001
}
