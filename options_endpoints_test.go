package spotify_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/transport"
)

// TestSecurity29CredentialsStayInTheFake: New refuses client credentials for an API on loopback,
// such as a fake, together with the real Accounts service.
func TestSecurity29CredentialsStayInTheFake(t *testing.T) {
	credentials := spotify.WithClientCredentials("id", "sesame-secret")
	for name, c := range map[string]struct {
		opts []spotify.Option
		env  map[string]string
	}{
		"WithBaseURL":          {opts: []spotify.Option{spotify.WithBaseURL("http://127.0.0.1:8080/v1")}},
		"WithBaseURL, IPv6":    {opts: []spotify.Option{spotify.WithBaseURL("http://[::1]:8080/v1")}},
		"WithBaseURL, by name": {opts: []spotify.Option{spotify.WithBaseURL("https://localhost/v1")}},
		"WithBaseURL, last": {
			opts: []spotify.Option{
				spotify.WithEndpoints(
					spotify.Endpoints{API: "https://api.spotify.com/v1", Accounts: "https://accounts.spotify.com"},
				),
				spotify.WithBaseURL("http://127.0.0.1:8080/v1"),
			},
		},
		"the environment": {env: map[string]string{"SPOTIFY_BASE_URL": "http://127.0.0.1:8080/v1"}},
		"an explicit real one": {
			opts: []spotify.Option{
				spotify.WithEndpoints(
					spotify.Endpoints{API: "http://127.0.0.1:8080/v1", Accounts: "https://Accounts.Spotify.com/"},
				),
			},
		},
		"environment, the real": {
			opts: []spotify.Option{spotify.WithBaseURL("http://127.0.0.1:8080/v1")},
			env:  map[string]string{"SPOTIFY_ACCOUNTS_URL": "https://accounts.spotify.com"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for k, v := range c.env {
				t.Setenv(k, v)
			}
			_, err := spotify.New(append(c.opts, credentials)...)
			if !errors.Is(err, spotify.ErrInvalidArgument) || !strings.Contains(err.Error(), "WithEndpoints") ||
				!strings.Contains(err.Error(), "SPOTIFY_ACCOUNTS_URL") ||
				strings.Contains(err.Error(), "sesame") {
				t.Errorf("%v", err)
			}
		})
	}
	for name, opt := range map[string]spotify.Option{
		"no API":      spotify.WithEndpoints(spotify.Endpoints{Accounts: "https://accounts.example"}),
		"no Accounts": spotify.WithEndpoints(spotify.Endpoints{API: "https://api.example/v1"}),
		"Accounts over http": spotify.WithEndpoints(
			spotify.Endpoints{API: "https://api.example/v1", Accounts: "http://accounts.example"},
		),
		"Accounts with user": spotify.WithEndpoints(
			spotify.Endpoints{API: "https://api.example/v1", Accounts: "https://me:sesame@accounts.example"},
		),
	} {
		if _, err := spotify.New(opt, credentials); !errors.Is(err, spotify.ErrInvalidArgument) ||
			strings.Contains(err.Error(), "sesame") {
			t.Errorf("%s: %v", name, err)
		}
	}
	client, err := spotify.New(credentials, spotify.WithBaseURL("https://gateway.example/spotify/v1"))
	if err != nil {
		t.Fatalf("a gateway elsewhere: %v", err)
	}
	_ = client.Close()
}

// TestFaultsNothingLeavesTheFake: clients of package mock send requests to the fake only, with
// every kind of credentials and every environment.
func TestFaultsNothingLeavesTheFake(t *testing.T) {
	for name, opts := range map[string][]mock.Option{
		"HTTP": nil, "HTTPS": {mock.WithTLS()}, "HTTP/2": {mock.WithHTTP2()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("SPOTIFY_BASE_URL", "https://api.example/v1")
			t.Setenv("SPOTIFY_ACCOUNTS_URL", "https://accounts.example")
			t.Setenv("HTTPS_PROXY", "http://127.0.0.1:1")
			server := mock.NewServer(t, append(opts, mock.WithStrictTokens())...)
			fake := mock.New(t, append(opts, mock.WithStrictTokens())...)
			for what, client := range map[string]*spotify.Client{
				"server": server.NewClient(spotify.WithClientCredentials("id", "sesame-secret")),
				"fake":   fake.NewClient(spotify.WithClientCredentials("id", "sesame-secret")),
			} {
				if album, err := client.Albums.Get(t.Context(), mock.AlbumID, nil); err != nil || album.ID != mock.AlbumID {
					t.Errorf("%s: %v", what, err)
				}
			}
			if len(server.Calls("POST", "/api/token")) != 1 || len(fake.Calls("POST", "/api/token")) != 1 {
				t.Error("the token did not come from the fake")
			}
			for _, address := range []string{
				"https://accounts.spotify.com/api/token", "http://127.0.0.1:1/",
				"https://api.spotify.com/v1/me",
			} {
				resp, err := server.Client().Get(address)
				if err == nil {
					_ = resp.Body.Close()
				}
				if err == nil || !strings.Contains(err.Error(), "the server's client connects to") {
					t.Errorf("%s: %v", address, err)
				}
			}
			app, err := auth.NewClientCredentials(
				auth.Config{
					ClientID:     "id",
					ClientSecret: "sesame-secret",
					AccountsURL:  server.URL,
					Transport:    server.Client().Transport,
				},
			)
			if err != nil {
				t.Fatal(err)
			}
			defer app.Close()
			if _, err := app.Token(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestInvalidBaseURLFromTheEnvironment: the error names the variable, not a setting that the
// program does not have.
func TestInvalidBaseURLFromTheEnvironment(t *testing.T) {
	for address, credentials := range map[string]spotify.Option{
		"http://spotify.example/v1": spotify.WithAccessToken("token"),
		"http://127.0.0.1:8080/v1":  spotify.WithClientCredentials("id", "sesame-secret"),
	} {
		t.Setenv("SPOTIFY_BASE_URL", address)
		_, err := spotify.New(credentials)
		if refused, ok := errors.AsType[*spotify.ArgumentError](err); !ok || refused.Name != "SPOTIFY_BASE_URL" {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// TestEndpointsFromTheEnvironment: the environment variables point client credentials and logins at
// a fake.
func TestEndpointsFromTheEnvironment(t *testing.T) {
	fake := mock.NewServer(t, mock.WithStrictTokens())
	t.Setenv("SPOTIFY_BASE_URL", fake.BaseURL)
	t.Setenv("SPOTIFY_ACCOUNTS_URL", fake.URL+"/")
	client, err := spotify.NewFromClientCredentials("id", "sesame-secret")
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if _, err := client.Albums.Get(t.Context(), mock.AlbumID, nil); err != nil {
		t.Error(err)
	}
	user, err := auth.NewPKCE(auth.Config{ClientID: "id", RedirectURL: "http://127.0.0.1/callback"})
	if err != nil {
		t.Fatal(err)
	}
	defer user.Close()
	if to, err := user.AuthURL(auth.NewState()); err != nil || !strings.HasPrefix(to, fake.AuthURL+"?") {
		t.Errorf("%s, %v", to, err)
	}
	_, err = auth.NewPKCE(
		auth.Config{ClientID: "id", RedirectURL: "http://127.0.0.1/callback", AuthURL: auth.DefaultAuthURL},
	)
	if !errors.Is(err, auth.ErrInvalidArgument) || !strings.Contains(err.Error(), "both on loopback or neither") {
		t.Errorf("half a fake: %v", err)
	}
	if !(auth.Config{AccountsURL: auth.DefaultAccountsURL}).AtSpotify() || (auth.Config{}).AtSpotify() {
		t.Error("AtSpotify")
	}
	other, err := spotify.New(
		spotify.WithAccessToken("a"),
		spotify.WithTransport(transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			return nil, &net.OpError{Op: "dial", Err: errors.New("to " + req.URL.Host)}
		})),
		spotify.WithBaseURL("https://api.example/v1"),
		spotify.WithMaxRetries(0),
	)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if _, err := other.Albums.Get(context.WithoutCancel(t.Context()), mock.AlbumID, nil); err == nil ||
		!strings.Contains(err.Error(), "to api.example") {
		t.Errorf("an option overrides the environment: %v", err)
	}
}
