package auth

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/transport"
)

// Login is one user's login to an app, and a source of its access tokens: the part that
// AuthorizationCode and PKCE share. It is safe for concurrent use.
//
// The first call of Token reads the stored login. A new login is made by one of EnsureAuthorized,
// AuthorizeLocal, AuthorizeManual, LoginHandler with CallbackHandler, AuthURL with ParseCallback
// and Exchange, or Import.
type Login struct {
	hidden
	config       Config
	pkce         bool
	account      string
	endpoint     *endpoint
	store        guardedStore
	ownsEndpoint bool // Close closes the endpoint's idle connections
	usedCodes    *usedCodes
	refresher    *refresher

	mu chan struct{} // a lock that can be waited for with a context; guards the fields below

	held        StoredToken // last loaded, saved or received from the token endpoint
	unsaved     bool        // held is not in the store yet
	overwrite   bool        // held is an unsaved login or logout: it replaces another process's refresh
	issued      string      // the access token that was returned last
	refused     string      // the refresh token that the endpoint refused with invalid_grant
	saver       saver
	closed      bool
	closeErr    error // returned by Close
	reportPanic error // a panic of OnSaveError, returned by Close
}

const (
	// saveTimeout bounds one save. Close waits that long for a refresh, and again for the store.
	saveTimeout = 5 * time.Second
	// lockTimeout bounds a refresh's wait for the store's lock: a process that was stopped while it
	// holds the lock must not keep the others from tokens.
	lockTimeout = 10 * time.Second
)

func newLogin(c Config, pkce bool) (*Login, error) {
	c = c.withEnv()
	if err := c.checkClient(!pkce); err != nil {
		return nil, err
	}
	if err := c.checkLogin(); err != nil {
		return nil, err
	}
	if c.Store == nil {
		c.Store = NewMemoryStore()
	}
	if len(c.CookieKey) == 0 {
		c.CookieKey = newKey()
	}
	l := &Login{config: c, pkce: pkce, endpoint: newEndpoint(c, !pkce), ownsEndpoint: true, usedCodes: &usedCodes{}}
	return l.withAccount(cmp.Or(c.Account, "default")), nil
}

// ForAccount returns the login of another account of the same store, such as another user of a web
// app. The account need not be stored yet. The new login shares l's configuration and connections:
// close it before l.
func (l *Login) ForAccount(account string) *Login {
	other := &Login{config: l.config, pkce: l.pkce, endpoint: l.endpoint.clone(), usedCodes: l.usedCodes}
	return other.withAccount(account)
}

func (l *Login) withAccount(account string) *Login {
	l.account = account
	l.hidden = hidden(fmt.Sprintf("auth.Login{ClientID: %q, Account: %q}", l.config.ClientID, account))
	l.store = guardedStore{l.config.Store, l.endpoint.secrets}
	l.mu = make(chan struct{}, 1)
	l.refresher = newRefresher(l.refresh, saveTimeout)
	return l
}

// Account returns the name of the login in the store.
func (l *Login) Account() string { return l.account }

// Token returns the current access token. It refreshes the token first, with a single request for
// all callers and all processes that share the store, if it expires within 10 seconds; 5 minutes
// before the expiry it refreshes in the background. The token is shared: callers must not change
// it.
//
// Errors match ErrReauthorize if the user has to log in (again) and ErrClosed after Close. They are
// an *Error if the token endpoint responded with one, a *StoreError if the stored login cannot be
// used, or ctx's error.
func (l *Login) Token(ctx context.Context) (*oauth2.Token, error) { return l.refresher.token(ctx) }

// Invalidate makes the next call of Token fetch a new token if stale is still the current one.
func (l *Login) Invalidate(stale *oauth2.Token) { l.refresher.invalidate(stale) }

// StoredToken returns the stored login, with the scopes that the user granted and the time at which
// it expires. The error matches ErrReauthorize if the account is not logged in.
func (l *Login) StoredToken(ctx context.Context) (StoredToken, error) {
	if err := l.lock(ctx); err != nil {
		return StoredToken{}, err
	}
	defer l.unlock()
	stored, err := l.load(ctx)
	if err == nil && stored.RefreshToken == "" {
		err = l.notLoggedIn()
	}
	return stored, err
}

// Forget logs the user out: it removes the tokens from memory and from the store. Other processes
// notice at their next refresh. Spotify still lists the app among those with access to the account;
// only the user can revoke that, at https://www.spotify.com/account/apps.
func (l *Login) Forget(ctx context.Context) error {
	if err := l.lock(ctx); err != nil {
		return err
	}
	defer l.unlock()
	if _, err := l.load(ctx); err != nil {
		return err
	}
	l.refresher.set(nil)
	// With the time a store can delete the account's entry once the login would have expired.
	authorized := l.held.AuthorizedAt
	if authorized.IsZero() {
		authorized = now()
	}
	return l.save(ctx, StoredToken{AuthorizedAt: authorized, Generation: l.held.Generation}, true)
}

// now returns the time as it is stored: UTC, in seconds.
func now() time.Time { return time.Now().UTC().Truncate(time.Second) }

// Close makes every later call fail with ErrClosed. It waits up to 5 seconds for a refresh in
// flight, because canceling it could lose a rotated refresh token, and saves an unsaved login once
// more. It returns within 16 seconds, even if the store blocks. The error is not nil if the login
// could not be saved and is lost; a second call returns the same error.
func (l *Login) Close() error {
	l.refresher.close()
	ctx, cancel := context.WithTimeout(context.Background(), saveTimeout)
	defer cancel()
	select {
	case l.mu <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("closing the login of account %q: %w", l.account, context.Cause(ctx))
	}
	defer l.unlock()
	if !l.closed {
		l.closed = true
		l.saver.stop()
		if l.unsaved {
			l.closeErr = l.saveOnce(ctx)
		}
		l.closeErr = errors.Join(l.closeErr, l.reportPanic)
		if l.ownsEndpoint {
			l.endpoint.close()
		}
	}
	return l.closeErr
}

func (l *Login) notLoggedIn() error {
	return transport.Permanent(fmt.Errorf("account %q is not logged in: %w", l.account, ErrReauthorize))
}

// lock waits for the login's lock until ctx ends. It fails with ErrClosed after Close.
func (l *Login) lock(ctx context.Context) error {
	select {
	case l.mu <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if l.closed {
		l.unlock()
		return transport.Permanent(ErrClosed)
	}
	return nil
}

func (l *Login) unlock() { <-l.mu }

// mac returns an HMAC of text under Config.CookieKey, for one purpose.
func (l *Login) mac(purpose, text string) []byte {
	h := hmac.New(sha256.New, l.config.CookieKey)
	h.Write([]byte(purpose + "\x00" + text))
	return h.Sum(nil)
}

func newKey() []byte {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return key
}
