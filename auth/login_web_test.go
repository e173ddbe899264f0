package auth_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/auth"
)

// webApp is a web app with a login, served on a socket, and the logins that its callback received.
type webApp struct {
	*testService
	url   string
	mux   *http.ServeMux
	login *auth.Login

	mu    sync.Mutex
	users []*auth.Login
	err   error
}

func newWebApp(t *testing.T, flow string, change func(*auth.Config)) *webApp {
	t.Helper()
	app := &webApp{testService: online(t, noConfig)}
	mux := http.NewServeMux()
	app.mux = mux
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	app.url = srv.URL
	c := app.config()
	c.RedirectURL = srv.URL + "/callback"
	if change != nil {
		change(&c)
	}
	app.login = open(t, flow, c)
	mux.Handle("/login", app.login.LoginHandler())
	mux.Handle("/callback", app.login.CallbackHandler(func(w http.ResponseWriter, r *http.Request, user *auth.Login) {
		app.mu.Lock()
		defer app.mu.Unlock()
		app.users = append(app.users, user)
		http.Redirect(w, r, "/home", http.StatusSeeOther)
	}))
	mux.HandleFunc("/home", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "welcome") })
	return app
}

// browser keeps cookies and follows redirects, up to the first one to stop if that is not empty.
func browser(t *testing.T, stop string) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, CheckRedirect: func(req *http.Request, _ []*http.Request) error {
		if stop != "" && strings.Contains(req.URL.Path, stop) {
			return http.ErrUseLastResponse
		}
		return nil
	}}
}

func get(t *testing.T, c *http.Client, target string) (*http.Response, string) {
	t.Helper()
	resp, err := c.Get(target)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

func TestWebLogin(t *testing.T) {
	for flow := range flows {
		t.Run(flow, func(t *testing.T) {
			app := newWebApp(t, flow, nil)
			for range 2 { // two users, each with a browser
				if _, body := get(t, browser(t, ""), app.url+"/login"); body != "welcome" {
					t.Fatal(body)
				}
			}
			if len(app.users) != 2 || app.users[0].Account() == app.users[1].Account() ||
				len(app.users[0].Account()) < 43 {
				t.Fatalf("%v", app.users)
			}
			if app.token(t, app.users[0]) == app.token(t, app.users[1]) {
				t.Error("two users have one token")
			}
			if _, err := app.login.Token(t.Context()); !errors.Is(err, auth.ErrReauthorize) {
				t.Errorf("the flow itself is logged in: %v", err)
			}
			again := app.login.ForAccount(app.users[0].Account())
			if app.token(t, again) != app.token(t, app.users[0]) {
				t.Error("ForAccount returned another login")
			}
			for _, user := range append(app.users, again) {
				app.renewed(t, user)
				if err := user.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func TestWebLoginOfOneAccount(t *testing.T) {
	app := newWebApp(t, "code", func(c *auth.Config) { c.Account = "house" })
	get(t, browser(t, ""), app.url+"/login")
	if len(app.users) != 1 || app.users[0] != app.login {
		t.Fatalf("%v", app.users)
	}
	app.token(t, app.login)
}

func TestLoginCookie(t *testing.T) {
	for redirect, secure := range map[string]bool{redirectURL: false, "https://app.example/callback": true} {
		l := open(t, "PKCE", auth.Config{ClientID: clientID, RedirectURL: redirect})
		rec := httptest.NewRecorder()
		l.LoginHandler(auth.ShowDialog()).ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/login", nil))
		resp := rec.Result()
		to, err := resp.Location()
		if err != nil || len(resp.Cookies()) != 1 || to.Query().Get("show_dialog") != "true" ||
			resp.Header.Get("Cache-Control") != "no-store" {
			t.Fatalf("%v, %v", resp.Header, err)
		}
		cookie := resp.Cookies()[0]
		if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Secure != secure ||
			strings.HasPrefix(cookie.Name, "__Host-") != secure ||
			cookie.Path != "/" ||
			cookie.Domain != "" ||
			cookie.MaxAge != 600 {
			t.Errorf("%v", cookie)
		}
		if strings.Contains(cookie.String(), to.Query().Get("state")) {
			t.Error("the cookie contains the state, with which a callback can be forged")
		}
	}
}

// A callback completes the login that this browser started, once, within 10 minutes. Any other
// callback gets an error page that reflects nothing of it.
func TestWebCallbackRefuses(t *testing.T) {
	app := newWebApp(t, "PKCE", nil)
	// begun is a browser that has logged in at Spotify and has not requested the callback yet.
	begun := func(t *testing.T) (*http.Client, *url.URL) {
		b := browser(t, "/callback")
		resp, _ := get(t, b, app.url+"/login")
		to, err := resp.Location()
		if err != nil {
			t.Fatal(err)
		}
		return b, to
	}
	with := func(u *url.URL, name, value string) string {
		q := u.Query()
		q.Del("code")
		q.Del("error")
		q.Set(name, value)
		return app.url + "/callback?" + q.Encode()
	}
	for name, c := range map[string]struct {
		open   func(t *testing.T) (*http.Client, string)
		status int
		text   string
	}{
		"another browser": {func(t *testing.T) (*http.Client, string) {
			_, to := begun(t)
			return browser(t, ""), to.String()
		}, 400, "This is not your login"},
		"another login's state": {func(t *testing.T) (*http.Client, string) {
			b, to := begun(t)
			_, other := begun(t)
			return b, with(to, "state", other.Query().Get("state")) + "&code=" + to.Query().Get("code")
		}, 400, "This is not your login"},
		"twice": {func(t *testing.T) (*http.Client, string) {
			b, to := begun(t)
			if _, body := get(t, b, to.String()); body != "welcome" {
				t.Fatalf("the first time: %s", body)
			}
			return b, to.String()
		}, 400, "This is not your login"},
		"two codes": {func(t *testing.T) (*http.Client, string) {
			b, to := begun(t)
			return b, to.String() + "&code=x"
		}, 400, "This is not your login"},
		"declined": {func(t *testing.T) (*http.Client, string) {
			b, to := begun(t)
			return b, with(to, "error", "access_denied")
		}, 403, "You declined"},
		"a script": {func(t *testing.T) (*http.Client, string) {
			b, to := begun(t)
			return b, with(to, "error", "<script>alert(1)</script>")
		}, 502, "That did not work"},
		"a bad code": {func(t *testing.T) (*http.Client, string) {
			b, to := begun(t)
			return b, with(to, "code", "guess")
		}, 502, "That did not work"},
		"nothing": {
			func(t *testing.T) (*http.Client, string) { return browser(t, ""), app.url + "/callback" }, 400,
			"This is not your login",
		},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(app.users)
			b, target := c.open(t)
			if name == "twice" {
				before++
			}
			resp, body := get(t, b, target)
			if resp.StatusCode != c.status || !strings.Contains(body, c.text) || strings.Contains(body, "script") {
				t.Errorf("%d %s", resp.StatusCode, body)
			}
			headers(t, resp)
			if len(app.users) != before {
				t.Error("done was called")
			}
		})
	}
	b, to := begun(t)
	resp, err := b.Head(to.String())
	if err != nil || resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("HEAD: %v, %v", resp.StatusCode, err)
	}
	if _, body := get(t, b, to.String()); body != "welcome" {
		t.Errorf("the HEAD used up the login: %s", body)
	}
}

// headers checks the headers of every page.
func headers(t *testing.T, resp *http.Response) {
	t.Helper()
	policy := resp.Header.Get("Content-Security-Policy")
	if resp.Header.Get("Cache-Control") != "no-store" || resp.Header.Get("Referrer-Policy") != "no-referrer" ||
		!strings.HasPrefix(policy, "default-src 'none'; style-src 'sha256-") || strings.Contains(policy, "unsafe") {
		t.Errorf("%v", resp.Header)
	}
}

func TestTwoLoginsInOneBrowser(t *testing.T) {
	app := newWebApp(t, "PKCE", nil)
	b := browser(t, "/callback")
	var back []string
	for range 2 {
		resp, _ := get(t, b, app.url+"/login")
		to, err := resp.Location()
		if err != nil {
			t.Fatal(err)
		}
		back = append(back, to.String())
	}
	for _, target := range back {
		if _, body := get(t, b, target); body != "welcome" {
			t.Error(body)
		}
	}
}

func TestOnLoginError(t *testing.T) {
	var app *webApp
	app = newWebApp(t, "code", func(c *auth.Config) {
		c.OnLoginError = func(w http.ResponseWriter, _ *http.Request, err error) {
			app.err = err
			w.WriteHeader(http.StatusTeapot)
		}
	})
	resp, _ := get(t, browser(t, ""), app.url+"/callback?code=abc&state="+goodState)
	if resp.StatusCode != http.StatusTeapot || !errors.Is(app.err, auth.ErrState) {
		t.Errorf("%d, %v", resp.StatusCode, app.err)
	}
}

// The cookie expires after 10 minutes, and a process with the same key can complete a login that
// another one started.
func TestLoginCookieExpiryAndSharedKey(t *testing.T) {
	key := []byte(strings.Repeat("k", 32))
	for name, c := range map[string]struct {
		wait    time.Duration
		another []byte
		status  int
	}{
		"in time":            {9 * time.Minute, nil, 303},
		"too late":           {10 * time.Minute, nil, 400},
		"the same key":       {time.Minute, key, 303},
		"a key of their own": {time.Minute, []byte(strings.Repeat("x", 32)), 400},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := direct(noConfig)
				config := w.config()
				config.CookieKey = key
				l := open(t, "PKCE", config)
				begin := httptest.NewRecorder()
				l.LoginHandler().ServeHTTP(begin, httptest.NewRequest(http.MethodGet, "/login", nil))
				back := w.visit(t, begin.Header().Get("Location"))
				time.Sleep(c.wait)
				if c.another != nil {
					config.CookieKey = c.another
					l = open(t, "PKCE", config)
				}
				end := httptest.NewRecorder()
				req := httptest.NewRequestWithContext(context.Background(), http.MethodGet, back, nil)
				for _, cookie := range begin.Result().Cookies() {
					req.AddCookie(cookie)
				}
				l.CallbackHandler(func(w http.ResponseWriter, r *http.Request, user *auth.Login) {
					defer user.Close()
					http.Redirect(w, r, "/", http.StatusSeeOther)
				}).ServeHTTP(end, req)
				if end.Code != c.status {
					t.Errorf("%d %s", end.Code, end.Body)
				}
			})
		})
	}
}
