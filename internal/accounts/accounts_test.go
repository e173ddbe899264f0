package accounts

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const redirect = "http://127.0.0.1:8080/callback"

// call sends a request to the fake without a network.
func call(s *Service, r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Result()
}

func authorize(s *Service, change ...string) *http.Response {
	q := url.Values{
		"client_id":     {"app"},
		"response_type": {"code"},
		"redirect_uri":  {redirect},
		"state":         {"the state"},
		"scope":         {"user-read-email user-top-read"},
	}
	for i := 0; i < len(change); i += 2 {
		q.Set(change[i], change[i+1])
	}
	return call(s, httptest.NewRequest(http.MethodGet, "/authorize?"+q.Encode(), nil))
}

func post(s *Service, secret string, form url.Values) (int, map[string]any) {
	r := httptest.NewRequest(http.MethodPost, "/api/token", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if secret != "" {
		r.SetBasicAuth("app", secret)
	}
	resp := call(s, r)
	var body map[string]any
	_ = json.NewDecoder(resp.Body).Decode(&body)
	return resp.StatusCode, body
}

func codeFrom(t *testing.T, resp *http.Response) string {
	t.Helper()
	to, err := resp.Location()
	if err != nil || to.Query().Get("state") != "the state" || to.Query().Get("code") == "" ||
		!strings.HasPrefix(to.String(), redirect+"?") {
		t.Fatalf("%v, %v", to, err)
	}
	return to.Query().Get("code")
}

func TestPage(t *testing.T) {
	s := New(Config{})
	resp := authorize(s, "client_id", `<script>"app"`)
	body, _ := io.ReadAll(resp.Body)
	for _, want := range []string{"See your email address", "Agree", "Cancel", "&lt;script&gt;"} {
		if !strings.Contains(string(body), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	// A form without an action is sent to the page's own URL, with its query.
	if resp.StatusCode != 200 || strings.Contains(string(body), "action=") ||
		strings.Contains(string(body), "<script") ||
		resp.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d\n%s", resp.StatusCode, body)
	}
	query := url.Values{
		"client_id":     {"app"},
		"response_type": {"code"},
		"redirect_uri":  {redirect},
		"state":         {"the state"},
	}.Encode()
	decide := func(decision string) *http.Response {
		r := httptest.NewRequest(http.MethodPost, "/authorize?"+query, strings.NewReader("decision="+decision))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return call(s, r)
	}
	codeFrom(t, decide("agree"))
	if to, err := decide("deny").Location(); err != nil || to.Query().Get("error") != "access_denied" ||
		to.Query().Has("code") {
		t.Errorf("declined: %v, %v", to, err)
	}
}

func TestAuthorizeRefuses(t *testing.T) {
	s := New(Config{
		Clients:      map[string]string{"app": "secret"},
		RedirectURIs: []string{redirect, "http://127.0.0.1/any"},
		AutoApprove:  true,
	})
	codeFrom(t, authorize(s))
	if resp := authorize(s, "redirect_uri", "http://127.0.0.1:4711/any"); resp.StatusCode != http.StatusSeeOther {
		t.Errorf("a loopback URI registered without a port: %d", resp.StatusCode)
	}
	for _, uri := range []string{
		"", "http://localhost:8080/callback", "http://evil.example/callback", redirect + "/x",
		"javascript:alert(1)", "https://a.example/#x", "http://127.0.0.1:1/other",
	} {
		if resp := authorize(s, "redirect_uri", uri); resp.StatusCode != http.StatusBadRequest ||
			resp.Header.Get("Location") != "" {
			t.Errorf("redirect URI %q: %d", uri, resp.StatusCode)
		}
	}
	if resp := authorize(s, "client_id", "stranger"); resp.StatusCode != http.StatusBadRequest {
		t.Errorf("unknown client: %d", resp.StatusCode)
	}
	for _, c := range [][]string{
		{"response_type", "token", "unsupported_response_type"},
		{"scope", "user-read-mind", "invalid_scope"},
		{"code_challenge", "x", "invalid_request"},
	} {
		to, err := authorize(s, c[0], c[1]).Location()
		if err != nil || to.Query().Get("error") != c[2] {
			t.Errorf("%v: %v, %v", c, to, err)
		}
	}
}

func TestExchange(t *testing.T) {
	verifier := strings.Repeat("v", 43)
	pkce := []string{"code_challenge", challengeOf(verifier), "code_challenge_method", "S256"}
	for name, c := range map[string]struct {
		ask    []string
		secret string
		change []string
		want   string // the error
	}{
		"with a secret": {secret: "secret"},
		"with PKCE":     {ask: pkce, change: []string{"client_id", "app", "code_verifier", verifier}},
		"with both":     {ask: pkce, secret: "secret", change: []string{"code_verifier", verifier}},
		"wrong secret":  {secret: "guess", want: "invalid_client"},
		"neither":       {change: []string{"client_id", "app"}, want: "invalid_client"},
		"nobody":        {want: "invalid_client"},
		"wrong verifier": {
			ask: pkce, change: []string{"client_id", "app", "code_verifier", verifier + "v"}, want: "invalid_grant",
		},
		"no verifier":         {ask: pkce, secret: "secret", want: "invalid_request"},
		"another redirect":    {secret: "secret", change: []string{"redirect_uri", redirect + "2"}, want: "invalid_grant"},
		"a code of one's own": {secret: "secret", change: []string{"code", "x"}, want: "invalid_grant"},
		"unknown grant":       {secret: "secret", change: []string{"grant_type", "password"}, want: "unsupported_grant_type"},
	} {
		t.Run(name, func(t *testing.T) {
			s := New(Config{Clients: map[string]string{"app": "secret"}, AutoApprove: true})
			form := url.Values{
				"grant_type":   {"authorization_code"},
				"code":         {codeFrom(t, authorize(s, c.ask...))},
				"redirect_uri": {redirect},
			}
			for i := 0; i < len(c.change); i += 2 {
				form.Set(c.change[i], c.change[i+1])
			}
			status, body := post(s, c.secret, form)
			if c.want != "" {
				if status != 400 || body["error"] != c.want || s.Count(c.want) != 1 {
					t.Fatalf("%d %v", status, body)
				}
				return
			}
			token, _ := body["access_token"].(string)
			scopes, ok := s.Validate(token)
			if status != 200 || !ok || !slices.Equal(scopes, []string{"user-read-email", "user-top-read"}) ||
				body["scope"] != "user-read-email user-top-read" ||
				body["refresh_token"] == nil ||
				body["expires_in"] != 3600.0 {
				t.Fatalf("%d %v", status, body)
			}
			if _, body = post(s, c.secret, form); body["error"] != "invalid_grant" {
				t.Errorf("the code a second time: %v", body)
			}
			if _, ok := s.Validate(token); ok {
				t.Error("a code that came twice leaves its login standing")
			}
		})
	}
}

func TestRefresh(t *testing.T) {
	for name, c := range map[string]struct {
		rotation Rotation
		public   bool
		renewed  string // same, new or none
	}{
		"keep": {Keep, false, "same"}, "rotate": {Rotate, false, "new"}, "omit": {Omit, true, "none"},
		"Spotify, secret": {LikeSpotify, false, "none"}, "Spotify, public": {LikeSpotify, true, "none"},
		"Spotify until July 2026, secret": {RotatePublic, false, "none"},
		"Spotify until July 2026, public": {RotatePublic, true, "new"},
	} {
		t.Run(name, func(t *testing.T) {
			s := New(Config{Rotation: c.rotation})
			_, old := s.Login("app", c.public, "streaming")
			form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {old}}
			secret := "secret"
			if c.public {
				secret = ""
				form.Set("client_id", "app")
			}
			_, body := post(s, secret, form)
			renewed := map[any]string{nil: "none", old: "same"}[body["refresh_token"]]
			if renewed == "" {
				renewed = "new"
			}
			if renewed != c.renewed || body["access_token"] == nil || body["scope"] != "streaming" {
				t.Fatalf("%v", body)
			}
			_, body = post(s, secret, form)
			if rotated := c.renewed == "new"; rotated != (body["error"] == "invalid_grant") {
				t.Errorf("the old token a second time: %v", body)
			}
		})
	}
}

func TestExpiryAndRevocation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(Config{Rotation: Keep})
		token, refresh := s.Login("app", false)
		form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}}
		scopes, ok := s.Validate(token)
		if !ok || scopes == nil {
			t.Error("a user's token with no scopes is a user's token")
		}
		time.Sleep(time.Hour)
		if _, ok := s.Validate(token); ok {
			t.Error("an expired token is good")
		}
		if status, _ := post(s, "x", form); status != 200 {
			t.Error("the refresh token does not outlive the access token")
		}
		time.Sleep(time.Until(time.Now().AddDate(0, 6, 0)))
		if _, body := post(s, "x", form); body["error"] != "invalid_grant" {
			t.Errorf("after six months: %v", body)
		}
		_, body := post(s, "x", url.Values{"grant_type": {"client_credentials"}})
		app, _ := body["access_token"].(string)
		if scopes, ok := s.Validate(app); !ok || scopes != nil {
			t.Errorf("the app's own token: %v, %v", scopes, ok)
		}
		s.RevokeAccess(app)
		if _, ok := s.Validate(app); ok {
			t.Error("a revoked token is good")
		}
		token, refresh = s.Login("app", false)
		s.RevokeLogins()
		if _, ok := s.Validate(token); ok {
			t.Error("a revoked login's token is good")
		}
		form.Set("refresh_token", refresh)
		if _, body := post(s, "x", form); body["error"] != "invalid_grant" {
			t.Errorf("revoked: %v", body)
		}
	})
}

// Clients built on axios send the parameters in the query, and Spotify accepts them.
func TestTokenParametersInQuery(t *testing.T) {
	s := New(Config{Clients: map[string]string{"app": "secret"}})
	for query, want := range map[string]int{
		"grant_type=client_credentials&client_id=app&client_secret=secret": http.StatusOK,
		"grant_type=client_credentials&client_id=app&client_secret=guess":  http.StatusBadRequest,
	} {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/api/token?"+query, nil))
		if w.Code != want {
			t.Errorf("%s: %d %s, want %d", query, w.Code, w.Body, want)
		}
	}
}

func TestFaults(t *testing.T) {
	s := New(Config{Rotation: Rotate})
	srv := httptest.NewServer(s)
	defer srv.Close()
	_, refresh := s.Login("app", true)
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}, "client_id": {"app"}}
	send := func() (int, string) {
		resp, err := srv.Client().PostForm(srv.URL+"/api/token", form)
		if err != nil {
			return 0, ""
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, string(body)
	}
	s.Fail("/api/token", Fault{Status: 503, Body: "<html>", Header: http.Header{"Retry-After": {"1"}}})
	s.Fail("/api/token", Fault{Drop: true, Applied: true})
	s.Fail("/authorize", Fault{Status: 500, Times: -1})
	if status, body := send(); status != 503 || body != "<html>" {
		t.Errorf("%d %s", status, body)
	}
	if status, _ := send(); status != 0 {
		t.Errorf("dropped: %d", status)
	}
	if status, body := send(); status != 400 || !strings.Contains(body, "invalid_grant") {
		t.Errorf("rotated by the request whose response was lost: %d %s", status, body)
	}
	for range 3 {
		if resp := authorize(s); resp.StatusCode != 500 {
			t.Error(resp.StatusCode)
		}
	}
	s.Heal()
	if resp := authorize(s); resp.StatusCode != 200 || s.Count("/api/token") != 3 || s.Count("/authorize") != 4 {
		t.Errorf("%d, %d, %d", resp.StatusCode, s.Count("/api/token"), s.Count("/authorize"))
	}
}
