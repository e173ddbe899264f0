// Radar prints new albums of the artists that you follow. It is a module of its own, as your
// project would be: see go.mod, and radar/radar_test.go for tests with package mock.
//
//	go run . -since 2026-01-01                # in this folder
//
// Without credentials it calls a fake Spotify inside the program. With SPOTIFY_CLIENT_ID set, and
// with http://127.0.0.1/callback among the redirect URIs on the app's page, the same code calls
// Spotify.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/examples/downstream/radar"
	"github.com/seed-2147f1a9/spotify/mock"
)

func main() {
	log.SetFlags(0)
	since := flag.String("since", time.Now().AddDate(0, 0, -30).Format(time.DateOnly), "the first day")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Stdout, *since)
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, out io.Writer, since string) error {
	day, err := time.Parse(time.DateOnly, since)
	if err != nil {
		return err
	}
	client, err := connect(ctx)
	if err != nil {
		return err
	}
	defer client.Close() // waits for a refresh in flight
	albums, err := radar.Since(ctx, client, day)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d albums since %s:\n\n", len(albums), since)
	for _, album := range albums {
		fmt.Fprintf(out, "  %v  %-28.28s  %.50s\n", album.Released(), album.ArtistNames(), album.Name)
	}
	return nil
}

// connect logs the user in if needed, and returns a client. Its Close closes the login, too.
func connect(ctx context.Context) (*spotify.Client, error) {
	if os.Getenv("SPOTIFY_CLIENT_ID") == "" {
		log.Print("SPOTIFY_CLIENT_ID is not set, so this is a fake Spotify, with albums until 2025: try -since 2024-10-01.")
		return mock.New(nil).NewClient(), nil
	}
	store, err := auth.NewFileStore("~/.config/spotify-radar-example/logins.json")
	if err != nil {
		return nil, err
	}
	user, err := auth.NewPKCE(auth.Config{
		RedirectURL: "http://127.0.0.1/callback", // no port: a free one is chosen
		Scopes:      []auth.Scope{auth.ScopeUserFollowRead},
		Store:       store,
	})
	if err != nil {
		return nil, err
	}
	if err := user.EnsureAuthorized(ctx, auth.LocalConfig{}); err != nil {
		return nil, errors.Join(err, user.Close())
	}
	return spotify.New(spotify.WithTokenSource(user), spotify.WithCloser(user))
}
