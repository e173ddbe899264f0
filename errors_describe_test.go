package spotify_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/transport"
)

// TestDescribe: Describe finds operations on any host, below any path that ends in /v1.
func TestDescribe(t *testing.T) {
	for _, c := range []struct{ method, address, want string }{
		{"GET", "https://api.spotify.com/v1/me", "/me"},
		{"GET", "https://api.spotify.com/v1/me/?market=DE", "/me"},
		{"GET", "https://intranet.example/gateway/spotify/v1/albums/1", "/albums/{id}"},
		{"GET", "https://intranet.example/v1/tenants/7/spotify/v1/albums/1", "/albums/{id}"},
		{"GET", "https://intranet.example/v1/v1/albums/1", "/albums/{id}"},
		{"GET", "https://api.spotify.com/v1/users/v1/playlists", "/users/{user_id}/playlists"},
		{"GET", "https://api.spotify.com/v1/users/a%2Fb", "/users/{user_id}"},
		{"GET", "https://api.spotify.com/v1/new", ""},
		{"GET", "https://api.spotify.com/v1", ""},
		{"GET", "https://api.spotify.com/v10/me", ""},
		{"GET", "https://api.spotify.com/me", ""},
		{"GET", "https://accounts.spotify.com/authorize", ""},
		{"TRACE", "https://api.spotify.com/v1/me", ""},
	} {
		req, err := http.NewRequestWithContext(t.Context(), c.method, c.address, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if call := spotify.Describe(req); call != nil {
			got = call.Route
		}
		if got != c.want {
			t.Errorf("%s %s is %q, want %q", c.method, c.address, got, c.want)
		}
	}
	if call := spotify.Describe(&http.Request{Method: http.MethodGet}); call != nil {
		t.Errorf("a request without a URL is described as %+v", call)
	}
}

// TestFaultsDescribeWithoutClient: with Describe, a pipeline without the client retries
// idempotent requests only. A request that has its own Idempotency keeps it.
func TestFaultsDescribeWithoutClient(t *testing.T) {
	const api = "https://api.spotify.com/v1"
	const reorder, replace = `{"range_start":0,"insert_before":4}`, `{"uris":["spotify:track:1"]}`
	for _, c := range []struct {
		name, method, path, body string
		call                     *transport.Call
		with, without            int // attempts with Describe in the pipeline, and without
	}{
		{"read", "GET", "/me", "", nil, 4, 4},
		{"replace", "PUT", "/playlists/1/items", replace, nil, 4, 4},
		{"reorder", "PUT", "/playlists/1/items", reorder, nil, 1, 4},
		{"positions", "DELETE", "/playlists/1/tracks", `{"tracks":[{"uri":"spotify:track:1","positions":[0]}]}`, nil, 1, 4},
		{"play a context", "PUT", "/me/player/play", `{"context_uri":"spotify:album:1"}`, nil, 1, 4},
		{"resume", "PUT", "/me/player/play", "", nil, 4, 4},
		{"add", "POST", "/playlists/1/items", replace, nil, 1, 1},
		{
			"the caller knows better", "PUT", "/playlists/1/items", reorder,
			&transport.Call{Idempotency: transport.Idempotent}, 4, 4,
		},
		{
			"the caller is more careful", "PUT", "/playlists/1/items", replace,
			&transport.Call{Idempotency: transport.NotIdempotent}, 1, 1,
		},
		{"a request that is described already", "PUT", "/playlists/1/items", reorder, &transport.Call{Route: "/own"}, 4, 4},
		{"an operation that the table does not have", "PUT", "/new", reorder, nil, 4, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				send := func(describe transport.Middleware) (attempts int) {
					base := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
						attempts++
						transport.CloseRequest(req)
						return &http.Response{
							StatusCode: http.StatusServiceUnavailable,
							Header:     http.Header{},
							Body:       http.NoBody,
							Request:    req,
						}, nil
					})
					ctx := t.Context()
					if c.call != nil {
						ctx = transport.WithCall(ctx, c.call)
					}
					req, err := http.NewRequestWithContext(ctx, c.method, api+c.path, strings.NewReader(c.body))
					if err != nil {
						t.Fatal(err)
					}
					resp, err := transport.Chain(base, describe, middleware.Retry(middleware.RetryConfig{})).RoundTrip(req)
					if err != nil {
						t.Fatal(err)
					}
					_, _ = io.Copy(io.Discard, resp.Body)
					_ = resp.Body.Close()
					return attempts
				}
				if got := send(middleware.Describe(spotify.Describe)); got != c.with {
					t.Errorf("%d attempts, want %d", got, c.with)
				}
				if got := send(middleware.Describe(nil)); got != c.without {
					t.Errorf("%d attempts without Describe, want %d", got, c.without)
				}
			})
		})
	}
}
