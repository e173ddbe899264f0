package auth_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/accounts"
	"github.com/seed-2147f1a9/spotify/transport"
)

// expired returns a stored login whose access token expired an hour ago.
func (w *testService) expired(t *testing.T) *auth.Login {
	t.Helper()
	_, refresh := w.Login(clientID, false, "user-top-read")
	c := w.config()
	c.Store = auth.NewMemoryStore()
	rec := auth.StoredToken{
		ClientID:     clientID,
		AccessToken:  "expired",
		RefreshToken: refresh,
		Expiry:       time.Now().Add(-time.Hour),
	}
	must(t, c.Store.Save(t.Context(), "default", rec, 0))
	return open(t, "code", c)
}

func TestTenThousandCallersShareOneRefresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := direct(accounts.Config{Rotation: accounts.Rotate})
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
		t.Logf("10,000 callers with an expired token: %d refresh", w.Count("refresh_token"))
		if n := w.Count("refresh_token"); n != 1 {
			t.Errorf("%d refreshes, want 1", n)
		}
	})
}

func TestCanceledCallerDoesNotCancelTheRefresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := direct(accounts.Config{Rotation: accounts.Rotate})
		l := w.expired(t)
		w.Fail(tokenPath, accounts.Fault{Delay: 200 * time.Millisecond})
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		start := time.Now()
		if _, err := l.Token(ctx); !errors.Is(err, context.DeadlineExceeded) ||
			time.Since(start) != 20*time.Millisecond {
			t.Errorf("the canceled caller: %v after %v", err, time.Since(start))
		}
		w.token(t, l)
		if n := w.Count("refresh_token"); n != 1 || time.Since(start) != 200*time.Millisecond {
			t.Errorf("%d refreshes after %v, want the one that the first caller started", n, time.Since(start))
		}
	})
}

// Each error of the token endpoint, and its effect on the login.
func TestRefreshErrors(t *testing.T) {
	for name, c := range map[string]struct {
		trouble   func(w *testService)
		recovers  bool
		again     bool  // the next call recovers
		is        error // otherwise
		permanent bool
	}{
		"slow":          {trouble: fault(accounts.Fault{Delay: 300 * time.Millisecond}), recovers: true},
		"down, then up": {trouble: fault(accounts.Fault{Drop: true, Times: 1}), again: true},
		"503, then up":  {trouble: fault(accounts.Fault{Status: 503, Times: 1, Body: "<html>"}), again: true},
		"down":          {trouble: fault(accounts.Fault{Drop: true, Times: -1})},
		"mangled":       {trouble: fault(accounts.Fault{Status: 200, Body: `{"access_token":"abc`}), permanent: true},
		"revoked":       {trouble: func(w *testService) { w.RevokeLogins() }, is: auth.ErrReauthorize, permanent: true},
		"unknown app": {trouble: func(w *testService) {
			w.Configure(func(c *accounts.Config) { c.Clients = map[string]string{} })
		}, is: auth.ErrCredentials, permanent: true},
		"busy for long": {
			trouble: fault(accounts.Fault{Status: 429, Times: -1, Header: http.Header{"Retry-After": {"3600"}}}),
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := direct(accounts.Config{})
				l := open(t, "PKCE", w.config())
				w.logIn(t, l)
				old, _ := l.Token(t.Context())
				l.Invalidate(old)
				c.trouble(w)
				token, err := l.Token(t.Context())
				if c.again {
					if !transport.IsTransient(err) {
						t.Errorf("the error is not transient: %v", err)
					}
					token, err = l.Token(t.Context())
				}
				switch {
				case c.recovers, c.again:
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
							t.Error("Token returned a token")
						}
					}
				}
				if n := w.Count(tokenPath) - before; n != 0 {
					t.Errorf("%d requests with a refused refresh token", n)
				}
			})
		})
	}
}

func fault(f accounts.Fault) func(*testService) { return func(w *testService) { w.Fail(tokenPath, f) } }

// The refresh token expires 6 months after the login, even if it is used.
func TestLoginExpires(t *testing.T) {
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

// After a new login in one process, the other processes use it without a restart.
func TestLoginByAnotherProcess(t *testing.T) {
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
		t.Error("the processes have different tokens")
	}
}
