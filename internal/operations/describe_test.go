package operations

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/transport"
)

func TestLookup(t *testing.T) {
	for _, c := range []struct{ method, path, want string }{
		{"GET", "/albums/1", "get-an-album"},
		{"", "/albums/1", "get-an-album"}, // http.Request: an empty method is GET
		{"GET", "/albums/1/", "get-an-album"},
		{"GET", "/albums/1//", ""},
		{"GET", "/albums", "get-multiple-albums"},
		{"GET", "/albums/", "get-multiple-albums"},
		{"GET", "/albums//", ""},
		{"GET", "//albums", ""},
		{"GET", "albums/1", ""},
		{"GET", "", ""},
		{"GET", "/", ""},
		{"GET", "/albums/1/tracks", "get-an-albums-tracks"},
		{"GET", "/albums//tracks", ""},
		{"GET", "/albums/1/songs", ""},
		{"GET", "/albums/1/tracks/2", ""},
		{"get", "/albums/1", ""}, // methods are case-sensitive (RFC 9110 section 9.1)
		{"HEAD", "/albums/1", ""},
		{"PATCH", "/albums/1", ""},
		{"GET", "/Albums/1", ""},

		// A fixed segment takes precedence over a parameter of another path.
		{"GET", "/me/albums/contains", "check-users-saved-albums"},
		{"GET", "/recommendations/available-genre-seeds", "get-recommendation-genres"},

		// Escapes belong to their segment.
		{"GET", "/users/a%2Fb/playlists", "get-list-users-playlists"},
		{"GET", "/users/%2E%2E/playlists", "get-list-users-playlists"},
		{"PUT", "/playlists/1/%69tems", "reorder-or-replace-playlists-items"},
		{"PUT", "/playlists/1/%49tems", ""}, // Items
		{"PUT", "/me%2Fplayer/play", ""},
		{"GET", "/albums/%zz", "get-an-album"},

		// Each method of a path is an operation of its own.
		{"PUT", "/playlists/1/items", "reorder-or-replace-playlists-items"},
		{"POST", "/playlists/1/items", "add-items-to-playlist"},
		{"DELETE", "/playlists/1/items", "remove-items-playlist"},
		{"GET", "/playlists/1/items", "get-playlists-items"},
	} {
		got := ""
		if op := Lookup(c.method, c.path); op != nil {
			got = op.Name
		}
		if got != c.want {
			t.Errorf("Lookup(%q, %q) is %q, want %q", c.method, c.path, got, c.want)
		}
	}
	for _, op := range All() {
		for _, path := range []string{op.Path, op.Path + "/"} {
			if got := Lookup(op.Method, path); got == nil || got.Name != op.Name {
				t.Errorf("%s %s is not found", op.Method, path)
			}
		}
	}
}

const (
	yes = transport.IdempotencyByMethod // PUT and DELETE are idempotent
	no  = transport.NotIdempotent
)

func TestDescribe(t *testing.T) {
	long := func(n int) string { return `{"uris":["` + strings.Repeat("x", n-len(`{"uris":[""]}`)) + `"]}` }
	for _, c := range []struct {
		name        string
		op          *Operation
		query, body string
		want        transport.Idempotency
	}{
		{"reorder", PlaylistUpdateItems, "", `{"range_start":0,"insert_before":4}`, no},
		{"reorder on the older path", PlaylistUpdateTracks, "", `{"range_start":0,"insert_before":4}`, no},
		{"reorder, where an encoder leaves out zero", PlaylistUpdateItems, "", `{"insert_before":4}`, no},
		{"reorder to the start", PlaylistUpdateTracks, "", `{"range_length":2}`, no},
		{"replace", PlaylistUpdateItems, "", `{"uris":["a"]}`, yes},
		{"replace in the query", PlaylistUpdateItems, "uris=a", "", yes},
		{"reorder in the query", PlaylistUpdateItems, "insert_before=4&range_start=0", "", no},
		{"both", PlaylistUpdateItems, "uris=a", `{"range_start":0}`, no},
		{"no body", PlaylistUpdateItems, "", "", yes},
		{"blanks", PlaylistUpdateItems, "", " \r\n\t", yes},
		{"null", PlaylistUpdateItems, "", "null", yes},
		{"a member that is null", PlaylistUpdateItems, "", `{"range_start":null}`, no},
		{"a list", PlaylistUpdateItems, "", `[1,2]`, yes},
		{"a text that looks like a member", PlaylistUpdateItems, "", `{"uris":["range_start"]}`, yes},
		{"a member with another case", PlaylistUpdateItems, "", `{"Range_Start":0}`, no}, // some servers' decoders accept it
		{"a parameter with another case", PlaylistUpdateItems, "RANGE_START=0", "", no},
		{"an escaped name", PlaylistUpdateItems, "", `{"range\u005fstart":0}`, no},
		{"an escaped parameter", PlaylistUpdateItems, "range%5Fstart=0", "", no},
		{"a parameter with a broken value", PlaylistUpdateItems, "uris=a&range_start=0%", "", no},
		{"a parameter behind a semicolon", PlaylistUpdateItems, "uris=a;range_start=0", "", no},
		{"a broken query", PlaylistUpdateItems, "%", "", no},
		{"a member twice", PlaylistUpdateItems, "", `{"range_start":0,"uris":["a"],"range_start":1}`, no},
		{"a member at depth", PlaylistRemoveItems, "", `{"items":[{"uri":"a"},{"uri":"b","positions":[0]}]}`, no},
		{"a member deeper still", PlaylistRemoveItems, "", `{"a":[[{"b":{"c":[{"positions":0}]}}]]}`, no},
		{"snapshot", PlaylistRemoveTracks, "", `{"tracks":[{"uri":"a"}],"snapshot_id":"b"}`, no},
		{"everywhere", PlaylistRemoveItems, "", `{"items":[{"uri":"a"}]}`, yes},
		{"context", PlayerPlay, "device_id=1", `{"context_uri":"a"}`, no},
		{"uris", PlayerPlay, "", `{"uris":["a"]}`, no},
		{"resume", PlayerPlay, "device_id=1", `{"position_ms":5}`, yes},
		{"empty object", PlayerPlay, "", `{}`, yes},

		// A body that is not JSON could have any member.
		{"cut short", PlaylistUpdateItems, "", `{"uris":["a"]`, no},
		{"two documents", PlaylistUpdateItems, "", `{"uris":["a"]}{"range_start":0}`, no},
		{"a form", PlaylistUpdateItems, "", `range_start=0&insert_before=4`, no},
		{"gzip", PlaylistUpdateItems, "", zipped(`{"uris":["a"]}`), no},
		{"a byte order mark", PlaylistUpdateItems, "", "\ufeff" + `{"uris":["a"]}`, no},
		{"UTF-16", PlaylistUpdateItems, "", "{\x00\"\x00}\x00", no},
		{"nested too deep to read", PlaylistUpdateItems, "", strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000), no},
		{"64 KiB", PlaylistUpdateItems, "", long(64 << 10), yes},
		{"64 KiB + 1", PlaylistUpdateItems, "", long(64<<10 + 1), no}, // as for a request that Describer reads

		// Operations that do not depend on the body.
		{"add", PlaylistAddItems, "", `{"uris":["a"]}`, no},
		{"create", PlaylistCreate, "", `{"name":"a"}`, no},
		{"next", PlayerNext, "", "", no},
		{"save", LibrarySave, "uris=a", "", yes},
		{"an album", AlbumGet, "", `{"range_start":0}`, yes},
		{"cover", PlaylistUploadCover, "", "no JSON", yes},
	} {
		call := c.op.Describe(c.query, []byte(c.body))
		if call.Idempotency != c.want {
			t.Errorf("%s: Idempotency is %v, want %v", c.name, call.Idempotency, c.want)
		}
		if call.Operation != c.op.Name || call.Route != c.op.Path || call.Returns == c.op.NoContent || call.Report != nil {
			t.Errorf("%s: the description is %+v", c.name, call)
		}
	}
}

func zipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, text)
	_ = w.Close()
	return b.String()
}

// TestDescribeAtAndUnlisted describes an operation that Do calls by path, and one that the table
// lacks.
func TestDescribeAtAndUnlisted(t *testing.T) {
	at := PlaylistUpdateItems.At("/playlists/1/items")
	if call := at.Describe("", []byte(`{"range_start":0}`)); call.Idempotency != no ||
		call.Operation != PlaylistUpdateItems.Name {
		t.Errorf("At: %+v", call)
	}
	if call := at.Describe("", []byte(`{"uris":[]}`)); call.Idempotency != yes {
		t.Errorf("At: %+v", call)
	}
	for _, returns := range []bool{true, false} {
		call := Unlisted("PUT /new", "PUT", "/new", returns).Describe("", []byte(`{"range_start":0}`))
		if call.Idempotency != yes || call.Route != "/new" || call.Returns != returns {
			t.Errorf("Unlisted(%v): %+v", returns, call)
		}
	}
}

// request returns a request with GetBody.
func request(t *testing.T, method, address, body string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return req
}

func TestDescriberFindsTheOperation(t *testing.T) {
	const api = "https://api.spotify.com"
	for _, c := range []struct{ base, method, address, want string }{
		{"/v1", "GET", api + "/v1/me", "/me"},
		{"/v1/", "GET", api + "/v1/me", "/me"},
		{"/v1", "GET", api + "/v1/me/", "/me"},
		{"/v1", "GET", api + "/v1/me?market=DE#top", "/me"},
		{"/v1", "", api + "/v1/me", "/me"},
		{"/v1", "GET", api + "/v1", ""},
		{"/v1", "GET", api + "/v1/", ""},
		{"/v1", "GET", api + "/v1/new", ""},
		{"/v1", "POST", api + "/v1/me", ""},
		{"/v1", "GET", api + "/v10/me", ""},
		{"/v1", "GET", api + "/v2/me", ""},
		{"/v1", "GET", api + "/me", ""},
		{"", "GET", api + "/me", "/me"},
		{"/", "GET", api + "/me", "/me"},
		{"/gateway/spotify/v1", "GET", "https://intranet.example/gateway/spotify/v1/albums/1", "/albums/{id}"},
		{"/gateway/spotify/v1", "GET", "https://intranet.example/v1/albums/1", ""},
		{"/a%20b", "GET", "https://intranet.example/a%20b/albums/1", "/albums/{id}"},
		{"/v1", "GET", api + "/v1/users/a%2Fb", "/users/{user_id}"},
	} {
		got := ""
		if call := Describer(c.base)(request(t, c.method, c.address, "")); call != nil {
			got = call.Route
		}
		if got != c.want {
			t.Errorf("Describer(%q): %s %s is %q, want %q", c.base, c.method, c.address, got, c.want)
		}
	}
}

// TestDescriberReadsOpaque: a URL's Opaque replaces its path on the wire.
func TestDescriberReadsOpaque(t *testing.T) {
	for _, c := range []struct{ opaque, query, want string }{
		{"//api.spotify.com/v1/playlists/1/items", "", "/playlists/{playlist_id}/items"},
		{"/v1/playlists/1/items", "", "/playlists/{playlist_id}/items"},
		{"//api.spotify.com/v1/playlists/1/items", "range_start=0", "/playlists/{playlist_id}/items"},
		{"//api.spotify.com/v1/playlists/1/items?range_start=0", "", "/playlists/{playlist_id}/items"},
		{"//api.spotify.com/v1/playlists/1%2F2/items", "", "/playlists/{playlist_id}/items"},
		{"//api.spotify.com/new", "", ""},
		{"//api.spotify.com:port/v1/playlists/1/items", "", ""},
	} {
		req := request(t, "PUT", "https://api.spotify.com/v1/me/player/play", "")
		req.URL.Opaque, req.URL.RawQuery = c.opaque, c.query
		call := Describer("/v1")(req)
		if call == nil {
			call = &transport.Call{}
		}
		reorder := strings.Contains(c.opaque+c.query, "range_start")
		if call.Route != c.want || reorder != (call.Idempotency == no) {
			t.Errorf("%s?%s: the description is %+v, want %q", c.opaque, c.query, call, c.want)
		}
	}
}

// TestDescriberReadsTheBody: Describer reads a copy from GetBody and leaves the request's own body
// unread.
func TestDescriberReadsTheBody(t *testing.T) {
	const replace, reorder = `{"uris":["a"]}`, `{"range_start":0,"insert_before":4}`
	const items = "https://api.spotify.com/v1/playlists/1/items"
	long := func(n int) string { return replace + strings.Repeat(" ", n-len(replace)) }
	getBody := func(body io.ReadCloser, err error) func(*http.Request) {
		return func(req *http.Request) { req.GetBody = func() (io.ReadCloser, error) { return body, err } }
	}
	for _, c := range []struct {
		name, method, address, body string
		change                      func(*http.Request)
		want                        transport.Idempotency
	}{
		{"replace", "PUT", items, replace, nil, yes},
		{"reorder", "PUT", items, reorder, nil, no},
		{"no body", "PUT", items, "", nil, yes},
		{"nil body", "PUT", items, "", func(req *http.Request) { req.Body, req.GetBody = nil, nil }, yes},
		{"NoBody", "PUT", items, "", func(req *http.Request) { req.Body, req.GetBody = http.NoBody, nil }, yes},
		{"in the query", "PUT", items + "?range_start=0", "", nil, no},
		{"in the query, with a body", "PUT", items + "?range_start=0", replace, nil, no},
		{"64 KiB", "PUT", items, long(64 << 10), nil, yes},
		{"64 KiB + 1", "PUT", items, long(64<<10 + 1), nil, no},
		{"64 KiB of unknown length", "PUT", items, long(64 << 10), func(req *http.Request) { req.ContentLength = -1 }, yes},
		{
			"64 KiB + 1 of unknown length", "PUT", items, long(64<<10 + 1),
			func(req *http.Request) { req.ContentLength = -1 }, no,
		},
		{
			"64 KiB + 1 that says to be shorter", "PUT", items, long(64<<10 + 1),
			func(req *http.Request) { req.ContentLength = 3 }, no,
		},
		{"no GetBody", "PUT", items, replace, func(req *http.Request) { req.GetBody = nil }, no},
		{"a GetBody that fails", "PUT", items, replace, getBody(nil, errors.New("gone")), no},
		{"a GetBody that returns nothing", "PUT", items, replace, getBody(nil, nil), no},
		{
			"a GetBody whose body fails", "PUT", items, replace,
			getBody(io.NopCloser(io.MultiReader(strings.NewReader(replace), failing{})), nil), no,
		},
		{"gzip", "PUT", items, zipped(replace), func(req *http.Request) { req.Header.Set("Content-Encoding", "gzip") }, no},
		{"broken JSON", "PUT", items, replace[:5], nil, no},

		// Where the body decides nothing, GetBody is not called.
		{"add", "POST", items, replace, func(req *http.Request) { req.GetBody = nil }, no},
		{
			"details", "PUT", "https://api.spotify.com/v1/playlists/1", `{"name":"a"}`,
			func(req *http.Request) { req.GetBody = nil }, yes,
		},
		{
			"cover", "PUT", "https://api.spotify.com/v1/playlists/1/images", long(70 << 10),
			getBody(nil, errors.New("gone")), yes,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			req := request(t, c.method, c.address, c.body)
			if c.change != nil {
				c.change(req)
			}
			call := Describer("/v1")(req)
			if call == nil || call.Idempotency != c.want {
				t.Fatalf("the description is %+v, want Idempotency %v", call, c.want)
			}
			if req.Body != nil {
				if left, err := io.ReadAll(req.Body); err != nil || string(left) != c.body {
					t.Errorf("%d of %d bytes of the request's own body are left: %v", len(left), len(c.body), err)
				}
			}
		})
	}
}

// TestDescriberClosesTheBody: Describer closes the copy of the body and reads at most 64 KiB and
// one byte of it.
func TestDescriberClosesTheBody(t *testing.T) {
	endless := &endlessBody{}
	req := request(t, "PUT", "https://api.spotify.com/v1/me/player/play", "{}")
	req.ContentLength = -1
	req.GetBody = func() (io.ReadCloser, error) { return endless, nil }
	if call := Describer("/v1")(req); call.Idempotency != no {
		t.Errorf("the description is %+v", call)
	}
	if !endless.closed || endless.read > 64<<10+1 {
		t.Errorf("closed: %v, %d bytes read", endless.closed, endless.read)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// endlessBody is far longer than 64 KiB.
type endlessBody struct {
	read   int
	closed bool
}

func (b *endlessBody) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	if b.read += len(p); b.read > 1<<20 {
		return 0, io.EOF // a test that reads it all should fail, not hang
	}
	return len(p), nil
}

func (b *endlessBody) Close() error {
	b.closed = true
	return nil
}
