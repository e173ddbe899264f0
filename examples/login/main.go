// Login says hello to whoever logs in. The browser opens once; from then on the login is kept in a file that only its owner can read.
//
//	go run ./examples/login            # -manual where the browser is on another machine, -show-url, -logout
//
// Without credentials it talks to a fake Spotify that runs inside the program. With SPOTIFY_CLIENT_ID set, and http://127.0.0.1/callback among
// the redirect URIs on the app's page, the same code talks to Spotify. There is no secret: this is how programs on users' machines log in.
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
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/mock"
)

func main() {
	log.SetFlags(0)
	var how way
	flag.BoolVar(&how.showURL, "show-url", false, "print the URL to log in at, in place of opening a browser")
	flag.BoolVar(&how.manual, "manual", false, "print the address to log in at, and have the one that the browser ends on pasted, as over SSH")
	logout := flag.Bool("logout", false, "forget the login")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, how, *logout)
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, how way, logout bool) (err error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return err
	}
	store, err := auth.NewFileStore(filepath.Join(dir, "spotify-login-example", "logins.json"))
	if err != nil {
		return err
	}
	config := auth.Config{
		ClientID:    os.Getenv("SPOTIFY_CLIENT_ID"),
		RedirectURL: cmp.Or(os.Getenv("SPOTIFY_REDIRECT_URI"), "http://127.0.0.1/callback"), // no port: a free one is chosen
		Scopes:      []auth.Scope{auth.ScopeUserReadPrivate},                                // ask for what you use, and no more
		Store:       store,
		OnSaveError: func(err error) { log.Print("the login works, but could not be saved: ", err) },
	}
	var options []spotify.Option
	if config.ClientID == "" {
		fake := mock.NewServer(nil)
		defer fake.Close()
		config.ClientID, config.AccountsURL = "example", fake.URL
		options = append(options, spotify.WithEndpoints(fake.Endpoints()))
		log.Print("SPOTIFY_CLIENT_ID is not set, so this is a fake Spotify.")
	}
	config.Account = config.ClientID // the file can hold the logins of several apps

	user, err := auth.NewPKCE(config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, user.Close()) }() // waits for a refresh under way, and says so if the login is lost
	client, err := spotify.New(append(options, spotify.WithTokenSource(user))...)
	if err != nil {
		return err
	}
	defer client.Close()

	if logout {
		return user.Forget(ctx)
	}
	me, err := client.Users.Me(ctx)
	if errors.Is(err, auth.ErrReauthorize) { // not logged in yet, access taken back, or six months over
		if err := how.logIn(ctx, user); err != nil {
			return err
		}
		me, err = client.Users.Me(ctx)
	}
	if err != nil {
		return err
	}
	fmt.Printf("Hello, %s!\n", cmp.Or(me.DisplayName, me.ID))

	login, err := user.Record(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("This login lasts until %s.\n", login.Ends().Format(time.DateOnly))
	return nil
}

// way is how the user gets to the login page. Without a flag a browser opens; where none can be
// opened, the program asks for the address by itself, as with -manual.
type way struct{ showURL, manual bool }

func (w way) logIn(ctx context.Context, user *auth.PKCE) error {
	switch {
	case w.manual:
		return user.AuthorizeManual(ctx, auth.ManualConfig{})
	case w.showURL:
		return user.AuthorizeLocal(ctx, auth.LocalConfig{OpenURL: func(url string) error {
			log.Print("Log in at ", url)
			return nil
		}})
	}
	log.Print("Log in, in the browser that opens now.")
	return user.AuthorizeLocal(ctx, auth.LocalConfig{})
}
