package mock

import (
	"fmt"
	"time"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/accounts"
	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/mock/internal/api"
)

// Option configures a fake. An invalid value ends the test, or panics without a test.
type Option interface{ apply(*settings) }

type option func(*settings)

func (o option) apply(s *settings) { o(s) }

type settings struct {
	catalogue    *catalogue.Catalogue
	api          api.Config
	scopes       []string // of tokens that the fake did not issue; nil for all
	strictTokens bool
	accounts     accounts.Config
	keep         *int
	log          func(Call)
	faults       Faults
	faulty       bool // WithFaults was given
	limits       limits
	tls          bool
	http2        bool
	problems     []error
}

func (s *settings) refuse(format string, args ...any) {
	s.problems = append(s.problems, fmt.Errorf(format, args...))
}

// WithCatalogue serves c instead of the invented catalogue.
func WithCatalogue(c *catalogue.Catalogue) Option {
	return option(func(s *settings) {
		if c == nil {
			s.refuse("WithCatalogue: the catalogue is nil: want one made by catalogue.New")
		}
		s.catalogue = c
	})
}

// WithDevelopmentMode responds as Spotify responds to apps in development mode since February 2026.
// This is the default.
func WithDevelopmentMode() Option {
	return option(func(s *settings) { s.api.Access = api.DevelopmentMode })
}

// WithOlderDevelopmentMode responds as Spotify responds to apps in development mode that were
// created before 11 February 2026, for which the changes of that month are postponed: they may call
// the operations that newer apps get 403 for, except those that were closed in November 2024,
// objects have all members, and pages are as large as with extended quota. Playlists have their
// items under both "items" and "tracks", and each item has its content under both "item" and
// "track".
func WithOlderDevelopmentMode() Option {
	return option(func(s *settings) { s.api.Access = api.OlderDevelopmentMode })
}

// WithExtendedQuota responds as Spotify responds to apps with extended quota: all operations,
// larger pages, the older form of playlists.
func WithExtendedQuota() Option {
	return option(func(s *settings) { s.api.Access = api.ExtendedQuota })
}

// WithStrictTokens accepts only access tokens that the fake's own Accounts service issued. By
// default every other bearer token acts as the catalogue's user.
func WithStrictTokens() Option { return option(func(s *settings) { s.strictTokens = true }) }

// WithScopes grants only these scopes to bearer tokens that the fake did not issue; without
// arguments, none. By default they have all scopes. Tokens that the fake issued have the scopes
// that were requested.
func WithScopes(scopes ...auth.Scope) Option {
	return option(func(s *settings) {
		s.scopes = []string{}
		for _, scope := range scopes {
			s.scopes = append(s.scopes, string(scope))
		}
	})
}

// WithApp registers an app with the Accounts service, which then knows no other app and checks the
// secret and, if there are any, the redirect URIs. By default the service accepts every client id
// with every secret, and every redirect URI that Spotify would let an app register.
func WithApp(clientID, clientSecret string, redirectURIs ...string) Option {
	return option(func(s *settings) {
		if clientID == "" {
			s.refuse("WithApp: the client id is empty: want a client id")
		}
		if s.accounts.Clients == nil {
			s.accounts.Clients = map[string]string{}
		}
		s.accounts.Clients[clientID] = clientSecret
		s.accounts.RedirectURIs = append(s.accounts.RedirectURIs, redirectURIs...)
	})
}

// WithAutoApprove logs the user in at /authorize without showing a page.
func WithAutoApprove() Option { return option(func(s *settings) { s.accounts.AutoApprove = true }) }

// WithTokenLifetime sets the lifetime of the access tokens that the fake issues, at least a second.
// The default is an hour, as at Spotify.
func WithTokenLifetime(d time.Duration) Option {
	return option(func(s *settings) {
		if d < time.Second {
			s.refuse("WithTokenLifetime: invalid lifetime %v: want a second or more", d)
		}
		s.accounts.ExpiresIn = d
	})
}

// Rotation is the Accounts service's treatment of a refresh token that is used.
type Rotation uint8

const (
	// RotateLikeSpotify sends no refresh token, as Spotify does since July 2026 to public clients
	// (PKCE) too; the old one stays valid. This is the default.
	RotateLikeSpotify = Rotation(accounts.LikeSpotify)
	// RotateNever sends the same refresh token.
	RotateNever = Rotation(accounts.Keep)
	// RotateAlways sends a new refresh token and revokes the old one.
	RotateAlways = Rotation(accounts.Rotate)
	// RotateOmit sends no refresh token; the old one stays valid.
	RotateOmit = Rotation(accounts.Omit)
	// RotatePublic sends a new refresh token to public clients (PKCE), revokes their old one, and
	// sends none to clients with a secret, as Spotify did until July 2026.
	RotatePublic = Rotation(accounts.RotatePublic)
)

// WithRotation sets the treatment of refresh tokens.
func WithRotation(r Rotation) Option {
	return option(func(s *settings) {
		if r > RotatePublic {
			s.refuse(
				"WithRotation: invalid rotation %d: want RotateLikeSpotify, RotateNever, RotateAlways, RotateOmit or RotatePublic",
				r,
			)
		}
		s.accounts.Rotation = accounts.Rotation(r)
	})
}

// WithRefreshLifetime sets the number of months after a login at which its refresh tokens expire,
// also the ones that a refresh returns. The default is 6, as at Spotify since the summer of 2026. A
// negative number makes refresh tokens that do not expire, as they were before.
func WithRefreshLifetime(months int) Option {
	return option(func(s *settings) {
		if months == 0 {
			s.refuse("WithRefreshLifetime: invalid lifetime of 0 months: want 1 or more, or -1 for no end")
		}
		s.accounts.RefreshMonths, s.accounts.RefreshForever = months, months < 0
	})
}

// WithoutAccountID omits account_id from the user's profile (GET /me), as Spotify did until the
// summer of 2026.
func WithoutAccountID() Option { return option(func(s *settings) { s.api.OmitAccountID = true }) }

// WithKeptCalls keeps the newest n calls for Calls and the assertions: 0 keeps none, a negative n
// all. By default a test keeps all calls, and a benchmark or a program the newest 10,000.
func WithKeptCalls(n int) Option { return option(func(s *settings) { s.keep = &n }) }

// WithCallLog calls log with every call whose response is ready or whose connection is broken,
// before the client sees it. log is called concurrently if requests are.
func WithCallLog(log func(Call)) Option { return option(func(s *settings) { s.log = log }) }

// WithTLS makes NewServer speak HTTPS with a certificate of its own, which the server's Client
// trusts. New ignores it.
func WithTLS() Option { return option(func(s *settings) { s.tls = true }) }

// WithHTTP2 makes NewServer speak HTTP/2 over TLS. New ignores it.
func WithHTTP2() Option { return option(func(s *settings) { s.tls, s.http2 = true, true }) }
