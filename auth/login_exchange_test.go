package auth_test

import (
	"errors"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/accounts"
	"github.com/seed-2147f1a9/spotify/transport"
)

// Every flow over sockets: log in, refresh several times with each rotation of refresh tokens,
// restart the program, refresh again.
func TestFlows(t *testing.T) {
	rotations := map[string]accounts.Rotation{
		"as Spotify": accounts.LikeSpotify,
		"as before":  accounts.RotatePublic,
		"kept":       accounts.Keep,
		"rotated":    accounts.Rotate,
		"omitted":    accounts.Omit,
	}
	for name := range flows {
		for kind, rotation := range rotations {
			t.Run(name+"/"+kind, func(t *testing.T) {
				w := online(t, accounts.Config{Rotation: rotation})
				c := w.config()
				store, err := auth.NewFileStore(filepath.Join(t.TempDir(), "logins.json"))
				if err != nil {
					t.Fatal(err)
				}
				c.Store = store
				l := open(t, name, c)
				if _, err := l.Token(t.Context()); !errors.Is(err, auth.ErrReauthorize) || !transport.IsPermanent(err) {
					t.Fatalf("before the login: %v", err)
				}
				began := time.Now()
				w.logIn(t, l)
				authorized := time.Now()
				scopes, ok := w.Validate(w.token(t, l))
				if !ok || strings.Join(scopes, " ") != "user-library-read user-top-read" {
					t.Fatalf("%v", scopes)
				}
				for range 5 {
					w.renewed(t, l)
				}
				rec, err := l.StoredToken(t.Context())
				if err != nil || rec.Generation != 6 || rec.ClientID != clientID ||
					rec.Scopes.String() != "user-library-read user-top-read" ||
					rec.AuthorizedAt.Before(began.Truncate(time.Second)) ||
					rec.AuthorizedAt.After(authorized) ||
					rec.ExpiresSoon(24*time.Hour) ||
					!rec.ExpiresSoon(190*24*time.Hour) {
					t.Errorf("%v, %v", rec, err)
				}
				if err := l.Close(); err != nil {
					t.Fatal(err)
				}

				before := w.Count("refresh_token")
				again := open(t, name, c)
				w.token(t, again)
				if n := w.Count("refresh_token") - before; n != 0 {
					t.Errorf("%d refreshes for a stored valid token", n)
				}
				w.renewed(t, again)
				if n := w.Count("invalid_grant"); n != 0 {
					t.Errorf("%d refused refreshes", n)
				}
				if err := again.Forget(t.Context()); err != nil {
					t.Fatal(err)
				}
				if _, err := again.Token(t.Context()); !errors.Is(err, auth.ErrReauthorize) {
					t.Errorf("after Forget: %v", err)
				}
				if _, err := open(t, name, c).Token(t.Context()); !errors.Is(err, auth.ErrReauthorize) {
					t.Errorf("after Forget, in a new program: %v", err)
				}
				w.logIn(t, again)
				w.token(t, again)
			})
		}
	}
}

func TestClientCredentialsFlow(t *testing.T) {
	w := online(t, accounts.Config{})
	s, err := auth.NewClientCredentials(w.config())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	token, err := s.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if scopes, ok := w.Validate(token.AccessToken); !ok || scopes != nil {
		t.Errorf("%v, %v", scopes, ok)
	}
	c := w.config()
	c.ClientSecret = strings.ToUpper(clientSecret)
	wrong, err := auth.NewClientCredentials(c)
	if err != nil {
		t.Fatal(err)
	}
	defer wrong.Close()
	if _, err := wrong.Token(t.Context()); !errors.Is(err, auth.ErrCredentials) || !transport.IsPermanent(err) {
		t.Errorf("a wrong secret: %v", err)
	}
}

func TestAuthURL(t *testing.T) {
	w := online(t, accounts.Config{})
	state := auth.NewState()
	for name := range flows {
		l := open(t, name, w.config())
		raw, err := l.AuthURL(state, auth.ShowDialog(), auth.WithScopes(auth.ScopeStreaming, auth.ScopeUserReadEmail))
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		challenge := q.Get("code_challenge")
		q.Del("code_challenge")
		want := url.Values{
			"client_id":     {clientID},
			"redirect_uri":  {redirectURL},
			"response_type": {"code"},
			"scope":         {"streaming user-read-email"},
			"show_dialog":   {"true"},
			"state":         {state},
		}
		if name == "PKCE" {
			want.Set("code_challenge_method", "S256")
		}
		if q.Encode() != want.Encode() || (name == "PKCE") != (len(challenge) == 43) {
			t.Errorf("%s: %s", name, raw)
		}
		for what, err := range map[string]error{
			"no state":      second(l.AuthURL("")),
			"a short state": second(l.AuthURL("1234")),
			"unknown scope": second(l.AuthURL(state, auth.WithScopes("user-read-mind"))),
		} {
			if !errors.Is(err, auth.ErrInvalidArgument) {
				t.Errorf("%s: %v", what, err)
			}
		}
	}
	if auth.NewState() == state || len(state) < 43 {
		t.Error("states repeat")
	}
}

func second[T any](_ T, err error) error { return err }

// A code verifier depends on the state and on the key.
func TestVerifiers(t *testing.T) {
	w := online(t, accounts.Config{})
	l := open(t, "PKCE", w.config())
	states := []string{auth.NewState(), auth.NewState()}
	code, err := l.ParseCallback(w.callback(t, l, states[0]), states[0])
	if err != nil {
		t.Fatal(err)
	}
	other := open(t, "PKCE", w.config())
	if err := other.Exchange(t.Context(), code); !errors.Is(err, auth.ErrReauthorize) {
		t.Errorf("a program without the key: %v", err)
	}
	if err := l.Exchange(t.Context(), code); err != nil {
		t.Errorf("the program that started the login: %v", err)
	}
	challenge := func(l *auth.Login, state string) string {
		raw, err := l.AuthURL(state)
		if err != nil {
			t.Fatal(err)
		}
		u, _ := url.Parse(raw)
		return u.Query().Get("code_challenge")
	}
	seen := map[string]bool{}
	for _, c := range []string{challenge(l, states[0]), challenge(l, states[1]), challenge(other, states[0])} {
		seen[c] = true
	}
	if len(seen) != 3 {
		t.Error("two logins share a verifier")
	}
}

// A failed login leaves the earlier login unchanged.
func TestFailedLoginKeepsTheEarlierOne(t *testing.T) {
	w := online(t, accounts.Config{Rotation: accounts.Rotate})
	l := open(t, "code", w.config())
	w.logIn(t, l)
	old := w.token(t, l)
	state := auth.NewState()
	callback := w.callback(t, l, state)
	code, err := l.ParseCallback(strings.Replace(callback, "code=", "code=x", 1), state)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Exchange(t.Context(), code); !errors.Is(err, auth.ErrReauthorize) {
		t.Errorf("a mangled code: %v", err)
	}
	if err := l.Exchange(t.Context(), auth.Code{}); !errors.Is(err, auth.ErrInvalidArgument) {
		t.Errorf("no code: %v", err)
	}
	if w.token(t, l) != old {
		t.Error("the earlier login was lost")
	}
	w.renewed(t, l)
}
