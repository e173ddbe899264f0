package auth_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/accounts"
	"github.com/seed-2147f1a9/spotify/internal/testutil"
)

// secrets are the secrets of these tests and the prefixes of the secrets that the fake service
// issues.
var secrets = testutil.Secrets{
	clientSecret, "static-access-token", "stored-access-token", "stored-refresh-token",
	"cookie-key-of-32-bytes-or-more!!", "fake-access", "fake-refresh", "fake-code",
}

// Every exported type of the package, found by parsing it, has a value here that holds secrets and
// prints none of them.
func TestNoTypePrintsASecret(t *testing.T) {
	w := online(t, accounts.Config{})
	c := w.config()
	c.CookieKey = []byte("cookie-key-of-32-bytes-or-more!!")
	app, err := auth.NewClientCredentials(c)
	if err != nil {
		t.Fatal(err)
	}
	defer app.Close()
	code, err := auth.NewAuthorizationCode(c)
	if err != nil {
		t.Fatal(err)
	}
	defer code.Close()
	pkce, err := auth.NewPKCE(c)
	if err != nil {
		t.Fatal(err)
	}
	defer pkce.Close()
	for _, l := range []*auth.Login{code.Login, pkce.Login} {
		w.logIn(t, l)
		w.token(t, l)
	}
	if _, err := app.Token(t.Context()); err != nil {
		t.Fatal(err)
	}
	state := auth.NewState()
	parsed, err := code.ParseCallback(w.callback(t, code.Login, state), state)
	if err != nil {
		t.Fatal(err)
	}
	record, err := pkce.StoredToken(t.Context())
	if err != nil || secrets.PrintedBy(record.AccessToken) == "" || secrets.PrintedBy(record.RefreshToken) == "" {
		t.Fatalf("the test has no secrets to search for: %v", err)
	}
	memory := auth.NewMemoryStore()
	file, err := auth.NewFileStore(filepath.Join(t.TempDir(), "logins.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []auth.TokenStore{memory, file} {
		if err := s.Save(t.Context(), "me", record, 0); err != nil {
			t.Fatal(err)
		}
	}
	c.Store = memory
	values := map[string][]any{
		"TokenSource": {
			auth.Static("static-access-token"),
			auth.FromOAuth2(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "static-access-token"})),
			auth.FromOAuth2(leaky{"static-access-token"}),
		},
		"Invalidator":       {code},
		"Config":            {c, &c},
		"ClientCredentials": {app, *app},
		"AuthorizationCode": {code, *code},
		"PKCE":              {pkce, *pkce},
		"Login":             {code.Login, *code.Login},
		"StoredToken":       {record, &record, []auth.StoredToken{record}, map[string]auth.StoredToken{"me": record}},
		"Code":              {parsed, &parsed},
		"TokenStore":        {memory, file},
		"RefreshLocker":     {memory, file},
		"LocalConfig":       {auth.LocalConfig{}},
		"ManualConfig":      {auth.ManualConfig{Prompt: auth.PromptTerminal(nil, nil)}},
		"Prompt":            {auth.PromptTerminal(nil, nil)},
		"AuthOption":        {auth.ShowDialog()},
		"Scope":             {auth.ScopeStreaming},
		"Scopes":            {auth.AllScopes()},
		"Error":             {&auth.Error{Status: 400, Code: "invalid_grant"}},
		"CallbackError":     {&auth.CallbackError{Problem: "none"}},
		"FileOption":        {auth.WithMaxFileSize(1 << 20)},
		"PanicError":        {&auth.PanicError{Where: "TokenStore.Save", Text: "none"}},
		"ScopeError":        {&auth.ScopeError{Account: "me", Missing: auth.AllScopes()}},
		"StoreError":        {&auth.StoreError{Where: "there"}},
	}
	secrets.CheckTypes(t, os.DirFS("."), values)
}

type leaky struct{ secret string }

func (l leaky) Token() (*oauth2.Token, error) { return nil, errors.New("no") }

// The test searches every wrapped error and every string field, exported or not.
func TestNoErrorHoldsASecret(t *testing.T) {
	w := online(t, accounts.Config{})
	echo := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		all, _, _ := r.BasicAuth()
		_, password, _ := r.BasicAuth()
		rw.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(rw, `{"error":"invalid_request","error_description":"%s %s %s %s %s"}`, all, password,
			r.Form.Get("code"), r.Form.Get("refresh_token"), r.Form.Get("code_verifier"))
	}))
	defer echo.Close()

	login := func(tokenURL string, fail accounts.Fault) error {
		w.Heal()
		c := w.config()
		l := open(t, "code", c)
		w.logIn(t, l)
		if tokenURL != "" {
			c.Store = auth.NewMemoryStore()
			rec, _ := l.StoredToken(t.Context())
			if err := c.Store.Save(t.Context(), "default", rec, 0); err != nil {
				t.Fatal(err)
			}
			c.TokenURL = tokenURL
			l = open(t, "code", c)
		}
		if fail.Times != 0 || fail.Status != 0 {
			w.Fail(tokenPath, fail)
		}
		old, _ := l.Token(t.Context())
		l.Invalidate(old)
		_, err := l.Token(t.Context())
		return err
	}
	exchange := func(name, tokenURL string) error {
		w.Heal()
		c := w.config()
		c.TokenURL = tokenURL
		l := open(t, name, c)
		state := auth.NewState()
		code, err := l.ParseCallback(w.callback(t, l, state), state)
		if err != nil {
			t.Fatal(err)
		}
		return l.Exchange(t.Context(), code)
	}
	get := func(src auth.TokenSource) error {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		_, err := src.Token(ctx)
		return err
	}
	retrieve := &oauth2.RetrieveError{
		Response:  &http.Response{StatusCode: 400},
		Body:      []byte(clientSecret),
		ErrorCode: "invalid_grant",
	}
	u := &url.Error{
		Op:  "Post",
		URL: "https://accounts.example/?refresh_token=stored-refresh-token",
		Err: errors.New("reset"),
	}
	for name, err := range map[string]error{
		"refresh refused":   login(echo.URL, accounts.Fault{}),
		"refresh dropped":   login("", accounts.Fault{Drop: true, Times: -1}),
		"refresh, HTML":     login("", accounts.Fault{Status: 400, Body: "<html>" + clientSecret}),
		"code refused":      exchange("code", echo.URL),
		"PKCE refused":      exchange("PKCE", echo.URL),
		"closed port":       exchange("PKCE", "http://127.0.0.1:1/api/token"),
		"x/oauth2":          get(auth.FromOAuth2(failing{fmt.Errorf("wrapped: %w", retrieve)})),
		"x/oauth2, network": get(auth.FromOAuth2(failing{u})),
		"static":            get(auth.Static("static-access-token\r\nx")),
		"config": second(
			auth.NewClientCredentials(auth.Config{ClientID: clientID, ClientSecret: clientSecret + "\nx"}),
		),
		"token URL": second(
			auth.NewClientCredentials(
				auth.Config{
					ClientID: clientID, ClientSecret: clientSecret, TokenURL: "http://u:" + clientSecret + "@evil.example/",
				},
			),
		),
		"callback": second(
			open(t, "code", w.config()).ParseCallback(
				"https://a.example/?code=fake-code&code=fake-code-2&state="+auth.NewState(), auth.NewState(),
			),
		),
		"callback, error": second(
			open(t, "code", w.config()).ParseCallback(
				"/?error="+clientSecret+"&state="+strings.Repeat("s", 22), strings.Repeat("s", 22),
			),
		),
		"record": new(auth.StoredToken).UnmarshalBinary([]byte(`{"refresh_token":stored-refresh-token}`)),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		if found := secrets.HeldBy(err); found != "" {
			t.Errorf("%s contains %q: %v", name, found, err)
		}
	}
}

type failing struct{ err error }

func (f failing) Token() (*oauth2.Token, error) { return nil, f.err }
