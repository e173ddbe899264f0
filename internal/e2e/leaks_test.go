package e2e_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/testutil"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/transport"
)

const appSecret = "app-secret-0123456789abcdef"

// wire is a base transport over a fake that writes down every secret that passes, and repeats all
// of them in its responses, or its errors, while it misbehaves.
type wire struct {
	*mock.Transport

	mu          sync.Mutex
	secrets     testutil.Secrets
	bearers     []string // those of secrets that the API has seen
	misbehaving func(req *http.Request, echo string) (*http.Response, error)
}

func (w *wire) learn(values ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, v := range values {
		if len(v) >= 8 && !slices.Contains(w.secrets, v) {
			w.secrets = append(w.secrets, v)
		}
	}
}

func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	var sent []byte
	if req.Body != nil {
		sent, _ = io.ReadAll(req.Body)
		_ = req.Body.Close()
		req = req.Clone(req.Context())
		req.Body = io.NopCloser(bytes.NewReader(sent))
	}
	scheme, credentials, _ := strings.Cut(req.Header.Get("Authorization"), " ")
	w.learn(credentials)
	if scheme == "Bearer" {
		w.mu.Lock()
		if !slices.Contains(w.bearers, credentials) {
			w.bearers = append(w.bearers, credentials)
		}
		w.mu.Unlock()
	}
	if pair, err := base64.StdEncoding.DecodeString(credentials); err == nil && scheme == "Basic" {
		_, secret, _ := strings.Cut(string(pair), ":")
		w.learn(secret)
	}
	form, _ := url.ParseQuery(string(sent))
	w.learn(form.Get("code"), form.Get("code_verifier"), form.Get("refresh_token"))
	w.mu.Lock()
	misbehave := w.misbehaving
	echo := strings.Join(w.secrets, " ")
	if req.URL.Path != "/api/token" {
		echo = strings.Join(w.bearers, " ")
	}
	w.mu.Unlock()
	if misbehave != nil && req.URL.Path != "/authorize" {
		return misbehave(req, req.Header.Get("Authorization")+" "+string(sent)+" "+echo)
	}
	resp, err := w.Transport.RoundTrip(req)
	if err != nil || req.URL.Path != "/api/token" {
		return resp, err
	}
	body, _ := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(body))
	var granted struct {
		AccessToken  string `json:"access_token"`
		RefreshToken string `json:"refresh_token"`
	}
	_ = json.Unmarshal(body, &granted)
	w.learn(granted.AccessToken, granted.RefreshToken)
	return resp, nil
}

func (w *wire) misbehave(how func(req *http.Request, echo string) (*http.Response, error)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.misbehaving = how
}

// refusing responds with a status code and a body that repeats all secrets.
func refusing(status int, body string) func(*http.Request, string) (*http.Response, error) {
	return func(req *http.Request, echo string) (*http.Response, error) {
		quoted, _ := json.Marshal(echo)
		text := strings.NewReplacer("QUOTED", string(quoted), "PLAIN", echo).Replace(body)
		return &http.Response{StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(text)), ContentLength: int64(len(text)), Request: req}, nil
	}
}

// observed keeps what observers and hooks are told.
type observed struct {
	mu     sync.Mutex
	events []any
}

func (o *observed) add(v any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.events = append(o.events, v)
}

// Every secret of a login (client secret, Basic, code, verifier, access and refresh tokens, old and
// new), in every flow and with a peer that repeats all of them: none is in an error, at any depth,
// nor in a log, nor in what any exported type prints.
func TestSecurity7NoSecretIsTold(t *testing.T) {
	const redirect = "http://127.0.0.1:4711/callback"
	long := strings.Repeat("x", 290)
	misdeeds := map[string]func(*http.Request, string) (*http.Response, error){
		"400":                refusing(400, `{"error":{"status":400,"message":QUOTED}}`),
		"401":                refusing(401, `{"error":{"status":401,"message":QUOTED}}`),
		"403":                refusing(403, `{"error":{"status":403,"message":QUOTED,"reason":QUOTED}}`),
		"404, plain":         refusing(404, `PLAIN`),
		"429":                refusing(429, `{"error":{"status":429,"message":QUOTED}}`),
		"500, HTML":          refusing(500, `<html><title>PLAIN</title>`),
		"OAuth's error":      refusing(400, `{"error":"invalid_grant","error_description":QUOTED}`),
		"OAuth's error, cut": refusing(400, `{"error":"invalid_request","error_description":"`+long+`PLAIN"}`),
		"200, not JSON":      refusing(200, `PLAIN`),
		"200, cut":           refusing(200, `{"name":QUOTED`),
		"200, an error":      refusing(200, `{"error":{"status":502,"message":QUOTED}}`),
		"a url.Error": func(req *http.Request, echo string) (*http.Response, error) {
			return nil, &url.Error{Op: "Get", URL: "https://x.example/?refresh_token=" + url.QueryEscape(echo), Err: errors.New("connection reset")}
		},
	}
	for _, flow := range []string{"app", "code", "PKCE"} {
		var log bytes.Buffer
		var seen observed
		values := map[string][]any{}
		logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		w := &wire{Transport: mock.New(nil, mock.StrictTokens(), mock.AutoApprove(), mock.RefreshTokens(mock.RotateAlways), mock.WithApp("app", appSecret, redirect))}
		if flow != "PKCE" {
			w.learn(appSecret)
		}
		config := auth.Config{
			ClientID: "app", ClientSecret: appSecret, RedirectURL: redirect, Transport: w, Scopes: []auth.Scope{auth.ScopeUserReadPrivate},
			OnSaveError: func(err error) { seen.add(err) },
		}
		var source auth.TokenSource
		var login *auth.Login
		switch flow {
		case "app":
			src, err := auth.NewClientCredentials(config)
			if err != nil {
				t.Fatal(err)
			}
			defer src.Close()
			source = src
		default:
			login = newLogin(t, flow, config)
			defer login.Close()
			source = login
			enter(t, w, login)
		}
		client, err := spotify.New(spotify.WithTokenSource(source), spotify.WithTransport(w), spotify.WithLogger(logger), spotify.WithLimiter(nil),
			spotify.WithCache(middleware.CacheConfig{}),
			spotify.WithRetry(middleware.RetryConfig{MaxRetries: 1, InitialDelay: time.Microsecond, OnRetry: func(e middleware.RetryEvent) { seen.add(e) }}))
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		if _, err := client.Albums.Get(t.Context(), mock.AlbumID, nil); err != nil {
			t.Fatalf("%s: %v", flow, err)
		}
		for range 2 { // older tokens, too
			old, _ := source.Token(t.Context())
			source.(auth.Invalidator).Invalidate(old)
			if _, err := source.Token(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(misdeeds)) {
			if login != nil {
				enter(t, w, login) // whatever the misdeed before has done to it
			}
			if _, err := source.Token(t.Context()); err != nil {
				t.Fatalf("%s, before %s: %v", flow, name, err)
			}
			w.misbehave(misdeeds[name])
			var errs []error
			call := func(_ any, err error) { errs = append(errs, err) }
			call(client.Albums.Get(t.Context(), mock.ArtistID, nil))
			call(client.Playlists.AddItems(t.Context(), mock.PlaylistID, []string{"spotify:track:" + mock.TrackID}, nil))
			call(client.Tracks.GetMany(t.Context(), []string{mock.TrackID, mock.AlbumID}, nil))
			call(nil, client.Do(t.Context(), "GET", "/x", url.Values{"code": {w.secrets[0]}}, nil, new(any)))
			call(nil, func() error {
				resp, err := client.HTTPClient().Get("https://api.spotify.com/v1/me?token=" + w.secrets[0])
				if err == nil {
					_ = resp.Body.Close()
				} else if inner, ok := errors.AsType[*url.Error](err); ok {
					err = inner.Err // net/http's own, with the caller's own URL
				}
				return err
			}())
			if old, err := source.Token(t.Context()); err == nil {
				source.(auth.Invalidator).Invalidate(old)
			}
			call(source.Token(t.Context()))
			if login != nil {
				call(nil, login.Import(t.Context(), w.secrets[0], time.Time{}))
			}
			failed := 0
			for _, err := range errs {
				if err == nil {
					continue
				}
				failed++
				if found := w.secrets.HeldBy(err); found != "" {
					t.Errorf("%s, %s: %T holds %q: %v", flow, name, err, found, err)
				}
				sort(values, err)
			}
			if failed < 3 {
				t.Errorf("%s, %s: %d errors: the test proves nothing", flow, name, failed)
			}
			w.misbehave(nil)
		}
		if len(w.secrets) < 4 {
			t.Errorf("%s: %d secrets: the test proves nothing", flow, len(w.secrets))
		}
		values["Stats"], values["Client"] = append(values["Stats"], client.Stats()), append(values["Client"], client)
		for name, all := range values {
			for _, v := range all {
				if found := w.secrets.PrintedBy(v); found != "" {
					t.Errorf("%s: %s prints %q", flow, name, found)
				}
			}
		}
		for _, event := range seen.events {
			if found := w.secrets.PrintedBy(event); found != "" {
				t.Errorf("%s: a hook is told %q: %+v", flow, found, event)
			}
		}
		if found := w.secrets.PrintedBy(log.String()); found != "" || log.Len() == 0 {
			t.Errorf("%s: %q is in the log", flow, found)
		}
		t.Logf("%s: %d secrets, %d errors of %d types, %d events, %d KB of log", flow, len(w.secrets), count(values), len(values), len(seen.events), log.Len()>>10)
		checkTypes(t, w.secrets, values)
	}
}

func newLogin(t *testing.T, flow string, c auth.Config) *auth.Login {
	t.Helper()
	if flow == "PKCE" {
		l, err := auth.NewPKCE(c)
		if err != nil {
			t.Fatal(err)
		}
		return l.Login
	}
	l, err := auth.NewAuthorizationCode(c)
	if err != nil {
		t.Fatal(err)
	}
	return l.Login
}

// enter goes through the login page of the fake, which agrees by itself.
func enter(t *testing.T, w *wire, l *auth.Login) {
	t.Helper()
	state := auth.NewState()
	w.learn(state)
	to, err := l.AuthURL(state)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, to, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := w.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	code, err := l.ParseCallback(resp.Header.Get("Location"), state)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Exchange(t.Context(), code); err != nil {
		t.Fatal(err)
	}
}

// sort files an error, and all that it wraps, under the names of their types.
func sort(values map[string][]any, err error) {
	if err == nil {
		return
	}
	name := strings.TrimPrefix(fmt.Sprintf("%T", err), "*")
	_, name, _ = strings.Cut(name, ".")
	if len(values[name]) < 10 {
		values[name] = append(values[name], err)
	}
	switch wrapping := err.(type) {
	case interface{ Unwrap() error }:
		sort(values, wrapping.Unwrap())
	case interface{ Unwrap() []error }:
		for _, inner := range wrapping.Unwrap() {
			sort(values, inner)
		}
	}
}

func count(values map[string][]any) (n int) {
	for _, all := range values {
		n += len(all)
	}
	return n
}

// checkTypes goes through the exported types of the packages that carry requests. A type that is
// not listed is one of plain data, by the types of its fields: nothing of a request gets into it.
func checkTypes(t *testing.T, secrets testutil.Secrets, values map[string][]any) {
	t.Helper()
	secret := secrets[len(secrets)-1]
	call := transport.Call{Token: transport.Secret(secret), Report: &transport.Report{}}
	for name, v := range map[string]any{
		"Call": &call, "Class": transport.Class{}, "Report": call.Report, "Secret": transport.Secret(secret), "Body": &transport.Body{},
		"Event": middleware.Event{}, "Outcome": middleware.Outcome{}, "Config": auth.Config{ClientSecret: secret}, "Option": spotify.WithAccessToken(secret),
		"CallOption": spotify.Token(secret), "Captured": spotify.Captured{}, "Client": values["Client"], "Services": values["Client"][0].(*spotify.Client).Services,
	} {
		values[name] = append(values[name], v)
		if found := secrets.PrintedBy(v); found != "" {
			t.Errorf("%s prints %q", name, found)
		}
	}
	exempt := map[string]string{
		"mock.Call": "what a test looks at: the request as it was sent", "mock.Transport": "the fake itself, which knows its own tokens", "mock.Server": "likewise",
		"mock.Rule": "likewise", "resources.StatusError": "a response over a caller's own chain without DecodeErrors, as it came",
	}
	walked := 0
	for _, dir := range []string{".", "auth", "middleware", "transport", "resources", "mock"} {
		for name, fields := range typesOf(t, os.DirFS("../../"+dir)) {
			walked++
			if values[name] != nil || exempt[dir+"."+name] != "" || dir == "auth" { // auth has a test of its own for each of its types
				continue
			}
			for _, kind := range []string{"http.Request", "http.Response", "http.Header", "oauth2.", "url.Values", "url.URL", "Secret"} {
				if strings.Contains(fields, kind) {
					t.Errorf("%s.%s holds a %s and is not tested for leaks", dir, name, kind)
				}
			}
		}
	}
	if walked < 190 {
		t.Errorf("%d exported types were found", walked)
	}
}

// typesOf returns the exported types of a package, with the types of their fields as they are
// written.
func typesOf(t *testing.T, dir fs.FS) map[string]string {
	t.Helper()
	types := map[string]string{}
	files, err := fs.Glob(dir, "*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := fs.ReadFile(dir, file)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, source, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok || !spec.Name.IsExported() {
				return true
			}
			types[spec.Name.Name] = ""
			if st, ok := spec.Type.(*ast.StructType); ok {
				for _, field := range st.Fields.List {
					if _, isFunc := field.Type.(*ast.FuncType); !isFunc {
						types[spec.Name.Name] += string(source[field.Type.Pos()-1:field.Type.End()-1]) + " "
					}
				}
			}
			return true
		})
	}
	return types
}
