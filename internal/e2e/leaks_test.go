package e2e_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/testutil"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/mock"
)

const appSecret = "app-secret-0123456789abcdef"

// wire is a base transport over a fake. It records every secret that is sent or received, and
// echoes all of them in its responses or errors while it misbehaves.
type wire struct {
	*mock.Transport

	mu          sync.Mutex
	secrets     testutil.Secrets
	bearers     []string // of the secrets, those that the API has seen
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
	echo := strings.Join(latest(w.secrets), " ")
	if req.URL.Path != "/api/token" {
		echo = strings.Join(latest(w.bearers), " ")
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

// latest returns the last 24 secrets: the library keeps the last 64 values of a source.
func latest(secrets []string) []string { return secrets[max(0, len(secrets)-24):] }

func (w *wire) misbehave(how func(req *http.Request, echo string) (*http.Response, error)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.misbehaving = how
}

// refusing responds with a status code and a body that echoes all secrets.
func refusing(status int, body string) func(*http.Request, string) (*http.Response, error) {
	return func(req *http.Request, echo string) (*http.Response, error) {
		quoted, _ := json.Marshal(echo)
		text := strings.NewReplacer("QUOTED", string(quoted), "PLAIN", echo).Replace(body)
		return &http.Response{
			StatusCode:    status,
			Proto:         "HTTP/1.1",
			ProtoMajor:    1,
			ProtoMinor:    1,
			Header:        http.Header{"Content-Type": {"application/json"}},
			Body:          io.NopCloser(strings.NewReader(text)),
			ContentLength: int64(len(text)),
			Request:       req,
		}, nil
	}
}

// echoing responds with a status code and a header that echoes all secrets: in a URL's query if the
// header is a redirect's. The redirect leads to another origin, which responds with 404.
func echoing(status int, name string) func(*http.Request, string) (*http.Response, error) {
	return func(req *http.Request, echo string) (*http.Response, error) {
		if req.URL.Host == "elsewhere.example" {
			status = 404
		}
		resp, err := refusing(status, `{}`)(req, echo)
		if name == "Location" {
			echo = "https://elsewhere.example/" + url.PathEscape(echo) + "?access_token=" + url.QueryEscape(echo)
		}
		resp.Header.Set(name, echo)
		return resp, err
	}
}

// observed records the events of observers and hooks.
type observed struct {
	mu     sync.Mutex
	events []any
}

func (o *observed) add(v any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.events = append(o.events, v)
}

// eavesdropper is an Observer that writes down everything that an event says, the URL with its
// whole query included.
type eavesdropper struct {
	mu    sync.Mutex
	text  bytes.Buffer
	errs  []error
	found *harvest
}

func (d *eavesdropper) Begin(ctx context.Context, e middleware.Event) context.Context {
	d.Note(ctx, e)
	return ctx
}

func (d *eavesdropper) Note(_ context.Context, e middleware.Event) {
	d.found.add(e)
	d.mu.Lock()
	defer d.mu.Unlock()
	if e.Err != nil {
		d.errs = append(d.errs, e.Err)
	}
	all := func(string) bool { return true }
	_, _ = fmt.Fprintf(&d.text, "%v %+v %#v %s %v %+v\n", e, e, e, e.URL(all), e.Err, e.Err)
}

// check fails the test if a secret is in an event, at any depth of its error, or in a timeline.
func (d *eavesdropper) check(t *testing.T, secrets testutil.Secrets, timelines string) {
	t.Helper()
	if printed := secrets.PrintedBy(d.text.String()); printed != "" || d.text.Len() < 10_000 {
		t.Errorf("%q is in the %d bytes of events", printed, d.text.Len())
	}
	if printed := secrets.PrintedBy(timelines); printed != "" || len(timelines) < 1_000 {
		t.Errorf("%q is in the %d bytes of timelines", printed, len(timelines))
	}
	for _, err := range d.errs {
		if held := secrets.HeldBy(err); held != "" {
			t.Errorf("%T in an event holds %q: %v", err, held, err)
		}
	}
	if len(d.errs) < 10 {
		t.Errorf("%d events with errors: the test proves nothing", len(d.errs))
	}
}

// TestSecurity7NoSecretIsTold: in every flow, and with a server that echoes them, no secret of a
// login (client secret, Basic, code, verifier, access and refresh tokens, old and new) is in an
// error at any depth, in a log, or in a printed value of any exported type.
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
		"200, a page":        refusing(200, `<html><title>`+strings.Repeat("x", 60)+`PLAIN</title>`),
		"200, member names":  refusing(200, `{QUOTED:1}`),
		"500, a slow body":   refusing(500, strings.Repeat("x", 64<<10-60)+`PLAIN`),
		"a header":           echoing(400, "X-Echo"),
		"a challenge":        echoing(401, "WWW-Authenticate"),
		"a redirect":         echoing(302, "Location"),
		"a moved operation":  echoing(308, "Location"),
		"a malformed response": func(_ *http.Request, echo string) (*http.Response, error) {
			return nil, fmt.Errorf("net/http: HTTP/1.x transport connection broken: malformed HTTP response %q", echo)
		},
		"a url.Error": func(req *http.Request, echo string) (*http.Response, error) {
			return nil, &url.Error{
				Op:  "Get",
				URL: "https://x.example/?refresh_token=" + url.QueryEscape(echo),
				Err: errors.New("connection reset"),
			}
		},
	}
	all := map[string][]any{}
	var told testutil.Secrets
	for _, flow := range []string{"app", "code", "PKCE"} {
		synctest.Test(t, func(t *testing.T) {
			var log bytes.Buffer
			var seen observed
			found := &harvest{values: all}
			events := &eavesdropper{found: found}
			var timelines strings.Builder
			logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			w := &wire{
				Transport: mock.New(
					nil,
					mock.WithStrictTokens(),
					mock.WithAutoApprove(),
					mock.WithRotation(mock.RotateAlways),
					mock.WithApp("app", appSecret, redirect),
				),
			}
			if flow != "PKCE" {
				w.learn(appSecret)
			}
			config := auth.Config{
				ClientID: "app", ClientSecret: appSecret, RedirectURL: redirect, Transport: w,
				Scopes:      []auth.Scope{auth.ScopeUserReadPrivate},
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
			client, err := spotify.New(
				spotify.WithTokenSource(source),
				spotify.WithTransport(w),
				spotify.WithLogger(logger),
				spotify.WithObserver(events),
				spotify.WithLimiter(nil),
				spotify.WithCache(middleware.CacheConfig{}),
				spotify.WithRetry(
					middleware.RetryConfig{
						MaxRetries:   1,
						InitialDelay: time.Microsecond,
						OnRetry:      func(e middleware.RetryEvent) { seen.add(e) },
					},
				),
			)
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			if _, err := client.Albums.Get(t.Context(), mock.AlbumID, nil); err != nil {
				t.Fatalf("%s: %v", flow, err)
			}
			for range 2 { // older tokens too
				old, _ := source.Token(t.Context())
				source.(auth.Invalidator).Invalidate(old)
				if _, err := source.Token(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			for _, name := range slices.Sorted(maps.Keys(misdeeds)) {
				if login != nil {
					enter(t, w, login) // restores the login after the previous misdeed
				}
				if _, err := source.Token(t.Context()); err != nil {
					t.Fatalf("%s, before %s: %v", flow, name, err)
				}
				w.misbehave(misdeeds[name])
				var errs []error
				call := func(_ any, err error) { errs = append(errs, err) }
				var meta spotify.Captured
				call(client.Albums.Get(spotify.WithCall(t.Context(), spotify.Capture(&meta)), mock.ArtistID, nil))
				timelines.WriteString(meta.Timeline())
				call(client.Playlists.AddItems(t.Context(), mock.PlaylistID, []string{"spotify:track:" + mock.TrackID}, nil))
				call(client.Tracks.GetMany(t.Context(), []string{mock.TrackID, mock.AlbumID}, nil))
				call(nil, client.Do(t.Context(), "GET", "/x", url.Values{"code": {w.secrets[0]}}, nil, new(any)))
				call(nil, func() error {
					resp, err := client.HTTPClient().Get("https://api.spotify.com/v1/me?token=" + w.secrets[0])
					if err == nil {
						_ = resp.Body.Close()
					} else if inner, ok := errors.AsType[*url.Error](err); ok {
						err = inner.Err // net/http's own error, with the caller's URL
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
					if held := w.secrets.HeldBy(err); held != "" {
						t.Errorf("%s, %s: %T holds %q: %v", flow, name, err, held, err)
					}
					found.add(err)
				}
				if failed < 3 {
					t.Errorf("%s, %s: %d errors: the test proves nothing", flow, name, failed)
				}
				w.misbehave(nil)
			}
			if len(w.secrets) < 4 {
				t.Errorf("%s: %d secrets: the test proves nothing", flow, len(w.secrets))
			}
			found.add(client, client.Stats(), config, login, source)
			for _, event := range seen.events {
				found.add(event)
			}
			useEverything(t, found, w, source, login)
			if printed := w.secrets.PrintedBy(log.String()); printed != "" || log.Len() == 0 {
				t.Errorf("%s: %q is in the log", flow, printed)
			}
			events.check(t, w.secrets, timelines.String())
			t.Logf(
				"%s: %d secrets, %d errors, %d events, %d KB of log",
				flow,
				len(w.secrets),
				found.errors,
				len(seen.events),
				log.Len()>>10,
			)
			for _, secret := range w.secrets {
				if !slices.Contains(told, secret) {
					told = append(told, secret)
				}
			}
		})
	}
	useSockets(t, &harvest{values: all})
	checkTypes(t, told, all)
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

// enter visits the fake's login page, which accepts at once.
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
