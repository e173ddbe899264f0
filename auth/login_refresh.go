package auth

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

// refresh returns the next access token: the stored one if another process has saved a newer one,
// otherwise one from the token endpoint.
func (l *Login) refresh(ctx context.Context) (*oauth2.Token, error) {
	if err := l.lock(ctx); err != nil {
		return nil, err
	}
	defer l.unlock()
	unlock, locked := l.lockStore(ctx)
	defer unlock()
	stored, err := l.load(ctx)
	if err == nil {
		err = l.checkScopes(stored)
	}
	if err != nil {
		return nil, err
	}
	if stored.AccessToken != l.issued && stored.usable() {
		return l.issue(stored), nil
	}
	token, err := l.requestAndSave(ctx, stored)
	if !errors.Is(err, ErrReauthorize) || stored.RefreshToken == "" {
		return token, err
	}
	// Another process may have used the refresh token first. Without a lock its save may still be
	// in flight, so the store is read again 1 second later.
	if !locked && transport.Sleep(ctx, time.Second) != nil {
		return nil, err
	}
	again, failed := l.load(ctx)
	if failed != nil || again.RefreshToken == stored.RefreshToken || again.RefreshToken == "" {
		return nil, err
	}
	if err := l.checkScopes(again); err != nil {
		return nil, err
	}
	if again.usable() {
		return l.issue(again), nil
	}
	return l.requestAndSave(ctx, again)
}

// checkScopes returns a *ScopeError if Config.Scopes has a scope that was neither granted nor
// requested when the user logged in. A stored login with neither scopes nor a login time is
// accepted: another program saved it, and its scopes are unknown.
func (l *Login) checkScopes(stored StoredToken) error {
	have := slices.Concat(stored.Scopes, stored.Asked)
	missing := have.Missing(l.config.Scopes...)
	if len(missing) == 0 || stored.RefreshToken == "" || len(have) == 0 && stored.AuthorizedAt.IsZero() {
		return nil
	}
	return transport.Permanent(&ScopeError{Account: l.account, Missing: missing, Granted: stored.Scopes})
}

// requestAndSave sends the refresh token to the endpoint and saves the response before the access
// token is used, so that a rotated refresh token is not lost.
func (l *Login) requestAndSave(ctx context.Context, stored StoredToken) (*oauth2.Token, error) {
	switch stored.RefreshToken {
	case "":
		return nil, l.notLoggedIn()
	case l.refused: // no request is sent until another refresh token is stored
		return nil, transport.Permanent(
			fmt.Errorf("the login of account %q has expired or was revoked: %w", l.account, ErrReauthorize))
	}
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {stored.RefreshToken}}
	token, err := l.endpoint.fetch(ctx, form)
	if errors.Is(err, ErrReauthorize) {
		l.refused = stored.RefreshToken
	}
	if err != nil {
		return nil, err
	}
	stored.AccessToken, stored.Expiry = token.AccessToken, token.Expiry
	stored.RefreshToken = cmp.Or(token.RefreshToken, stored.RefreshToken)
	if scopes, ok := GrantedScopes(token); ok && len(scopes) > 0 {
		stored.Scopes = scopes
	}
	_ = l.save(ctx, stored, false) // an error is reported and the save retried; the token is valid
	if l.held.usable() {           // stored, or a newer one that another process saved
		stored = l.held
	}
	return l.issue(stored), nil
}

// issue returns stored's access token and remembers it, so that the next refresh returns another
// one.
func (l *Login) issue(stored StoredToken) *oauth2.Token {
	l.issued = stored.AccessToken
	return stored.token()
}
