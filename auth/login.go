package auth

// login.go is one user's login from its beginning to its end; refresh.go gets its tokens and saving.go keeps it.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/transport"
)

// Login is one user's login to an app and a source of its access tokens: the part that AuthorizationCode and PKCE share. What the store has of it is
// read when the first token is asked for; AuthorizeLocal, the handlers, or AuthURL, ParseCallback and Exchange begin a new one.
// It is safe for concurrent use.
type Login struct {
	hidden
	config   Config
	pkce     bool
	account  string
	endpoint *endpoint
	store    guardedStore
	owner    bool // of the endpoint's connections
	spent    *spentCodes
	engine   *engine

	turn chan struct{} // held by who refreshes, logs in or saves; guards what follows

	held    Record // what was last loaded, saved, or had from the endpoint
	unsaved bool   // held could not be saved
	wins    bool   // held is a new login, or the end of one, that could not be saved: it replaces what others saved meanwhile
	given   string // the access token that was handed out last
	refused string // the refresh token that is no longer good
	saver   saver
	closed  bool
	lost    error // what Close returns
	crashed error // a panic of OnSaveError where nobody could be told
}

const (
	// saveGrace is how long Close waits for a refresh, and then for the store.
	saveGrace = 5 * time.Second
	// lockGrace is how long a refresh waits for the processes that share the store. One that is
	// stopped while it holds the lock must not keep the others from tokens.
	lockGrace = 10 * time.Second
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
	l := &Login{config: c, pkce: pkce, endpoint: newEndpoint(c, !pkce), owner: true, spent: &spentCodes{}}
	return l.named(cmp.Or(c.Account, "default")), nil
}

// ForAccount returns the login that the store has under another name, such as another user's of a web app; it need not have one yet. The two share the
// configuration and its connections, so the one that was there first is closed last.
func (l *Login) ForAccount(account string) *Login {
	other := &Login{config: l.config, pkce: l.pkce, endpoint: l.endpoint.shared(), spent: l.spent}
	return other.named(account)
}

func (l *Login) named(account string) *Login {
	l.account = account
	l.hidden = hidden(fmt.Sprintf("auth.Login{ClientID: %q, Account: %q}", l.config.ClientID, account))
	l.store = guardedStore{l.config.Store, l.endpoint.secrets}
	l.turn = make(chan struct{}, 1)
	l.engine = newEngine(l.refresh, saveGrace)
	return l
}

// Account returns the name under which the store has the login.
func (l *Login) Account() string { return l.account }

// Token returns the current access token, refreshing it first if need be, with a single request for all callers and processes that share the store.
// The token is shared and not to be changed. An error matches ErrReauthorize if the user has to log in (again) and ErrClosed after Close; it is an *Error
// where the token endpoint refused, and a *StoreError where the stored login cannot be used.
func (l *Login) Token(ctx context.Context) (*oauth2.Token, error) { return l.engine.token(ctx) }

// Invalidate makes the next call of Token get a new token if stale is still the current one.
func (l *Login) Invalidate(stale *oauth2.Token) { l.engine.invalidate(stale) }

// Record returns what is known of the login, such as the scopes the user agreed to and when it ends. The error matches ErrReauthorize if there is none.
func (l *Login) Record(ctx context.Context) (Record, error) {
	if err := l.take(ctx); err != nil {
		return Record{}, err
	}
	defer l.give()
	rec, err := l.load(ctx)
	if err == nil && rec.RefreshToken == "" {
		err = l.noLogin()
	}
	return rec, err
}

// Forget ends the login here and in the store: what a logout does. Other processes notice when they next refresh. Spotify keeps the app among those
// the user gave access to; only the user can end that, at https://www.spotify.com/account/apps.
func (l *Login) Forget(ctx context.Context) error {
	if err := l.take(ctx); err != nil {
		return err
	}
	defer l.give()
	if _, err := l.load(ctx); err != nil {
		return err
	}
	l.engine.set(nil)
	// The time lets a store drop the rest of this login, too, when the login would have expired.
	authorized := l.held.AuthorizedAt
	if authorized.IsZero() {
		authorized = now()
	}
	return l.save(ctx, Record{AuthorizedAt: authorized, Generation: l.held.Generation}, true)
}

// now is the time as a record keeps it.
func now() time.Time { return time.Now().UTC().Truncate(time.Second) }

// Close waits a few seconds for a refresh that is under way, as cutting it off could lose the
// refresh token, and makes every later call fail with ErrClosed. It returns an error if the login
// could not be saved and is lost with the program. It returns within 16 seconds, whatever the store
// does, and may be called again.
func (l *Login) Close() error {
	l.engine.close()
	ctx, cancel := context.WithTimeout(context.Background(), saveGrace)
	defer cancel()
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("closing the login of account %q: %w", l.account, context.Cause(ctx))
	}
	defer l.give()
	if !l.closed {
		l.closed = true
		l.saver.stop()
		if l.unsaved {
			l.lost = l.saveOnce(ctx)
		}
		l.lost = errors.Join(l.lost, l.crashed)
		if l.owner {
			l.endpoint.close()
		}
	}
	return l.lost
}

func (l *Login) noLogin() error {
	return transport.Permanent(fmt.Errorf("account %q is not logged in: %w", l.account, ErrReauthorize))
}

// take waits for the turn.
func (l *Login) take(ctx context.Context) error {
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if l.closed {
		l.give()
		return transport.Permanent(ErrClosed)
	}
	return nil
}

func (l *Login) give() { <-l.turn }
