// Package accounts is a fake of Spotify's Accounts service: the login page and the token endpoint.
// It follows RFC 6749 and RFC 7636 and, where they leave a choice, Spotify. It is an http.Handler
// without a listener and imports the standard library only.
package accounts

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Rotation is the refresh token in the response to a refresh.
type Rotation uint8

const (
	// LikeSpotify returns no refresh token: the old one stays valid, since July 2026 for public
	// clients too.
	LikeSpotify Rotation = iota
	// Keep returns the same refresh token.
	Keep
	// Rotate returns a new refresh token and revokes the old one.
	Rotate
	// Omit returns no refresh token: the old one stays valid.
	Omit
	// RotatePublic rotates the refresh tokens of public clients and omits those of clients with a
	// secret, as Spotify did until July 2026.
	RotatePublic
)

// Config configures the fake. The zero value accepts every client, asks the user on a page, and
// issues access tokens that expire after 1 hour.
type Config struct {
	// Clients are the secrets of the registered apps by client id. Nil accepts any id with any
	// secret.
	Clients map[string]string
	// RedirectURIs are the registered redirect URIs of every client. Nil accepts any URI that
	// Spotify would register.
	RedirectURIs []string
	// AutoApprove logs the user in without showing the page.
	AutoApprove bool
	// ExpiresIn is the lifetime of access tokens. Zero means 1 hour.
	ExpiresIn time.Duration
	// RefreshMonths is the lifetime of a login's refresh tokens in months. Zero means 6. A refresh
	// does not extend it.
	RefreshMonths int
	// RefreshForever makes refresh tokens that do not expire.
	RefreshForever bool
	// Rotation is the refresh token in the response to a refresh.
	Rotation Rotation
}

// Service is the fake, an http.Handler for /authorize and /api/token. It is safe for concurrent
// use.
type Service struct {
	mu      sync.Mutex
	config  Config
	serial  int
	codes   map[string]*code
	access  map[string]*access
	refresh map[string]*login
	counts  map[string]int
	faults  map[string][]Fault
}

// login is a user's consent, which all refresh tokens of the login share.
type login struct {
	client  string
	public  bool
	scopes  []string
	expires time.Time // zero if the refresh tokens do not expire
	revoked bool
}

// access is the state of an access token. Its login is nil for a token of the app itself.
type access struct {
	login   *login
	expires time.Time
}

// code is an authorization code, valid once and for 10 minutes.
type code struct {
	login     *login
	redirect  string
	challenge string
	expires   time.Time
	used      bool
}

// New returns a fake with the given configuration.
func New(c Config) *Service {
	c.ExpiresIn = cmp.Or(c.ExpiresIn, time.Hour)
	c.RefreshMonths = cmp.Or(c.RefreshMonths, 6)
	return &Service{
		config: c,
		codes:  map[string]*code{}, access: map[string]*access{}, refresh: map[string]*login{},
		counts: map[string]int{}, faults: map[string][]Fault{},
	}
}

// ServeHTTP serves /authorize and /api/token, with the faults of Fail.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.count(r.URL.Path)
	if !s.faulty(w, r) {
		s.handler(r)(w, r)
	}
}

// handler returns the handler of a request. It stands in place of an http.ServeMux, which costs
// more to make than everything else that New makes.
func (s *Service) handler(r *http.Request) http.HandlerFunc {
	switch r.Method + " " + r.URL.Path {
	case "GET /authorize", "HEAD /authorize":
		return s.showPage
	case "POST /authorize":
		return s.decide
	case "POST /api/token":
		return s.token
	}
	switch r.URL.Path {
	case "/authorize", "/api/token":
		return func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		}
	}
	return http.NotFound
}

// Configure changes the configuration for later requests.
func (s *Service) Configure(change func(*Config)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.config)
}

// Count returns the number of requests with a path ("/api/token"), a grant type ("refresh_token")
// or an OAuth error code ("invalid_grant").
func (s *Service) Count(event string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts[event]
}

func (s *Service) count(event string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts[event]++
}

// Validate reports whether an access token is valid now, and returns the granted scopes. They are
// nil for a token of the app itself, and not nil for a user's.
func (s *Service) Validate(accessToken string) (scopes []string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.access[accessToken]
	switch {
	case a == nil || !time.Now().Before(a.expires):
		return nil, false
	case a.login == nil:
		return nil, true
	case a.login.revoked:
		return nil, false
	}
	return slices.Clone(a.login.scopes), true
}

// Login creates a login without the page and returns its first tokens. The tokens of a public
// client are refreshed without a secret.
func (s *Service) Login(clientID string, public bool, scopes ...string) (accessToken, refreshToken string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.newLogin(clientID, public, scopes)
	return s.newAccess(l), s.newRefresh(l)
}

// RevokeAccess revokes one access token.
func (s *Service) RevokeAccess(accessToken string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.access, accessToken)
}

// RevokeLogins revokes the access and refresh tokens of every login, as if every user had removed
// the app.
func (s *Service) RevokeLogins() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.refresh {
		l.revoked = true
	}
}

func (s *Service) newLogin(client string, public bool, scopes []string) *login {
	l := &login{client: client, public: public, scopes: append([]string{}, scopes...)}
	if !s.config.RefreshForever {
		l.expires = time.Now().AddDate(0, s.config.RefreshMonths, 0)
	}
	return l
}

func (s *Service) newAccess(l *login) string {
	token := s.name("access")
	s.access[token] = &access{login: l, expires: time.Now().Add(s.config.ExpiresIn)}
	return token
}

func (s *Service) newRefresh(l *login) string {
	token := s.name("refresh")
	s.refresh[token] = l
	return token
}

// name returns a numbered token, so that a test can predict it.
func (s *Service) name(kind string) string {
	s.serial++
	return fmt.Sprintf("fake-%s-%06d", kind, s.serial)
}
