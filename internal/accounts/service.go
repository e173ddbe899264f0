// Package accounts is a fake of Spotify's Accounts service: the page where a user logs in, and the endpoint that hands out and refreshes tokens.
// It follows RFC 6749 and RFC 7636 and, where they leave a choice, what Spotify does. It has no network of its own and uses the standard library only.
package accounts

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Rotation says what a refresh does to the refresh token.
type Rotation uint8

const (
	// LikeSpotify rotates the refresh tokens of public clients and omits those of clients with a secret.
	LikeSpotify Rotation = iota
	// Keep answers with the same refresh token.
	Keep
	// Rotate answers with a new refresh token and revokes the old one.
	Rotate
	// Omit answers without a refresh token: the old one stays good.
	Omit
)

// Config sets the fake up. The zero value accepts every client, asks the user on a page, and hands out tokens for an hour.
type Config struct {
	// Clients are the apps that exist, by id, with their secrets. Nil accepts any id with any secret.
	Clients map[string]string
	// RedirectURIs are those registered, for every client. Nil accepts any that Spotify would let an app register.
	RedirectURIs []string
	// AutoApprove logs the user in without showing the page.
	AutoApprove bool
	// ExpiresIn is how long access tokens live, one hour if zero.
	ExpiresIn time.Duration
	// RefreshMonths is how many months after the login its refresh tokens end, six if zero. A refresh does not extend them.
	RefreshMonths int
	// Rotation says what a refresh does to the refresh token.
	Rotation Rotation
}

// Service is the fake, an http.Handler for /authorize and /api/token. It is safe for concurrent use.
type Service struct {
	mux *http.ServeMux

	mu      sync.Mutex
	config  Config
	serial  int
	codes   map[string]*code
	access  map[string]*access
	refresh map[string]*login
	counts  map[string]int
	faults  map[string][]Fault
}

// login is what a user agreed to: the root of a chain of refresh tokens.
type login struct {
	client  string
	public  bool
	scopes  []string
	ends    time.Time
	revoked bool
}

// access is an access token's state; its login is nil for the app's own.
type access struct {
	login   *login
	expires time.Time
}

// code is an authorization code, good once and for ten minutes.
type code struct {
	login     *login
	redirect  string
	challenge string
	expires   time.Time
	used      bool
}

// New returns a fake.
func New(c Config) *Service {
	c.ExpiresIn = cmp.Or(c.ExpiresIn, time.Hour)
	c.RefreshMonths = cmp.Or(c.RefreshMonths, 6)
	s := &Service{
		mux: http.NewServeMux(), config: c,
		codes: map[string]*code{}, access: map[string]*access{}, refresh: map[string]*login{},
		counts: map[string]int{}, faults: map[string][]Fault{},
	}
	s.mux.HandleFunc("GET /authorize", s.showPage)
	s.mux.HandleFunc("POST /authorize", s.decide)
	s.mux.HandleFunc("POST /api/token", s.token)
	return s
}

// ServeHTTP answers for /authorize and /api/token, or as a Fault says.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.count(r.URL.Path)
	if !s.faulty(w, r) {
		s.mux.ServeHTTP(w, r)
	}
}

// Configure changes the configuration for what comes next.
func (s *Service) Configure(change func(*Config)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.config)
}

// Count returns how often something happened: a path ("/api/token"), a grant that was asked for ("refresh_token") or an error ("invalid_grant").
func (s *Service) Count(what string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts[what]
}

func (s *Service) count(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts[what]++
}

// Validate reports whether an access token is good now, and the scopes the user agreed to. They are nil for a token of the app itself and
// not nil, if perhaps empty, for a user's.
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

// Login makes a login without the page and returns its first tokens. A public client's tokens are refreshed without a secret.
func (s *Service) Login(clientID string, public bool, scopes ...string) (accessToken, refreshToken string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.newLogin(clientID, public, scopes)
	return s.newAccess(l), s.newRefresh(l)
}

// RevokeAccess makes the API refuse an access token before its time.
func (s *Service) RevokeAccess(accessToken string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.access, accessToken)
}

// RevokeLogins does what a user does who removes the app: every login's access and refresh tokens end.
func (s *Service) RevokeLogins() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.refresh {
		l.revoked = true
	}
}

func (s *Service) newLogin(client string, public bool, scopes []string) *login {
	return &login{client: client, public: public, scopes: append([]string{}, scopes...), ends: time.Now().AddDate(0, s.config.RefreshMonths, 0)}
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

// name numbers what is handed out, so that a test knows what comes.
func (s *Service) name(kind string) string {
	s.serial++
	return fmt.Sprintf("fake-%s-%06d", kind, s.serial)
}
