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

// The addresses of Spotify's Accounts service, used where neither Config nor SPOTIFY_ACCOUNTS_URL
// names another.
const (
	DefaultAccountsURL = "https://accounts.spotify.com"
	DefaultAuthURL     = DefaultAccountsURL + "/authorize"
	DefaultTokenURL    = DefaultAccountsURL + "/api/token"
)

// Config is what the flows need; each constructor says what it uses. A ClientID, ClientSecret or
// RedirectURL that is empty is taken from the environment: SPOTIFY_CLIENT_ID,
// SPOTIFY_CLIENT_SECRET, SPOTIFY_REDIRECT_URI; AccountsURL from SPOTIFY_ACCOUNTS_URL. A Config
// prints without its secret.
type Config struct {
	// ClientID and ClientSecret are the app's, from its page on https://developer.spotify.com/dashboard.
	ClientID     string
	ClientSecret string `json:"-"`

	// RedirectURL is where Spotify sends the user back to, as registered on the app's page: https, or http on a literal loopback address
	// (http://127.0.0.1/callback, with any port or none; never localhost), or an app's own scheme.
	RedirectURL string
	// Scopes are the permissions to ask the user for. None lets the app see what everybody can see.
	Scopes []Scope

	// Store keeps logins; nil is a NewMemoryStore of the source's own.
	Store TokenStore
	// Account is the name that the login has in the Store; empty is "default", and for CallbackHandler a new name for each login.
	Account string
	// OnSaveError is told when a login could not be saved, or its lock not be had. The token stays usable, and saving is tried again, with growing
	// pauses and at Close. It is called while others wait, so it should be quick; nil ignores the error.
	OnSaveError func(error)

	// OnLoginError answers the user of CallbackHandler when a login failed; nil shows a page that says so. The error matches ErrDenied if the user declined
	// and ErrState if the answer belongs to no login that was begun in this browser.
	OnLoginError func(http.ResponseWriter, *http.Request, error) `json:"-"`
	// CookieKey signs LoginHandler's cookie and makes PKCE's verifiers: 32 secret, random bytes or more that all processes behind one RedirectURL share.
	// Nil makes one up, which is enough for one process.
	CookieKey []byte `json:"-"`

	// Transport carries the token requests; nil is a [transport.NewBase] of the source's own.
	// It is called directly: no redirect is followed, as one would carry the secret along.
	Transport http.RoundTripper `json:"-"`

	// AccountsURL is where the paths of the Accounts service begin, for a fake or a proxy of all of
	// it. Empty is SPOTIFY_ACCOUNTS_URL from the environment, or DefaultAccountsURL. Plain http is
	// accepted on loopback only.
	AccountsURL string
	// AuthURL is where users log in, TokenURL where tokens are asked for; empty are AccountsURL's
	// paths /authorize and /api/token. A flow with users takes either none of the two or both on
	// loopback.
	AuthURL, TokenURL string
}

// withEnv returns the configuration with its empty fields filled in. Blanks, line ends and
// quotation marks around what was pasted are dropped.
func (c Config) withEnv() Config {
	c.ClientID = pasted(c.ClientID, os.Getenv("SPOTIFY_CLIENT_ID"))
	c.ClientSecret = pasted(c.ClientSecret, os.Getenv("SPOTIFY_CLIENT_SECRET"))
	c.RedirectURL = pasted(c.RedirectURL, os.Getenv("SPOTIFY_REDIRECT_URI"))
	c.AccountsURL = strings.TrimRight(pasted(c.AccountsURL, cmp.Or(os.Getenv("SPOTIFY_ACCOUNTS_URL"), DefaultAccountsURL)), "/")
	c.AuthURL = pasted(c.AuthURL, c.AccountsURL+"/authorize")
	c.TokenURL = pasted(c.TokenURL, c.AccountsURL+"/api/token")
	return c
}

// pasted returns the value, or the other one if it is empty.
func pasted(value, other string) string {
	return cmp.Or(argument.Pasted(value), argument.Pasted(other))
}

// AtSpotify reports whether tokens are asked for at Spotify's own Accounts service, and not at a
// fake or a proxy.
func (c Config) AtSpotify() bool {
	u, err := url.Parse(c.withEnv().TokenURL)
	return err == nil && strings.EqualFold(u.Hostname(), "accounts.spotify.com")
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
	if err := checkEndpoint("AccountsURL", c.AccountsURL); err != nil {
		return err
	}
	return checkEndpoint("TokenURL", c.TokenURL)
}

// checkLogin is for the flows that have a user.
func (c Config) checkLogin() error {
	if err := checkEndpoint("AuthURL", c.AuthURL); err != nil {
		return err
	}
	if local(c.AuthURL) != local(c.TokenURL) { // a fake and the real one: the code, or the user, would go astray
		return argument.Errorf("AuthURL", c.AuthURL, "an address beside TokenURL's (%s): both on loopback or neither; AccountsURL, or SPOTIFY_ACCOUNTS_URL, sets both", c.TokenURL)
	}
	if err := checkRedirect(c.RedirectURL); err != nil {
		return err
	}
	if n := len(c.CookieKey); n > 0 && n < 32 {
		return argument.Secret("CookieKey", fmt.Sprintf("%d bytes", n), "32 random bytes or more, or nil")
	}
	return Scopes(c.Scopes).check()
}

// checkRedirect applies Spotify's rules, https://developer.spotify.com/documentation/web-api/concepts/redirect_uri, so that the user is not the first to meet them.
func checkRedirect(raw string) error {
	const allowed = "a URI registered on the app's page: https, http on 127.0.0.1 or [::1] (not localhost), or an app's own scheme; no fragment"
	if raw == "" {
		return argument.Secret("RedirectURL", "nothing, and SPOTIFY_REDIRECT_URI is not set", allowed)
	}
	u, err := url.Parse(raw)
	if err != nil {
		return argument.Secret("RedirectURL", "a string that is not a URL", allowed)
	}
	refused := u.Scheme == "" || u.Fragment != "" || u.User != nil
	switch u.Scheme {
	case "http":
		refused = refused || !isLoopbackLiteral(u)
	case "https":
		refused = refused || u.Hostname() == "" || u.Hostname() == "localhost"
	case "javascript", "data", "file":
		refused = true
	}
	if refused {
		return argument.Errorf("RedirectURL", u.Redacted(), allowed)
	}
	return nil
}

// isLoopbackLiteral is stricter than transport.IsLoopback: a name can point elsewhere.
func isLoopbackLiteral(u *url.URL) bool { return u.Hostname() == "127.0.0.1" || u.Hostname() == "::1" }

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

// local reports whether an address, which was checked before, is on loopback.
func local(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && transport.IsLoopback(u)
}

// String names the client without its secret.
func (c Config) String() string {
	return fmt.Sprintf("auth.Config{ClientID: %q, ClientSecret: [redacted]}", c.ClientID)
}

// Format prints what String returns, whatever the verb, so that no verb prints the secret.
func (c Config) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, c.String()) }

// LogValue keeps the secret out of structured logs.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }
