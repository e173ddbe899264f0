package accounts

// authorize.go is the page where a user agrees or declines, and the redirect that tells the app.

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

// request is what an app asks the user for, RFC 6749 section 4.1.1.
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
	var wishes []string
	for _, scope := range asked.scopes {
		wishes = append(wishes, meaning[scope])
	}
	headers(w)
	_ = page.Execute(w, map[string]any{"Client": asked.client, "Wishes": wishes})
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
	answerApp(w, r, asked, url.Values{"error": {"access_denied"}})
}

func (s *Service) approve(w http.ResponseWriter, r *http.Request, asked *request) {
	s.mu.Lock()
	value := s.name("code")
	s.codes[value] = &code{
		login: s.newLogin(asked.client, false, asked.scopes), redirect: asked.redirect, challenge: asked.challenge,
		expires: time.Now().Add(10 * time.Minute),
	}
	s.mu.Unlock()
	answerApp(w, r, asked, url.Values{"code": {value}})
}

// read checks the request. What is wrong with the client or the redirect URI is told to the user, the rest to the app (RFC 6749 section 4.1.2.1).
func (s *Service) read(w http.ResponseWriter, r *http.Request) (*request, bool) {
	q := r.URL.Query()
	asked := &request{
		client: q.Get("client_id"), redirect: q.Get("redirect_uri"), state: q.Get("state"),
		challenge: q.Get("code_challenge"), scopes: strings.Fields(q.Get("scope")),
	}
	s.mu.Lock()
	_, known := s.config.Clients[asked.client]
	known = asked.client != "" && (known || s.config.Clients == nil)
	registered := s.config.RedirectURIs == nil || slices.ContainsFunc(s.config.RedirectURIs, func(uri string) bool { return matches(uri, asked.redirect) })
	s.mu.Unlock()
	switch {
	case !known:
		s.stop(w, "INVALID_CLIENT: Invalid client")
	case !acceptable(asked.redirect):
		s.stop(w, "INVALID_CLIENT: Insecure redirect URI")
	case !registered:
		s.stop(w, "INVALID_CLIENT: Invalid redirect URI")
	case q.Get("response_type") != "code":
		answerApp(w, r, asked, url.Values{"error": {"unsupported_response_type"}})
	case asked.challenge != "" && q.Get("code_challenge_method") != "S256":
		answerApp(w, r, asked, url.Values{"error": {"invalid_request"}, "error_description": {"code_challenge_method must be S256"}})
	case slices.ContainsFunc(asked.scopes, func(scope string) bool { return meaning[scope] == "" }):
		answerApp(w, r, asked, url.Values{"error": {"invalid_scope"}})
	default:
		return asked, true
	}
	return nil, false
}

func (s *Service) stop(w http.ResponseWriter, why string) {
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

func answerApp(w http.ResponseWriter, r *http.Request, asked *request, answer url.Values) {
	to, err := url.Parse(asked.redirect)
	if err != nil {
		http.Error(w, "redirect URI", http.StatusBadRequest)
		return
	}
	q := to.Query()
	for name, values := range answer {
		q[name] = values
	}
	if asked.state != "" {
		q.Set("state", asked.state)
	}
	to.RawQuery = q.Encode()
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to.String(), http.StatusSeeOther)
}

// acceptable applies Spotify's rule: https, or http to a literal loopback address, never to localhost, or an app's own scheme.
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

// matches lets a loopback URI that was registered without a port match any port (RFC 8252 section 7.3).
func matches(registered, asked string) bool {
	if registered == asked {
		return true
	}
	r, err := url.Parse(registered)
	a, err2 := url.Parse(asked)
	return err == nil && err2 == nil && isLoopback(r) && r.Port() == "" && r.Scheme == a.Scheme && r.Hostname() == a.Hostname() && r.Path == a.Path
}

func isLoopback(u *url.URL) bool { return u.Hostname() == "127.0.0.1" || u.Hostname() == "::1" }
