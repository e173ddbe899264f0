package auth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/redact"
)

// FromOAuth2 returns a source over an x/oauth2 source. src does the caching and refreshing: wrap it
// in [oauth2.ReuseTokenSource] if it does neither. x/oauth2 has no contexts, so Token returns when
// its context ends while src's request may still be in flight.
//
// An *oauth2.RetrieveError becomes an *Error without the response's body. A nil src, or one that
// returns neither a token nor an error, is an error that matches ErrCredentials.
func FromOAuth2(src oauth2.TokenSource) TokenSource {
	return &fromOAuth2{"auth.FromOAuth2([redacted])", src, &redact.Secrets{}}
}

type fromOAuth2 struct {
	hidden
	src     oauth2.TokenSource
	secrets *redact.Secrets // from src's tokens and from the requests in its errors
}

func (s *fromOAuth2) Token(ctx context.Context) (*oauth2.Token, error) {
	if s.src == nil {
		return nil, argument.Errorf("token source", nil, "a source").Because(ErrCredentials)
	}
	token, err := guarded(ctx, 0, s.src.Token, nil)
	if err != nil {
		return nil, s.withoutSecrets(err)
	}
	if token == nil {
		return nil, argument.Described("token source", "it returned neither a token nor an error", "a token").
			Because(ErrCredentials)
	}
	s.secrets.Add(token.AccessToken, token.RefreshToken)
	return token, nil
}

// withoutSecrets replaces x/oauth2's errors, which hold the token endpoint's whole response and its
// URL.
func (s *fromOAuth2) withoutSecrets(err error) error {
	if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
		e := &Error{}
		if refused.Response != nil {
			e.Status = refused.Response.StatusCode
			s.learn(refused.Response.Request)
		}
		e.Code = printable(s.secrets.Remove(refused.ErrorCode))
		e.Description = printable(s.secrets.Remove(refused.ErrorDescription))
		return e
	}
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return fmt.Errorf("requesting a token: %w", wrapped.Err)
	}
	return err
}

// learn adds the secrets of a token request to s.secrets.
func (s *fromOAuth2) learn(req *http.Request) {
	if req == nil {
		return
	}
	s.secrets.AddAuthorization(req.Header.Get("Authorization"))
	if req.GetBody == nil {
		return
	}
	body, err := req.GetBody()
	if err != nil {
		return
	}
	defer body.Close()
	data, _ := io.ReadAll(io.LimitReader(body, maxResponse))
	form, _ := url.ParseQuery(string(data))
	for name, values := range form {
		if redact.IsSecretName(name) {
			s.secrets.Add(values...)
		}
	}
}
