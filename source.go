package spotify

import (
	"context"
	"fmt"
	"sync/atomic"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/transport"
)

// rememberedSource remembers the last token of its source, for the advice in errors.
type rememberedSource struct {
	src  auth.TokenSource
	last atomic.Pointer[oauth2.Token]
}

func (s *rememberedSource) Token(ctx context.Context) (*oauth2.Token, error) {
	token, err := s.src.Token(ctx)
	switch {
	case err != nil:
		return nil, err
	case token == nil:
		return nil, transport.Permanent(
			fmt.Errorf("the token source %T returned neither a token nor an error: %w", s.src, ErrCredentials),
		)
	case s.last.Load() != token:
		s.last.Store(token)
	}
	return token, nil
}

// refreshable returns the source for Refresh. It is an auth.Invalidator if src is one.
func (s *rememberedSource) refreshable() auth.TokenSource {
	if src, ok := s.src.(auth.Invalidator); ok {
		return struct {
			*rememberedSource
			auth.Invalidator
		}{s, src}
	}
	return s
}

// kindOf returns the kind of a token of the source, 0 for a user's that is refreshed.
func (s *rememberedSource) kindOf(token *oauth2.Token) tokenKind {
	if _, ok := s.src.(*auth.ClientCredentials); ok {
		return appToken
	}
	if _, ok := s.src.(auth.Invalidator); !ok && token.Expiry.IsZero() {
		return fixedToken
	}
	return 0
}
