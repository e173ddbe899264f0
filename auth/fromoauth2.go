package auth

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/internal/argument"
)

// FromOAuth2 makes a source of any x/oauth2 source, which then does its own caching and refreshing: wrap it in [oauth2.ReuseTokenSource] unless it does.
// As x/oauth2 knows no context, a call whose context ends stops waiting while the source's own request goes on.
func FromOAuth2(src oauth2.TokenSource) TokenSource {
	return &fromOAuth2{"auth.FromOAuth2([redacted])", src}
}

type fromOAuth2 struct {
	hidden
	src oauth2.TokenSource
}

func (s *fromOAuth2) Token(ctx context.Context) (*oauth2.Token, error) {
	if s.src == nil {
		return nil, argument.Errorf("token source", "nil", "a source").Because(ErrCredentials)
	}
	type answer struct {
		tok      *oauth2.Token
		err      error
		panicked any
	}
	done := make(chan answer, 1)
	go func() {
		a := answer{err: errUnfinished}
		defer func() {
			a.panicked = recover() // the source's panic belongs to the caller
			done <- a
		}()
		a.tok, a.err = s.src.Token()
	}()
	select {
	case a := <-done:
		if a.panicked != nil {
			panic(a.panicked)
		}
		if a.err == nil && a.tok == nil {
			return nil, argument.Errorf("token source", "no token and no error", "a token").Because(ErrCredentials)
		}
		return a.tok, withoutSecrets(a.err)
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// withoutSecrets takes out what x/oauth2's errors carry along: the whole answer of the token endpoint, and a URL with whatever is in it.
func withoutSecrets(err error) error {
	if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
		e := &Error{Code: printable(refused.ErrorCode), Description: printable(refused.ErrorDescription)}
		if refused.Response != nil {
			e.Status = refused.Response.StatusCode
		}
		return e
	}
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return fmt.Errorf("asking for a token: %w", wrapped.Err)
	}
	return err
}
