package auth

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/transport"
)

// AuthOption changes one parameter of the login's URL.
type AuthOption interface{ apply(*authParams) }

type authOption func(*authParams)

func (o authOption) apply(a *authParams) { o(a) }

type authParams struct {
	scopes Scopes
	dialog bool
}

// ShowDialog makes Spotify show its consent page even if the user agreed before, so that the user
// can log in with another account.
func ShowDialog() AuthOption { return authOption(func(a *authParams) { a.dialog = true }) }

// WithScopes requests these scopes instead of Config.Scopes. Token checks the login for
// Config.Scopes only: an operation that needs another scope fails with a 403.
func WithScopes(scopes ...Scope) AuthOption {
	return authOption(func(a *authParams) { a.scopes = scopes })
}

// AuthURL returns the URL where the user logs in. state comes from NewState and has at least 22
// characters. Keep it for this user, for ParseCallback: it proves that a callback belongs to this
// login. Errors match ErrInvalidArgument.
func (l *Login) AuthURL(state string, opts ...AuthOption) (string, error) {
	return l.authURL(state, l.config.RedirectURL, opts)
}

func (l *Login) authURL(state, redirect string, opts []AuthOption) (string, error) {
	if err := checkState(state); err != nil {
		return "", err
	}
	a := authParams{scopes: l.config.Scopes}
	for _, opt := range opts {
		if opt != nil {
			opt.apply(&a)
		}
	}
	if err := a.scopes.check(); err != nil {
		return "", err
	}
	config := oauth2.Config{
		ClientID:    l.config.ClientID,
		RedirectURL: redirect,
		Endpoint:    oauth2.Endpoint{AuthURL: l.config.AuthURL},
	}
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

// NewState returns a state for one login: 256 random bits in base64url, 43 characters.
func NewState() string { return base64.RawURLEncoding.EncodeToString(newKey()) }

// checkState refuses a state that could be guessed: 22 characters of base64 are 128 bits.
func checkState(state string) error {
	if len(state) < 22 {
		return argument.Described("state", fmt.Sprintf("%d characters", len(state)),
			"at least 22 characters that nobody can guess, such as the result of NewState")
	}
	return nil
}

// Exchange completes a login: it exchanges the code from ParseCallback for tokens (RFC 6749 section
// 4.1.3) and saves them in the store, in place of an earlier login of the account.
//
// A code is valid once, for a few minutes. Exchange refuses a code that it exchanged within the
// last 15 minutes with a *CallbackError, without a request. The error matches ErrReauthorize if
// Spotify refused the code. After any error an earlier login is unchanged; after an error of the
// network the same code can be exchanged again.
//
// A login that could not be saved is not an error: it works from memory, Config.OnSaveError is
// called, and the save is retried.
func (l *Login) Exchange(ctx context.Context, code Code) error {
	if code.value == "" {
		return argument.Described("code", "an empty Code", "a Code that ParseCallback returned")
	}
	if err := l.lock(ctx); err != nil {
		return err
	}
	defer l.unlock()
	if _, err := l.load(ctx); err != nil { // an unusable store must fail the login before the code is used up
		return err
	}
	l.endpoint.secrets.Add(code.state)
	form := url.Values{
		"grant_type":   {"authorization_code"},
		"code":         {code.value},
		"redirect_uri": {l.config.RedirectURL},
	}
	if code.redirect != "" {
		form.Set("redirect_uri", code.redirect)
	}
	if l.pkce {
		form.Set("code_verifier", l.verifier(code.state))
	}
	if !l.usedCodes.add(code.value) {
		return &CallbackError{
			Problem: "this login was completed before with the same code; go on, or log in again",
			is:      errCodeUsed,
		}
	}
	token, err := l.endpoint.fetch(ctx, form)
	if err != nil {
		if !transport.IsPermanent(err) {
			l.usedCodes.remove(code.value)
		}
		return err
	}
	if token.RefreshToken == "" { // such a login expires in 1 hour, and the earlier one may be valid for months
		return transport.Permanent(&Error{
			Status:      http.StatusOK,
			Description: "no refresh token in the response; an earlier login is unchanged",
		})
	}
	scopes, _ := GrantedScopes(token)
	l.adopt(ctx, token, StoredToken{Scopes: scopes, Asked: slices.Clone(l.config.Scopes), AuthorizedAt: now()})
	return nil
}

// Import stores a login that another library or program made. It refreshes refreshToken once, which
// must belong to Config.ClientID, and saves the result in place of an earlier login of the account.
//
// authorizedAt is the time at which the user logged in, for [StoredToken.Ends]; zero if unknown.
// Where Spotify rotates refresh tokens, as for PKCE, refreshToken is invalid afterwards and the
// other program has to stop using it.
//
// The error matches ErrReauthorize if Spotify refused the token; an earlier login is then
// unchanged. A *ScopeError reports that the login was imported and lacks some of Config.Scopes.
func (l *Login) Import(ctx context.Context, refreshToken string, authorizedAt time.Time) error {
	refreshToken = argument.Pasted(refreshToken)
	if CheckToken(refreshToken) != nil {
		const given = "an empty string, or one with a space, line break or non-ASCII character"
		return argument.Described("refreshToken", given, "a refresh token of visible ASCII characters")
	}
	if err := l.lock(ctx); err != nil {
		return err
	}
	defer l.unlock()
	if _, err := l.load(ctx); err != nil { // an unusable store must fail the import before the token is used up
		return err
	}
	token, err := l.endpoint.fetch(ctx, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refreshToken}})
	if err != nil {
		return err
	}
	token.RefreshToken = cmp.Or(token.RefreshToken, refreshToken)
	scopes, _ := GrantedScopes(token)
	if len(scopes) == 0 { // RFC 6749 section 5.1: a response without a scope grants the requested ones
		scopes = slices.Clone(l.config.Scopes)
	}
	l.adopt(ctx, token, StoredToken{Scopes: scopes, AuthorizedAt: authorizedAt})
	return l.checkScopes(l.held)
}

// adopt saves a new login and makes its token the current one. stored holds the fields that the
// token endpoint does not return.
func (l *Login) adopt(ctx context.Context, token *oauth2.Token, stored StoredToken) {
	stored.ClientID, stored.Generation = l.config.ClientID, l.held.Generation
	stored.AccessToken, stored.RefreshToken, stored.Expiry = token.AccessToken, token.RefreshToken, token.Expiry
	_ = l.save(ctx, stored, true) // an error is reported and the save retried; the login works from memory
	l.refresher.set(l.issue(l.held))
}

// callback.go reads the redirect that ends a login, and trusts nothing in it before the state shows
// that it belongs to the login.

// Code is an authorization code and the state of its login. It prints as "[redacted]".
type Code struct{ value, state, redirect string }

// String hides the code.
func (Code) String() string { return "[redacted]" }

// Format hides the code from every verb.
func (Code) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "[redacted]") }

// LogValue hides the code from structured logs.
func (Code) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// ParseCallback returns the authorization code of the URL that the user was redirected to. It reads
// only the query, whose state must be the one that was given to AuthURL. callback may be pasted:
// with quotation marks around it, or the query alone.
//
// The error is a *CallbackError if the callback has no code for this login, or matches
// ErrInvalidArgument if state has fewer than 22 characters or callback is not a URL.
func (l *Login) ParseCallback(callback, state string) (Code, error) {
	if err := checkState(state); err != nil {
		return Code{}, err
	}
	callback = argument.Pasted(callback)
	if !strings.Contains(callback, "?") && strings.Contains(callback, "state=") {
		callback = "?" + callback
	}
	u, err := url.Parse(callback)
	if err != nil {
		return Code{}, argument.Described("callback", "a string that is not a URL",
			"the URL that the user was redirected to")
	}
	return parseCallback(u, state)
}

func parseCallback(u *url.URL, state string) (Code, error) {
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return Code{}, &CallbackError{Problem: "its query is malformed; log in again"}
	}
	for _, name := range []string{"state", "code", "error"} {
		if len(q[name]) > 1 {
			return Code{}, &CallbackError{Problem: "it has the parameter " + name + " more than once; log in again"}
		}
	}
	if subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(state)) != 1 {
		return Code{}, &CallbackError{
			Problem: "its state is missing or belongs to another login; log in again",
			is:      ErrState,
		}
	}
	switch code := q.Get("error"); {
	case code == "access_denied":
		return Code{}, &CallbackError{Code: code, Problem: "the user declined", is: ErrDenied}
	case q.Has("error"):
		code = oauthWord(code)
		return Code{}, &CallbackError{
			Code: code,
			Problem: "Spotify refused with " + code +
				"; check ClientID, RedirectURL and Scopes against the app's page on the dashboard",
		}
	case q.Get("code") == "":
		return Code{}, &CallbackError{Problem: "it has neither a code nor an error; log in again"}
	}
	return Code{value: q.Get("code"), state: state}, nil
}

// oauthWord returns s if it has the form of an OAuth error code, "an unknown error" otherwise.
func oauthWord(s string) string {
	if s == "" || len(s) > 40 || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz_") != "" {
		return "an unknown error"
	}
	return s
}

// codeTime is longer than any authorization code is valid.
const codeTime = 15 * time.Minute

// usedCodes remembers for codeTime which codes were exchanged. A code is valid once, and Spotify
// may revoke the login of a code that is sent twice (RFC 6749 section 4.1.2), as by a browser that
// reloads the callback's page.
type usedCodes struct {
	mu    sync.Mutex
	since map[[sha256.Size]byte]time.Time
}

// add marks the code as used and reports whether it was unused.
func (s *usedCodes) add(code string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, key := time.Now(), sha256.Sum256([]byte(code))
	maps.DeleteFunc(s.since, func(_ [sha256.Size]byte, at time.Time) bool { return now.Sub(at) > codeTime })
	if _, used := s.since[key]; used {
		return false
	}
	if s.since == nil {
		s.since = map[[sha256.Size]byte]time.Time{}
	}
	s.since[key] = now
	return true
}

// remove marks the code as unused.
func (s *usedCodes) remove(code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.since, sha256.Sum256([]byte(code)))
}
