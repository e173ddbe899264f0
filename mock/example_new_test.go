package mock_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"

	"github.com/seed-2147f1a9/spotify/mock"
)

// The fake is the transport of any client of net/http.
func ExampleNew() {
	client := http.Client{Transport: mock.New(nil)}
	resp, err := client.Get("https://api.spotify.com/v1/albums/" + mock.AlbumID)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	fmt.Println(resp.StatusCode, string(body), err)
	// Output: 401 {"error":{"status":401,"message":"No token provided"}} <nil>
}

// A client whose calls a fake responds to. Tests pass their t, which closes the client.
func ExampleNewClient() {
	client, fake := mock.NewClient(nil)
	defer client.Close()
	if err := client.Library.Save(context.Background(), "spotify:track:"+mock.TrackID); err != nil {
		fmt.Println(err)
		return
	}
	saved, err := client.Library.Contains(context.Background(), "spotify:track:"+mock.TrackID)
	fmt.Println(saved, err)
	for _, call := range fake.Calls("", "/me/library") {
		fmt.Println(call.Method, call.Query.Get("uris"), call.Status)
	}
	// Output:
	// [true] <nil>
	// PUT spotify:track:6Nd0yTjLr4KmCw8EvHs2Xa 200
}

// The fake on an address of the caller's choice.
func ExampleNewServerOn() {
	listener, err := net.Listen("tcp", "127.0.0.1:0") // 0: any free port
	if err != nil {
		fmt.Println(err)
		return
	}
	fake := mock.NewServerOn(nil, listener)
	defer fake.Close()
	client := fake.NewClient()
	defer client.Close()

	fmt.Println(fake.URL == "http://"+listener.Addr().String())
	artist, err := client.Artists.Get(context.Background(), mock.ArtistID)
	fmt.Println(artist, err)
	// Output:
	// true
	// The Paper Lanterns <nil>
}
