package auth_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/accounts"
)

var noConfig = accounts.Config{}

// The constructors refuse a configuration that Spotify would refuse, or that cannot work.
func TestInvalidConfig(t *testing.T) {
	for _, env := range []string{"CLIENT_ID", "CLIENT_SECRET", "REDIRECT_URI"} {
		t.Setenv("SPOTIFY_"+env, "")
	}
	for name, c := range map[string]struct {
		change      func(*auth.Config)
		want        string
		credentials bool
		pkceToo     bool
	}{
		"no id": {func(c *auth.Config) { c.ClientID = "" }, "set it, or SPOTIFY_CLIENT_ID", true, true},
		"no secret": {
			func(c *auth.Config) { c.ClientSecret = "" }, "set it, or SPOTIFY_CLIENT_SECRET", true, false,
		},
		"id with a space": {func(c *auth.Config) { c.ClientID = "a b" }, "a space", true, true},
		"no redirect":     {func(c *auth.Config) { c.RedirectURL = "" }, "set it, or SPOTIFY_REDIRECT_URI", false, true},
		"localhost": {
			func(c *auth.Config) { c.RedirectURL = "http://localhost:8080/callback" }, "not localhost", false, true,
		},
		"localhost, https": {
			func(c *auth.Config) { c.RedirectURL = "https://localhost/callback" }, "not localhost", false, true,
		},
		"plain http": {
			func(c *auth.Config) { c.RedirectURL = "http://app.example/callback" }, "http on 127.0.0.1", false, true,
		},
		"loopback by name": {
			func(c *auth.Config) { c.RedirectURL = "http://127.0.0.1.evil.example/" }, "http on 127.0.0.1", false, true,
		},
		"fragment": {
			func(c *auth.Config) { c.RedirectURL = "https://app.example/#x" }, "no fragment", false, true,
		},
		"relative":  {func(c *auth.Config) { c.RedirectURL = "/callback" }, "registered", false, true},
		"script":    {func(c *auth.Config) { c.RedirectURL = "javascript:alert(1)" }, "registered", false, true},
		"not a URL": {func(c *auth.Config) { c.RedirectURL = "http://%" }, "not a URL", false, true},
		"unknown scope": {
			func(c *auth.Config) { c.Scopes = []auth.Scope{"user-read-mind"} }, `"user-read-mind"`, false, true,
		},
		"plain http login": {
			func(c *auth.Config) { c.AuthURL = "http://accounts.spotify.com/authorize" }, "AuthURL", false, true,
		},
		"plain http tokens": {
			func(c *auth.Config) { c.TokenURL = "http://accounts.spotify.com/api/token" }, "TokenURL", false, true,
		},
		"a short cookie key":  {func(c *auth.Config) { c.CookieKey = []byte("short") }, "5 bytes", false, true},
		"a secret with break": {func(c *auth.Config) { c.ClientSecret += "\nx" }, "line break", true, false},
	} {
		for kind := range flows {
			config := auth.Config{ClientID: clientID, ClientSecret: clientSecret, RedirectURL: redirectURL}
			c.change(&config)
			_, err := flows[kind](config)
			if kind == "PKCE" && !c.pkceToo {
				if err != nil {
					t.Errorf("%s: PKCE needs no secret: %v", name, err)
				}
				continue
			}
			if !errors.Is(err, auth.ErrInvalidArgument) || errors.Is(err, auth.ErrCredentials) != c.credentials ||
				!strings.Contains(err.Error(), c.want) {
				t.Errorf("%s, %s: %v, want ...%s...", name, kind, err, c.want)
			}
		}
	}
}

func TestValidRedirectURLs(t *testing.T) {
	for _, uri := range []string{
		"https://app.example/callback?x=1", "http://127.0.0.1/cb", "http://127.0.0.1:8080/cb", "http://[::1]:9/",
		"com.example.app://callback", "com.example.app:/callback",
	} {
		if _, err := auth.NewPKCE(auth.Config{ClientID: clientID, RedirectURL: uri}); err != nil {
			t.Errorf("%s: %v", uri, err)
		}
	}
}

func TestConfigFromEnvironment(t *testing.T) {
	t.Setenv("SPOTIFY_CLIENT_ID", "from-env")
	t.Setenv("SPOTIFY_CLIENT_SECRET", clientSecret)
	t.Setenv("SPOTIFY_REDIRECT_URI", "http://127.0.0.1:4712/cb")
	f, err := auth.NewAuthorizationCode(auth.Config{})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := f.AuthURL(goodState)
	if err != nil || !strings.HasPrefix(raw, auth.DefaultAuthURL+"?") || !strings.Contains(raw, "client_id=from-env") ||
		!strings.Contains(raw, "4712") {
		t.Errorf("%s, %v", raw, err)
	}
	f, err = auth.NewAuthorizationCode(auth.Config{ClientID: "given"})
	if raw, _ := f.AuthURL(goodState); err != nil || !strings.Contains(raw, "client_id=given") {
		t.Errorf("fields must take precedence over the environment: %s, %v", raw, err)
	}
}

func TestScopes(t *testing.T) {
	all := auth.AllScopes()
	if len(all) != 19 {
		t.Errorf("%d scopes", len(all))
	}
	all = append(all, auth.ScopeUserPersonalized, auth.ScopeUserSOALink, auth.ScopeUserSOAUnlink,
		auth.ScopeSOACreatePartner, auth.ScopeSOAManageEntitlements, auth.ScopeSOAManagePartner)
	if _, err := auth.NewPKCE(auth.Config{ClientID: clientID, RedirectURL: redirectURL, Scopes: all}); err != nil ||
		len(all) != 25 {
		t.Errorf("%d scopes: %v", len(all), err)
	}
	w := online(t, noConfig) // its list of scopes is written apart from the constants
	l := open(t, "PKCE", w.config())
	for _, scope := range all {
		state := auth.NewState()
		if _, err := l.ParseCallback(w.callback(t, l, state, auth.WithScopes(scope)), state); err != nil {
			t.Errorf("scope %q: %v", scope, err)
		}
	}
	set := auth.ParseScopes("  user-top-read streaming\tuser-top-read new-scope ")
	if set.String() != "new-scope streaming user-top-read" || auth.ParseScopes(set.String()).String() != set.String() {
		t.Errorf("%q", set)
	}
	if !set.Has(auth.ScopeStreaming) || set.Has(auth.ScopeUserReadEmail) || len(auth.ParseScopes("")) != 0 {
		t.Error("Has, or ParseScopes of an empty list")
	}
	if got := set.Missing(auth.ScopeUserReadEmail, auth.ScopeStreaming,
		auth.ScopeUserFollowRead); got.String() != "user-follow-read user-read-email" {
		t.Errorf("missing %q", got)
	}
	if scopes, ok := auth.GrantedScopes(nil); ok || scopes != nil {
		t.Error("GrantedScopes of a nil token")
	}
}
