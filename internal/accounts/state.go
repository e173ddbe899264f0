package accounts

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// State is the state of an access token.
type State uint8

const (
	// Foreign tokens were not issued by this service.
	Foreign State = iota
	// Good tokens are valid.
	Good
	// Expired tokens are past their expiry.
	Expired
	// Revoked tokens were revoked before or after their expiry.
	Revoked
)

// Inspect returns the state of an access token and, if it is Good, its granted scopes: nil for a
// token of the app itself, not nil for a user's.
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

// named reports whether this service has issued the token, even if it is revoked.
func (s *Service) named(token string) bool {
	number, ok := strings.CutPrefix(token, "fake-access-")
	if !ok {
		return false
	}
	n, err := strconv.Atoi(number)
	return err == nil && n > 0 && n <= s.serial
}

// ExpireAccess expires every access token that was issued so far. Refresh tokens stay valid.
func (s *Service) ExpireAccess() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.access {
		if now := time.Now(); now.Before(a.expires) {
			a.expires = now
		}
	}
}

// RevokeAll revokes every token that was issued so far: access tokens of users and of the app
// itself, and refresh tokens.
func (s *Service) RevokeAll() {
	s.RevokeLogins()
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.access)
}
