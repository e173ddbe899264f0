package accounts

// state.go tells what became of an access token, and ends tokens before their time.

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// State is what became of an access token.
type State uint8

const (
	// Foreign tokens were not handed out here.
	Foreign State = iota
	// Good tokens are accepted.
	Good
	// Expired tokens have reached their end.
	Expired
	// Revoked tokens were taken back.
	Revoked
)

// Inspect returns an access token's state and, if it is good, the scopes it was granted: nil for a token of the app itself, not nil for a user's.
func (s *Service) Inspect(accessToken string) (State, []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.access[accessToken]
	switch {
	case a == nil && s.named(accessToken), a != nil && a.login != nil && a.login.revoked:
		return Revoked, nil
	case a == nil:
		return Foreign, nil
	case !time.Now().Before(a.expires):
		return Expired, nil
	case a.login == nil:
		return Good, nil
	}
	return Good, slices.Clone(a.login.scopes)
}

// named reports whether a token was handed out here, be it forgotten since.
func (s *Service) named(token string) bool {
	n, err := strconv.Atoi(strings.TrimPrefix(token, "fake-access-"))
	return err == nil && strings.HasPrefix(token, "fake-access-") && n > 0 && n <= s.serial
}

// ExpireAccess makes every access token that was handed out so far reach its end now. Refresh tokens stay good.
func (s *Service) ExpireAccess() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.access {
		if now := time.Now(); now.Before(a.expires) {
			a.expires = now
		}
	}
}

// RevokeAll takes back everything that was handed out so far: access tokens, the app's own among them, and refresh tokens.
func (s *Service) RevokeAll() {
	s.RevokeLogins()
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.access)
}
