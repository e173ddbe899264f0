package auth

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"time"
	"unicode/utf8"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/internal/argument"
)

// TokenStore stores logins, one for each account name. Implementations are safe for concurrent use,
// and for concurrent processes if several can open the same store. storetest.Run is the conformance
// suite for implementations.
type TokenStore interface {
	// Load returns the account's stored login, or an error that matches ErrNoStoredToken.
	Load(ctx context.Context, account string) (StoredToken, error)
	// Save is a compare-and-swap. If the stored generation is prevGen (0: the account is not
	// stored), it replaces the stored login by token with Generation set to prevGen+1. Otherwise it
	// changes nothing and returns an error that matches ErrConflict. After a nil error the login is
	// durable.
	Save(ctx context.Context, account string, token StoredToken, prevGen uint64) error
}

// RefreshLocker is a TokenStore with a lock for each account. A login holds the lock while it
// refreshes, so that of several processes one sends the request and the others load its result.
// Without the lock, two processes may send the same refresh token; where Spotify rotates refresh
// tokens, one of them is refused and has to load what the other saved.
type RefreshLocker interface {
	TokenStore
	// Lock waits for the account's lock until ctx ends. unlock releases it; calls after the first
	// do nothing. Load and Save work whether or not the lock is held.
	Lock(ctx context.Context, account string) (unlock func(), err error)
}

// StoredToken is a login in a TokenStore. Neither fmt nor encoding/json prints its tokens;
// MarshalBinary encodes all of it.
type StoredToken struct {
	// ClientID is the client id of the app that the user logged in to.
	ClientID string
	// AccessToken is the current access token. It may have expired.
	AccessToken string `json:"-"`
	// RefreshToken requests the next access token. Empty means logged out, by Login.Forget.
	RefreshToken string `json:"-"`
	// Expiry is the time at which AccessToken expires; zero if it is unknown, and the token is then
	// used until the API refuses it.
	Expiry time.Time
	// Scopes are the scopes that the user granted, which can be fewer than the requested ones.
	Scopes Scopes
	// Asked are the Config.Scopes at the time of the login.
	Asked Scopes
	// AuthorizedAt is the time at which the user logged in; zero if it is unknown. The refresh
	// token expires 6 months later, even if it is used or rotated.
	AuthorizedAt time.Time
	// Generation is the number of saves of the account. TokenStore.Save sets it.
	Generation uint64
}

// Ends returns the time at which the refresh token expires, 6 months after AuthorizedAt; zero if
// AuthorizedAt is zero.
func (r StoredToken) Ends() time.Time {
	if r.AuthorizedAt.IsZero() {
		return time.Time{}
	}
	return r.AuthorizedAt.AddDate(0, 6, 0)
}

// ExpiresSoon reports whether the refresh token expires within the given duration, so that a
// program can ask the user to log in again before then. It returns false if AuthorizedAt is zero.
func (r StoredToken) ExpiresSoon(within time.Duration) bool {
	ends := r.Ends()
	return !ends.IsZero() && time.Until(ends) < within
}

// token returns the access token for callers, without the refresh token.
func (r StoredToken) token() *oauth2.Token {
	token := &oauth2.Token{AccessToken: r.AccessToken, TokenType: "Bearer", Expiry: r.Expiry}
	return token.WithExtra(map[string]any{"scope": r.Scopes.String()})
}

// GrantedScopes returns the scopes of a token that a source of this package returned, and reports
// whether they are known.
func GrantedScopes(token *oauth2.Token) (Scopes, bool) {
	if token == nil {
		return nil, false
	}
	scope, ok := token.Extra("scope").(string)
	return ParseScopes(scope), ok
}

// usable reports whether the access token is before its hard expiry.
func (r StoredToken) usable() bool {
	return r.AccessToken != "" && newCachedToken(&oauth2.Token{Expiry: r.Expiry}).usable(time.Now())
}

// storedJSON is the encoding of a StoredToken.
type storedJSON struct {
	ClientID     string    `json:"client_id,omitempty"`
	AccessToken  string    `json:"access_token,omitempty"`
	RefreshToken string    `json:"refresh_token,omitempty"`
	Expiry       time.Time `json:"expiry,omitzero"`
	Scope        string    `json:"scope,omitempty"`
	Asked        string    `json:"asked,omitempty"`
	AuthorizedAt time.Time `json:"authorized_at,omitzero"`
	Generation   uint64    `json:"generation"`
}

// MarshalBinary returns r as JSON, tokens included: a store must protect it from other users. Text
// that is not UTF-8 is an error that matches ErrInvalidArgument, because JSON would replace it and
// the decoded value would differ.
func (r StoredToken) MarshalBinary() ([]byte, error) {
	k := storedJSON{
		r.ClientID, r.AccessToken, r.RefreshToken, r.Expiry,
		r.Scopes.String(), r.Asked.String(), r.AuthorizedAt, r.Generation,
	}
	for name, text := range map[string]string{
		"ClientID": k.ClientID, "AccessToken": k.AccessToken, "RefreshToken": k.RefreshToken,
		"Scopes": k.Scope, "Asked": k.Asked,
	} {
		if !utf8.ValidString(text) {
			return nil, argument.Described(name, "a string that is not UTF-8", "text in UTF-8")
		}
	}
	return json.Marshal(k)
}

// UnmarshalBinary decodes the result of MarshalBinary. Its error contains nothing of data.
func (r *StoredToken) UnmarshalBinary(data []byte) error {
	var k storedJSON
	if err := json.Unmarshal(data, &k); err != nil {
		return fmt.Errorf("stored login: %d bytes that are truncated or not a stored login", len(data))
	}
	*r = StoredToken{
		k.ClientID, k.AccessToken, k.RefreshToken, k.Expiry,
		ParseScopes(k.Scope), ParseScopes(k.Asked), k.AuthorizedAt, k.Generation,
	}
	return nil
}

// String returns the login's fields without its tokens.
func (r StoredToken) String() string {
	return fmt.Sprintf("auth.StoredToken{ClientID: %q, Scopes: %q, Expiry: %s, AuthorizedAt: %s, Generation: %d}",
		r.ClientID, r.Scopes, r.Expiry.Format(time.RFC3339), r.AuthorizedAt.Format(time.RFC3339), r.Generation)
}

// Format prints String for every verb, so that no verb prints a token.
func (r StoredToken) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, r.String()) }

// LogValue returns String for structured logs.
func (r StoredToken) LogValue() slog.Value { return slog.StringValue(r.String()) }
