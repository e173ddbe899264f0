package mock

// option.go is everything that can be chosen when the fake is made, but for the weather.

import (
	"fmt"
	"time"

	"github.com/seed-2147f1a9/spotify/mock/internal/api"

	"github.com/seed-2147f1a9/spotify/mock/catalogue"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/accounts"
)

// Option sets a fake up. A value that makes no sense ends the test, or panics where there is none.
type Option func(*settings)

type settings struct {
	catalogue *catalogue.Catalogue
	surface   api.Access
	scopes    []string // of tokens that the fake did not hand out; nil for all
	strict    bool
	accounts  accounts.Config
	keep      *int
	log       func(Call)
	forecast  forecast
	tls       bool
	http2     bool
	problems  []error
}

func (s *settings) refuse(format string, args ...any) {
	s.problems = append(s.problems, fmt.Errorf(format, args...))
}

// WithCatalogue serves c in place of the invented catalogue.
func WithCatalogue(c *catalogue.Catalogue) Option {
	return func(s *settings) {
		if c == nil {
			s.refuse("WithCatalogue: given nil, allowed: a catalogue made by catalogue.New")
		}
		s.catalogue = c
	}
}

// DevelopmentMode answers as Spotify answers apps in development mode since February 2026: the default.
func DevelopmentMode() Option { return func(s *settings) { s.surface = api.DevelopmentMode } }

// ExtendedQuota answers as Spotify answers apps with extended quota: all operations, greater pages, the older shape of playlists.
func ExtendedQuota() Option { return func(s *settings) { s.surface = api.ExtendedQuota } }

// StrictTokens accepts only access tokens that the fake's own Accounts service handed out. By default any other bearer token acts as the catalogue's user.
func StrictTokens() Option { return func(s *settings) { s.strict = true } }

// WithScopes gives bearer tokens that the fake did not hand out these scopes only; without any, none. By default they have all.
// Tokens that the fake did hand out have the scopes that were asked for.
func WithScopes(scopes ...auth.Scope) Option {
	return func(s *settings) {
		s.scopes = []string{}
		for _, scope := range scopes {
			s.scopes = append(s.scopes, string(scope))
		}
	}
}

// WithApp registers an app with the Accounts service: from then on it knows no other, checks the secret and, if there are any, the redirect URIs.
// By default it takes any client id with any secret, and any redirect URI that Spotify would let an app register.
func WithApp(clientID, clientSecret string, redirectURIs ...string) Option {
	return func(s *settings) {
		if clientID == "" {
			s.refuse("WithApp: the client id is empty")
		}
		if s.accounts.Clients == nil {
			s.accounts.Clients = map[string]string{}
		}
		s.accounts.Clients[clientID] = clientSecret
		s.accounts.RedirectURIs = append(s.accounts.RedirectURIs, redirectURIs...)
	}
}

// AutoApprove logs the user in at /authorize without asking on a page.
func AutoApprove() Option { return func(s *settings) { s.accounts.AutoApprove = true } }

// TokenLifetime is how long the access tokens that the fake hands out are good, at least a second; an hour by default, as Spotify's are.
func TokenLifetime(d time.Duration) Option {
	return func(s *settings) {
		if d < time.Second {
			s.refuse("TokenLifetime: given %v, allowed: a second or more", d)
		}
		s.accounts.ExpiresIn = d
	}
}

// Rotation says what refreshing does to the refresh token.
type Rotation uint8

const (
	// RotateLikeSpotify answers public clients (PKCE) with a new refresh token and others with none: the default.
	RotateLikeSpotify = Rotation(accounts.LikeSpotify)
	// RotateNever answers with the same refresh token.
	RotateNever = Rotation(accounts.Keep)
	// RotateAlways answers with a new refresh token and ends the old one.
	RotateAlways = Rotation(accounts.Rotate)
	// RotateOmit answers without a refresh token; the old one stays good.
	RotateOmit = Rotation(accounts.Omit)
)

// RefreshTokens chooses what refreshing does to the refresh token.
func RefreshTokens(r Rotation) Option {
	return func(s *settings) {
		if r > RotateOmit {
			s.refuse("RefreshTokens: given %d, allowed: RotateLikeSpotify, RotateNever, RotateAlways, RotateOmit", r)
		}
		s.accounts.Rotation = accounts.Rotation(r)
	}
}

// KeepCalls keeps the newest n calls for Calls and the assertions: 0 keeps none, a negative n all.
// By default a test keeps all, and a benchmark or a program the newest 10,000.
func KeepCalls(n int) Option { return func(s *settings) { s.keep = &n } }

// keepOutsideTests is enough to see what a program did last and too little to fill its memory.
const keepOutsideTests = 10_000

// LogCalls has log called with every call that was answered, or broken off, before the client sees it. It is called from many goroutines at once if requests come so.
func LogCalls(log func(Call)) Option { return func(s *settings) { s.log = log } }

// TLS has NewServer speak HTTPS with a certificate of its own, which the server's Client trusts. New ignores it.
func TLS() Option { return func(s *settings) { s.tls = true } }

// HTTP2 has NewServer speak HTTP/2 over TLS. New ignores it.
func HTTP2() Option { return func(s *settings) { s.tls, s.http2 = true, true } }
