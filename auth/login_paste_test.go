package auth

import (
	"errors"
	"strings"
	"testing"
)

// Client ids, secrets, URLs and tokens are accepted with pasted quotation marks and white space,
// also from the environment.
func TestFaultsPaste(t *testing.T) {
	t.Setenv("SPOTIFY_CLIENT_SECRET", "'from-the-environment'\r\n")
	c := Config{
		ClientID:    " \"id\"\n",
		RedirectURL: "<https://example.com/callback> ",
		TokenURL:    " https://accounts.spotify.com/api/token\n",
	}.withEnv()
	if c.ClientID != "id" || c.ClientSecret != "from-the-environment" ||
		c.RedirectURL != "https://example.com/callback" ||
		c.TokenURL != DefaultTokenURL ||
		c.AuthURL != DefaultAuthURL {
		t.Errorf("%q %q %q %q %q", c.ClientID, c.ClientSecret, c.RedirectURL, c.TokenURL, c.AuthURL)
	}
	if err := errors.Join(c.checkClient(true), c.checkLogin()); err != nil {
		t.Error(err)
	}
	if token, err := Static(" \"token\"\n").Token(t.Context()); err != nil || token.AccessToken != "token" {
		t.Errorf("%v", err)
	}
	for _, given := range []string{"a b", "a\nb", `" "`} {
		_, err := NewClientCredentials(Config{ClientID: given, ClientSecret: "s3cr3t\nx"})
		if !errors.Is(err, ErrCredentials) || strings.Contains(err.Error(), "s3cr3t") {
			t.Errorf("%q: %v", given, err)
		}
	}
	login, err := NewPKCE(Config{ClientID: "id", RedirectURL: "https://example.com/callback"})
	if err != nil {
		t.Fatal(err)
	}
	const state = "0123456789012345678901234567890123456789012"
	for _, callback := range []string{
		"https://example.com/callback?code=c&state=" + state,
		" \"https://example.com/callback?code=c&state=" + state + "\"\r\n",
		"<https://example.com/callback?code=c&state=" + state + ">",
	} {
		if code, err := login.ParseCallback(callback, state); err != nil || code.value != "c" {
			t.Errorf("%q: %v", callback, err)
		}
	}
}
