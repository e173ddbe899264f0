package e2e_test

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/mock"
)

// TestLoginFromStartToEnd takes a user's login through all its states: login, refresh, missing
// scope, revoked access, second login. The fake is behind a socket.
func TestLoginFromStartToEnd(t *testing.T) {
	for name, newLogin := range map[string]func(auth.Config) (*auth.Login, error){
		"AuthorizationCode": func(c auth.Config) (*auth.Login, error) {
			flow, err := auth.NewAuthorizationCode(c)
			return flow.Login, err
		},
		"PKCE": func(c auth.Config) (*auth.Login, error) {
			flow, err := auth.NewPKCE(c)
			return flow.Login, err
		},
	} {
		t.Run(name, func(t *testing.T) {
			const redirect = "http://127.0.0.1:4711/callback"
			fake := mock.NewServer(t, mock.WithAutoApprove(), mock.WithStrictTokens(), mock.WithApp("app", "a-secret", redirect))
			login, err := newLogin(auth.Config{
				ClientID: "app", ClientSecret: "a-secret", RedirectURL: redirect, AuthURL: fake.AuthURL, TokenURL: fake.TokenURL,
				Scopes: []auth.Scope{auth.ScopeUserReadPrivate},
			})
			if err != nil {
				t.Fatal(err)
			}
			defer login.Close()
			client, err := spotify.New(spotify.WithTokenSource(login), spotify.WithBaseURL(fake.BaseURL))
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			if _, err := client.Users.Me(t.Context()); !errors.Is(err, spotify.ErrReauthorize) {
				t.Fatalf("before the login: %v", err)
			}
			logIn(t, login)
			if me, err := client.Users.Me(t.Context()); err != nil || me.ID != mock.UserID {
				t.Fatalf("%v, %v", me, err)
			}
			tokens := len(fake.Calls("POST", "/api/token"))

			fake.ExpireTokens() // rejected by the API before they expire
			var failed atomic.Int32
			var wg sync.WaitGroup
			for range 50 {
				wg.Go(func() {
					if _, err := client.Users.Me(t.Context()); err != nil {
						failed.Add(1)
						t.Error(err)
					}
				})
			}
			wg.Wait()
			refreshes := len(fake.Calls("POST", "/api/token")) - tokens
			t.Logf("50 calls with an expired token: %d failed, %d refresh", failed.Load(), refreshes)
			if refreshes != 1 {
				t.Errorf("%d refreshes", refreshes)
			}

			_, err = client.Albums.Saved(t.Context(), nil)
			var e *spotify.Error
			if !errors.As(err, &e) || !errors.Is(err, spotify.ErrForbidden) ||
				strings.Join(e.Scopes, " ") != "user-library-read" ||
				strings.Join(e.Granted, " ") != "user-read-private" ||
				!strings.Contains(err.Error(), "the token lacks the scope user-library-read") {
				t.Errorf("a missing scope: %v", err)
			}

			fake.RevokeTokens()
			for range 3 {
				if _, err := client.Users.Me(t.Context()); !errors.Is(err, spotify.ErrReauthorize) {
					t.Errorf("revoked access: %v", err)
				}
			}
			if n := len(fake.Calls("POST", "/api/token")) - tokens - refreshes; n != 1 {
				t.Errorf("%d token requests after revocation", n)
			}
			logIn(t, login)
			if _, err := client.Users.Me(t.Context()); err != nil {
				t.Errorf("logged in again: %v", err)
			}
		})
	}
}

// logIn visits the fake's consent page, which accepts at once.
func logIn(t *testing.T, login *auth.Login) {
	t.Helper()
	state := auth.NewState()
	to, err := login.AuthURL(state)
	if err != nil {
		t.Fatal(err)
	}
	browser := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := browser.Get(to)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	code, err := login.ParseCallback(resp.Header.Get("Location"), state)
	if err != nil {
		t.Fatal(err)
	}
	if err := login.Exchange(t.Context(), code); err != nil {
		t.Fatal(err)
	}
}
