package auth_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/mock"
)

// A service reads the catalogue, without a user.
func ExampleNewClientCredentials() {
	fake := mock.NewServer(nil) // a program leaves out AccountsURL and WithBaseURL
	defer fake.Close()
	app, err := auth.NewClientCredentials(auth.Config{
		ClientID: "app", ClientSecret: "not-a-secret", AccountsURL: fake.URL,
	})
	if err != nil {
		log.Fatal(err)
	}
	defer app.Close()
	client, err := spotify.New(spotify.WithTokenSource(app), spotify.WithBaseURL(fake.BaseURL))
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()

	artist, err := client.Artists.Get(context.Background(), mock.ArtistID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(artist)
	// Output: The Paper Lanterns
}

// A program on its user's machine. In a test, OpenURL takes the place of the browser: it requests
// the login's URL from the fake, which approves it and redirects to the program.
func ExampleNewPKCE() {
	fake := mock.NewServer(nil, mock.WithAutoApprove())
	defer fake.Close()
	user, err := auth.NewPKCE(auth.Config{
		ClientID:    "app",
		RedirectURL: "http://127.0.0.1/callback", // no port: a free one is chosen
		Scopes:      []auth.Scope{auth.ScopeUserLibraryRead},
		AccountsURL: fake.URL,
	})
	if err != nil {
		log.Fatal(err)
	}
	defer user.Close()

	ctx := context.Background()
	_, err = user.Token(ctx)
	fmt.Println("log in:", errors.Is(err, auth.ErrReauthorize))
	err = user.AuthorizeLocal(ctx, auth.LocalConfig{OpenURL: browse}) // nil opens the user's browser
	if err != nil {
		log.Fatal(err)
	}
	login, err := user.StoredToken(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("granted:", login.Scopes)
	// Output:
	// log in: true
	// granted: user-library-read
}

// browse requests an address and follows redirects, as a browser does.
func browse(address string) error {
	resp, err := http.Get(address)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// A web app keeps the logins of its users in a store and the name of an account in each user's
// session. The example of the package shows its handlers.
func ExampleNewAuthorizationCode() {
	web, err := auth.NewAuthorizationCode(auth.Config{
		ClientID: "app", ClientSecret: "not-a-secret", RedirectURL: "https://party.example/callback",
	})
	if err != nil {
		log.Fatal(err)
	}
	defer web.Close()

	user := web.ForAccount("wanda") // the name in the session
	defer user.Close()
	_, err = user.Token(context.Background())
	fmt.Println(err)

	_, err = auth.NewAuthorizationCode(auth.Config{
		ClientID: "app", ClientSecret: "not-a-secret", RedirectURL: "http://localhost:8080/callback",
	})
	fmt.Println(errors.Is(err, auth.ErrInvalidArgument))
	// Output:
	// account "wanda" is not logged in: the user has to log in again
	// true
}

// A script with an access token, which is valid for up to 1 hour.
func ExampleStatic() {
	client, err := spotify.New(spotify.WithTokenSource(auth.Static("token")), spotify.WithTransport(mock.New(nil)))
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	me, err := client.Users.Me(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(me)
	// Output: Wanda Quill
}

// A program that has a source of golang.org/x/oauth2, which refreshes its tokens, keeps it.
func ExampleFromOAuth2() {
	source := oauth2.ReuseTokenSource(nil, oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "token"}))
	client, err := spotify.New(spotify.WithTokenSource(auth.FromOAuth2(source)), spotify.WithTransport(mock.New(nil)))
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	me, err := client.Users.Me(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(me)
	// Output: Wanda Quill
}

// The file keeps logins for the next run of the program.
func ExampleNewFileStore() {
	folder, err := os.MkdirTemp("", "logins")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "my-program", "logins.json") // a program: "~/.config/my-program/logins.json"

	fake := mock.NewServer(nil)
	defer fake.Close()
	_, refreshToken := fake.Login("app", true, auth.ScopeUserReadPrivate)
	for run := 1; run <= 2; run++ {
		store, err := auth.NewFileStore(path)
		if err != nil {
			log.Fatal(err)
		}
		user, err := auth.NewPKCE(auth.Config{
			ClientID: "app", RedirectURL: "http://127.0.0.1/callback", AccountsURL: fake.URL, Store: store,
		})
		if err != nil {
			log.Fatal(err)
		}
		if run == 1 {
			if err := user.Import(context.Background(), refreshToken, time.Time{}); err != nil {
				log.Fatal(err)
			}
		}
		login, err := user.StoredToken(context.Background())
		fmt.Println("run", run, login.Scopes, err)
		if err := user.Close(); err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// run 1 user-read-private <nil>
	// run 2 user-read-private <nil>
}

// A store in memory is shared by the logins that are given it.
func ExampleNewMemoryStore() {
	ctx, store := context.Background(), auth.NewMemoryStore()
	login := auth.StoredToken{ClientID: "app", RefreshToken: "kept"}
	if err := store.Save(ctx, "wanda", login, 0); err != nil {
		log.Fatal(err)
	}
	err := store.Save(ctx, "wanda", login, 0) // somebody else has saved since generation 0
	fmt.Println(errors.Is(err, auth.ErrConflict))
	stored, err := store.Load(ctx, "wanda")
	fmt.Println(stored.Generation, err)
	// Output:
	// true
	// 1 <nil>
}

// The state of one login, kept for the user who started it.
func ExampleNewState() {
	user, err := auth.NewPKCE(auth.Config{ClientID: "app", RedirectURL: "https://app.example/callback"})
	if err != nil {
		log.Fatal(err)
	}
	defer user.Close()

	state := auth.NewState()
	_, err = user.ParseCallback("https://app.example/callback?code=stolen&state="+auth.NewState(), state)
	fmt.Println(len(state), errors.Is(err, auth.ErrState))
	// Output: 43 true
}

// A prompt on another terminal than standard input and output.
func ExamplePromptTerminal() {
	in := strings.NewReader("https://app.example/callback?code=A&state=B\n") // pasted by the user
	prompt := auth.PromptTerminal(in, io.Discard)
	callback, err := prompt(context.Background(), "https://accounts.spotify.com/authorize?client_id=app", nil)
	fmt.Println(callback, err)
	// Output: https://app.example/callback?code=A&state=B <nil>
}

// The scopes that a stored login lacks.
func ExampleParseScopes() {
	granted := auth.ParseScopes("user-read-private user-library-read")
	fmt.Println(granted.Has(auth.ScopeUserLibraryRead))
	fmt.Println(granted.Missing(auth.ScopeUserLibraryRead, auth.ScopeUserLibraryModify))
	// Output:
	// true
	// user-library-modify
}

// A program logs its user in when it is run for the first time.
func ExampleLogin_EnsureAuthorized() {
	fake := mock.NewServer(nil, mock.WithAutoApprove())
	defer fake.Close()
	user, err := auth.NewPKCE(auth.Config{
		ClientID: "app", RedirectURL: "http://127.0.0.1/callback", AccountsURL: fake.URL,
	})
	if err != nil {
		log.Fatal(err)
	}
	defer user.Close()

	for range 2 {
		err := user.EnsureAuthorized(context.Background(), auth.LocalConfig{
			OpenURL: func(address string) error { // nil opens the user's browser
				fmt.Println("log in")
				return browse(address)
			},
		})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("logged in")
	}
	// Output:
	// log in
	// logged in
	// logged in
}
