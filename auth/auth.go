// Package auth supplies access tokens for Spotify's Web API and logs users in.
//
// The sources of tokens are
//   - [NewClientCredentials] for an app without users: public data only
//   - [NewAuthorizationCode] for a web app that logs users in and has a secret
//   - [NewPKCE] for a program on its users' machines, which has none
//   - [Static] for an access token from elsewhere, and [FromOAuth2] for a source of x/oauth2
//
// AuthorizationCode and PKCE embed a [Login], which logs a user in: [Login.EnsureAuthorized] on the
// user's machine, [Login.AuthorizeManual] without a browser, [Login.LoginHandler] and
// [Login.CallbackHandler] on a web server.
//
// Every source is safe for concurrent use, sends one refresh request however many calls wait for
// it, and works without the rest of the library.
package auth

import (
	"fmt"
	"io"
	"log/slog"

	"github.com/seed-2147f1a9/spotify/auth/token"
	"github.com/seed-2147f1a9/spotify/internal/argument"
)

// TokenSource supplies access tokens.
type TokenSource = token.TokenSource

// Invalidator is a TokenSource whose token can be marked as refused by the API (401) before its
// expiry.
type Invalidator = token.Invalidator

// ErrInvalidArgument matches every error about an argument that was refused before a request was
// sent.
var ErrInvalidArgument = argument.ErrInvalid

// ErrCredentials matches errors about missing or unusable credentials: a client id, a client secret
// or an access token.
var ErrCredentials = token.ErrCredentials

// Static returns a source of one access token that is never refreshed. Spaces, line breaks and
// quotation marks around accessToken are removed. If CheckToken refuses the rest, Token returns
// CheckToken's error, which matches ErrCredentials, and no request is sent.
func Static(accessToken string) TokenSource { return token.Static(accessToken) }

// CheckToken returns an error that matches ErrCredentials and ErrInvalidArgument if accessToken is
// empty or has a character other than visible ASCII (0x21 to 0x7E): an Authorization header cannot
// carry it (RFC 6750 section 2.1). The error does not contain the token.
func CheckToken(accessToken string) error { return token.CheckToken(accessToken) }

// hidden is embedded in types that hold secrets. Every fmt verb and structured logs print its text,
// and none of the fields.
type hidden string

// String returns the type with the client id, without secrets.
func (h hidden) String() string { return string(h) }

// Format prints what String returns, whatever the verb.
func (h hidden) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, string(h)) }

// LogValue returns what String returns.
func (h hidden) LogValue() slog.Value { return slog.StringValue(string(h)) }
