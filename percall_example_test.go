package spotify_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

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

// Settings of one call: it is sent before the calls that no person waits for, waits at most 2
// seconds for the limiter, and is not retried.
func ExampleWithCall() {
	client, fake := mock.NewClient(nil)
	defer client.Close()
	fake.On("GET", "/albums/{id}").Times(1).Error(503, "")

	ctx := spotify.WithCall(context.Background(), spotify.Interactive(), spotify.MaxWait(2*time.Second), spotify.NoRetry())
	_, err := client.Albums.Get(ctx, mock.AlbumID, nil)
	fmt.Println(errors.Is(err, spotify.ErrServer), client.Stats().Attempts)

	// Output:
	// true 1
}

// One client calls for many users: each call has the token of its user.
func ExampleToken() {
	client, fake := mock.NewClient(nil)
	defer client.Close()

	for _, token := range []string{fake.TokenOf(mock.UserID), fake.TokenOf(mock.OtherUserID)} {
		me, err := client.Users.Me(spotify.WithCall(context.Background(), spotify.Token(token)))
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(me)
	}

	// Output:
	// Wanda Quill
	// Mirabel Otieno
}
