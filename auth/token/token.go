// Package token holds the interface between the middlewares that send access tokens and the sources
// that supply them. It is apart from package auth so that a program that uses a middleware does not
// link auth's login pages, token stores and browser opener. Package auth re-exports all of it.
package token

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/internal/argument"
)

// TokenSource supplies access tokens.
type TokenSource interface {
	// Token returns a token that the API accepts now, fetching or refreshing it first if needed. It
	// is safe for concurrent use and returns with an error when ctx ends. The token is shared:
	// callers must not change it.
	Token(ctx context.Context) (*oauth2.Token, error)
}

// Invalidator is a TokenSource whose token can be marked as refused by the API (401) before its
// expiry.
type Invalidator interface {
	// Invalidate makes the next call of Token fetch a new token if stale is still the current one,
	// and does nothing otherwise: a late 401 for an old token does not cost another refresh.
	Invalidate(stale *oauth2.Token)
}

// ErrCredentials matches errors about missing or unusable credentials: a client id, a client secret
// or an access token.
var ErrCredentials = errors.New("credentials missing or unusable")

// Static returns a source of one access token that is never refreshed. Spaces, line breaks and
// quotation marks around accessToken are removed. If CheckToken refuses the rest, Token returns
// CheckToken's error, which matches ErrCredentials, and no request is sent.
func Static(accessToken string) TokenSource {
	accessToken = argument.Pasted(accessToken)
	return &static{token: &oauth2.Token{AccessToken: accessToken, TokenType: "Bearer"}, err: CheckToken(accessToken)}
}

type static struct {
	token *oauth2.Token
	err   error
}

func (s *static) Token(context.Context) (*oauth2.Token, error) {
	if s.err != nil {
		return nil, s.err
	}
	return s.token, nil
}

// String, Format and LogValue keep the token out of logs, whatever the verb.
func (s *static) String() string             { return "auth.Static([redacted])" }
func (s *static) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }
func (s *static) LogValue() slog.Value       { return slog.StringValue(s.String()) }

// CheckToken returns an error that matches ErrCredentials and auth.ErrInvalidArgument if
// accessToken is empty or has a character other than visible ASCII (0x21 to 0x7E): an Authorization
// header cannot carry it (RFC 6750 section 2.1). The error does not contain the token.
func CheckToken(accessToken string) error {
	const allowed = "an access token of visible ASCII characters"
	switch {
	case accessToken == "":
		return argument.Described("access token", "an empty string", allowed).Because(ErrCredentials)
	case strings.ContainsFunc(accessToken, func(r rune) bool { return r <= ' ' || r > '~' }):
		const given = "a string with a space, line break or non-ASCII character"
		return argument.Described("access token", given, allowed).Because(ErrCredentials)
	}
	return nil
}
