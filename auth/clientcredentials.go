package auth

import (
	"context"
	"fmt"
	"net/url"

	"golang.org/x/oauth2"
)

// ClientCredentials is a source of tokens for the app itself, with no user behind them: enough for the catalogue, not for anything under /me.
// It is safe for concurrent use.
//
// https://developer.spotify.com/documentation/web-api/tutorials/client-credentials-flow, RFC 6749 section 4.4.
type ClientCredentials struct {
	hidden
	endpoint *endpoint
	engine   *engine
}

// NewClientCredentials returns a source for the client of c, of which ClientID, ClientSecret, TokenURL and Transport are used. Nothing is sent before
// the first call of Token. Credentials that are missing are an error that matches both ErrCredentials and ErrInvalidArgument.
func NewClientCredentials(c Config) (*ClientCredentials, error) {
	c = c.withEnv()
	if err := c.checkClient(true); err != nil {
		return nil, err
	}
	s := &ClientCredentials{hidden: hidden(fmt.Sprintf("auth.ClientCredentials{ClientID: %q}", c.ClientID)), endpoint: newEndpoint(c, true)}
	s.engine = newEngine(s.fetch, 0)
	return s, nil
}

func (s *ClientCredentials) fetch(ctx context.Context) (*oauth2.Token, error) {
	return s.endpoint.ask(ctx, url.Values{"grant_type": {"client_credentials"}})
}

// Token returns the current token, fetching it first, with a single request for all callers, if there is none or it is about to expire.
// The token is shared and not to be changed. Errors are an *Error where the token endpoint refused, ErrClosed after Close, or those of the network.
func (s *ClientCredentials) Token(ctx context.Context) (*oauth2.Token, error) {
	return s.engine.token(ctx)
}

// Invalidate makes the next call of Token fetch a new token if stale is still the current one.
func (s *ClientCredentials) Invalidate(stale *oauth2.Token) { s.engine.invalidate(stale) }

// Close ends a refresh that is under way and makes every later call of Token fail with ErrClosed. It always returns nil, and may be called again.
func (s *ClientCredentials) Close() error {
	s.engine.close()
	s.endpoint.close()
	return nil
}
