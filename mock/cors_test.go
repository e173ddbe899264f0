package mock

import (
	"net/http"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify/mock/internal/mocktest"
)

const tokenURL = "https://accounts.spotify.com/api/token"

func TestPreflight(t *testing.T) {
	tr := New(t)
	tr.OnAny().Respond(503, "")
	for _, url := range []string{"/me", "/me/library?uris=x", "/playlists/" + PlaylistID + "/items", tokenURL} {
		req := mocktest.Request(t, http.MethodOptions, url, "", "Origin", "http://127.0.0.1:5173",
			"Access-Control-Request-Method", "PUT", "Access-Control-Request-Headers", "authorization,content-type")
		req.Header.Del("Authorization") // a browser sends no credentials before it has the permission
		r := mocktest.Send(tr, req)
		if r.Status != http.StatusNoContent || r.Body != "" || r.Header.Get("Access-Control-Allow-Origin") != "*" ||
			r.Header.Get("Access-Control-Allow-Methods") == "" || r.Header.Get("Access-Control-Allow-Headers") == "" {
			t.Errorf("%s: %+v", url, r)
		}
	}
	if calls := tr.Calls("", ""); len(calls) != 0 {
		t.Errorf("recorded as calls of the program: %+v", calls)
	}
}

func TestResponsesToPagesOfOtherOrigins(t *testing.T) {
	tr := New(t)
	tr.On("GET", "/me/player").RateLimited(7 * time.Second)
	tr.On("GET", "/me/albums").Header("Access-Control-Allow-Origin", "")
	for _, c := range []struct {
		method, url, origin, want string
		status                    int
	}{
		{"GET", "/me", "http://127.0.0.1:5173", "*", 200},
		{"GET", "/albums/" + nobody, "http://127.0.0.1:5173", "*", 404},
		{"GET", "/me/player", "http://127.0.0.1:5173", "*", 429},
		{"POST", tokenURL, "http://127.0.0.1:5173", "*", 400},
		{"GET", "/me/albums", "http://127.0.0.1:5173", "", 200},
		{"GET", "https://accounts.spotify.com/authorize", "http://127.0.0.1:5173", "", 400},
		{"GET", "/me", "", "", 200},
	} {
		req := mocktest.Request(t, c.method, c.url, "")
		if c.origin != "" {
			req.Header.Set("Origin", c.origin)
		}
		r := mocktest.Send(tr, req)
		if r.Status != c.status || r.Header.Get("Access-Control-Allow-Origin") != c.want {
			t.Errorf("%s %s from %q: %+v, want %d and %q", c.method, c.url, c.origin, r, c.status, c.want)
		}
		if c.want != "" && r.Header.Get("Access-Control-Expose-Headers") != "Retry-After" {
			t.Errorf("%s: a script cannot read Retry-After: %v", c.url, r.Header)
		}
	}
}

const nobody = "0000000000000000000000"
