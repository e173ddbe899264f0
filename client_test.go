package spotify_test

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/internal/testutil"
)

const albumID = testutil.AlbumID

func newClient(t *testing.T, base http.RoundTripper, opts ...spotify.Option) *spotify.Client {
	t.Helper()
	client, err := spotify.New(
		append([]spotify.Option{spotify.WithTransport(base), spotify.WithTokenSource(&testutil.Tokens{})}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func TestCallSurvives(t *testing.T) {
	refused := func(*http.Request) (*http.Response, error) { return nil, errors.New("connection reset by peer") }
	type responses = []func(*http.Request) (*http.Response, error)
	for name, tc := range map[string]struct {
		responses responses
		refreshes int64
		retries   int64
	}{
		"nothing":         {nil, 0, 0},
		"a refused token": {responses{testutil.Respond(401, "", "WWW-Authenticate", testutil.InvalidToken)}, 1, 0},
		"a limit":         {responses{testutil.Respond(429, "", "Retry-After", "2")}, 0, 1},
		"an outage": {responses{
			testutil.Respond(503, ""), testutil.Respond(502, "<html>"), testutil.Respond(500, ""),
		}, 0, 3},
		"a broken connection": {responses{refused}, 0, 1},
		"several faults": {responses{
			testutil.Respond(503, ""), testutil.Respond(401, "", "WWW-Authenticate", testutil.InvalidToken),
			testutil.Respond(429, ""), refused,
		}, 1, 3},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				base := testutil.NewScript(tc.responses...)
				client := newClient(t, base)
				album, err := client.Albums.Get(t.Context(), albumID, nil)
				if err != nil || album.Name != "An album" {
					t.Fatal(album, err)
				}
				stats := client.Stats()
				if stats.Refreshes != tc.refreshes || stats.Retries != tc.retries || int(stats.Attempts) != len(tc.responses)+1 ||
					len(base.Seen()) != len(tc.responses)+1 {
					t.Errorf("stats %+v, %d requests", stats, len(base.Seen()))
				}
			})
		})
	}
}

func TestRequestAsSent(t *testing.T) {
	base := testutil.NewScript()
	client := newClient(t, base, spotify.WithUserAgent("mine/1"), spotify.WithLanguage("de"), spotify.WithMarket("SE"))
	link := "https://open.spotify.com/intl-de/album/" + albumID + "?si=x"
	if _, err := client.Albums.Get(t.Context(), link, nil); err != nil {
		t.Fatal(err)
	}
	req := base.Seen()[0]
	if req.Method != "GET" || req.URL.String() != "https://api.spotify.com/v1/albums/"+albumID+"?market=SE" {
		t.Errorf("%s %s", req.Method, req.URL)
	}
	for name, want := range map[string]string{
		"Authorization": "Bearer token-1", "User-Agent": "mine/1", "Accept": "application/json", "Accept-Language": "de",
	} {
		if got := req.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestErrorOfACall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		base := testutil.NewScript(
			testutil.Respond(500, ""),
			testutil.Respond(500, ""),
			testutil.Respond(500, ""),
			testutil.Respond(503, "<title>Down</title>"),
		)
		client := newClient(t, base)
		_, err := client.Albums.Get(t.Context(), albumID, nil)
		var e *spotify.Error
		if !errors.As(err, &e) || e.Attempts != 4 || e.Elapsed <= 0 || e.Message != "Down" ||
			!errors.Is(err, spotify.ErrServer) {
			t.Errorf("%+v", err)
		}
		if text := err.Error(); !strings.Contains(text, "GET /albums/{id}") || !strings.Contains(text, "4 attempts") {
			t.Errorf("reads %q", text)
		}
	})
}

func TestForbiddenNamesScopes(t *testing.T) {
	client := newClient(
		t,
		testutil.NewScript(testutil.Respond(403, `{"error":{"status":403,"message":"Insufficient client scope"}}`)),
	)
	_, err := client.Albums.Saved(t.Context(), nil)
	for _, part := range []string{"user-library-read", "the token lacks the scope user-library-read"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%v does not say %q", err, part)
		}
	}
}

func TestPerCallSettings(t *testing.T) {
	base := testutil.NewScript(
		testutil.Respond(200, `{"name":"x","new_field":1}`, "X-Thing", "yes"),
		testutil.Respond(503, "down"),
	)
	client := newClient(t, base)
	var meta spotify.Captured
	ctx := spotify.WithCall(t.Context(), spotify.Capture(&meta), spotify.NoRetry(), spotify.Token("somebody's"))
	if _, err := client.Albums.Get(ctx, albumID, nil); err != nil || meta.Status != 200 ||
		string(meta.Body) != `{"name":"x","new_field":1}` ||
		meta.Header.Get("X-Thing") != "yes" {
		t.Error(meta, err)
	}
	if got := base.Seen()[0].Header.Get("Authorization"); got != "Bearer somebody's" {
		t.Errorf("Authorization: %q", got)
	}
	if _, err := client.Albums.Get(ctx, albumID, nil); !errors.Is(err, spotify.ErrServer) || len(base.Seen()) != 2 ||
		meta.Status != 503 ||
		string(meta.Body) != "down" {
		t.Error(err, len(base.Seen()), meta)
	}
	for _, bad := range []string{"a b", "line\r\nbreak"} {
		_, err := client.Albums.Get(spotify.WithCall(t.Context(), spotify.Token(bad)), albumID, nil)
		if !errors.Is(err, spotify.ErrCredentials) || strings.Contains(err.Error(), bad) || len(base.Seen()) != 2 {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// closers count in what order they are closed.
type closers struct{ order []string }

type closer struct {
	*closers
	name string
	err  error
}

func (c closer) Close() error {
	c.order = append(c.order, c.name)
	return c.err
}

// TestWithCloser checks that Close closes what WithCloser was given, once and in order, and that
// New closes it if it fails, wherever the option that it refuses stands.
func TestWithCloser(t *testing.T) {
	failure := errors.New("not saved")
	for name, tc := range map[string]struct {
		opts   []spotify.Option
		refuse bool
	}{
		"made":                       {opts: []spotify.Option{spotify.WithAccessToken("token")}},
		"without credentials":        {refuse: true},
		"with an option that is bad": {[]spotify.Option{spotify.WithTimeout(-1), spotify.WithAccessToken("token")}, true},
		"with a base URL that is bad": {
			[]spotify.Option{spotify.WithAccessToken("token"), spotify.WithBaseURL("http://example.com/v1")}, true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			var all closers
			client, err := spotify.New(append(tc.opts,
				spotify.WithCloser(closer{&all, "login", failure}), spotify.WithCloser(closer{&all, "limiter", nil}))...)
			if err != nil != tc.refuse {
				t.Fatal(err)
			}
			if err == nil {
				if len(all.order) != 0 {
					t.Fatal("closed before Close")
				}
				err = client.Close()
				_ = client.Close()
			}
			if !errors.Is(err, failure) {
				t.Errorf("the error %v lacks that of Close", err)
			}
			if !slices.Equal(all.order, []string{"login", "limiter"}) {
				t.Errorf("closed: %v", all.order)
			}
		})
	}
}

func TestClose(t *testing.T) {
	base := testutil.NewScript()
	client := newClient(t, base)
	plain := client.HTTPClient()
	for range 2 {
		if err := client.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := client.Albums.Get(t.Context(), albumID, nil); !errors.Is(err, spotify.ErrClosed) {
		t.Error(err)
	}
	if _, err := plain.Get("https://api.spotify.com/v1/me"); !errors.Is(err, spotify.ErrClosed) {
		t.Error(err)
	}
	if len(base.Seen()) != 0 {
		t.Error("a closed client has sent something")
	}
}

func TestDo(t *testing.T) {
	base := testutil.NewScript(
		testutil.Respond(200, `{"n":4.9E7}`),
		testutil.Respond(404, `{"error":{"status":404,"message":"gone"}}`),
		testutil.Respond(204, ""),
	)
	client := newClient(t, base)
	var out struct{ N int }
	query, body := url.Values{"a": {"b c"}}, map[string]int{"x": 1}
	if err := client.Do(t.Context(), "POST", "/me/new-thing", query, body, &out); err != nil ||
		out.N != 49000000 {
		t.Fatal(out, err)
	}
	if got := base.Seen()[0].URL.String(); got != "https://api.spotify.com/v1/me/new-thing?a=b+c" {
		t.Error(got)
	}
	var e *spotify.Error
	if err := client.Do(t.Context(), "GET", "/me/new-thing", nil, nil, &out); !errors.As(err, &e) || e.Message != "gone" ||
		e.Path != "/me/new-thing" {
		t.Error(err)
	}
	if err := client.Do(t.Context(), "DELETE", "/me/new-thing", nil, nil, nil); err != nil {
		t.Error(err)
	}
	for _, bad := range []struct{ method, path string }{
		{"get", "/me"}, {"", "/me"}, {"GET", "me"}, {"GET", ""}, {"GET", "https://evil.example/v1"},
		{"GET", "//evil.example/v1"}, {"GET", "/a/../../b"}, {"GET", "/a?b=c"}, {"GET", "/a#b"}, {"GET", "/a/{id}"},
		{"GET", "/a\r\nb"}, {"GET", "/%zz"}, {"GET", "/a/%2e%2e/b"},
	} {
		if err := client.Do(t.Context(), bad.method, bad.path, nil, nil, nil); !errors.Is(err, spotify.ErrInvalidArgument) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if err := client.Do(t.Context(), "GET", "/me", nil, nil, out); !errors.Is(err, spotify.ErrInvalidArgument) ||
		len(base.Seen()) != 3 {
		t.Error(err, len(base.Seen()))
	}
}
