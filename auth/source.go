// Package auth supplies access tokens: fixed ones, ones from any x/oauth2 source, and ones it fetches itself with Spotify's grants.
// Every source is safe for concurrent use, refreshes with a single request however many calls wait for it, and works without the rest of the library.
package auth

import (
	"context"
	"errors"
	"strings"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/internal/argument"
)

// TokenSource supplies the token for a call, fetching or refreshing it first where that is needed.
// Implementations are safe for concurrent use and stop waiting when ctx ends. Callers do not change the token.
type TokenSource interface {
	Token(ctx context.Context) (*oauth2.Token, error)
}

// Invalidator is a TokenSource that can be told that the API refused a token before its time.
// Invalidate does nothing unless stale is still the current token, so that late news of an old token does not cost a new one.
type Invalidator interface {
	Invalidate(stale *oauth2.Token)
}

// ErrInvalidArgument is what every error about bad input matches with errors.Is.
var ErrInvalidArgument = argument.ErrInvalid

// ErrCredentials is matched by errors about credentials that are missing or cannot be used.
var ErrCredentials = errors.New("credentials missing or unusable")

// Static returns a source of one access token that is never refreshed. Blanks, line ends and
// quotation marks around it are dropped. An empty token, or one with a character that a header
// cannot carry, makes every call fail with ErrCredentials, before anything is sent.
func Static(accessToken string) TokenSource {
	accessToken = argument.Pasted(accessToken)
	return &static{hidden: "auth.Static([redacted])", token: &oauth2.Token{AccessToken: accessToken, TokenType: "Bearer"}, err: CheckToken(accessToken)}
}

type static struct {
	hidden
	token *oauth2.Token
	err   error
}

func (s *static) Token(context.Context) (*oauth2.Token, error) {
	if s.err != nil {
		return nil, s.err
	}
	return s.token, nil
}

// CheckToken returns an error that matches ErrCredentials, and does not print the token, if the token cannot be sent as RFC 6750 section 2.1 says.
func CheckToken(accessToken string) error {
	const allowed = "an access token of visible ASCII characters"
	switch {
	case accessToken == "":
		return argument.Secret("access token", "an empty string", allowed).Because(ErrCredentials)
	case strings.ContainsFunc(accessToken, func(r rune) bool { return r <= ' ' || r > '~' }):
		return argument.Secret("access token", "a string with a space, line break or non-ASCII character", allowed).Because(ErrCredentials)
	}
	return nil
}
