package e2e_test

import (
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/mock/record"
	"github.com/seed-2147f1a9/spotify/transport"
)

// TestFaultsRequestsWithoutTheirParts: a request that net/http cannot send is an error without a
// retry, for every middleware.
func TestFaultsRequestsWithoutTheirParts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		base := transport.NewBase()
		client, err := spotify.New(spotify.WithAccessToken("token"), spotify.WithTransport(base))
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		for name, chain := range map[string]http.RoundTripper{
			"the client": client.HTTPClient().Transport,
			"a chain": transport.Chain(base, middleware.DecodeErrors(
				spotify.DecodeError,
			), middleware.Describe(spotify.Describe), middleware.Cache(
				middleware.CacheConfig{},
			),
				middleware.Coalesce(middleware.CoalesceConfig{}),
				middleware.Retry(middleware.RetryConfig{OnRetry: func(e middleware.RetryEvent) { t.Errorf("retried: %+v", e) }}),
				middleware.Buffer(middleware.BufferConfig{}), middleware.Refresh(nil),
				middleware.RateLimit(middleware.NewPacer(middleware.PacerConfig{})),
				middleware.Classify(spotify.Classify), middleware.Timeout(time.Minute), middleware.Auth(nil, nil)),
		} {
			for part, req := range map[string]*http.Request{
				"Request.URL": {Method: http.MethodGet, Header: http.Header{}},
				"Host":        {Method: http.MethodGet, Header: http.Header{}, URL: parse(t, "https:///v1/me")},
			} {
				resp, err := chain.RoundTrip(req)
				if err == nil {
					_ = resp.Body.Close()
				}
				if err == nil || !strings.Contains(err.Error(), part) {
					t.Errorf("%s, without %s: %v", name, part, err)
				}
			}
		}
	})
}

// TestFaultsNilOptions: a nil option is left out, wherever options are taken.
func TestFaultsNilOptions(t *testing.T) {
	fake := mock.New(t, nil)
	client, err := spotify.New(nil, spotify.WithAccessToken("token"), spotify.WithTransport(fake), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	recorder, err := record.NewRecorder(fake, t.TempDir(), nil)
	if err != nil || recorder == nil {
		t.Errorf("NewRecorder returned %v and the error %v", recorder, err)
	}
	if _, err := auth.NewFileStore(filepath.Join(t.TempDir(), "logins.json"), nil); err != nil {
		t.Error(err)
	}
	login, err := auth.NewPKCE(auth.Config{
		ClientID: "app", RedirectURL: "http://127.0.0.1:8080/callback", Transport: fake,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer login.Close()
	if _, err := login.AuthURL(auth.NewState(), nil); err != nil {
		t.Error(err)
	}
	ctx := spotify.WithCall(t.Context(), nil, spotify.NoRetry())
	if _, err := client.Albums.Get(ctx, mock.AlbumID, nil); err != nil {
		t.Error(err)
	}
}

func parse(t *testing.T, raw string) *url.URL {
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
