package resources_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed-2147f1a9/spotify/mock"
)

// Get takes links as well as ids.
func ExampleChapters_Get() {
	client, _ := mock.NewClient(nil)
	defer client.Close()

	address := "https://open.spotify.com/intl-de/episode/" + mock.ChapterID + "?si=1a2b"
	chapter, err := client.Chapters.Get(context.Background(), address, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(chapter.Name, "of", chapter.Audiobook.Name)

	// Output:
	// 1. The Last Lamp of The Long Shore
}
