package route_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/mock/internal/route"
)

func TestEveryOperationIsFound(t *testing.T) {
	for _, op := range operations.All() {
		segs := route.Segments(op.Path)
		want := map[string]string{}
		for i, s := range segs {
			if route.IsParameter(s) {
				segs[i] = "value"
				want[strings.Trim(s, "{}")] = "value"
			}
		}
		r := route.Load().Find(op.Method, segs)
		if r == nil || r.Op.Name != op.Name {
			t.Errorf("%s %s: found %v", op.Method, op.Path, r)
			continue
		}
		if got := r.Variables(segs); !maps.Equal(got, want) {
			t.Errorf("%s: %v, want %v", r, got, want)
		}
	}
}

func TestFind(t *testing.T) {
	for _, c := range []struct{ method, path, want string }{
		{"GET", "/albums/x", "/albums/{id}"},
		{"GET", "/albums", "/albums"},
		{"GET", "/me/albums/contains", "/me/albums/contains"},
		{"GET", "/users/a%2Fb", "/users/{user_id}"},
		{"GET", "/albums/", "/albums"},
		{"GET", "/albums/x/", "/albums/{id}"},
		{"GET", "/albums//", ""},
		{"GET", "/albums/x//", ""},
		{"GET", "/me/player/recently-played", "/me/player/recently-played"},
		{"GET", "/me/player/recently-played/", ""},
		{"POST", "/api/token/", ""},
		{"GET", "/authorize/", ""},
		{"GET", "/albums/x/tracks/y", ""},
		{"GET", "", ""},
		{"HEAD", "/albums/x", ""},
		{"DELETE", "/albums/x", ""},
	} {
		got := ""
		if r := route.Load().Find(c.method, route.Unescape(c.path)); r != nil {
			got = r.Path
		}
		if got != c.want {
			t.Errorf("%s %s: %q, want %q", c.method, c.path, got, c.want)
		}
	}
}

func TestNearest(t *testing.T) {
	for _, c := range []struct{ method, path, want string }{
		{"GET", "/album/{id}", "GET /albums/{id}"},
		{"GET", "/album/4aawyAB9vmqN3uQ7FjRGTy", "GET /albums/{id}"},
		{"POST", "/albums/{id}", "GET /albums/{id}"},
		{"GET", "/me/librari", "GET /me/library/contains|PUT /me/library|DELETE /me/library"},
		{"GET", "/playlists/x/item", "GET /playlists/{playlist_id}/items"},
		{"GET", "/api/tokens", "POST /api/token"},
	} {
		first, _, _ := strings.Cut(route.Load().Nearest(c.method, c.path), ",")
		if !strings.Contains("|"+c.want+"|", "|"+first+"|") {
			t.Errorf("%s %s: first %q, want %q", c.method, c.path, first, c.want)
		}
	}
}
