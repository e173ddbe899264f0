package accounts

import (
	_ "embed"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

//go:embed page.html
var pageSource string

var page = template.Must(template.New("page").Parse(pageSource))

// request is an authorization request (RFC 6749 section 4.1.1).
type request struct {
	client, redirect, state, challenge string
	scopes                             []string
}

func (s *Service) showPage(w http.ResponseWriter, r *http.Request) {
	asked, ok := s.read(w, r)
	if !ok {
		return
	}
	s.mu.Lock()
	auto := s.config.AutoApprove
	s.mu.Unlock()
	if auto {
		s.approve(w, r, asked)
		return
	}
	var permissions []string
	for _, scope := range asked.scopes {
		permissions = append(permissions, meaning[scope])
	}
	headers(w)
	_ = page.Execute(w, map[string]any{"Client": asked.client, "Permissions": permissions})
}

func (s *Service) decide(w http.ResponseWriter, r *http.Request) {
	asked, ok := s.read(w, r)
	if !ok {
		return
	}
	if r.PostFormValue("decision") == "agree" {
		s.approve(w, r, asked)
		return
	}
	redirectApp(w, r, asked, url.Values{"error": {"access_denied"}})
}

func (s *Service) approve(w http.ResponseWriter, r *http.Request, asked *request) {
	s.mu.Lock()
	value := s.name("code")
	s.codes[value] = &code{
		login: s.newLogin(asked.client, false, asked.scopes), redirect: asked.redirect, challenge: asked.challenge,
		expires: time.Now().Add(10 * time.Minute),
	}
	s.mu.Unlock()
	redirectApp(w, r, asked, url.Values{"code": {value}})
}

// read parses and checks the request. An unknown client and an invalid redirect URI are errors on
// the page, other errors are sent to the app with the redirect (RFC 6749 section 4.1.2.1).
func (s *Service) read(w http.ResponseWriter, r *http.Request) (*request, bool) {
	q := r.URL.Query()
	asked := &request{
		client: q.Get("client_id"), redirect: q.Get("redirect_uri"), state: q.Get("state"),
		challenge: q.Get("code_challenge"), scopes: strings.Fields(q.Get("scope")),
	}
	s.mu.Lock()
	_, known := s.config.Clients[asked.client]
	known = asked.client != "" && (known || s.config.Clients == nil)
	registered := s.config.RedirectURIs == nil ||
		slices.ContainsFunc(s.config.RedirectURIs, func(uri string) bool { return matches(uri, asked.redirect) })
	s.mu.Unlock()
	switch {
	case !known:
		s.refusePage(w, "INVALID_CLIENT: Invalid client")
	case !acceptable(asked.redirect):
		s.refusePage(w, "INVALID_CLIENT: Insecure redirect URI")
	case !registered:
		s.refusePage(w, "INVALID_CLIENT: Invalid redirect URI")
	case q.Get("response_type") != "code":
		redirectApp(w, r, asked, url.Values{"error": {"unsupported_response_type"}})
	case asked.challenge != "" && q.Get("code_challenge_method") != "S256":
		redirectApp(w, r, asked,
			url.Values{"error": {"invalid_request"}, "error_description": {"code_challenge_method must be S256"}})
	case slices.ContainsFunc(asked.scopes, func(scope string) bool { return meaning[scope] == "" }):
		redirectApp(w, r, asked, url.Values{"error": {"invalid_scope"}})
	default:
		return asked, true
	}
	return nil, false
}

func (s *Service) refusePage(w http.ResponseWriter, why string) {
	s.count("invalid_client")
	headers(w)
	w.WriteHeader(http.StatusBadRequest)
	_ = page.Execute(w, map[string]any{"Problem": why})
}

func headers(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
}

func redirectApp(w http.ResponseWriter, r *http.Request, asked *request, params url.Values) {
	to, err := url.Parse(asked.redirect)
	if err != nil {
		http.Error(w, "redirect URI", http.StatusBadRequest)
		return
	}
	q := to.Query()
	for name, values := range params {
		q[name] = values
	}
	if asked.state != "" {
		q.Set("state", asked.state)
	}
	to.RawQuery = q.Encode()
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to.String(), http.StatusSeeOther)
}

// acceptable applies Spotify's rules for redirect URIs: https, http to a literal loopback address
// (not localhost), or an app's own scheme.
//
// https://developer.spotify.com/documentation/web-api/concepts/redirect_uri
func acceptable(redirect string) bool {
	u, err := url.Parse(redirect)
	if err != nil || u.Scheme == "" || u.Fragment != "" {
		return false
	}
	switch u.Scheme {
	case "http":
		return isLoopback(u)
	case "https":
		return u.Host != "" && u.Hostname() != "localhost"
	}
	return u.Scheme != "javascript" && u.Scheme != "data"
}

// matches reports whether asked is registered. A loopback URI that was registered without a port
// matches any port (RFC 8252 section 7.3).
func matches(registered, asked string) bool {
	if registered == asked {
		return true
	}
	r, err := url.Parse(registered)
	a, err2 := url.Parse(asked)
	return err == nil && err2 == nil && isLoopback(r) && r.Port() == "" &&
		r.Scheme == a.Scheme && r.Hostname() == a.Hostname() && r.Path == a.Path
}

func isLoopback(u *url.URL) bool { return u.Hostname() == "127.0.0.1" || u.Hostname() == "::1" }
