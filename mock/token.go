package mock

// token.go decides who sends a request, and refuses those whose token is no good.

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/seed-2147f1a9/spotify/mock/catalogue"

	"github.com/seed-2147f1a9/spotify/mock/internal/wire"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/accounts"
)

// doorman knows the tokens: the Accounts service those that it handed out, the map the others that were seen.
type doorman struct {
	service *accounts.Service
	strict  bool
	scopes  []string // of foreign tokens

	mu    sync.RWMutex
	seen  map[string]accounts.State
	given map[string]grant // by TokenOf
}

// grant is what stands behind a token of TokenOf.
type grant struct {
	user   string
	scopes []string
}

// admit returns the token's user, empty for a token of the app itself, and its scopes; or the refusal.
func (d *doorman) admit(header http.Header) (user string, scopes []string, refused *wire.Response) {
	value := header.Get("Authorization")
	if value == "" {
		return "", nil, unauthorized("No token provided", false)
	}
	scheme, token, _ := strings.Cut(value, " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		r := refusal(http.StatusBadRequest, "Only valid bearer authentication supported", "")
		return "", nil, &r
	}
	state, granted := d.service.Inspect(token)
	if state == accounts.Foreign {
		if g, ok := d.grant(token); ok {
			state, user, granted = d.foreign(token), g.user, g.scopes
		}
	}
	switch state {
	case accounts.Good:
		if user == "" && granted == nil {
			return "", []string{}, nil
		}
		return cmp.Or(user, catalogue.UserID), granted, nil
	case accounts.Expired:
		return "", nil, unauthorized("The access token expired", true)
	}
	return "", nil, unauthorized("Invalid access token", true)
}

// grant is what a token means that the Accounts service does not know.
func (d *doorman) grant(token string) (grant, bool) {
	d.mu.RLock()
	g, ok := d.given[token]
	d.mu.RUnlock()
	if !ok && !d.strict {
		return grant{catalogue.UserID, d.scopes}, true
	}
	return g, ok
}

// foreign is the state of a token from elsewhere: good until all tokens seen are ended.
func (d *doorman) foreign(token string) accounts.State {
	d.mu.RLock()
	state, ok := d.seen[token]
	d.mu.RUnlock()
	if ok {
		return state
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if state, ok = d.seen[token]; !ok {
		state = accounts.Good
		d.seen[token] = state
	}
	return state
}

func (d *doorman) endForeign(as accounts.State) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for token := range d.seen {
		d.seen[token] = as
	}
}

// unauthorized is a 401. One for a token that is no good says so, as Spotify does.
func unauthorized(message string, invalid bool) *wire.Response {
	challenge := `Bearer realm="spotify"`
	if invalid {
		challenge += `, error="invalid_token", error_description="` + message + `"`
	}
	r := refusal(http.StatusUnauthorized, message, "").With(http.Header{"Www-Authenticate": {challenge}})
	return &r
}

// ExpireTokens has every access token that was handed out or seen so far answered 401 "The access token expired" from now on.
// Refresh tokens stay good, and so does a token that comes for the first time later.
func (tr *Transport) ExpireTokens() {
	tr.accounts.ExpireAccess()
	tr.doorman.endForeign(accounts.Expired)
}

// RevokeTokens has every access token that was handed out or seen so far answered 401 "Invalid access token" from now on,
// and every refresh token refused with invalid_grant: what a user does who removes the app.
func (tr *Transport) RevokeTokens() {
	tr.accounts.RevokeAll()
	tr.doorman.endForeign(accounts.Revoked)
}

// TokenOf returns an access token of a user, so that a test can act as several people. A user whom the catalogue does not have has just signed up.
// Without scopes it may do what any other bearer token may.
func (tr *Transport) TokenOf(userID string, scopes ...auth.Scope) string {
	g := grant{user: userID, scopes: tr.doorman.scopes}
	if len(scopes) > 0 {
		g.scopes = texts(scopes)
	}
	d := &tr.doorman
	d.mu.Lock()
	defer d.mu.Unlock()
	token := "fake-user-" + ids.Hex(32, append([]string{"token", userID, strconv.Itoa(len(d.given))}, g.scopes...)...)
	d.given[token], d.seen[token] = g, accounts.Good
	return token
}

func texts(scopes []auth.Scope) []string {
	all := make([]string, len(scopes))
	for i, scope := range scopes {
		all[i] = string(scope)
	}
	return all
}

// Login logs the catalogue's user in, as if the pages had been gone through, and returns an access token with these scopes and its refresh token.
// A public client (PKCE) refreshes without a secret.
func (tr *Transport) Login(clientID string, public bool, scopes ...auth.Scope) (accessToken, refreshToken string) {
	return tr.accounts.Login(clientID, public, texts(scopes)...)
}
