package auth_test

// The tests of the flows share a fake Accounts service, behind a socket or called directly, and a
// user with a browser.

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/accounts"
	"github.com/seed-2147f1a9/spotify/transport"
)

const (
	clientID     = "app"
	clientSecret = "0123456789abcdef0123456789abcdef"
	redirectURL  = "http://127.0.0.1:4711/callback"
	tokenPath    = "/api/token"
)

type testService struct {
	*accounts.Service
	url       string
	transport http.RoundTripper // nil where the service has a socket
}

// online serves the service on a socket.
func online(t testing.TB, c accounts.Config) *testService {
	c.Clients = map[string]string{clientID: clientSecret}
	c.AutoApprove = true
	w := &testService{Service: accounts.New(c)}
	srv := httptest.NewServer(w.Service)
	t.Cleanup(srv.Close)
	w.url = srv.URL
	return w
}

// direct calls the service without a socket, for tests in virtual time.
func direct(c accounts.Config) *testService {
	c.AutoApprove = true
	w := &testService{Service: accounts.New(c), url: "https://accounts.example"}
	w.transport = transport.RoundTripperFunc(func(req *http.Request) (resp *http.Response, err error) {
		defer transport.CloseRequest(req)
		defer func() {
			if recover() != nil {
				err = errors.New("connection reset")
			}
		}()
		if req.Context().Err() != nil {
			return nil, req.Context().Err()
		}
		rec := httptest.NewRecorder()
		w.ServeHTTP(rec, req)
		return rec.Result(), nil
	})
	return w
}

func (w *testService) config() auth.Config {
	return auth.Config{
		ClientID: clientID, ClientSecret: clientSecret, RedirectURL: redirectURL,
		Scopes:  []auth.Scope{auth.ScopeUserLibraryRead, auth.ScopeUserTopRead},
		AuthURL: w.url + "/authorize", TokenURL: w.url + tokenPath, Transport: w.transport,
	}
}

var flows = map[string]func(auth.Config) (*auth.Login, error){
	"code": func(c auth.Config) (*auth.Login, error) {
		f, err := auth.NewAuthorizationCode(c)
		if err != nil {
			return nil, err
		}
		return f.Login, nil
	},
	"PKCE": func(c auth.Config) (*auth.Login, error) {
		c.ClientSecret = ""
		f, err := auth.NewPKCE(c)
		if err != nil {
			return nil, err
		}
		return f.Login, nil
	},
}

// open returns a login of the given flow, which is closed when the test ends.
func open(t testing.TB, name string, c auth.Config) *auth.Login {
	t.Helper()
	l, err := flows[name](c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// visit opens a URL like a browser and returns the target of its redirect.
func (w *testService) visit(t testing.TB, target string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := w.transport
	if browser == nil {
		browser = http.DefaultTransport
	}
	resp, err := browser.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer transport.Drain(resp)
	to, err := resp.Location()
	if err != nil {
		t.Fatalf("%d without a Location", resp.StatusCode)
	}
	return to.String()
}

// callback starts a login and returns the callback's URL.
func (w *testService) callback(t testing.TB, l *auth.Login, state string, opts ...auth.AuthOption) string {
	t.Helper()
	target, err := l.AuthURL(state, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return w.visit(t, target)
}

// logIn logs the user in.
func (w *testService) logIn(t testing.TB, l *auth.Login) {
	t.Helper()
	state := auth.NewState()
	code, err := l.ParseCallback(w.callback(t, l, state), state)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Exchange(t.Context(), code); err != nil {
		t.Fatal(err)
	}
}

// token returns a token and checks that the service accepts it.
func (w *testService) token(t testing.TB, l *auth.Login) string {
	t.Helper()
	token, err := l.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := w.Validate(token.AccessToken); !ok {
		t.Fatalf("the service does not accept %s", token.AccessToken)
	}
	return token.AccessToken
}

// renewed invalidates the current token and returns the next one.
func (w *testService) renewed(t testing.TB, l *auth.Login) string {
	t.Helper()
	old, err := l.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w.RevokeAccess(old.AccessToken)
	l.Invalidate(old)
	return w.token(t, l)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
