package accounts

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// errorResponse is an error response (RFC 6749 section 5.2). Spotify sends all of them with status
// code 400.
type errorResponse struct {
	Code        string `json:"error"`
	Description string `json:"error_description,omitempty"`
}

// tokenResponse is a response with a token (RFC 6749 section 5.1).
type tokenResponse struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int    `json:"expires_in"`
	RefreshToken string `json:"refresh_token,omitempty"`
	Scope        string `json:"scope,omitempty"`
}

// token takes the parameters from the form or, as Spotify does, from the query.
func (s *Service) token(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil {
		s.refuse(w, &errorResponse{"invalid_request", "the parameters must be sent as a form"})
		return
	}
	s.count(r.Form.Get("grant_type"))
	s.mu.Lock()
	issued, refused := s.grant(r)
	s.mu.Unlock()
	if refused != nil {
		s.refuse(w, refused)
		return
	}
	_ = json.NewEncoder(w).Encode(issued)
}

func (s *Service) refuse(w http.ResponseWriter, p *errorResponse) {
	s.count(p.Code)
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(p)
}

func (s *Service) grant(r *http.Request) (*tokenResponse, *errorResponse) {
	client, public, refused := s.client(r)
	if refused != nil {
		return nil, refused
	}
	switch r.Form.Get("grant_type") {
	case "client_credentials":
		if public {
			return nil, &errorResponse{"invalid_client", "Invalid client"}
		}
		return s.issue(nil, ""), nil
	case "authorization_code":
		return s.exchange(client, public, r.Form)
	case "refresh_token":
		return s.refreshGrant(client, public, r.Form.Get("refresh_token"))
	}
	return nil, &errorResponse{
		"unsupported_grant_type", "grant_type must be client_credentials, authorization_code or refresh_token",
	}
}

// client authenticates the client: by Basic authentication or by the form with a secret, or, for a
// public client, by the form without one.
func (s *Service) client(r *http.Request) (id string, public bool, refused *errorResponse) {
	id, secret, basic := r.BasicAuth()
	if basic {
		id, _ = url.QueryUnescape(id)
		secret, _ = url.QueryUnescape(secret)
	} else {
		id, secret = r.Form.Get("client_id"), r.Form.Get("client_secret")
	}
	want, known := s.config.Clients[id]
	switch {
	case id == "" || s.config.Clients != nil && !known:
		return "", false, &errorResponse{"invalid_client", "Invalid client"}
	case secret == "" && !basic:
		return id, true, nil
	case secret == "" || s.config.Clients != nil && secret != want:
		return "", false, &errorResponse{"invalid_client", "Invalid client secret"}
	}
	return id, false, nil
}

// exchange is RFC 6749 section 4.1.3 with RFC 7636 section 4.6. A code that is sent twice revokes
// its login, because it may have been stolen.
func (s *Service) exchange(client string, public bool, form url.Values) (*tokenResponse, *errorResponse) {
	c := s.codes[form.Get("code")]
	verifier := form.Get("code_verifier")
	switch {
	case c == nil || c.login.client != client:
		return nil, &errorResponse{"invalid_grant", "Invalid authorization code"}
	case c.used:
		c.login.revoked = true
		return nil, &errorResponse{"invalid_grant", "Invalid authorization code"}
	case !time.Now().Before(c.expires):
		return nil, &errorResponse{"invalid_grant", "Authorization code expired"}
	case form.Get("redirect_uri") != c.redirect:
		return nil, &errorResponse{"invalid_grant", "Invalid redirect URI"}
	case c.challenge == "" && public:
		return nil, &errorResponse{"invalid_client", "Invalid client"}
	case c.challenge != "" && verifier == "":
		return nil, &errorResponse{"invalid_request", "code_verifier required"}
	case c.challenge != "" && challengeOf(verifier) != c.challenge:
		return nil, &errorResponse{"invalid_grant", "code_verifier was incorrect"}
	}
	c.used = true
	c.login.public = public
	return s.issue(c.login, s.newRefresh(c.login)), nil
}

func challengeOf(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// refreshGrant is RFC 6749 section 6.
func (s *Service) refreshGrant(client string, public bool, refreshToken string) (*tokenResponse, *errorResponse) {
	l := s.refresh[refreshToken]
	switch {
	case refreshToken == "":
		return nil, &errorResponse{"invalid_request", "refresh_token must be supplied"}
	case l == nil || l.client != client:
		return nil, &errorResponse{"invalid_grant", "Invalid refresh token"}
	case l.revoked:
		return nil, &errorResponse{"invalid_grant", "Refresh token revoked"}
	case !l.expires.IsZero() && !time.Now().Before(l.expires):
		return nil, &errorResponse{"invalid_grant", "Refresh token expired"}
	case public && !l.public:
		return nil, &errorResponse{"invalid_client", "Invalid client"}
	}
	rotation := s.config.Rotation
	if rotation == RotatePublic && l.public {
		rotation = Rotate
	}
	switch rotation {
	case Rotate:
		delete(s.refresh, refreshToken)
		return s.issue(l, s.newRefresh(l)), nil
	case Keep:
		return s.issue(l, refreshToken), nil
	}
	return s.issue(l, ""), nil
}

// issue returns a response with a new access token of l, or of the app itself if l is nil.
func (s *Service) issue(l *login, refreshToken string) *tokenResponse {
	g := &tokenResponse{
		AccessToken:  s.newAccess(l),
		TokenType:    "Bearer",
		ExpiresIn:    int(s.config.ExpiresIn / time.Second),
		RefreshToken: refreshToken,
	}
	if l != nil {
		g.Scope = strings.Join(slices.Sorted(slices.Values(l.scopes)), " ")
	}
	return g
}
