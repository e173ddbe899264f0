package main

import (
	"fmt"
	"os"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/mock"
)

// things are what the program looks at: Spotify's own examples, or what the fake has.
type things struct{ album, show string }

// connect returns a client for Spotify if there are credentials, and one for a fake on this machine if there are none.
func connect(opts ...spotify.Option) (*spotify.Client, things, error) {
	if os.Getenv("SPOTIFY_CLIENT_ID") != "" {
		client, err := spotify.NewFromClientCredentials("", "", opts...)
		return client, things{album: "4aawyAB9vmqN3uQ7FjRGTy", show: "38bS44xjbVVZ3No3ByF1dJ"}, err
	}
	fake := mock.NewServer(nil, mock.Latency(30*time.Millisecond, 90*time.Millisecond)) // about what Spotify takes
	fmt.Printf("No SPOTIFY_CLIENT_ID is set: this is a fake Spotify, at %s.\n", fake.BaseURL)
	client, err := spotify.NewFromClientCredentials("quickstart", "secret", append(opts, spotify.WithEndpoints(fake.Endpoints()))...)
	return client, things{album: mock.AlbumID, show: mock.ShowID}, err
}
