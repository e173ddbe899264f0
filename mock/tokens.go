package mock

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/accounts"
	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
	"github.com/seed-2147f1a9/spotify/mock/internal/wire"
)

// authorizer knows all tokens: the Accounts service knows those that it issued, seen holds the
// others.
type authorizer struct {
	service *accounts.Service
	strict  bool
	scopes  []string // of tokens that the Accounts service did not issue

	mu     sync.RWMutex
	seen   map[string]accounts.State
	issued map[string]grant // issued by TokenOf
}

// grant is the user and the scopes of a token.
type grant struct {
	user   string
	scopes []string
}

// authorize returns the user of a request's token (empty for a token of the app itself) and its
// scopes, or the error response.
func (d *authorizer) authorize(header http.Header) (user string, scopes []string, refused *wire.Response) {
	value := header.Get("Authorization")
	if value == "" {
		return "", nil, unauthorized("No token provided", false)
	}
	scheme, token, _ := strings.Cut(value, " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		r := apiError(http.StatusBadRequest, "Only valid bearer authentication supported", "")
		return "", nil, &r
	}
	state, granted := d.service.Inspect(token)
	if state == accounts.Foreign {
		if g, ok := d.grant(token); ok {
			state, user, granted = d.stateOf(token), g.user, g.scopes
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

// grant returns the user and scopes of a token that the Accounts service did not issue.
func (d *authorizer) grant(token string) (grant, bool) {
	d.mu.RLock()
	g, ok := d.issued[token]
	d.mu.RUnlock()
	if !ok && !d.strict {
		return grant{catalogue.UserID, d.scopes}, true
	}
	return g, ok
}

// stateOf returns the state of a token that the Accounts service did not issue: valid until all
// tokens seen are invalidated.
func (d *authorizer) stateOf(token string) accounts.State {
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

func (d *authorizer) invalidate(as accounts.State) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for token := range d.seen {
		d.seen[token] = as
	}
}

// unauthorized returns a 401. For an invalid token its header says so, as at Spotify.
func unauthorized(message string, invalid bool) *wire.Response {
	challenge := `Bearer realm="spotify"`
	if invalid {
		challenge += `, error="invalid_token", error_description="` + message + `"`
	}
	r := apiError(http.StatusUnauthorized, message, "").With(http.Header{"Www-Authenticate": {challenge}})
	return &r
}

// ExpireTokens makes every access token that was issued or seen so far expire: requests with it get
// 401 "The access token expired". Refresh tokens stay valid, and so does a token that is seen for
// the first time later.
func (tr *Transport) ExpireTokens() {
	tr.accounts.ExpireAccess()
	tr.tokens.invalidate(accounts.Expired)
}

// RevokeTokens revokes every access token that was issued or seen so far, as a user does who
// removes the app: requests with it get 401 "Invalid access token", and every refresh token gets
// invalid_grant.
func (tr *Transport) RevokeTokens() {
	tr.accounts.RevokeAll()
	tr.tokens.invalidate(accounts.Revoked)
}

// TokenOf returns an access token of a user, so that a test can act as several users. A user who is
// not in the catalogue is a new one without a library. Without scopes the token has the scopes of
// all other bearer tokens.
func (tr *Transport) TokenOf(userID string, scopes ...auth.Scope) string {
	g := grant{user: userID, scopes: tr.tokens.scopes}
	if len(scopes) > 0 {
		g.scopes = texts(scopes)
	}
	d := &tr.tokens
	d.mu.Lock()
	defer d.mu.Unlock()
	token := "fake-user-" + ids.Hex(32, append([]string{"token", userID, strconv.Itoa(len(d.issued))}, g.scopes...)...)
	d.issued[token], d.seen[token] = g, accounts.Good
	return token
}

func texts(scopes []auth.Scope) []string {
	all := make([]string, len(scopes))
	for i, scope := range scopes {
		all[i] = string(scope)
	}
	return all
}

// Login logs the catalogue's user in without the login pages and returns an access token with these
// scopes and its refresh token. A public client (PKCE) refreshes without a secret.
func (tr *Transport) Login(clientID string, public bool, scopes ...auth.Scope) (accessToken, refreshToken string) {
	return tr.accounts.Login(clientID, public, texts(scopes)...)
}
