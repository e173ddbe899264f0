package auth_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/accounts"
	"github.com/seed-2147f1a9/spotify/transport"
)

// attempt is a loopback login in flight: the browser has been redirected to the callback and has
// not requested it yet.
type attempt struct {
	callback *url.URL
	done     chan error
}

func begin(t *testing.T, w *testService, l *auth.Login) *attempt {
	t.Helper()
	opened := make(chan string, 1)
	a := &attempt{done: make(chan error, 1)}
	go func() {
		a.done <- l.AuthorizeLocal(
			t.Context(), auth.LocalConfig{OpenURL: func(target string) error { opened <- target; return nil }},
		)
	}()
	select {
	case target := <-opened:
		callback, err := url.Parse(w.visit(t, target))
		if err != nil {
			t.Fatal(err)
		}
		a.callback = callback
	case err := <-a.done:
		t.Fatalf("AuthorizeLocal returned early: %v", err)
	}
	return a
}

func (a *attempt) with(change func(u *url.URL, q url.Values)) string {
	u := *a.callback
	q := u.Query()
	change(&u, q)
	u.RawQuery = q.Encode()
	return u.String()
}

// ended checks that the listener is closed and that no goroutine of the login is left. The last one
// may need a moment to end after AuthorizeLocal has returned.
func (a *attempt) ended(t *testing.T) {
	t.Helper()
	left := loginGoroutines()
	for deadline := time.Now().Add(10 * time.Second); left != "" && time.Now().Before(deadline); left = loginGoroutines() {
		time.Sleep(time.Millisecond)
	}
	if left != "" {
		t.Errorf("a goroutine is left in %s", left)
	}
	if conn, err := net.DialTimeout("tcp", a.callback.Host, time.Second); err == nil {
		conn.Close()
		t.Error("the listener is still open")
	}
}

// loginGoroutines returns a function of the login that some goroutine is in, or "".
func loginGoroutines() string {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	for _, function := range []string{"auth.serve", "auth.(*callbackServer)", "auth.(*Login).AuthorizeLocal("} {
		if bytes.Contains(stacks, []byte(function)) {
			return function
		}
	}
	return ""
}

func TestAuthorizeLocal(t *testing.T) {
	for flow := range flows {
		for _, redirect := range []string{
			"http://127.0.0.1/callback", "http://127.0.0.1", "http://127.0.0.1:0/cb", "http://[::1]/a/b",
			"http://127.0.0.1:" + freePort(t) + "/cb",
		} {
			t.Run(flow+" "+redirect, func(t *testing.T) {
				if strings.Contains(redirect, "::1") && !hasIPv6() {
					t.Skip("this machine has no IPv6 loopback")
				}
				w := online(t, noConfig)
				c := w.config()
				c.RedirectURL = redirect
				l := open(t, flow, c)
				a := begin(t, w, l)
				if want, _ := url.Parse(redirect); a.callback.Hostname() != want.Hostname() ||
					a.callback.Path != want.Path ||
					want.Port() > "0" && a.callback.Port() != want.Port() {
					t.Errorf("redirected to %s", a.callback.Host+a.callback.Path)
				}
				for _, other := range []string{"127.0.0.2", "::1", "127.0.0.1"} { // all of them are this machine, and one was named
					if conn, err := net.DialTimeout("tcp", net.JoinHostPort(other, a.callback.Port()), time.Second); err == nil {
						conn.Close()
						if other != a.callback.Hostname() {
							t.Errorf("AuthorizeLocal listens on %s too", other)
						}
					}
				}
				resp, body := get(t, http.DefaultClient, a.callback.String())
				if resp.StatusCode != 200 || !strings.Contains(body, "You are logged in") ||
					strings.Contains(body, a.callback.Query().Get("code")) {
					t.Errorf("%d %s", resp.StatusCode, body)
				}
				headers(t, resp)
				if err := <-a.done; err != nil {
					t.Fatal(err)
				}
				a.ended(t)
				w.renewed(t, l)
			})
		}
	}
}

// Requests that do not belong to the login get an error page that reflects nothing of them, and do
// not end the login.
func TestAuthorizeLocalRefusesOtherRequests(t *testing.T) {
	w := online(t, noConfig)
	c := w.config()
	c.RedirectURL = "http://127.0.0.1/callback"
	l := open(t, "PKCE", c)
	a := begin(t, w, l)
	for name, r := range map[string]struct {
		method, target, host string
		status               int
	}{
		"another path":   {"GET", a.with(func(u *url.URL, _ url.Values) { u.Path = "/favicon.ico" }), "", 404},
		"another method": {"POST", a.callback.String(), "", 405},
		"HEAD":           {"HEAD", a.callback.String(), "", 405},
		"another host":   {"GET", a.callback.String(), "evil.example", 421},
		"host by name":   {"GET", a.callback.String(), "localhost:" + a.callback.Port(), 421},
		"another state":  {"GET", a.with(func(_ *url.URL, q url.Values) { q.Set("state", goodState) }), "", 400},
		"no state":       {"GET", a.with(func(_ *url.URL, q url.Values) { q.Del("state") }), "", 400},
		"two states":     {"GET", a.with(func(_ *url.URL, q url.Values) { q.Add("state", q.Get("state")) }), "", 400},
		"two codes":      {"GET", a.with(func(_ *url.URL, q url.Values) { q.Add("code", "x") }), "", 400},
		"no code":        {"GET", a.with(func(_ *url.URL, q url.Values) { q.Del("code") }), "", 400},
		"a forged refusal": {
			"GET",
			a.with(func(_ *url.URL, q url.Values) { q.Del("state"); q.Set("error", "<script>alert(1)</script>") }), "",
			400,
		},
		"a huge header": {"GET", a.callback.String(), strings.Repeat("x", 100<<10), 431},
	} {
		req, err := http.NewRequestWithContext(t.Context(), r.method, r.target, nil)
		if err != nil {
			t.Fatal(err)
		}
		if req.Host = r.host; len(r.host) > 100 {
			req.Host = ""
			req.Header.Set("X-Huge", r.host)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != r.status || strings.Contains(string(body), "script") {
			t.Errorf("%s: %d %s", name, resp.StatusCode, body)
		}
		if r.status != 431 {
			headers(t, resp)
		}
		select {
		case err := <-a.done:
			t.Fatalf("%s: it ended the login: %v", name, err)
		default:
		}
	}
	if resp, body := get(t, http.DefaultClient, a.callback.String()); resp.StatusCode != 200 {
		t.Errorf("the login's own callback afterwards: %d %s", resp.StatusCode, body)
	}
	if err := <-a.done; err != nil {
		t.Error(err)
	}
	a.ended(t)
}

func TestAuthorizeLocalFails(t *testing.T) {
	w := online(t, noConfig)
	c := w.config()
	c.RedirectURL = "http://127.0.0.1/callback"
	t.Run("declined", func(t *testing.T) {
		a := begin(t, w, open(t, "PKCE", c))
		resp, body := get(t, http.DefaultClient,
			a.with(func(_ *url.URL, q url.Values) { q.Del("code"); q.Set("error", "access_denied") }))
		if err := <-a.done; !errors.Is(err, auth.ErrDenied) || resp.StatusCode != 403 ||
			!strings.Contains(body, "You declined") {
			t.Errorf("%v, %d %s", err, resp.StatusCode, body)
		}
		a.ended(t)
	})
	t.Run("bad code", func(t *testing.T) {
		a := begin(t, w, open(t, "PKCE", c))
		resp, body := get(t, http.DefaultClient, a.with(func(_ *url.URL, q url.Values) { q.Set("code", "guess") }))
		if err := <-a.done; !errors.Is(err, auth.ErrReauthorize) || resp.StatusCode != 502 ||
			!strings.Contains(body, "That did not work") {
			t.Errorf("%v, %d %s", err, resp.StatusCode, body)
		}
	})
	t.Run("timeout", func(t *testing.T) {
		opened := make(chan string, 1)
		err := open(t, "PKCE", c).AuthorizeLocal(
			t.Context(),
			auth.LocalConfig{Timeout: 50 * time.Millisecond, OpenURL: func(target string) error {
				opened <- target
				return nil
			}},
		)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		callback, err := url.Parse(w.visit(t, <-opened))
		if err != nil {
			t.Fatal(err)
		}
		(&attempt{callback: callback}).ended(t)
	})
	t.Run("canceled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		err := open(t, "PKCE", c).AuthorizeLocal(ctx,
			auth.LocalConfig{Timeout: -1, OpenURL: func(string) error { cancel(); return nil }})
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	t.Run("no browser", func(t *testing.T) {
		err := open(t, "PKCE", c).AuthorizeLocal(t.Context(),
			auth.LocalConfig{OpenURL: func(target string) error { return errors.New("cannot open " + target) }})
		if err == nil || !strings.Contains(err.Error(), "set LocalConfig.OpenURL") ||
			strings.Contains(err.Error(), "state=") {
			t.Error(err)
		}
	})
	t.Run("port in use", func(t *testing.T) {
		taken, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer taken.Close()
		c := c
		c.RedirectURL = "http://" + taken.Addr().String() + "/callback"
		if err := open(t, "PKCE", c).AuthorizeLocal(t.Context(), auth.LocalConfig{}); err == nil ||
			!strings.Contains(err.Error(), "port is in use") {
			t.Error(err)
		}
	})
	t.Run("not loopback", func(t *testing.T) {
		c := c
		c.RedirectURL = "https://app.example/callback"
		err := open(t, "PKCE", c).AuthorizeLocal(t.Context(), auth.LocalConfig{})
		if !errors.Is(err, auth.ErrInvalidArgument) {
			t.Error(err)
		}
	})
	t.Run("store unusable", func(t *testing.T) {
		c := c
		c.Store = damaged{}
		err := open(t, "PKCE", c).AuthorizeLocal(t.Context(),
			auth.LocalConfig{OpenURL: func(string) error { t.Error("OpenURL was called"); return nil }})
		if _, ok := errors.AsType[*auth.StoreError](err); !ok {
			t.Error(err)
		}
	})
}

// The callback of the login is accepted once, also if it is requested several times concurrently.
func TestAuthorizeLocalOnce(t *testing.T) {
	w := online(t, noConfig)
	c := w.config()
	c.RedirectURL = "http://127.0.0.1/callback"
	exchange := make(chan struct{})
	c.Transport = transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		<-exchange
		return http.DefaultTransport.RoundTrip(req)
	})
	a := begin(t, w, open(t, "code", c))
	const requests = 3
	statuses := make(chan int, requests)
	for range requests {
		go func() {
			resp, err := http.Get(a.callback.String())
			if err != nil {
				statuses <- 0
				return
			}
			resp.Body.Close()
			statuses <- resp.StatusCode
		}()
	}
	for range requests - 1 { // the first to come waits for the exchange
		if status := <-statuses; status != http.StatusGone {
			t.Errorf("a callback after the first one: status code %d", status)
		}
	}
	close(exchange)
	if status := <-statuses; status != http.StatusOK {
		t.Errorf("the first callback: status code %d", status)
	}
	if err := <-a.done; err != nil {
		t.Error(err)
	}
	if n := w.Count("authorization_code"); n != 1 {
		t.Errorf("%d exchanges", n)
	}
	a.ended(t)
}

// A connection without a request, as browsers open in advance, delays neither the end of the login
// nor the closing of the listener.
func TestAuthorizeLocalIdleConnection(t *testing.T) {
	w := online(t, noConfig)
	c := w.config()
	c.RedirectURL = "http://127.0.0.1/callback"
	a := begin(t, w, open(t, "code", c))
	idle, err := net.Dial("tcp", a.callback.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	if resp, body := get(t, http.DefaultClient, a.callback.String()); resp.StatusCode != 200 {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	if err := <-a.done; err != nil {
		t.Error(err)
	}
	a.ended(t)
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

func hasIPv6() bool {
	l, err := net.Listen("tcp", "[::1]:0")
	if err == nil {
		l.Close()
	}
	return err == nil
}

func TestFaultsPanicOfOpenURL(t *testing.T) {
	c := online(t, accounts.Config{}).config()
	c.RedirectURL = "http://127.0.0.1/callback"
	defer func() {
		if got := recover(); got != "the user's opener" {
			t.Errorf("recovered %v", got)
		}
	}()
	_ = open(t, "PKCE", c).AuthorizeLocal(t.Context(),
		auth.LocalConfig{OpenURL: func(string) error { panic("the user's opener") }})
}

// EnsureAuthorized does not log the user in again if the stored login could not be refreshed for
// another reason than the login itself.
func TestEnsureAuthorizedReturnsOtherErrors(t *testing.T) {
	broken := errors.New("the network is down")
	store := auth.NewMemoryStore()
	must(t, store.Save(t.Context(), "default", auth.StoredToken{ClientID: "app", RefreshToken: "kept"}, 0))
	l, err := auth.NewPKCE(auth.Config{
		ClientID: "app", RedirectURL: "http://127.0.0.1/callback", Store: store,
		Transport: transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			transport.CloseRequest(req)
			return nil, broken
		}),
	})
	must(t, err)
	defer l.Close()
	err = l.EnsureAuthorized(t.Context(), auth.LocalConfig{OpenURL: func(string) error {
		t.Error("the user was asked to log in")
		return errors.New("no browser here")
	}})
	if !errors.Is(err, broken) || errors.Is(err, auth.ErrReauthorize) {
		t.Errorf("got %v", err)
	}
}
