package auth_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/accounts"
	"github.com/seed-2147f1a9/spotify/transport"
)

// Every flow, over real sockets: log in, refresh as often as one likes whatever happens to the refresh token, end the program, go on.
func TestFlows(t *testing.T) {
	rotations := map[string]accounts.Rotation{"as Spotify": accounts.LikeSpotify, "kept": accounts.Keep, "rotated": accounts.Rotate, "omitted": accounts.Omit}
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
				w.logIn(t, l)
				scopes, ok := w.Validate(w.token(t, l))
				if !ok || strings.Join(scopes, " ") != "user-library-read user-top-read" {
					t.Fatalf("%v", scopes)
				}
				for range 5 {
					w.renewed(t, l)
				}
				rec, err := l.Record(t.Context())
				if err != nil || rec.Generation != 6 || rec.ClientID != clientID || rec.Scopes.String() != "user-library-read user-top-read" ||
					time.Since(rec.AuthorizedAt) > time.Minute || rec.ExpiresSoon(24*time.Hour) || !rec.ExpiresSoon(190*24*time.Hour) {
					t.Errorf("%v, %v", rec, err)
				}
				if err := l.Close(); err != nil {
					t.Fatal(err)
				}

				before := w.Count("refresh_token")
				again := open(t, name, c)
				w.token(t, again)
				if n := w.Count("refresh_token") - before; n != 0 {
					t.Errorf("%d refreshes for a stored token that is good", n)
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
		want := url.Values{"client_id": {clientID}, "redirect_uri": {redirectURL}, "response_type": {"code"}, "scope": {"streaming user-read-email"},
			"show_dialog": {"true"}, "state": {state}}
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

// A verifier belongs to one state of one program.
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
		t.Errorf("a program that did not begin the login: %v", err)
	}
	if err := l.Exchange(t.Context(), code); err != nil {
		t.Errorf("the one that did: %v", err)
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

// A login that fails leaves the one before as it was.
func TestFailedLoginLosesNothing(t *testing.T) {
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
		t.Error("lost the token")
	}
	w.renewed(t, l)
}

// A code that comes again is not sent again: Spotify may end the login for it. One that may not have arrived is.
func TestCodeIsGoodOnce(t *testing.T) {
	w := online(t, accounts.Config{})
	l := open(t, "PKCE", w.config())
	state := auth.NewState()
	callback := w.callback(t, l, state)
	parse := func() auth.Code {
		code, err := l.ParseCallback(callback, state)
		if err != nil {
			t.Fatal(err)
		}
		return code
	}
	w.Fail(tokenPath, accounts.Fault{Drop: true, Times: 3})
	if err := l.Exchange(t.Context(), parse()); err == nil {
		t.Fatal("exchanged while the endpoint was down")
	}
	if err := l.Exchange(t.Context(), parse()); err != nil {
		t.Fatalf("once more, when it is up: %v", err)
	}
	sent := w.Count(tokenPath)
	for _, again := range []*auth.Login{l, l.ForAccount("another")} {
		err := again.Exchange(t.Context(), parse())
		if _, ok := errors.AsType[*auth.CallbackError](err); !ok || !strings.Contains(err.Error(), "completed before") {
			t.Errorf("the code again: %v", err)
		}
	}
	if n := w.Count(tokenPath) - sent; n != 0 {
		t.Errorf("the code was sent again, %d times", n)
	}
	w.renewed(t, l)
}

// expired is a login as a program finds it that was not run for two hours.
func (w *world) expired(t *testing.T) *auth.Login {
	t.Helper()
	_, refresh := w.Login(clientID, false, "user-top-read")
	c := w.config()
	c.Store = auth.NewMemoryStore()
	rec := auth.Record{ClientID: clientID, AccessToken: "expired", RefreshToken: refresh, Expiry: time.Now().Add(-time.Hour)}
	must(t, c.Store.Save(t.Context(), "default", rec, 0))
	return open(t, "code", c)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestTenThousandMeetAnExpiredToken(t *testing.T) {
	w := online(t, accounts.Config{Rotation: accounts.Rotate})
	l := w.expired(t)
	w.Fail(tokenPath, accounts.Fault{Delay: 100 * time.Millisecond})
	var wg sync.WaitGroup
	var failed sync.Map
	for i := range 10_000 {
		wg.Go(func() {
			token, err := l.Token(t.Context())
			if err != nil || token.AccessToken == "expired" {
				failed.Store(i, err)
			}
		})
	}
	wg.Wait()
	failed.Range(func(i, err any) bool { t.Errorf("caller %v: %v", i, err); return false })
	t.Logf("10,000 callers met an expired token: %d refresh", w.Count("refresh_token"))
	if n := w.Count("refresh_token"); n != 1 {
		t.Errorf("%d refreshes, want 1", n)
	}
}

func TestCancelledWaiterCancelsNothing(t *testing.T) {
	w := online(t, accounts.Config{Rotation: accounts.Rotate})
	l := w.expired(t)
	w.Fail(tokenPath, accounts.Fault{Delay: 200 * time.Millisecond})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := l.Token(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the waiter that left: %v", err)
	}
	w.token(t, l)
	if n := w.Count("refresh_token"); n != 1 {
		t.Errorf("%d refreshes, want the one that the first waiter started", n)
	}
}

// What the endpoint can do to a refresh, and what comes of it.
func TestRefreshTrouble(t *testing.T) {
	for name, c := range map[string]struct {
		trouble   func(w *world)
		recovers  bool
		is        error // otherwise
		permanent bool
	}{
		"slow":          {trouble: fault(accounts.Fault{Delay: 300 * time.Millisecond}), recovers: true},
		"down, then up": {trouble: fault(accounts.Fault{Drop: true, Times: 2}), recovers: true},
		"503, then up":  {trouble: fault(accounts.Fault{Status: 503, Times: 2, Body: "<html>"}), recovers: true},
		"down":          {trouble: fault(accounts.Fault{Drop: true, Times: -1})},
		"mangled":       {trouble: fault(accounts.Fault{Status: 200, Body: `{"access_token":"abc`}), permanent: true},
		"revoked":       {trouble: func(w *world) { w.RevokeLogins() }, is: auth.ErrReauthorize, permanent: true},
		"unknown app": {trouble: func(w *world) {
			w.Configure(func(c *accounts.Config) { c.Clients = map[string]string{} })
		}, is: auth.ErrCredentials, permanent: true},
		"busy for long": {trouble: fault(accounts.Fault{Status: 429, Times: -1, Header: http.Header{"Retry-After": {"3600"}}})},
	} {
		t.Run(name, func(t *testing.T) {
			w := online(t, accounts.Config{})
			l := open(t, "PKCE", w.config())
			w.logIn(t, l)
			old, _ := l.Token(t.Context())
			l.Invalidate(old)
			c.trouble(w)
			token, err := l.Token(t.Context())
			switch {
			case c.recovers:
				if err != nil {
					t.Fatal(err)
				}
				w.token(t, l)
				return
			case err == nil:
				t.Fatalf("got %v", token.AccessToken)
			case c.is != nil && !errors.Is(err, c.is):
				t.Errorf("%v is not %v", err, c.is)
			case transport.IsPermanent(err) != c.permanent:
				t.Errorf("%v: permanent is %v", err, !c.permanent)
			}
			before := w.Count(tokenPath)
			for range 20 {
				if name == "revoked" || name == "busy for long" {
					if _, err := l.Token(t.Context()); err == nil {
						t.Error("a token out of nowhere")
					}
				}
			}
			if n := w.Count(tokenPath) - before; n != 0 {
				t.Errorf("asked %d times for what it was told it does not get", n)
			}
		})
	}
}

func fault(f accounts.Fault) func(*world) { return func(w *world) { w.Fail(tokenPath, f) } }

// Six months after the login the refresh token ends, however often it was used.
func TestLoginEnds(t *testing.T) {
	w := online(t, accounts.Config{RefreshMonths: -1})
	l := open(t, "code", w.config())
	w.logIn(t, l)
	old, _ := l.Token(t.Context())
	l.Invalidate(old)
	if _, err := l.Token(t.Context()); !errors.Is(err, auth.ErrReauthorize) {
		t.Errorf("got %v", err)
	}
	w.Configure(func(c *accounts.Config) { c.RefreshMonths = 6 })
	w.logIn(t, l)
	w.token(t, l)
}

// Whoever logs in again, in whatever process, the others go on without a restart.
func TestLoginElsewhere(t *testing.T) {
	w := online(t, accounts.Config{Rotation: accounts.Rotate})
	c := w.config()
	c.Store = auth.NewMemoryStore()
	here, there := open(t, "code", c), open(t, "code", c)
	w.logIn(t, here)
	w.token(t, there)
	w.RevokeLogins()
	old, _ := here.Token(t.Context())
	here.Invalidate(old)
	if _, err := here.Token(t.Context()); !errors.Is(err, auth.ErrReauthorize) {
		t.Fatalf("revoked: %v", err)
	}
	w.logIn(t, there)
	if w.token(t, here) != w.token(t, there) {
		t.Error("two tokens for one login")
	}
}
