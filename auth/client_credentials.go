package auth

import (
	"context"
	"fmt"
	"net/url"

	"golang.org/x/oauth2"
)

// ClientCredentials is a source of access tokens for the app itself, without a user: they read the
// catalogue, and every operation under /me refuses them. It is safe for concurrent use.
//
// https://developer.spotify.com/documentation/web-api/tutorials/client-credentials-flow, RFC 6749
// section 4.4.
type ClientCredentials struct {
	hidden
	endpoint  *endpoint
	refresher *refresher
}

// NewClientCredentials returns a source of tokens for the app in c. It uses ClientID, ClientSecret,
// AccountsURL, TokenURL and Transport, and sends no request before the first call of Token.
//
// Missing or malformed credentials are an error that matches both ErrCredentials and
// ErrInvalidArgument; a malformed URL matches ErrInvalidArgument.
func NewClientCredentials(c Config) (*ClientCredentials, error) {
	c = c.withEnv()
	if err := c.checkClient(true); err != nil {
		return nil, err
	}
	s := &ClientCredentials{
		hidden:   hidden(fmt.Sprintf("auth.ClientCredentials{ClientID: %q}", c.ClientID)),
		endpoint: newEndpoint(c, true),
	}
	s.refresher = newRefresher(s.fetch, 0)
	return s, nil
}

func (s *ClientCredentials) fetch(ctx context.Context) (*oauth2.Token, error) {
	return s.endpoint.fetch(ctx, url.Values{"grant_type": {"client_credentials"}})
}

// Token returns the current access token. It fetches one first, with a single request for all
// callers, if there is none or if it expires within 10 seconds; 5 minutes before the expiry it
// refreshes in the background. The token is shared: callers must not change it.
//
// Errors are an *Error if the token endpoint responded with one, ErrClosed after Close, ctx's error
// if ctx ended first, or an error of the network.
func (s *ClientCredentials) Token(ctx context.Context) (*oauth2.Token, error) {
	return s.refresher.token(ctx)
}

// Invalidate makes the next call of Token fetch a new token if stale is still the current one.
func (s *ClientCredentials) Invalidate(stale *oauth2.Token) { s.refresher.invalidate(stale) }

// Close cancels a refresh in flight and makes every later call of Token fail with ErrClosed. It
// always returns nil, and calls after the first do nothing.
func (s *ClientCredentials) Close() error {
	s.refresher.close()
	s.endpoint.close()
	return nil
}
