// Login logs a user in and prints their name. It opens a browser once and stores the login in a
// file that only its owner can read; later runs use the stored login.
//
//	go run ./examples/login            # flags: -manual, -show-url, -logout
//
// Without credentials it calls a fake Spotify inside the program. With SPOTIFY_CLIENT_ID set, and
// with http://127.0.0.1/callback among the redirect URIs on the app's page, the same code calls
// Spotify. It needs no client secret: programs on users' machines log in with PKCE (RFC 7636).
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
	var method loginMethod
	flag.BoolVar(&method.showURL, "show-url", false, "print the login URL in place of opening a browser")
	flag.BoolVar(&method.manual, "manual", false,
		"print the login URL and read the callback URL from standard input, for a browser on another machine")
	logout := flag.Bool("logout", false, "remove the stored login")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, method, *logout)
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, method loginMethod, logout bool) (err error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return err
	}
	store, err := auth.NewFileStore(filepath.Join(dir, "spotify-login-example", "logins.json"))
	if err != nil {
		return err
	}
	config := auth.Config{
		ClientID: os.Getenv("SPOTIFY_CLIENT_ID"),
		// no port: Login chooses a free one
		RedirectURL: cmp.Or(os.Getenv("SPOTIFY_REDIRECT_URI"), "http://127.0.0.1/callback"),
		// only the scopes that the program uses
		Scopes:      []auth.Scope{auth.ScopeUserReadPrivate},
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
	config.Account = config.ClientID // the file may hold the logins of several apps

	user, err := auth.NewPKCE(config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, user.Close()) }() // waits for a refresh in flight
	client, err := spotify.New(append(options, spotify.WithTokenSource(user))...)
	if err != nil {
		return err
	}
	defer client.Close()

	if logout {
		return user.Forget(ctx)
	}
	me, err := client.Users.Me(ctx)
	if errors.Is(err, auth.ErrReauthorize) { // not logged in, access revoked, or six months old
		if err := method.logIn(ctx, user); err != nil {
			return err
		}
		me, err = client.Users.Me(ctx)
	}
	if err != nil {
		return err
	}
	fmt.Printf("Hello, %s!\n", cmp.Or(me.DisplayName, me.ID))

	login, err := user.StoredToken(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("This login lasts until %s.\n", login.Ends().Format(time.DateOnly))
	return nil
}

// loginMethod is the way to the login page. Without a flag, the program opens a browser; if it
// cannot open one, it goes on as with -manual.
type loginMethod struct{ showURL, manual bool }

func (m loginMethod) logIn(ctx context.Context, user *auth.PKCE) error {
	switch {
	case m.manual:
		return user.AuthorizeManual(ctx, auth.ManualConfig{})
	case m.showURL:
		return user.AuthorizeLocal(ctx, auth.LocalConfig{OpenURL: func(url string) error {
			log.Print("Log in at ", url)
			return nil
		}})
	}
	log.Print("Log in, in the browser that opens now.")
	return user.AuthorizeLocal(ctx, auth.LocalConfig{})
}
