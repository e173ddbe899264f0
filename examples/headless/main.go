// Headless runs on a machine without a browser, such as a server: its user logs in once on another
// device, and from then on it runs unattended. It prints each track that the user plays, of which
// Spotify itself stores the last 50.
//
//	go run ./examples/headless login   # shows an address to open on any device
//	go run ./examples/headless         # from then on; flag: -every 1m
//
// Without credentials it calls a fake Spotify inside the program. With SPOTIFY_CLIENT_ID set, and
// with http://127.0.0.1/callback among the redirect URIs on the app's page, the same code calls
// Spotify. It needs no client secret.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/mock"
)

func main() {
	log.SetFlags(0)
	every := flag.Duration("every", time.Minute, "how often to ask Spotify for new tracks")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, flag.Arg(0) == "login", *every)
	stop()
	switch {
	case errors.Is(err, auth.ErrReauthorize): // no login yet, access revoked, or six months old
		log.Fatalf("%v: run \"headless login\"", err)
	case err != nil:
		log.Fatal(err)
	}
}

func run(ctx context.Context, login bool, every time.Duration) (err error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return err
	}
	store, err := auth.NewFileStore(filepath.Join(dir, "spotify-headless-example", "logins.json"))
	if err != nil {
		return err
	}
	config := auth.Config{
		ClientID:    os.Getenv("SPOTIFY_CLIENT_ID"),
		RedirectURL: cmp.Or(os.Getenv("SPOTIFY_REDIRECT_URI"), "http://127.0.0.1/callback"), // nothing listens there
		Scopes:      []auth.Scope{auth.ScopeUserReadRecentlyPlayed},
		Store:       store,
		OnSaveError: func(err error) { log.Print("the login works, but was not saved: ", err) },
	}
	var options []spotify.Option
	if config.ClientID == "" {
		fake := mock.NewServer(nil)
		defer fake.Close()
		config.ClientID, config.AccountsURL = "example", fake.URL
		options = append(options, spotify.WithEndpoints(fake.Endpoints()))
		log.Print("SPOTIFY_CLIENT_ID is not set, so this is a fake Spotify.")
	}
	user, err := auth.NewPKCE(config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, user.Close()) }() // waits for a refresh in flight
	if login {
		if err := user.AuthorizeManual(ctx, auth.ManualConfig{}); err != nil {
			return err
		}
		log.Print("You are logged in: from now on, run \"headless\".")
		return nil
	}

	stored, err := user.StoredToken(ctx)
	if err != nil {
		return err
	}
	if stored.ExpiresSoon(14 * 24 * time.Hour) {
		log.Printf("This login ends on %s: run \"headless login\" before.", stored.Ends().Format(time.DateOnly))
	}
	client, err := spotify.New(append(options, spotify.WithTokenSource(user))...)
	if err != nil {
		return err
	}
	defer client.Close()
	return watch(ctx, client, every)
}

// watch prints the tracks that the user has played, and then each further one, until ctx ends.
func watch(ctx context.Context, client *spotify.Client, every time.Duration) error {
	var last time.Time
	for ticks := time.Tick(every); ; {
		plays, err := spotify.Collect(
			client.Player.AllRecentlyPlayed(ctx, &spotify.RecentlyPlayedParams{After: last}), 0)
		switch {
		case errors.Is(err, auth.ErrReauthorize):
			return err
		case err != nil && ctx.Err() == nil: // an outage: the next round asks for the same tracks again
			log.Print(err)
			plays = nil
		}
		slices.SortFunc(plays, func(a, b spotify.PlayHistory) int { return a.PlayedAt.Compare(b.PlayedAt) })
		for _, play := range plays {
			last = play.PlayedAt
			fmt.Printf("%s  %-30.30s  %.50s\n", last.Local().Format("2006-01-02 15:04"),
				play.Track.ArtistNames(), play.Track.Name)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticks:
		}
	}
}
