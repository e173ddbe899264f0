package conformance

import (
	"context"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/resources"
	"github.com/seed-2147f1a9/spotify/transport"
)

func TestRequestsOffTheDefinitionAreFound(t *testing.T) {
	d := load(t)
	for _, c := range []struct{ operation, line, body, want string }{
		{"get-an-album", "GET /albums/1", "", ""},
		{"get-an-artist", "GET /albums/1", "", "name: invalid"},
		{"get-an-album", "GET /album/1", "", "path: undeclared"},
		{"get-an-album", "POST /albums/1", "", "path: undeclared"},
		{"get-an-album", "GET /albums/1?country=SE", "", "query country: undeclared"},
		{"get-an-album", "GET /albums/1?market=SE&market=DE", "", "query market: repeated"},
		{"get-an-albums-tracks", "GET /albums/1/tracks?limit=51", "", "query limit: maximum"},
		{"get-an-albums-tracks", "GET /albums/1/tracks?limit=many", "", "query limit: invalid"},
		{"get-multiple-albums", "GET /albums", "", "query ids: missing"},
		{"save-library-items", "PUT /me/library?uris=a", `{"uris":["a"]}`, "body: invalid"},
		{"create-playlist", "POST /me/playlists", `{"name":"a"}`, ""},
		{"create-playlist", "POST /me/playlists", `{"public":true}`, "body /name: missing"},
		{"create-playlist", "POST /me/playlists", `{"name":"a","title":"b"}`, "body /title: undeclared"},
		{"create-playlist", "POST /me/playlists", `{"name":1}`, "body /name: type"},
	} {
		method, address, _ := strings.Cut(c.line, " ")
		ctx := transport.WithCall(context.Background(), &transport.Call{Operation: c.operation})
		req, err := http.NewRequestWithContext(ctx, method, resources.DefaultBaseURL+address, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		var got []string
		_, found := d.request(req, []byte(c.body))
		for _, f := range found {
			got = append(got, f.place+": "+f.what)
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s %s: found %q, want %q", c.line, c.body, got, c.want)
		}
	}
}

func TestLossesAreFound(t *testing.T) {
	sent := map[string]any{
		"id":         "a",
		"name":       "b",
		"genres":     []any{"c", "d"},
		"popularity": int64(5),
		"followers":  map[string]any{"total": int64(7)},
	}
	whole := resources.Artist{
		Genres:     []string{"c", "d"},
		Popularity: new(5),
		Followers:  resources.Followers{Total: new(7)},
	}
	whole.ID, whole.Name = "a", "b"
	for want, change := range map[string]func(*resources.Artist){
		"":                  func(*resources.Artist) {},
		"Artist.name":       func(a *resources.Artist) { a.Name = "" },
		"Artist.genres":     func(a *resources.Artist) { a.Genres = a.Genres[:1] },
		"Artist.popularity": func(a *resources.Artist) { a.Popularity = new(6) },
		"Followers.total":   func(a *resources.Artist) { a.Followers.Total = nil },
	} {
		got := whole
		change(&got)
		var c comparison
		c.value("", "", sent, reflect.ValueOf(&got))
		var lost []string
		for _, l := range c.lost {
			lost = append(lost, l.member)
		}
		if strings.Join(lost, ", ") != want {
			t.Errorf("lost %q, want %q", lost, want)
		}
	}
	var c comparison
	if c.value("", "", map[string]any{"hobby": "e"}, reflect.ValueOf(whole)); len(c.lost) != 1 {
		t.Errorf("a member without a field is not reported: %v", c.lost)
	}
}

func TestExceptionsCoverWhatTheySayOnly(t *testing.T) {
	book := newExceptionList([]exception{
		{"get-an-album get-track", "extended**/label", "missing", ""},
		{"*", "** 404", "undeclared", ""},
		{"*", "query limit", "maximum", ""},
	})
	off := book.enter(
		finding{operation: "get-an-album", place: "extended: 200 /label", what: "missing"},
		finding{operation: "get-an-album", place: "development: 200 /label", what: "missing"},
		finding{operation: "get-an-album", place: "extended: 200 /label/x", what: "missing"},
		finding{operation: "get-an-album", place: "extended: 200 /label", what: "type"},
		finding{operation: "get-an-artist", place: "extended: 200 /label", what: "missing"},
		finding{operation: "get-an-artist", place: "extended: status 404", what: "undeclared"},
	)
	if off != 4 || book.excused() != 2 || !slices.Equal(book.unused(), []int{2}) {
		t.Errorf("%d are off, %d excused, unused %v; want 4, 2 and [2]", off, book.excused(), book.unused())
	}
}
