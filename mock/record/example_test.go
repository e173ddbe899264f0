package record_test

import (
	"context"
	"fmt"
	"net/http"
	"os"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/mock/record"
)

// A recorder writes real traffic into files, and a replayer responds from them. In this example the
// fake takes the place of the real Spotify, which transport.NewBase() would reach.
func Example() {
	dir, err := os.MkdirTemp("", "fixtures")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	title := func(rt http.RoundTripper, err error) {
		if err != nil {
			fmt.Println(err)
			return
		}
		client, err := spotify.New(spotify.WithTransport(rt), spotify.WithAccessToken("secret"))
		if err != nil {
			fmt.Println(err)
			return
		}
		defer client.Close()
		track, err := client.Tracks.Get(context.Background(), mock.TrackID, nil)
		fmt.Println(track.Name, err)
	}
	title(record.NewRecorder(mock.New(nil), dir))
	title(record.NewReplayer(dir))
	// Output:
	// Low Tide <nil>
	// Low Tide <nil>
}
