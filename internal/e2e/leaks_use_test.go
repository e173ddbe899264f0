package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/testutil"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/middleware/usage"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/resources"
	"github.com/seed-2147f1a9/spotify/transport"
)

// useEverything uses the whole library with the tokens of a source, and adds to found the values
// that the library returns or passes to callers' implementations.
func useEverything(t *testing.T, found *harvest, w *wire, source auth.TokenSource, login *auth.Login) {
	t.Helper()
	useServices(t, found, w, source)
	useAuth(t, found, w, login)
	// These clients and pipelines have not sent the earlier tokens, so the server does not echo
	// those.
	fresh := &wire{Transport: w.Transport}
	useChains(t, found, fresh, source)
	useLimits(t, found, fresh, source)
	useCalls(t, found, fresh, source)
	rule := w.On("GET", "/markets").Times(1).Respond(200, map[string]any{"markets": []string{"SE"}})
	found.add(w.Transport, rule, w.Calls("GET", "/albums/{id}"), w.Calls("POST", "/api/token"))
}

// useSockets uses the parts that listen on a socket.
func useSockets(t *testing.T, found *harvest) {
	t.Helper()
	useProxy(t, found)
	content := catalogue.New()
	content.AddDevice("", catalogue.Device{Name: "Desk"})
	content.AddAlbum(catalogue.Album{Name: "Album", Tracks: []catalogue.Track{{Name: "Track"}}})
	content.AddShow(catalogue.Show{Name: "Show", Episodes: []catalogue.Episode{{Name: "Episode"}}})
	content.AddAudiobook(catalogue.Audiobook{Name: "Book", Chapters: []catalogue.Chapter{{Name: "Chapter"}}})
	list := content.AddPlaylist(catalogue.Playlist{Name: "List"})
	content.AddCategory(catalogue.Category{Name: "Category", Playlists: []string{list}})
	server := mock.NewServer(
		t,
		mock.WithCatalogue(content),
		mock.WithApp("app", appSecret, "http://127.0.0.1:4711/callback"),
	)
	found.add(server, content, content.Contents())
}

// useServices calls every method of every service, with and without parameters, on both kinds of
// apps.
func useServices(t *testing.T, found *harvest, w *wire, source auth.TokenSource) {
	t.Helper()
	const other = "extended-access-token-0123456789"
	w.learn(other)
	watch := &watching{found: found}
	counters := &middleware.CacheCounters{}
	store := &watchedStore{middleware.NewMemoryUsage(), watch}
	for _, opts := range [][]spotify.Option{
		{spotify.WithTokenSource(source), spotify.WithTransport(w)},
		{
			spotify.WithAccessToken(other), spotify.WithTransport(mock.New(nil, mock.WithExtendedQuota())),
			spotify.WithExtendedQuota(),
		},
	} {
		client, err := spotify.New(
			append(
				opts,
				spotify.WithLimiter(watch),
				spotify.WithMaxRetries(0),
				spotify.WithCache(middleware.CacheConfig{Counters: counters}),
				spotify.WithMiddleware(transport.PerAttempt, middleware.Observe(watch)),
			)...)
		if err != nil {
			t.Fatal(err)
		}
		services := reflect.ValueOf(client.Services).Elem()
		for i := range services.NumField() {
			if services.Type().Field(i).IsExported() {
				useService(t, found, services.Field(i))
			}
		}
		found.add(client.Stats())
		_ = client.Close()
	}
	pacer := middleware.NewPacer(middleware.PacerConfig{Usage: store})
	if permit, err := pacer.Acquire(t.Context(), middleware.LimitRequest{Operation: "get-an-album"}); err == nil {
		permit.Done(middleware.Outcome{Status: 200})
	}
	if err := pacer.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	found.add(counters, pacer, pacer.Stats(""), pacer.Usage(), middleware.PacerConfig{Usage: store})
}

// useService calls the methods of a service with ids of the mock's catalogue until one is accepted.
func useService(t *testing.T, found *harvest, service reflect.Value) {
	t.Helper()
	ids := []string{
		mock.AlbumID, mock.ArtistID, mock.TrackID, mock.PlaylistID, mock.ShowID, mock.EpisodeID, mock.AudiobookID,
		mock.ChapterID, mock.UserID,
		"spotify:track:" + mock.TrackID, "Aurora", "toplists",
	}
	for m := range service.NumMethod() {
		method := service.Method(m)
		for _, id := range ids {
			args := []reflect.Value{reflect.ValueOf(t.Context())}
			for i := 1; i < method.Type().NumIn(); i++ {
				args = append(args, argument(method.Type().In(i), id))
			}
			call := method.Call
			if method.Type().IsVariadic() {
				call = method.CallSlice
			}
			failed := false
			for _, result := range call(args) {
				if result.Kind() == reflect.Func { // an iterator
					n := 0
					for v, err := range result.Seq2() {
						found.add(v.Interface(), err.Interface())
						failed = !err.IsNil()
						if n++; n == 60 {
							break
						}
					}
					continue
				}
				err, isErr := result.Interface().(error)
				failed = failed || isErr && err != nil
				found.add(result.Interface())
			}
			for _, arg := range args[1:] {
				found.add(arg.Interface())
			}
			if !failed {
				break
			}
		}
	}
}

// argument returns an argument for a method of a service.
func argument(typ reflect.Type, id string) reflect.Value {
	v := reflect.New(typ).Elem()
	switch typ.Kind() {
	case reflect.String:
		if typ.Name() == "string" {
			v.SetString(id)
		}
	case reflect.Pointer:
		v.Set(reflect.New(typ.Elem()))
		if f := v.Elem(); f.Kind() == reflect.Struct {
			for _, name := range []string{"Name", "Q", "DeviceID"} {
				if field := f.FieldByName(name); field.IsValid() && field.Type() == reflect.TypeFor[string]() {
					field.SetString("a name")
				}
			}
		}
	case reflect.Struct:
		if typ == reflect.TypeFor[resources.RecommendationSeeds]() {
			v.Set(reflect.ValueOf(resources.RecommendationSeeds{Tracks: []string{mock.TrackID}}))
		}
	case reflect.Slice:
		if typ == reflect.TypeFor[[]string]() {
			v.Set(reflect.ValueOf([]string{id, "spotify:track:" + mock.TrackID}))
		}
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Bool:
		v.SetBool(true)
	}
	return v
}

// useChains uses pipelines without the client over a server that echoes the token, with and without
// the middlewares that read error bodies.
func useChains(t *testing.T, found *harvest, w *wire, source auth.TokenSource) {
	t.Helper()
	token, err := source.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	bearer := middleware.Auth(source, func(*url.URL) bool { return true })
	own := transport.Middleware(func(next http.RoundTripper) http.RoundTripper {
		return &oauth2.Transport{Source: oauth2.StaticTokenSource(token), Base: next}
	})
	perCall := func(ctx context.Context) context.Context {
		return spotify.WithCall(ctx, spotify.Token(token.AccessToken))
	}
	decode, classify := middleware.DecodeErrors(spotify.DecodeError), middleware.Classify(spotify.Classify)
	whole, cut := middleware.Buffer(middleware.BufferConfig{}), strings.Repeat("x", 4<<10-12)
	var report transport.Report
	for name, chain := range map[string][]transport.Middleware{
		"Auth": {bearer}, "Classify": {classify, bearer}, "Buffer": {whole, bearer},
		"DecodeErrors": {decode, bearer}, "all": {decode, whole, classify, bearer},
		"Coalesce": {decode, middleware.Coalesce(middleware.CoalesceConfig{}), classify, bearer}, "x/oauth2": {own},
		"DecodeErrors, x/oauth2": {decode, own},
	} {
		services, err := resources.New(&http.Client{Transport: transport.Chain(w, chain...)}, resources.Config{})
		if err != nil {
			t.Fatal(err)
		}
		for misdeed, how := range map[string]func(*http.Request, string) (*http.Response, error){
			"JSON": refusing(403, `{"error":{"status":403,"message":QUOTED,"reason":QUOTED}}`),
			"text": refusing(500, `PLAIN`), "text, cut": refusing(500, cut+`PLAIN`),
			"escaped": refusing(500, `{"message":"`+url.QueryEscape(token.AccessToken)+`"}`),
			"header":  echoing(404, "X-Echo"), "redirect": echoing(307, "Location"),
			"page": refusing(200, `<title>PLAIN</title>`), "names": refusing(200, `{QUOTED:1}`),
			"unfit": refusing(200, `{"name":{"a":QUOTED}}`),
		} {
			w.misbehave(how)
			for _, ctx := range []context.Context{
				t.Context(), transport.WithCall(t.Context(), &transport.Call{Report: &report}),
				perCall(t.Context()),
			} {
				report = transport.Report{}
				for _, call := range []func() error{
					func() error { _, err := services.Albums.Get(ctx, mock.AlbumID, nil); return err },
					func() error { return services.Player.Pause(ctx, nil) },
				} {
					err := call()
					if err == nil && name != "x/oauth2" && misdeed != "page" && misdeed != "names" && misdeed != "unfit" {
						t.Errorf("%s, %s: no error", name, misdeed)
					}
					if held := w.secrets.HeldBy(err); err != nil && held != "" {
						t.Errorf("%s, %s: %T holds %q: %v", name, misdeed, err, held, err)
					}
					found.add(err, &report)
				}
			}
			w.misbehave(nil)
		}
	}
}

// useLimits reaches a rate limit, a quota and a timeout.
func useLimits(t *testing.T, found *harvest, w *wire, source auth.TokenSource) {
	t.Helper()
	pacer := middleware.NewPacer(middleware.PacerConfig{})
	client, err := spotify.New(
		spotify.WithTokenSource(source),
		spotify.WithTransport(w),
		spotify.WithLimiter(pacer),
		spotify.WithMaxRetries(0),
		spotify.WithTimeout(time.Millisecond),
	)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	w.misbehave(func(req *http.Request, _ string) (*http.Response, error) {
		<-req.Context().Done()
		return nil, req.Context().Err()
	})
	_, err = client.Artists.Get(t.Context(), mock.ArtistID)
	found.add(err)
	w.misbehave(func(req *http.Request, echo string) (*http.Response, error) {
		resp, err := refusing(429, `{"error":{"status":429,"message":QUOTED,"reason":"QUOTA_EXCEEDED"}}`)(req, echo)
		resp.Header.Set("Retry-After", "86400")
		return resp, err
	})
	for range 2 {
		_, err := client.Artists.Get(t.Context(), mock.ArtistID)
		if !errors.Is(err, spotify.ErrQuotaExceeded) {
			t.Errorf("%v, want ErrQuotaExceeded", err)
		}
		found.add(err)
	}
	w.misbehave(nil)
	found.add(pacer.Closed(), pacer.Stats(""), pacer.Usage())
}

// useProxy is rejected by a proxy with a password.
func useProxy(t *testing.T, found *harvest) {
	t.Helper()
	proxy := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("X-Echo", r.Header.Get("Proxy-Authorization"))
		rw.WriteHeader(http.StatusForbidden)
	}))
	defer proxy.Close()
	address, err := url.Parse(strings.Replace(proxy.URL, "://", "://user:"+appSecret+"@", 1))
	if err != nil {
		t.Fatal(err)
	}
	base := transport.NewBase()
	base.Proxy = http.ProxyURL(address)
	defer base.CloseIdleConnections()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://api.example/", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := base.RoundTrip(req)
	if err == nil {
		_ = resp.Body.Close()
	}
	if held := (testutil.Secrets{appSecret}).HeldBy(err); err == nil || held != "" {
		t.Errorf("%v holds %q", err, held)
	}
	found.add(err)
}

// useCalls makes calls with per-call settings, and captures the server's echo.
func useCalls(t *testing.T, found *harvest, w *wire, source auth.TokenSource) {
	t.Helper()
	token, err := source.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	client, err := spotify.New(
		spotify.WithTokenSource(source),
		spotify.WithTransport(w),
		spotify.WithMaxRetries(0),
		spotify.WithLimiter(nil),
	)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	var captured spotify.Captured
	call := &transport.Call{Token: transport.Secret(token.AccessToken), Capture: &captured, Report: &transport.Report{}}
	w.misbehave(refusing(403, `{"error":{"status":403,"message":QUOTED}}`))
	_, err = client.Artists.Get(transport.WithCall(t.Context(), call), mock.ArtistID)
	if !strings.Contains(string(captured.Body), token.AccessToken) {
		t.Errorf("captured is %q, want what the server sent", captured.Body)
	}
	resp, unread := client.HTTPClient().Get("https://api.spotify.com/v1/artists/" + mock.ArtistID)
	if unread == nil {
		body, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if !strings.Contains(string(body), token.AccessToken) {
			t.Errorf("HTTPClient's caller reads %q, want what the server sent", body)
		}
	}
	w.misbehave(nil)
	resp, plain := client.HTTPClient().Do(withCall(t, &transport.Call{Returns: true, Route: "/albums/{id}"}))
	if plain == nil {
		defer resp.Body.Close()
		found.add(resp.Body)
	}
	found.add(err, call, unread, plain)

	// Items that the catalogue lacks: a relinked one, and one of an unknown type.
	w.On("GET", "/tracks/{id}").Times(1).Respond(200, map[string]any{
		"id": mock.TrackID, "linked_from": map[string]any{"id": mock.AlbumID},
		"restrictions": map[string]any{"reason": "market"},
	})
	w.On("GET", "/me/player").
		Times(1).
		Respond(200, map[string]any{"is_playing": true, "item": map[string]any{"type": "advert", "name": "new"}})
	track, err := client.Tracks.Get(t.Context(), mock.TrackID, nil)
	found.add(track, err)
	state, err := client.Player.State(t.Context(), nil)
	found.add(state, err)
	kind, _, err := resources.ParseURI("spotify:track:" + mock.TrackID)
	found.add(
		kind,
		err,
		middleware.LogConfig{ShowURL: true, ShowQuery: []string{"q"}},
		middleware.WaitBackoff,
		resources.Config{UserAgent: "a program"},
	)

	// A batch that fails in part, and a list that is written in parts.
	failing := false
	w.misbehave(func(req *http.Request, echo string) (*http.Response, error) {
		if failing = !failing; failing && req.Method == http.MethodPost {
			return w.Transport.RoundTrip(req)
		}
		return refusing(500, `{"error":{"status":500,"message":QUOTED}}`)(req, echo)
	})
	_, err = client.Playlists.AddItems(
		t.Context(),
		mock.PlaylistID,
		slices.Repeat([]string{"spotify:track:" + mock.TrackID}, 250),
		nil,
	)
	found.add(err)
	w.misbehave(nil)
	_, err = client.Albums.Get(t.Context(), "not an id", nil)
	found.add(err, spotify.Endpoints{API: "https://api.spotify.com/v1", Accounts: "https://accounts.spotify.com"})
	class := spotify.Classify(
		&http.Response{StatusCode: 403},
		[]byte(`{"error":{"status":403,"message":"no `+token.AccessToken+`"}}`),
	)
	report := call.Report
	report.Classify(&http.Response{StatusCode: 403}, class, nil)
	answered := &http.Response{StatusCode: 403}
	report.Classify(answered, class, nil)
	class, _, _ = report.Classified(answered)
	found.add(class, report)
	usages, err := usage.NewFile(filepath.Join(t.TempDir(), "usage.json"))
	if err != nil {
		t.Fatal(err)
	}
	var stack transport.Stack
	stack.Append("Auth", middleware.Auth(source, nil))
	found.add(usages, &stack, transport.OnWire)
}

func withCall(t *testing.T, call *transport.Call) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(
		transport.WithCall(t.Context(), call),
		http.MethodGet,
		"https://api.spotify.com/v1/albums/"+mock.AlbumID,
		nil,
	)
	if err != nil {
		t.Fatal(err)
	}
	return req
}

// useAuth makes a login fail in every way that has an error of its own.
func useAuth(t *testing.T, found *harvest, w *wire, login *auth.Login) {
	t.Helper()
	const redirect = "http://127.0.0.1:4711/callback"
	config := auth.Config{
		ClientID:     "app",
		ClientSecret: appSecret,
		RedirectURL:  redirect,
		Transport:    w,
		Scopes:       []auth.Scope{auth.ScopeUserReadPrivate},
	}
	note := func(_ any, err error) {
		t.Helper()
		if err == nil {
			t.Error("no error")
		}
		if held := w.secrets.HeldBy(err); held != "" {
			t.Errorf("%T holds %q: %v", err, held, err)
		}
		found.add(err)
	}
	note(auth.NewFileStore(t.TempDir()))
	wrong := config
	wrong.ClientSecret += "\n\x00"
	note(auth.NewClientCredentials(wrong))
	if login == nil {
		return
	}
	record, err := login.StoredToken(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	state := auth.NewState()
	w.learn(state)
	note(login.ParseCallback(redirect+"?error=access_denied&state="+state, state))
	note(login.ParseCallback(redirect+"?code="+record.RefreshToken+"&state="+state, auth.NewState()))
	code, err := login.ParseCallback(redirect+"?code="+record.RefreshToken+"&state="+state, state)
	if err != nil {
		t.Fatal(err)
	}
	note(nil, login.Exchange(t.Context(), code))
	found.add(code, record, auth.AllScopes())

	config.Store = auth.NewMemoryStore()
	if err := config.Store.Save(t.Context(), "default", record, 0); err != nil {
		t.Fatal(err)
	}
	config.Scopes = auth.AllScopes()
	wide, err := auth.NewAuthorizationCode(config)
	if err != nil {
		t.Fatal(err)
	}
	defer wide.Close()
	note(wide.Token(t.Context()))
	config.Store = panicking{config.Store}
	broken, err := auth.NewAuthorizationCode(config)
	if err != nil {
		t.Fatal(err)
	}
	defer broken.Close()
	note(nil, broken.Import(t.Context(), record.RefreshToken, time.Time{}))
	found.add(config, broken, wide)
	public := config
	public.ClientSecret = ""
	pkce, err := auth.NewPKCE(public)
	if err != nil {
		t.Fatal(err)
	}
	defer pkce.Close()
	found.add(pkce)
}

// panicking is a store that panics with the login that it should save.
type panicking struct{ auth.TokenStore }

func (panicking) Save(_ context.Context, _ string, rec auth.StoredToken, _ uint64) error {
	panic(fmt.Sprintf("cannot save %s and %s", rec.AccessToken, rec.RefreshToken))
}

// watching is a limiter and an observer that adds its arguments.
type watching struct{ found *harvest }

func (w *watching) Acquire(_ context.Context, r middleware.LimitRequest) (middleware.Permit, error) {
	w.found.add(r)
	return w, nil
}

func (w *watching) Done(o middleware.Outcome) { w.found.add(o) }

func (w *watching) Begin(ctx context.Context, e middleware.Event) context.Context {
	w.found.add(e)
	return ctx
}

func (w *watching) Note(_ context.Context, e middleware.Event) { w.found.add(e) }

// watchedStore adds the records that it gets.
type watchedStore struct {
	middleware.UsageStore
	watching *watching
}

func (s *watchedStore) Update(
	ctx context.Context,
	delta middleware.UsageRecord,
	since time.Time,
) (middleware.UsageRecord, error) {
	s.watching.found.add(delta)
	return s.UsageStore.Update(ctx, delta, since)
}
