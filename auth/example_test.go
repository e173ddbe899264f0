package auth_test

// The examples have the code of docs/login.md; docs_test.go compares them.

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/mock"
)

// A program on its user's machine opens the browser once and stores the login.
func Example_terminal() {
	ctx := context.Background()
	store, err := auth.NewFileStore("/home/me/.config/my-program/logins.json")
	if err != nil {
		log.Fatal(err)
	}
	user, err := auth.NewPKCE(auth.Config{
		RedirectURL: "http://127.0.0.1/callback", // no port: a free one is chosen
		Scopes:      []auth.Scope{auth.ScopeUserReadPrivate},
		Store:       store,
	})
	if err != nil {
		log.Fatal(err)
	}
	defer user.Close()
	client, err := spotify.New(spotify.WithTokenSource(user))
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()

	if err := user.EnsureAuthorized(ctx, auth.LocalConfig{}); err != nil { // opens the browser the first time
		log.Fatal(err)
	}
	me, err := client.Users.Me(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("Hello,", me.DisplayName)
}

// A program on a machine without a browser, such as over SSH, asks the user to paste the callback's
// address.
func ExampleLogin_AuthorizeManual() {
	fake := mock.NewServer(nil, mock.WithAutoApprove())
	defer fake.Close()
	user, err := auth.NewPKCE(auth.Config{
		ClientID: "app", RedirectURL: "http://127.0.0.1/callback", AccountsURL: fake.URL,
	})
	if err != nil {
		log.Fatal(err)
	}
	defer user.Close()

	err = user.AuthorizeManual(context.Background(), auth.ManualConfig{
		Prompt: func(_ context.Context, loginURL string, _ error) (string, error) { // nil asks on the terminal
			address, _, _ := strings.Cut(loginURL, "?")
			fmt.Println("Open", strings.Replace(address, fake.URL, "https://accounts.spotify.com", 1))
			return wander(loginURL), nil
		},
	})
	fmt.Println("logged in:", err == nil)
	// Output:
	// Open https://accounts.spotify.com/authorize
	// logged in: true
}

// wander is the user's browser. It returns the callback's address.
func wander(loginURL string) string {
	browser := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := browser.Get(loginURL)
	if err != nil {
		log.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.Header.Get("Location")
}

// Import stores the login of a refresh token that another program saved.
func ExampleLogin_Import() {
	fake := mock.NewServer(nil)
	defer fake.Close()
	_, refreshToken := fake.Login("app", true, auth.ScopeUserReadPrivate) // of the older program
	authorizedAt := time.Date(2026, time.May, 4, 0, 0, 0, 0, time.UTC)
	user, err := auth.NewPKCE(auth.Config{
		ClientID: "app", RedirectURL: "http://127.0.0.1/callback", AccountsURL: fake.URL,
	})
	if err != nil {
		log.Fatal(err)
	}
	defer user.Close()

	if err := user.Import(context.Background(), refreshToken, authorizedAt); err != nil {
		log.Fatal(err)
	}
	login, err := user.StoredToken(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(login.Scopes, "until", login.Ends().Format(time.DateOnly))
	// Output: user-read-private until 2026-11-04
}

// A web app has two handlers for logins, and keeps the account's name in the user's session.
func Example_web() {
	fake := mock.NewServer(nil, mock.WithAutoApprove())
	defer fake.Close()
	mux := http.NewServeMux()
	app := httptest.NewServer(mux)
	defer app.Close()
	config := auth.Config{
		ClientID:     "app",
		ClientSecret: "not-a-secret",
		RedirectURL:  app.URL + "/callback",
		AccountsURL:  fake.URL,
	}
	session := map[string]string{}

	login, err := auth.NewAuthorizationCode(config)
	if err != nil {
		log.Fatal(err)
	}
	defer login.Close()
	mux.Handle("GET /login", login.LoginHandler())
	mux.Handle("GET /callback", login.CallbackHandler(func(w http.ResponseWriter, r *http.Request, user *auth.Login) {
		session["account"] = user.Account() // your session
		http.Redirect(w, r, "/", http.StatusSeeOther)
	}))
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		user := login.ForAccount(session["account"])
		defer user.Close()
		client, err := spotify.New(spotify.WithTokenSource(user), spotify.WithBaseURL(fake.BaseURL))
		if err != nil {
			log.Print(err)
			return
		}
		defer client.Close()
		me, err := client.Users.Me(r.Context())
		if err != nil {
			log.Print(err)
			return
		}
		fmt.Fprintf(w, "Hello, %s!", me.DisplayName)
	})

	jar, _ := cookiejar.New(nil) // the user's browser
	resp, err := (&http.Client{Jar: jar}).Get(app.URL + "/login")
	if err != nil {
		log.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	fmt.Println(string(body))
	// Output: Hello, Wanda Quill!
}

// The three steps of a login.
func Example_byHand() {
	fake := mock.NewServer(nil, mock.WithAutoApprove())
	defer fake.Close()
	ctx := context.Background()
	user, err := auth.NewAuthorizationCode(auth.Config{
		ClientID: "app", ClientSecret: "not-a-secret", RedirectURL: "https://app.example/callback",
		AuthURL: fake.AuthURL, TokenURL: fake.TokenURL,
	})
	if err != nil {
		log.Fatal(err)
	}
	defer user.Close()

	state := auth.NewState()
	to, err := user.AuthURL(state, auth.ShowDialog()) // send the user there
	if err != nil {
		log.Fatal(err)
	}

	browser := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := browser.Get(to)
	if err != nil {
		log.Fatal(err)
	}
	defer resp.Body.Close()
	callbackURL := resp.Header.Get("Location")

	code, err := user.ParseCallback(callbackURL, state)
	if err != nil {
		log.Fatal(err)
	}
	err = user.Exchange(ctx, code)
	if err != nil {
		log.Fatal(err)
	}
	token, err := user.Token(ctx)
	fmt.Println(token.Valid(), err)
	// Output: true <nil>
}

// A program asks the user to log in again before the login expires.
func ExampleStoredToken_ExpiresSoon() {
	user, ctx := loggedIn(time.Date(2026, time.January, 5, 0, 0, 0, 0, time.UTC))

	login, err := user.StoredToken(ctx)
	if err != nil {
		log.Fatal(err)
	}
	if login.ExpiresSoon(14 * 24 * time.Hour) {
		fmt.Println("Please log in again before", login.Ends().Format(time.DateOnly))
	}
	// Output: Please log in again before 2026-07-05
}

// loggedIn returns a flow whose user logged in at the given time.
func loggedIn(at time.Time) (*auth.Login, context.Context) {
	ctx, store := context.Background(), auth.NewMemoryStore()
	if err := store.Save(ctx, "default", auth.StoredToken{ClientID: "app", RefreshToken: "kept", AuthorizedAt: at},
		0); err != nil {
		log.Fatal(err)
	}
	user, err := auth.NewPKCE(auth.Config{ClientID: "app", RedirectURL: "http://127.0.0.1/callback", Store: store})
	if err != nil {
		log.Fatal(err)
	}
	return user.Login, ctx
}
