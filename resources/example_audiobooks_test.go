package resources_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/resources"
)

func ExampleAudiobooks_Get() {
	client, _ := mock.NewClient(nil)
	defer client.Close()

	book, err := client.Audiobooks.Get(context.Background(), mock.AudiobookID, &resources.GetParams{Market: "SE"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s, by %s, in %d chapters\n", book.Name, book.Authors[0].Name, book.TotalChapters)
	for _, chapter := range book.Chapters.Items[:2] {
		fmt.Println(chapter.Name, chapter.Duration())
	}

	// Output:
	// The Long Shore, by Edda Marsh, in 14 chapters
	// 1. The Last Lamp 24m18s
	// 2. Electric Leaving 41m54.063s
}
