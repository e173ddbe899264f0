package main

import (
	"fmt"
	"os"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/mock"
)

// ids are the ids that the program asks for.
type ids struct{ album, show string }

// connect returns a client for Spotify if there are credentials in the environment, and otherwise
// one for a fake Spotify on this machine.
func connect(opts ...spotify.Option) (*spotify.Client, ids, error) {
	if os.Getenv("SPOTIFY_CLIENT_ID") != "" {
		client, err := spotify.NewFromClientCredentials("", "", opts...)
		return client, ids{album: "4aawyAB9vmqN3uQ7FjRGTy", show: "38bS44xjbVVZ3No3ByF1dJ"}, err
	}
	latency := mock.Faults{MinLatency: 30 * time.Millisecond, MaxLatency: 90 * time.Millisecond} // about Spotify's
	fake := mock.NewServer(nil, mock.WithFaults(latency))
	fmt.Printf("No SPOTIFY_CLIENT_ID is set: this is a fake Spotify, at %s.\n", fake.BaseURL)
	client, err := spotify.NewFromClientCredentials("quickstart", "secret",
		append(opts, spotify.WithEndpoints(fake.Endpoints()))...)
	return client, ids{album: mock.AlbumID, show: mock.ShowID}, err
}
