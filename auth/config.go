package auth

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

// The URLs of Spotify's Accounts service, the defaults of Config.
const (
	DefaultAccountsURL = "https://accounts.spotify.com"
	DefaultAuthURL     = DefaultAccountsURL + "/authorize"
	DefaultTokenURL    = DefaultAccountsURL + "/api/token"
)

// Config configures the flows; each constructor names the fields that it uses. Spaces, line breaks
// and quotation marks around ClientID, ClientSecret and the URLs are removed. fmt and encoding/json
// do not print the secrets.
type Config struct {
	// ClientID and ClientSecret are the app's credentials, from its page on
	// https://developer.spotify.com/dashboard. The defaults are the environment variables
	// SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET.
	ClientID     string
	ClientSecret string `json:"-"`

	// RedirectURL is the URL to which Spotify redirects the user after the login, as registered on
	// the app's page: https, http on a literal loopback address (http://127.0.0.1/callback, with
	// any port or none; localhost is refused), or an app's own scheme. The default is the
	// environment variable SPOTIFY_REDIRECT_URI.
	//
	// https://developer.spotify.com/documentation/web-api/concepts/redirect_uri
	RedirectURL string
	// Scopes are the permissions that the user is asked for. Without scopes the app can read public
	// data only.
	Scopes []Scope

	// Store stores logins. Nil means a new NewMemoryStore.
	Store TokenStore
	// Account is the login's name in Store. Empty means "default", and for CallbackHandler a new
	// random name for each login.
	Account string
	// OnSaveError is called if a login could not be saved, or if the store's lock could not be
	// taken. The token stays usable, and the save is retried after 1 second, then at growing
	// intervals of up to 1 minute, and at Close. Callers of the login wait until OnSaveError
	// returns. Nil ignores the error.
	OnSaveError func(error)

	// OnLoginError writes CallbackHandler's response for a failed login; nil serves an error page.
	// The error matches ErrDenied if the user declined, and ErrState if the callback belongs to no
	// login that this browser started.
	OnLoginError func(http.ResponseWriter, *http.Request, error) `json:"-"`
	// CookieKey signs LoginHandler's cookie and derives the PKCE code verifiers: at least 32 random
	// bytes, secret and the same in all processes behind one RedirectURL. Nil means a new random
	// key, which is enough for one process.
	CookieKey []byte `json:"-"`

	// Transport sends the token requests, outside of the pipeline. Redirects are not followed
	// because they would resend the secret. Nil means a new [transport.NewBase].
	Transport http.RoundTripper `json:"-"`

	// AccountsURL is the base URL of the Accounts service, for a fake or a proxy: https, or http on
	// loopback. The default is the environment variable SPOTIFY_ACCOUNTS_URL, then
	// DefaultAccountsURL.
	AccountsURL string
	// AuthURL is the URL of the login page, TokenURL the URL of the token endpoint. The defaults
	// are AccountsURL's paths /authorize and /api/token. A flow with users accepts them both on
	// loopback or both elsewhere.
	AuthURL, TokenURL string
}

// withEnv returns the configuration with defaults for its empty fields and without pasted quotation
// marks and white space.
func (c Config) withEnv() Config {
	c.ClientID = pasted(c.ClientID, os.Getenv("SPOTIFY_CLIENT_ID"))
	c.ClientSecret = pasted(c.ClientSecret, os.Getenv("SPOTIFY_CLIENT_SECRET"))
	c.RedirectURL = pasted(c.RedirectURL, os.Getenv("SPOTIFY_REDIRECT_URI"))
	c.AccountsURL = pasted(c.AccountsURL, cmp.Or(os.Getenv("SPOTIFY_ACCOUNTS_URL"), DefaultAccountsURL))
	c.AccountsURL = strings.TrimRight(c.AccountsURL, "/")
	c.AuthURL = pasted(c.AuthURL, c.AccountsURL+"/authorize")
	c.TokenURL = pasted(c.TokenURL, c.AccountsURL+"/api/token")
	return c
}

// pasted returns value, or other if value is empty, without pasted quotation marks and white space.
func pasted(value, other string) string {
	return cmp.Or(argument.Pasted(value), argument.Pasted(other))
}

// AtSpotify reports whether the token endpoint is Spotify's own (accounts.spotify.com), not a fake
// or a proxy.
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

// checkLogin checks the fields of the flows with a user.
func (c Config) checkLogin() error {
	if err := checkEndpoint("AuthURL", c.AuthURL); err != nil {
		return err
	}
	if onLoopback(c.AuthURL) != onLoopback(c.TokenURL) { // a fake and the real service: one would get the other's codes
		return argument.Errorf("AuthURL", c.AuthURL,
			"AuthURL and TokenURL (%s) both on loopback or neither; AccountsURL (SPOTIFY_ACCOUNTS_URL) sets both",
			c.TokenURL)
	}
	if err := checkRedirect(c.RedirectURL); err != nil {
		return err
	}
	if n := len(c.CookieKey); n > 0 && n < 32 {
		return argument.Described("CookieKey", fmt.Sprintf("%d bytes", n), "32 random bytes or more, or nil")
	}
	return Scopes(c.Scopes).check()
}

// checkRedirect applies Spotify's rules for redirect URIs, so that a mistake is an error here and
// not on the page that the user sees.
//
// https://developer.spotify.com/documentation/web-api/concepts/redirect_uri
func checkRedirect(raw string) error {
	const allowed = "a URI registered on the app's page: " +
		"https, http on 127.0.0.1 or [::1] (not localhost), or an app's own scheme; no fragment"
	if raw == "" {
		return argument.Missing("RedirectURL", "set it, or SPOTIFY_REDIRECT_URI, to "+allowed)
	}
	u, err := url.Parse(raw)
	if err != nil {
		return argument.Described("RedirectURL", "a string that is not a URL", allowed)
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

// isLoopbackLiteral is stricter than transport.IsLoopback: a name such as localhost can resolve to
// another machine.
func isLoopbackLiteral(u *url.URL) bool { return u.Hostname() == "127.0.0.1" || u.Hostname() == "::1" }

func checkCredential(name, value, env string) error {
	const allowed = "the value on the app's page at " + dashboard
	switch {
	case value == "":
		return argument.Missing(name, "set it, or "+env+", to "+allowed).Because(ErrCredentials)
	case strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }):
		const given = "a string with a space, line break or non-ASCII character"
		return argument.Described(name, given, allowed).Because(ErrCredentials)
	}
	return nil
}

// checkEndpoint refuses a URL to which a secret must not be sent. Its error does not contain user
// information.
func checkEndpoint(name, raw string) error {
	const allowed = "an absolute https URL without user information or fragment (http on loopback only)"
	u, err := url.Parse(raw)
	if err != nil {
		return argument.Described(name, "a string that is not a URL", allowed)
	}
	secure := u.Scheme == "https" || u.Scheme == "http" && transport.IsLoopback(u)
	if !secure || u.Hostname() == "" || u.User != nil || u.Fragment != "" {
		return argument.Errorf(name, u.Redacted(), allowed)
	}
	return nil
}

// onLoopback reports whether a URL is on loopback.
func onLoopback(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && transport.IsLoopback(u)
}

// String returns the client id without the secret.
func (c Config) String() string {
	return fmt.Sprintf("auth.Config{ClientID: %q, ClientSecret: [redacted]}", c.ClientID)
}

// Format prints String for every verb, so that no verb prints the secret.
func (c Config) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, c.String()) }

// LogValue returns String for structured logs.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }
