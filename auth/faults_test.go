package auth_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/accounts"
	"github.com/seed-2147f1a9/spotify/internal/testutil"
	"github.com/seed-2147f1a9/spotify/transport"
)

// A stored login without one of Config.Scopes is not used: no request is sent, the error names the
// missing scopes, and a new login ends it.
func TestFaultsScopeAskedForLater(t *testing.T) {
	for name, c := range map[string]struct {
		before, now []auth.Scope
		missing     string
	}{
		"one more": {
			[]auth.Scope{auth.ScopeUserReadPrivate},
			[]auth.Scope{auth.ScopeUserReadPrivate, auth.ScopeUserLibraryRead}, "user-library-read",
		},
		"other ones": {
			[]auth.Scope{auth.ScopeStreaming}, []auth.Scope{auth.ScopeUserTopRead, auth.ScopeUserLibraryRead},
			"user-library-read user-top-read",
		},
		"some, none before": {nil, []auth.Scope{auth.ScopeUserReadEmail}, "user-read-email"},
		"the same": {
			[]auth.Scope{auth.ScopeStreaming, auth.ScopeUserTopRead},
			[]auth.Scope{auth.ScopeUserTopRead, auth.ScopeStreaming}, "",
		},
		"fewer": {
			[]auth.Scope{auth.ScopeStreaming, auth.ScopeUserTopRead}, []auth.Scope{auth.ScopeStreaming}, "",
		},
		"none, some before":    {[]auth.Scope{auth.ScopeStreaming}, nil, ""},
		"none, and none later": {nil, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := online(t, accounts.Config{})
			config := w.config()
			config.Store, config.Scopes = auth.NewMemoryStore(), c.before
			w.logIn(t, open(t, "PKCE", config))
			config.Scopes = c.now
			l := open(t, "PKCE", config)
			asked := w.Count("refresh_token")
			for range 2 {
				_, err := l.Token(t.Context())
				lacks, ok := errors.AsType[*auth.ScopeError](err)
				switch {
				case c.missing == "" && err != nil,
					c.missing != "" && (!ok || !errors.Is(err, auth.ErrReauthorize) || lacks.Missing.String() != c.missing):
					t.Fatalf("%v", err)
				case c.missing != "" && !strings.Contains(err.Error(), "lacks the scopes "+c.missing):
					t.Errorf("%v", err)
				}
			}
			if n := w.Count("refresh_token") - asked; n != 0 {
				t.Errorf("%d requests", n)
			}
			w.logIn(t, l)
			w.renewed(t, l)
		})
	}
}

// A login is accepted if Spotify's response does not name a granted scope, or if the scopes of a
// stored login are unknown.
func TestFaultsUnknownScopes(t *testing.T) {
	w := online(t, accounts.Config{})
	c := w.config()
	c.Store = auth.NewMemoryStore()
	w.Fail(tokenPath, accounts.Fault{
		Status: 200,
		Times:  1,
		Body:   `{"access_token":"a-short-scope","expires_in":3600,"refresh_token":"r","scope":"user-top-read"}`,
	})
	w.logIn(t, open(t, "PKCE", c))
	if _, err := open(t, "PKCE", c).Token(t.Context()); err != nil {
		t.Errorf("after a login whose response names one scope of two: %v", err)
	}
	c.Store = auth.NewMemoryStore()
	foreign := auth.StoredToken{AccessToken: "foreign", RefreshToken: "r", Expiry: time.Now().Add(time.Hour)}
	must(t, c.Store.Save(t.Context(), "default", foreign, 0))
	if _, err := open(t, "PKCE", c).Token(t.Context()); err != nil {
		t.Errorf("a stored login without scopes: %v", err)
	}
}

// A response without a refresh token does not complete a login, and the earlier login is unchanged.
func TestFaultsExchangeWithoutRefreshToken(t *testing.T) {
	for name, body := range map[string]string{
		"none":       `{"access_token":"for-an-hour","token_type":"Bearer","expires_in":3600,"scope":"user-top-read"}`,
		"empty":      `{"access_token":"for-an-hour","token_type":"Bearer","expires_in":3600,"refresh_token":""}`,
		"null":       `{"access_token":"for-an-hour","expires_in":3600,"refresh_token":null}`,
		"first time": `{"access_token":"for-an-hour","expires_in":3600}`,
	} {
		t.Run(name, func(t *testing.T) {
			w := online(t, accounts.Config{})
			c := w.config()
			c.Store = auth.NewMemoryStore()
			l := open(t, "code", c)
			if name != "first time" {
				w.logIn(t, l)
			}
			before, _ := c.Store.Load(t.Context(), "default")
			w.Fail(tokenPath, accounts.Fault{Status: 200, Times: 1, Body: body})
			state := auth.NewState()
			code, err := l.ParseCallback(w.callback(t, l, state), state)
			must(t, err)
			err = l.Exchange(t.Context(), code)
			if refused, ok := errors.AsType[*auth.Error](err); !ok ||
				!strings.Contains(refused.Description, "no refresh token") {
				t.Errorf("%v", err)
			}
			after, _ := c.Store.Load(t.Context(), "default")
			if after.RefreshToken != before.RefreshToken || after.Generation != before.Generation {
				t.Errorf("%v became %v", before, after)
			}
			if name != "first time" {
				w.renewed(t, l)
			}
		})
	}
}

// stubborn is a store whose calls block and ignore their context while stuck is set.
type stubborn struct {
	auth.TokenStore
	stuck chan struct{} // closed to let go
	where string
}

func (s *stubborn) Load(ctx context.Context, account string) (auth.StoredToken, error) {
	if s.where == "Load" {
		<-s.stuck
	}
	return s.TokenStore.Load(ctx, account)
}

func (s *stubborn) Save(ctx context.Context, account string, rec auth.StoredToken, prevGen uint64) error {
	if s.where == "Save" {
		<-s.stuck
	}
	return s.TokenStore.Save(ctx, account, rec, prevGen)
}

func (s *stubborn) Lock(ctx context.Context, account string) (func(), error) {
	if s.where == "Lock" {
		<-s.stuck
	}
	unlock, err := s.TokenStore.(auth.RefreshLocker).Lock(ctx, account)
	return func() {
		if s.where == "unlock" {
			<-s.stuck
		}
		unlock()
	}, err
}

// Close, Token, Exchange, StoredToken and Forget return within a bounded time even if the store
// blocks.
func TestFaultsStoreThatIgnoresItsContext(t *testing.T) {
	for _, where := range []string{"Load", "Save", "Lock", "unlock"} {
		t.Run(where, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := direct(accounts.Config{})
				s := &stubborn{TokenStore: auth.NewMemoryStore(), stuck: make(chan struct{})}
				c := w.config()
				c.Store = s
				l, err := flows["code"](c)
				must(t, err)
				w.logIn(t, l)
				old, err := l.Token(t.Context())
				must(t, err)
				s.where = where
				l.Invalidate(old)
				within := func(what string, most time.Duration, f func(context.Context)) {
					ctx, cancel := context.WithTimeout(t.Context(), time.Second)
					defer cancel()
					start := time.Now()
					f(ctx)
					if took := time.Since(start); took > most {
						t.Errorf("%s took %v", what, took)
					}
				}
				within("Token", time.Second, func(ctx context.Context) { _, _ = l.Token(ctx) })
				within("StoredToken", 2*time.Second, func(ctx context.Context) { _, _ = l.StoredToken(ctx) })
				within("Forget", 7*time.Second, func(ctx context.Context) { _ = l.Forget(ctx) })
				start := time.Now()
				err = l.Close()
				t.Logf("Close after %v: %v", time.Since(start), err)
				if took := time.Since(start); took > 16*time.Second {
					t.Errorf("Close took %v", took)
				}
				close(s.stuck)
				synctest.Wait()
			})
		})
	}
}

// Import refreshes another program's refresh token once. If that fails, the earlier login is
// unchanged.
func TestFaultsImport(t *testing.T) {
	w := online(t, accounts.Config{Rotation: accounts.Rotate})
	elsewhere := open(t, "PKCE", w.config())
	w.logIn(t, elsewhere)
	rec, err := elsewhere.StoredToken(t.Context())
	must(t, err)
	c := w.config()
	c.Store = auth.NewMemoryStore()
	l := open(t, "PKCE", c)
	must(t, l.Import(t.Context(), " \""+rec.RefreshToken+"\"\n", rec.AuthorizedAt))
	got, err := l.StoredToken(t.Context())
	if err != nil || got.RefreshToken == rec.RefreshToken || !got.AuthorizedAt.Equal(rec.AuthorizedAt) ||
		got.Scopes.String() != rec.Scopes.String() {
		t.Errorf("%v, %v", got, err)
	}
	w.renewed(t, l)
	before, err := c.Store.Load(t.Context(), "default")
	must(t, err)
	for name, c := range map[string]struct {
		token string
		want  error
	}{
		"used up":    {rec.RefreshToken, auth.ErrReauthorize},
		"made up":    {"made-up-refresh-token", auth.ErrReauthorize},
		"empty":      {"", auth.ErrInvalidArgument},
		"line break": {"made-up\nrefresh", auth.ErrInvalidArgument},
	} {
		if err := l.Import(t.Context(), c.token, time.Time{}); !errors.Is(err, c.want) ||
			strings.Contains(err.Error(), "made-up") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if after, err := c.Store.Load(t.Context(), "default"); err != nil || after.RefreshToken != before.RefreshToken {
		t.Errorf("the login was replaced: %v, %v", after, err)
	}
	w.renewed(t, l)

	narrow := w.config()
	narrow.Scopes = nil
	other := open(t, "PKCE", narrow)
	w.logIn(t, other)
	rec, err = other.StoredToken(t.Context())
	must(t, err)
	w.Fail(tokenPath, accounts.Fault{
		Status: 200,
		Times:  1,
		Body:   `{"access_token":"fake-access-x","expires_in":3600,"refresh_token":"fake-refresh-x","scope":"streaming"}`,
	})
	if err := l.Import(t.Context(), rec.RefreshToken, time.Time{}); !errors.Is(err, auth.ErrReauthorize) ||
		!strings.Contains(err.Error(), "lacks the scopes user-library-read user-top-read (it has streaming)") {
		t.Errorf("too few scopes: %v", err)
	}
	if after, err := c.Store.Load(t.Context(), "default"); err != nil || after.RefreshToken != "fake-refresh-x" {
		t.Errorf("the rotated token was not saved: %v, %v", after, err)
	}
}

// explosive is a store that panics with a secret in the given method.
type explosive struct {
	auth.TokenStore
	where string
}

func (s *explosive) boom(where string, rec auth.StoredToken) {
	if s.where == where {
		panic(fmt.Sprintf("%s with %s", where, rec.RefreshToken))
	}
}

func (s *explosive) Load(ctx context.Context, account string) (auth.StoredToken, error) {
	rec, err := s.TokenStore.Load(ctx, account)
	s.boom("Load", rec)
	return rec, err
}

func (s *explosive) Save(ctx context.Context, account string, rec auth.StoredToken, prevGen uint64) error {
	s.boom("Save", rec)
	return s.TokenStore.Save(ctx, account, rec, prevGen)
}

func (s *explosive) Lock(ctx context.Context, account string) (func(), error) {
	s.boom("Lock", auth.StoredToken{})
	unlock, err := s.TokenStore.(auth.RefreshLocker).Lock(ctx, account)
	return func() { unlock(); s.boom("unlock", auth.StoredToken{}) }, err
}

// A panic of a store, source, transport or callback in a goroutine of the package does not end the
// program: it becomes an error, or comes out in the caller's goroutine.
func TestSecurity37Panics(t *testing.T) {
	for _, where := range []string{"Load", "Save", "Lock", "unlock", "OnSaveError", "transport"} {
		t.Run(where, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := direct(accounts.Config{Rotation: accounts.Rotate})
				s := &explosive{TokenStore: auth.NewMemoryStore()}
				c := w.config()
				c.Store = s
				var reported []error
				armed := false
				c.OnSaveError = func(err error) {
					reported = append(reported, err)
					if armed && where == "OnSaveError" {
						panic("in OnSaveError")
					}
				}
				c.Transport = transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
					if armed && where == "transport" {
						panic("in the transport")
					}
					return w.transport.RoundTrip(req)
				})
				l, err := flows["PKCE"](c)
				must(t, err)
				w.logIn(t, l)
				old, err := l.Token(t.Context())
				must(t, err)
				armed, s.where = true, where
				if where == "OnSaveError" {
					s.where = "Save"
				}
				l.Invalidate(old)
				value := func() (value any) {
					defer func() { value = recover() }()
					_, err = l.Token(t.Context())
					return nil
				}()
				if where == "transport" {
					if value != "in the transport" {
						t.Errorf("recovered %v, %v", value, err)
					}
				} else if err != nil || value != nil {
					t.Errorf("Token after the panic: %v", err)
				}
				time.Sleep(10 * time.Second) // saving is tried again, in a goroutine of the login
				synctest.Wait()
				for _, err := range reported {
					if found := secrets.HeldBy(err); found != "" {
						t.Errorf("%v holds %s", err, found)
					}
				}
				if where != "unlock" && where != "transport" && len(reported) == 0 {
					t.Error("OnSaveError was not called")
				}
				err = l.Close()
				if _, ok := errors.AsType[*auth.PanicError](err); ok != (where == "Save" || where == "OnSaveError") {
					t.Errorf("Close: %v", err)
				}
			})
		})
	}
}

// Error texts contain no secret that the token endpoint echoes, in any encoding and at any length,
// including the secrets of earlier requests.
func TestSecurity30Echoes(t *testing.T) {
	w := online(t, accounts.Config{Rotation: accounts.Rotate})
	var echo string
	endpoint := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if echo == "" {
			req, _ := http.NewRequestWithContext(r.Context(), r.Method, w.url+r.URL.Path,
				strings.NewReader(string(body)))
			req.Header = r.Header
			resp, err := http.DefaultTransport.RoundTrip(req)
			if err != nil {
				t.Error(err)
				return
			}
			defer resp.Body.Close()
			rw.WriteHeader(resp.StatusCode)
			_, _ = io.Copy(rw, resp.Body)
			return
		}
		text := strings.NewReplacer("{auth}", r.Header.Get("Authorization"), "{form}", string(body)).Replace(echo)
		rw.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(rw, `{"error":"invalid_request","error_description":%q}`, text)
	}))
	defer endpoint.Close()
	c := w.config()
	c.ClientSecret = clientSecret
	c.TokenURL = endpoint.URL + tokenPath
	l := open(t, "code", c)
	w.logIn(t, l)
	first, err := l.StoredToken(t.Context())
	must(t, err)
	firstToken := w.token(t, l)
	w.renewed(t, l)
	second, err := l.StoredToken(t.Context())
	must(t, err)
	known := slices.Concat(secrets, testutil.Secrets{
		first.RefreshToken, firstToken, second.RefreshToken, second.AccessToken,
		base64.StdEncoding.EncodeToString([]byte(clientID + ":" + clientSecret)),
	})
	cut := strings.Repeat("x", 190)
	for name, text := range map[string]string{
		"Basic":                     "bad header {auth}",
		"the form":                  "bad form {form}",
		"an older refresh token":    "already used: " + first.RefreshToken,
		"an older access token":     "not this one: " + firstToken,
		"where the text is cut":     cut + "{form}",
		"where Basic is cut":        cut + "{auth}",
		"where the old one is cut":  cut + first.RefreshToken,
		"encoded as in a URL":       url.QueryEscape(second.RefreshToken + " " + clientSecret),
		"unpadded base64":           base64.RawURLEncoding.EncodeToString([]byte(clientID + ":" + clientSecret)),
		"twice, and in other texts": second.RefreshToken + second.RefreshToken + "," + clientSecret,
	} {
		echo = text
		current, err := l.Token(t.Context())
		if err == nil {
			l.Invalidate(current)
		}
		_, err = l.Token(t.Context())
		if err == nil {
			t.Fatalf("%s: no error", name)
		}
		if found := known.HeldBy(err); found != "" {
			t.Errorf("%s holds %q: %v", name, found, err)
		}
		for _, secret := range known { // nor most of one
			if len(secret) > 16 && strings.Contains(err.Error(), secret[:8]) && !strings.HasPrefix(secret, "fake-") &&
				!strings.HasPrefix(secret, "stored-") &&
				!strings.HasPrefix(secret, "static-") {
				t.Errorf("%s has the beginning of a secret: %v", name, err)
			}
		}
		if !strings.Contains(err.Error(), "[redacted]") && !strings.Contains(err.Error(), "…") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Secrets of less than 8 bytes, as in tests, are not searched for: they occur in ordinary words.
func TestFaultsShortSecrets(t *testing.T) {
	endpoint := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(rw,
			`{"error":"invalid_request","error_description":"the token of this secret session was not taken"}`)
	}))
	defer endpoint.Close()
	src, err := auth.NewClientCredentials(auth.Config{ClientID: "id", ClientSecret: "secret", TokenURL: endpoint.URL})
	must(t, err)
	defer src.Close()
	if _, err := src.Token(t.Context()); err == nil ||
		!strings.Contains(err.Error(), "the token of this secret session was not taken") {
		t.Errorf("%v", err)
	}
}

// x/oauth2's errors hold the token request: its secrets are removed from the error's text too.
func TestSecurity30EchoesThroughOAuth2(t *testing.T) {
	endpoint := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		rw.Header().Set("Content-Type", "application/json")
		rw.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(rw, `{"error":"invalid_grant","error_description":%q}`,
			strings.Repeat("x", 190)+string(body)+r.Header.Get("Authorization"))
	}))
	defer endpoint.Close()
	for _, style := range []oauth2.AuthStyle{oauth2.AuthStyleInHeader, oauth2.AuthStyleInParams} {
		config := oauth2.Config{
			ClientID:     clientID,
			ClientSecret: clientSecret,
			Endpoint:     oauth2.Endpoint{TokenURL: endpoint.URL, AuthStyle: style},
		}
		src := config.TokenSource(t.Context(), &oauth2.Token{RefreshToken: "stored-refresh-token"})
		_, err := auth.FromOAuth2(src).Token(t.Context())
		if !errors.Is(err, auth.ErrReauthorize) || secrets.HeldBy(err) != "" ||
			strings.Contains(err.Error(), clientSecret[:8]) ||
			strings.Contains(err.Error(), "stored-r") {
			t.Errorf("%v", err)
		}
	}
}
