package auth_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/accounts"
)

// secrets are what must not be seen: those given here and those the fake hands out, which all have a dash after "fake".
var secrets = []string{clientSecret, "static-access-token", "stored-access-token", "stored-refresh-token", "cookie-key-of-32-bytes-or-more!!", "fake-access", "fake-refresh", "fake-code"}

var verbs = []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%o"}

// printings is a value in every way that it may get into a log.
func printings(v any) string {
	var b bytes.Buffer
	for _, verb := range verbs {
		fmt.Fprintf(&b, verb+"\n", v)
		fmt.Fprintf(&b, verb+"\n", []any{v})
		fmt.Fprintf(&b, verb+"\n", struct{ V any }{v})
		if p := reflect.New(reflect.TypeOf(v)); p.Elem().CanSet() {
			p.Elem().Set(reflect.ValueOf(v))
			fmt.Fprintf(&b, verb+"\n", p.Interface())
		}
	}
	for _, h := range []slog.Handler{slog.NewTextHandler(&b, nil), slog.NewJSONHandler(&b, nil)} {
		slog.New(h).Info("logged", "value", v, "group", slog.GroupValue(slog.Any("inner", v)), "wrapped", struct{ V any }{v})
	}
	if data, err := json.Marshal(v); err == nil {
		b.Write(data)
	}
	return b.String()
}

func leak(text string) string {
	for _, s := range secrets {
		for _, form := range []string{s, fmt.Sprintf("%x", s), fmt.Sprintf("%X", s), url.QueryEscape(s), fmt.Sprintf("%d", []byte(s)), strings.Trim(fmt.Sprintf("%o", []byte(s)), "[]")} {
			if strings.Contains(text, form) {
				return s
			}
		}
	}
	return ""
}

// Every exported type of the package, found in its source, has a value here that is full of secrets and prints without them.
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
	record, err := pkce.Record(t.Context())
	if err != nil || leak(record.AccessToken) == "" || leak(record.RefreshToken) == "" {
		t.Fatalf("the test has no secrets to look for: %v", err)
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
		"TokenSource":       {auth.Static("static-access-token"), auth.FromOAuth2(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "static-access-token"})), auth.FromOAuth2(leaky{"static-access-token"})},
		"Invalidator":       {code},
		"Config":            {c, &c},
		"ClientCredentials": {app, *app},
		"AuthorizationCode": {code, *code},
		"PKCE":              {pkce, *pkce},
		"Login":             {code.Login, *code.Login},
		"Record":            {record, &record, []auth.Record{record}, map[string]auth.Record{"me": record}},
		"Code":              {parsed, &parsed},
		"TokenStore":        {memory, file},
		"Locker":            {memory, file},
		"LocalConfig":       {auth.LocalConfig{}},
		"AuthOption":        {auth.ShowDialog()},
		"Scope":             {auth.ScopeStreaming},
		"Scopes":            {auth.AllScopes()},
		"Error":             {&auth.Error{Status: 400, Code: "invalid_grant"}},
		"CallbackError":     {&auth.CallbackError{Problem: "none"}},
		"StoreError":        {&auth.StoreError{Where: "there"}},
	}
	for _, name := range exportedTypes(t) {
		if values[name] == nil {
			t.Errorf("type %s is not tested for leaks", name)
		}
		for _, v := range values[name] {
			if text := printings(v); leak(text) != "" {
				t.Errorf("%s leaks %q:\n%s", name, leak(text), text)
			}
		}
	}
}

type leaky struct{ secret string }

func (l leaky) Token() (*oauth2.Token, error) { return nil, errors.New("no") }

func exportedTypes(t *testing.T) []string {
	t.Helper()
	var names []string
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range parsed.Decls {
			if general, ok := decl.(*ast.GenDecl); ok {
				for _, spec := range general.Specs {
					if typ, ok := spec.(*ast.TypeSpec); ok && typ.Name.IsExported() {
						names = append(names, typ.Name.Name)
					}
				}
			}
		}
	}
	slices.Sort(names)
	return names
}

// Errors are searched in their depth: whatever they wrap, and every string that they hold, exported or not.
func TestNoErrorHoldsASecret(t *testing.T) {
	w := online(t, accounts.Config{})
	echo := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		all, _, _ := r.BasicAuth()
		_, password, _ := r.BasicAuth()
		rw.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(rw, `{"error":"invalid_request","error_description":"%s %s %s %s %s"}`, all, password, r.Form.Get("code"), r.Form.Get("refresh_token"), r.Form.Get("code_verifier"))
	}))
	defer echo.Close()

	login := func(tokenURL string, fail accounts.Fault) error {
		w.Heal()
		c := w.config()
		l := open(t, "code", c)
		w.logIn(t, l)
		if tokenURL != "" {
			c.Store = auth.NewMemoryStore()
			rec, _ := l.Record(t.Context())
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
	retrieve := &oauth2.RetrieveError{Response: &http.Response{StatusCode: 400}, Body: []byte(clientSecret), ErrorCode: "invalid_grant"}
	u := &url.Error{Op: "Post", URL: "https://accounts.example/?refresh_token=stored-refresh-token", Err: errors.New("reset")}
	for name, err := range map[string]error{
		"refresh refused":   login(echo.URL, accounts.Fault{}),
		"refresh dropped":   login("", accounts.Fault{Drop: true, Times: -1}),
		"refresh, HTML":     login("", accounts.Fault{Status: 400, Body: "<html>" + clientSecret}),
		"code refused":      exchange("code", echo.URL),
		"PKCE refused":      exchange("PKCE", echo.URL),
		"nobody listens":    exchange("PKCE", "http://127.0.0.1:1/api/token"),
		"x/oauth2":          get(auth.FromOAuth2(failing{fmt.Errorf("wrapped: %w", retrieve)})),
		"x/oauth2, network": get(auth.FromOAuth2(failing{u})),
		"static":            get(auth.Static("static-access-token\r\n")),
		"config":            second(auth.NewClientCredentials(auth.Config{ClientID: clientID, ClientSecret: clientSecret + "\n"})),
		"token URL":         second(auth.NewClientCredentials(auth.Config{ClientID: clientID, ClientSecret: clientSecret, TokenURL: "http://u:" + clientSecret + "@evil.example/"})),
		"callback":          second(open(t, "code", w.config()).ParseCallback("https://a.example/?code=fake-code&code=fake-code-2&state="+auth.NewState(), auth.NewState())),
		"callback, error":   second(open(t, "code", w.config()).ParseCallback("/?error="+clientSecret+"&state="+strings.Repeat("s", 22), strings.Repeat("s", 22))),
		"record":            new(auth.Record).UnmarshalBinary([]byte(`{"refresh_token":stored-refresh-token}`)),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		deep := strings.Join(stringsIn(reflect.ValueOf(err), map[uintptr]bool{}), "\n")
		if text := printings(err) + deep; leak(text) != "" {
			t.Errorf("%s leaks %q: %v\n%s", name, leak(text), err, deep)
		}
	}
}

type failing struct{ err error }

func (f failing) Token() (*oauth2.Token, error) { return nil, f.err }

// stringsIn returns every string that can be reached from a value.
func stringsIn(v reflect.Value, seen map[uintptr]bool) []string {
	if v.CanAddr() && !v.CanInterface() {
		v = reflect.NewAt(v.Type(), unsafe.Pointer(v.UnsafeAddr())).Elem()
	}
	var found []string
	switch v.Kind() {
	case reflect.String:
		found = append(found, v.String())
	case reflect.Pointer:
		if !v.IsNil() && !seen[v.Pointer()] {
			seen[v.Pointer()] = true
			found = append(found, stringsIn(v.Elem(), seen)...)
		}
	case reflect.Interface:
		if !v.IsNil() {
			found = append(found, stringsIn(v.Elem(), seen)...)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			found = append(found, stringsIn(v.Field(i), seen)...)
		}
	case reflect.Slice, reflect.Array:
		if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
			return append(found, string(v.Bytes()))
		}
		for i := range v.Len() {
			found = append(found, stringsIn(v.Index(i), seen)...)
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			found = append(found, stringsIn(it.Key(), seen)...)
			found = append(found, stringsIn(it.Value(), seen)...)
		}
	}
	return found
}
