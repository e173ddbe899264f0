package record_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

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

// Each request and its response are one file.
func ExampleNewRecorder() {
	dir, err := os.MkdirTemp("", "fixtures")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	recorder, err := record.NewRecorder(mock.New(nil), dir) // nil in place of mock.New records the real Spotify
	if err != nil {
		fmt.Println(err)
		return
	}
	client, err := spotify.New(spotify.WithTransport(recorder), spotify.WithAccessToken("secret-of-a-user"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	if _, err := client.Tracks.Get(context.Background(), mock.TrackID, nil); err != nil {
		fmt.Println(err)
		return
	}

	files, err := os.ReadDir(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, file := range files {
		fixture, err := os.ReadFile(filepath.Join(dir, file.Name()))
		fmt.Println(file.Name(), "has the token:", bytes.Contains(fixture, []byte("secret-of-a-user")), err)
	}
	// Output:
	// 0001-GET-tracks-6Nd0yTjLr4KmCw8EvHs2Xa.json has the token: false <nil>
}

// A request without a fixture is an error that names the most similar one.
func ExampleNewReplayer() {
	dir, err := os.MkdirTemp("", "fixtures")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	for _, get := range []struct {
		transport func() (http.RoundTripper, error)
		path      string
	}{
		{func() (http.RoundTripper, error) { return record.NewRecorder(mock.New(nil), dir) }, "/tracks/" + mock.TrackID},
		{func() (http.RoundTripper, error) { return record.NewReplayer(dir) }, "/tracks/" + mock.TrackID},
		{func() (http.RoundTripper, error) { return record.NewReplayer(dir) }, "/albums/" + mock.AlbumID},
	} {
		rt, err := get.transport()
		if err != nil {
			fmt.Println(err)
			return
		}
		client := http.Client{Transport: rt}
		resp, err := client.Get("https://api.spotify.com/v1" + get.path)
		if err != nil {
			fmt.Println("no fixture:", errors.Is(err, record.ErrNoFixture))
			continue
		}
		_ = resp.Body.Close()
		fmt.Println(resp.StatusCode)
	}
	// Output:
	// 401
	// 401
	// no fixture: true
}
