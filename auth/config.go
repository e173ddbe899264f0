package auth

// config.go holds what every flow is configured with, and refuses what cannot work before anything is sent.

import (
	"cmp"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/transport"
)

// Spotify's endpoints, used where Config names none.
const (
	DefaultAuthURL  = "https://accounts.spotify.com/authorize"
	DefaultTokenURL = "https://accounts.spotify.com/api/token"
)

// Config is what the flows need. A ClientID, ClientSecret or RedirectURL that is empty is taken from the environment: SPOTIFY_CLIENT_ID,
// SPOTIFY_CLIENT_SECRET, SPOTIFY_REDIRECT_URI. A Config prints without its secret.
type Config struct {
	// ClientID and ClientSecret are the app's, from its page on https://developer.spotify.com/dashboard.
	ClientID     string
	ClientSecret string `json:"-"`

	// Transport carries the token requests; nil is a [transport.NewBase] of the source's own.
	// It is called directly: no redirect is followed, as one would carry the secret along.
	Transport http.RoundTripper `json:"-"`

	// TokenURL is where tokens are asked for; empty is DefaultTokenURL. Plain http is accepted on loopback only.
	TokenURL string
}

// withEnv returns the configuration with its empty fields filled in.
func (c Config) withEnv() Config {
	c.ClientID = cmp.Or(c.ClientID, os.Getenv("SPOTIFY_CLIENT_ID"))
	c.ClientSecret = cmp.Or(c.ClientSecret, os.Getenv("SPOTIFY_CLIENT_SECRET"))
	c.TokenURL = cmp.Or(c.TokenURL, DefaultTokenURL)
	return c
}

func (c Config) checkClient(withSecret bool) error {
	if err := checkCredential("ClientID", c.ClientID, "SPOTIFY_CLIENT_ID"); err != nil {
		return err
	}
	if withSecret {
		if err := checkCredential("ClientSecret", c.ClientSecret, "SPOTIFY_CLIENT_SECRET"); err != nil {
			return err
		}
	}
	return checkEndpoint("TokenURL", c.TokenURL)
}

func checkCredential(name, value, env string) error {
	const allowed = "the value on the app's page at https://developer.spotify.com/dashboard"
	switch {
	case value == "":
		return argument.Secret(name, "nothing, and "+env+" is not set", allowed).Because(ErrCredentials)
	case strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }):
		return argument.Secret(name, "a string with a space, line break or non-ASCII character", allowed).Because(ErrCredentials)
	}
	return nil
}

// checkEndpoint refuses a URL to which a secret must not be sent. It never prints user information.
func checkEndpoint(name, raw string) error {
	const allowed = "an absolute https URL without user information or fragment (http on loopback only)"
	u, err := url.Parse(raw)
	if err != nil {
		return argument.Secret(name, "a string that is not a URL", allowed)
	}
	secure := u.Scheme == "https" || u.Scheme == "http" && transport.IsLoopback(u)
	if !secure || u.Hostname() == "" || u.User != nil || u.Fragment != "" {
		return argument.Errorf(name, u.Redacted(), allowed)
	}
	return nil
}

// String names the client without its secret.
func (c Config) String() string {
	return fmt.Sprintf("auth.Config{ClientID: %q, ClientSecret: [redacted]}", c.ClientID)
}

// Format prints what String returns, whatever the verb, so that no verb prints the secret.
func (c Config) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, c.String()) }

// LogValue keeps the secret out of structured logs.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }
