package auth

// refresh.go gets a login's next access token without ever losing its refresh token.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/transport"
)

// refresh gets the next token: from the store if another process has put a newer one there, from the endpoint otherwise.
func (l *Login) refresh(ctx context.Context) (*oauth2.Token, error) {
	if err := l.take(ctx); err != nil {
		return nil, err
	}
	defer l.give()
	unlock, locked := l.lockStore(ctx)
	defer unlock()
	rec, err := l.load(ctx)
	if err == nil {
		err = l.lacking(rec)
	}
	if err != nil {
		return nil, err
	}
	if rec.AccessToken != l.given && rec.alive() {
		return l.hand(rec), nil
	}
	token, err := l.renew(ctx, rec)
	if !errors.Is(err, ErrReauthorize) || rec.RefreshToken == "" {
		return token, err
	}
	// Somebody else may have used the refresh token first. Without a lock, what they got for it may still be on its way to the store.
	if !locked && transport.Sleep(ctx, time.Second) != nil {
		return nil, err
	}
	again, failed := l.load(ctx)
	if failed != nil || again.RefreshToken == rec.RefreshToken || again.RefreshToken == "" {
		return nil, err
	}
	if err := l.lacking(again); err != nil {
		return nil, err
	}
	if again.alive() {
		return l.hand(again), nil
	}
	return l.renew(ctx, again)
}

// lacking returns a *ScopeError if the program asks for scopes now that it did not ask for when the
// user logged in. Nothing is known of the scopes of a record that somebody else made.
func (l *Login) lacking(rec Record) error {
	have := slices.Concat(rec.Scopes, rec.Asked)
	missing := have.Missing(l.config.Scopes...)
	if len(missing) == 0 || rec.RefreshToken == "" || len(have) == 0 && rec.AuthorizedAt.IsZero() {
		return nil
	}
	return transport.Permanent(&ScopeError{Account: l.account, Missing: missing, Granted: rec.Scopes})
}

// renew uses the record's refresh token, and saves what comes before anybody can use it.
func (l *Login) renew(ctx context.Context, rec Record) (*oauth2.Token, error) {
	switch rec.RefreshToken {
	case "":
		return nil, l.noLogin()
	case l.refused: // it stays refused: nothing is sent until there is another one
		return nil, transport.Permanent(fmt.Errorf("the login of account %q has ended: %w", l.account, ErrReauthorize))
	}
	token, err := l.endpoint.ask(ctx, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {rec.RefreshToken}})
	if errors.Is(err, ErrReauthorize) {
		l.refused = rec.RefreshToken
	}
	if err != nil {
		return nil, err
	}
	rec.AccessToken, rec.Expiry = token.AccessToken, token.Expiry
	rec.RefreshToken = cmp.Or(token.RefreshToken, rec.RefreshToken)
	if scopes, ok := GrantedScopes(token); ok && len(scopes) > 0 {
		rec.Scopes = scopes
	}
	_ = l.save(ctx, rec, false) // it is reported and tried again, and the token is good
	if l.held.alive() {         // rec, or what somebody else saved meanwhile
		rec = l.held
	}
	return l.hand(rec), nil
}

// hand returns the record's access token and remembers that it was used: what comes next is another one.
func (l *Login) hand(rec Record) *oauth2.Token {
	l.given = rec.AccessToken
	return rec.token()
}
