package auth

// flow.go begins a login, by the URL to send the user to, and ends it, by exchanging the code that the user comes back with.

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/transport"
)

// AuthOption changes what AuthURL asks for.
type AuthOption func(*asked)

type asked struct {
	scopes Scopes
	dialog bool
}

// ShowDialog has Spotify ask the user also if they agreed before, so that they can log in as somebody else.
func ShowDialog() AuthOption { return func(a *asked) { a.dialog = true } }

// WithScopes asks for these scopes in place of the Config's. Token does not check that the login
// has them: a call that needs another one is answered 403.
func WithScopes(scopes ...Scope) AuthOption { return func(a *asked) { a.scopes = scopes } }

// AuthURL returns the URL where the user logs in. The state, 22 characters at least, is one of NewState that is kept for the user who began the login:
// it comes back with the answer, and shows that the answer belongs to that login.
func (l *Login) AuthURL(state string, opts ...AuthOption) (string, error) {
	return l.authURL(state, l.config.RedirectURL, opts)
}

func (l *Login) authURL(state, redirect string, opts []AuthOption) (string, error) {
	if err := checkState(state); err != nil {
		return "", err
	}
	a := asked{scopes: l.config.Scopes}
	for _, opt := range opts {
		opt(&a)
	}
	if err := a.scopes.check(); err != nil {
		return "", err
	}
	config := oauth2.Config{ClientID: l.config.ClientID, RedirectURL: redirect, Endpoint: oauth2.Endpoint{AuthURL: l.config.AuthURL}}
	if len(a.scopes) > 0 {
		config.Scopes = []string{a.scopes.String()}
	}
	var params []oauth2.AuthCodeOption
	if a.dialog {
		params = append(params, oauth2.SetAuthURLParam("show_dialog", "true"))
	}
	if l.pkce {
		params = append(params, oauth2.S256ChallengeOption(l.verifier(state)))
	}
	return config.AuthCodeURL(state, params...), nil
}

// checkState refuses what could be guessed: 22 characters of base64 are 128 bits.
func checkState(state string) error {
	if len(state) < 22 {
		return argument.Secret("state", fmt.Sprintf("%d characters", len(state)), "22 characters or more that nobody can guess, as from NewState")
	}
	return nil
}

// Exchange completes a login with the code that ParseCallback found: the code becomes tokens, which are saved in the store, where they replace an
// earlier login of the account, and used from then on. A code is good once and for a few minutes: one that was used here before is refused with a
// *CallbackError, unsent. An error matches ErrReauthorize if Spotify refused the code. Whatever the error, an earlier login is then as it was, and after
// one of the network the code may be tried again. If the login could not be saved it works all the same, and saving is tried again: see OnSaveError.
func (l *Login) Exchange(ctx context.Context, code Code) error {
	if code.value == "" {
		return argument.Secret("code", "an empty Code", "one that ParseCallback returned")
	}
	if err := l.take(ctx); err != nil {
		return err
	}
	defer l.give()
	if _, err := l.load(ctx); err != nil { // a store that cannot be used is better found before the code is spent
		return err
	}
	l.endpoint.secrets.Add(code.state)
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code.value}, "redirect_uri": {l.config.RedirectURL}}
	if code.redirect != "" {
		form.Set("redirect_uri", code.redirect)
	}
	if l.pkce {
		form.Set("code_verifier", l.verifier(code.state))
	}
	if !l.spent.take(code.value) {
		return &CallbackError{Problem: "this login was completed before, with the same code; go on, or log in again", is: errSpent}
	}
	token, err := l.endpoint.ask(ctx, form)
	if err != nil {
		if !transport.IsPermanent(err) {
			l.spent.giveBack(code.value)
		}
		return err
	}
	if token.RefreshToken == "" { // it would last for an hour, and replace a login that may last for months
		return transport.Permanent(&Error{Status: http.StatusOK, Description: "no refresh token in the response; an earlier login is unchanged"})
	}
	scopes, _ := GrantedScopes(token)
	l.adopt(ctx, token, Record{Scopes: scopes, Asked: slices.Clone(l.config.Scopes), AuthorizedAt: now()})
	return nil
}

// Import adopts a login from elsewhere, such as another library's or an older program's: it
// refreshes the refresh token once, with this Config's client, which has to be the one that the
// user logged in to, and stores the result, which replaces an earlier login of the account.
// authorizedAt is when the user logged in, for [Record.Ends]; zero if that is not known. Where
// Spotify replaces refresh tokens, as it does for PKCE, the given one is used up: the other program
// has to stop using it. An error matches ErrReauthorize if Spotify refused the token, and an
// earlier login is then unchanged; a *ScopeError says that the login was imported and lacks some of
// Config.Scopes.
func (l *Login) Import(ctx context.Context, refreshToken string, authorizedAt time.Time) error {
	refreshToken = argument.Pasted(refreshToken)
	if CheckToken(refreshToken) != nil {
		return argument.Secret("refreshToken", "an empty string, or one with a space, line break or non-ASCII character", "a refresh token of visible ASCII characters")
	}
	if err := l.take(ctx); err != nil {
		return err
	}
	defer l.give()
	if _, err := l.load(ctx); err != nil { // before the token may be used up
		return err
	}
	token, err := l.endpoint.ask(ctx, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refreshToken}})
	if err != nil {
		return err
	}
	token.RefreshToken = cmp.Or(token.RefreshToken, refreshToken)
	scopes, _ := GrantedScopes(token)
	if len(scopes) == 0 { // RFC 6749 section 5.1: they are those that were asked for
		scopes = slices.Clone(l.config.Scopes)
	}
	l.adopt(ctx, token, Record{Scopes: scopes, AuthorizedAt: authorizedAt})
	return l.lacking(l.held)
}

// adopt stores a new login, of which rec has what the token does not tell, and uses it from then
// on.
func (l *Login) adopt(ctx context.Context, token *oauth2.Token, rec Record) {
	rec.ClientID, rec.Generation = l.config.ClientID, l.held.Generation
	rec.AccessToken, rec.RefreshToken, rec.Expiry = token.AccessToken, token.RefreshToken, token.Expiry
	_ = l.save(ctx, rec, true) // it is reported and tried again, and the login works
	l.engine.set(l.hand(l.held))
}
