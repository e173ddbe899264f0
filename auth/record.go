package auth

// record.go is what is kept of a login between two runs of a program.

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"time"
	"unicode/utf8"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/internal/argument"
)

// Record is a login as a TokenStore keeps it. It prints, and goes through encoding/json, without its tokens; MarshalBinary has all of it.
type Record struct {
	// ClientID is the app that the user logged in to.
	ClientID string
	// AccessToken is good until Expiry, or until the API refuses it where Expiry is zero.
	AccessToken string `json:"-"`
	// RefreshToken gets the next access token. Empty is a login that was ended by Forget.
	RefreshToken string `json:"-"`
	Expiry       time.Time
	// Scopes are those that the user agreed to, which can be fewer than were asked for.
	Scopes Scopes
	// Asked are the Config.Scopes of the program at the time when the user logged in. Spotify's
	// response may name fewer in Scopes.
	Asked Scopes
	// AuthorizedAt is when the user logged in; zero if that is not known. The refresh token expires
	// six months later, however often it is used.
	AuthorizedAt time.Time
	// Generation counts the saves of the record; a store sets it.
	Generation uint64
}

// Ends returns when Spotify ends the login, six months after the user logged in; zero if that time is not known.
func (r Record) Ends() time.Time {
	if r.AuthorizedAt.IsZero() {
		return time.Time{}
	}
	return r.AuthorizedAt.AddDate(0, 6, 0)
}

// ExpiresSoon reports whether the login ends within the given time, so that the user can be asked to log in again before it does.
func (r Record) ExpiresSoon(within time.Duration) bool {
	ends := r.Ends()
	return !ends.IsZero() && time.Until(ends) < within
}

// token is what callers get: the refresh token stays here.
func (r Record) token() *oauth2.Token {
	token := &oauth2.Token{AccessToken: r.AccessToken, TokenType: "Bearer", Expiry: r.Expiry}
	return token.WithExtra(map[string]any{"scope": r.Scopes.String()})
}

// GrantedScopes returns the scopes of a token that a source of this package handed out. It reports false if they are not known.
func GrantedScopes(token *oauth2.Token) (Scopes, bool) {
	if token == nil {
		return nil, false
	}
	scope, ok := token.Extra("scope").(string)
	return ParseScopes(scope), ok
}

// alive reports whether the access token is worth using.
func (r Record) alive() bool {
	return r.AccessToken != "" && newLease(&oauth2.Token{Expiry: r.Expiry}).usable(time.Now())
}

// kept is a Record's form in a store.
type kept struct {
	ClientID     string    `json:"client_id,omitempty"`
	AccessToken  string    `json:"access_token,omitempty"`
	RefreshToken string    `json:"refresh_token,omitempty"`
	Expiry       time.Time `json:"expiry,omitzero"`
	Scope        string    `json:"scope,omitempty"`
	Asked        string    `json:"asked,omitempty"`
	AuthorizedAt time.Time `json:"authorized_at,omitzero"`
	Generation   uint64    `json:"generation"`
}

// MarshalBinary returns the whole record, tokens included, for a store to keep where nobody else
// can read it. It is JSON. Text that is not UTF-8 is an error: JSON would replace it, and the
// record would come back as another one.
func (r Record) MarshalBinary() ([]byte, error) {
	k := kept{r.ClientID, r.AccessToken, r.RefreshToken, r.Expiry, r.Scopes.String(), r.Asked.String(), r.AuthorizedAt, r.Generation}
	for name, text := range map[string]string{"ClientID": k.ClientID, "AccessToken": k.AccessToken, "RefreshToken": k.RefreshToken, "Scopes": k.Scope, "Asked": k.Asked} {
		if !utf8.ValidString(text) {
			return nil, argument.Secret(name, "a string that is not UTF-8", "text in UTF-8")
		}
	}
	return json.Marshal(k)
}

// UnmarshalBinary reads what MarshalBinary wrote. Its error says nothing of what it read.
func (r *Record) UnmarshalBinary(data []byte) error {
	var k kept
	if err := json.Unmarshal(data, &k); err != nil {
		return fmt.Errorf("not a record: %d bytes that are cut short or something else", len(data))
	}
	*r = Record{k.ClientID, k.AccessToken, k.RefreshToken, k.Expiry, ParseScopes(k.Scope), ParseScopes(k.Asked), k.AuthorizedAt, k.Generation}
	return nil
}

// String describes the record without its tokens.
func (r Record) String() string {
	return fmt.Sprintf("auth.Record{ClientID: %q, Scopes: %q, Expiry: %s, AuthorizedAt: %s, Generation: %d}",
		r.ClientID, r.Scopes, r.Expiry.Format(time.RFC3339), r.AuthorizedAt.Format(time.RFC3339), r.Generation)
}

// Format prints what String returns, whatever the verb, so that no verb prints a token.
func (r Record) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, r.String()) }

// LogValue keeps the tokens out of structured logs.
func (r Record) LogValue() slog.Value { return slog.StringValue(r.String()) }
