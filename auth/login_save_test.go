package auth_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/accounts"
)

// slowStore is a slow store that fails while broken is set. It is not a RefreshLocker.
type slowStore struct {
	auth.TokenStore
	pause  time.Duration
	broken atomic.Bool
}

var errFull = errors.New("no space left on the device")

func (s *slowStore) Save(ctx context.Context, account string, rec auth.StoredToken, prevGen uint64) error {
	if s.broken.Load() {
		return errFull
	}
	time.Sleep(s.pause)
	return s.TokenStore.Save(ctx, account, rec, prevGen)
}

// virtual runs a test in virtual time, with rotating refresh tokens and a slow store.
func virtual(t *testing.T, test func(t *testing.T, w *testService, c auth.Config, s *slowStore)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := direct(accounts.Config{Rotation: accounts.Rotate})
		s := &slowStore{TokenStore: auth.NewMemoryStore(), pause: 500 * time.Millisecond}
		c := w.config()
		c.Store = s
		test(t, w, c, s)
	})
}

func (s *slowStore) has(t *testing.T) auth.StoredToken {
	t.Helper()
	rec, err := s.Load(t.Context(), "default")
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

func TestSavedBeforeUse(t *testing.T) {
	virtual(t, func(t *testing.T, w *testService, c auth.Config, s *slowStore) {
		l := open(t, "PKCE", c)
		w.logIn(t, l)
		old := w.token(t, l)
		time.Sleep(time.Hour - 4*time.Minute) // within the soft margin: refreshed behind the caller's back
		refreshed := 0
		for range 50 {
			token, err := l.Token(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if token.AccessToken != old {
				refreshed++
				if got := s.has(t); got.AccessToken != token.AccessToken {
					t.Fatalf("Token returned %s while the store has %s", token.AccessToken, got.AccessToken)
				}
			}
			time.Sleep(20 * time.Millisecond)
		}
		if refreshed == 0 || refreshed == 50 {
			t.Errorf("%d of 50 calls had the new token: the save made no difference", refreshed)
		}
	})
}

func TestStoreFull(t *testing.T) {
	virtual(t, func(t *testing.T, w *testService, c auth.Config, s *slowStore) {
		var reports atomic.Int32
		c.OnSaveError = func(err error) {
			if !errors.Is(err, errFull) {
				t.Errorf("OnSaveError(%v)", err)
			}
			reports.Add(1)
		}
		l := open(t, "PKCE", c)
		w.logIn(t, l)
		s.broken.Store(true)
		for range 3 {
			w.renewed(t, l) // the token stays usable, and so does the refresh token that only memory has
		}
		if reports.Load() != 3 || w.Count("invalid_grant") != 0 {
			t.Errorf("%d reports of 3 failed saves, %d refused refreshes", reports.Load(), w.Count("invalid_grant"))
		}
		time.Sleep(10 * time.Minute)
		if n := reports.Load(); n < 10 || n > 25 {
			t.Errorf("%d reports in 10 minutes: the save is not retried, or too often", n)
		}
		s.broken.Store(false)
		time.Sleep(2 * time.Minute)
		if got := s.has(t).AccessToken; got != w.token(t, l) {
			t.Errorf("the store has %s after the outage", got)
		}
		w.renewed(t, open(t, "PKCE", c)) // a new program goes on from there
		w.renewed(t, l)
		if w.Count("invalid_grant") != 0 {
			t.Error("the refresh token was lost")
		}
	})
}

// An unsaved login, or logout, by the user replaces what other processes saved of the login before.
func TestUnsavedLoginReplacesRefreshes(t *testing.T) {
	for name, last := range map[string]func(t *testing.T, w *testService, l *auth.Login){
		"login":  func(t *testing.T, w *testService, l *auth.Login) { w.logIn(t, l) },
		"logout": func(t *testing.T, _ *testService, l *auth.Login) { _ = l.Forget(t.Context()) },
	} {
		for when, then := range map[string]func(l *auth.Login){
			"later":    func(*auth.Login) { time.Sleep(2 * time.Minute) },
			"at Close": func(l *auth.Login) { _ = l.Close() },
		} {
			t.Run(name+" "+when, func(t *testing.T) {
				virtual(t, func(t *testing.T, w *testService, c auth.Config, s *slowStore) {
					l := open(t, "PKCE", c)
					w.logIn(t, l)
					s.broken.Store(true)
					last(t, w, l)
					s.broken.Store(false)
					w.renewed(t, open(t, "PKCE", c)) // another program, which knows nothing of it
					theirs := s.has(t)
					then(l)
					if got := s.has(t); got.Generation != theirs.Generation+1 ||
						got.RefreshToken == theirs.RefreshToken ||
						(got.RefreshToken == "") != (name == "logout") {
						t.Errorf("the store has %v, want the last action of the user", got)
					}
				})
			})
		}
	}
}

// A newer token that another program saved is used without a request, also if StoredToken loaded it
// first.
func TestStoredTokenSendsNoRequest(t *testing.T) {
	virtual(t, func(t *testing.T, w *testService, c auth.Config, _ *slowStore) {
		here, there := open(t, "PKCE", c), open(t, "PKCE", c)
		w.logIn(t, here)
		old := w.token(t, here)
		newer := w.renewed(t, there)
		if rec, err := here.StoredToken(t.Context()); err != nil || rec.AccessToken != newer {
			t.Fatalf("%v, %v", rec, err)
		}
		w.RevokeAccess(old)
		here.Invalidate(&oauth2.Token{AccessToken: old})
		if got := w.token(t, here); got != newer || w.Count("refresh_token") != 1 {
			t.Errorf("got %s with %d refreshes, want %s with 1", got, w.Count("refresh_token"), newer)
		}
	})
}

func TestCloseReportsUnsavedLogin(t *testing.T) {
	virtual(t, func(t *testing.T, w *testService, c auth.Config, s *slowStore) {
		l := open(t, "PKCE", c)
		w.logIn(t, l)
		s.broken.Store(true)
		w.renewed(t, l)
		for range 2 {
			if err := l.Close(); !errors.Is(err, errFull) {
				t.Errorf("Close with an unsaved login: %v", err)
			}
		}
		s.broken.Store(false)
		lucky := open(t, "PKCE", c)
		w.logIn(t, lucky)
		s.broken.Store(true)
		token := w.renewed(t, lucky)
		s.broken.Store(false)
		if err := lucky.Close(); err != nil || s.has(t).AccessToken != token {
			t.Errorf("Close once the store works: %v", err)
		}
	})
}

// Close waits for a refresh in flight, whose refresh token is used up, and saves its result.
func TestCloseWaitsForRotation(t *testing.T) {
	virtual(t, func(t *testing.T, w *testService, c auth.Config, s *slowStore) {
		l := open(t, "PKCE", c)
		w.logIn(t, l)
		old, _ := l.Token(t.Context())
		l.Invalidate(old)
		w.Fail(tokenPath, accounts.Fault{Delay: 3 * time.Second})
		waiting := make(chan error)
		go func() {
			_, err := l.Token(t.Context())
			waiting <- err
		}()
		synctest.Wait()
		go l.Close()
		if err := <-waiting; !errors.Is(err, auth.ErrClosed) {
			t.Errorf("a caller that waited: %v", err)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		if s.has(t).AccessToken == old.AccessToken {
			t.Error("the rotated token was not saved")
		}
		if err := l.Exchange(t.Context(), auth.Code{}); err == nil {
			t.Error("a login after Close")
		}
		w.renewed(t, open(t, "PKCE", c))
	})
}

// Without a lock two programs can send one refresh token concurrently: the refused one waits for
// the token that the other saves.
func TestRefreshRaceUsesTheSavedToken(t *testing.T) {
	virtual(t, func(t *testing.T, w *testService, c auth.Config, s *slowStore) {
		one, two := open(t, "PKCE", c), open(t, "PKCE", c)
		w.logIn(t, one)
		for round := range 20 {
			old := w.token(t, one)
			if w.token(t, two) != old {
				t.Fatal("the two programs have different logins")
			}
			w.RevokeAccess(old)
			var wg sync.WaitGroup
			for _, l := range []*auth.Login{one, two} {
				wg.Go(func() {
					token, _ := l.Token(t.Context())
					l.Invalidate(token)
					w.token(t, l)
				})
			}
			wg.Wait()
			if n := w.Count("invalid_grant"); n != round+1 {
				t.Fatalf("round %d: %d refused refreshes, want one in each round", round, n)
			}
		}
	})
}

// The token endpoint is down for a minute, first while the token is valid, then after it has
// expired.
func TestEndpointDownForAMinute(t *testing.T) {
	virtual(t, func(t *testing.T, w *testService, c auth.Config, _ *slowStore) {
		l := open(t, "PKCE", c)
		w.logIn(t, l)
		call := func() (good, failed int) {
			for start := time.Now(); time.Since(start) < time.Minute; time.Sleep(100 * time.Millisecond) {
				token, err := l.Token(t.Context())
				if err != nil {
					failed++
				} else if _, ok := w.Validate(token.AccessToken); ok {
					good++
				} else {
					t.Fatal("Token returned an expired token")
				}
			}
			return good, failed
		}
		time.Sleep(time.Hour - 3*time.Minute)
		before := w.Count(tokenPath)
		w.Fail(tokenPath, accounts.Fault{Drop: true, Times: -1})
		good, failed := call()
		t.Logf("endpoint down for a minute, token valid: %d calls, %d failed, %d requests", good+failed, failed,
			w.Count(tokenPath)-before)
		if failed != 0 || w.Count(tokenPath)-before > 20 {
			t.Error("calls failed, or there were too many requests")
		}
		time.Sleep(3 * time.Minute)
		_, failed = call()
		t.Logf("endpoint down for a minute, token expired: %d calls, all failed with a typed error", failed)
		w.Heal()
		good, failed = call()
		if good == 0 || failed != 0 {
			t.Errorf("after the outage: %d succeeded, %d failed", good, failed)
		}
	})
}

// The store's file is damaged or deleted while the program runs: OnSaveError is called, and the
// login goes on from memory.
func TestStoreFailsWhileRunning(t *testing.T) {
	virtual(t, func(t *testing.T, w *testService, c auth.Config, s *slowStore) {
		var reported atomic.Int32
		c.OnSaveError = func(error) { reported.Add(1) }
		l := open(t, "PKCE", c)
		w.logIn(t, l)
		w.token(t, l)
		s.TokenStore = auth.NewMemoryStore()
		w.renewed(t, l)
		if s.has(t).Generation != 1 {
			t.Error("the login was not saved again")
		}
		s.TokenStore = damaged{}
		w.renewed(t, l)
		w.renewed(t, l)
		if reported.Load() == 0 {
			t.Error("OnSaveError was not called")
		}
	})
}

type damaged struct{}

func (damaged) Load(context.Context, string) (auth.StoredToken, error) {
	return auth.StoredToken{}, &auth.StoreError{Where: "here", Problem: "damaged", Advice: "repair it"}
}

func (damaged) Save(context.Context, string, auth.StoredToken, uint64) error {
	return &auth.StoreError{Where: "here", Problem: "damaged", Advice: "repair it"}
}
