package api_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/mock/internal/mocktest"
)

// numbered returns a catalogue with n tracks.
func numbered(n int) (c *catalogue.Catalogue, uris []string) {
	c = cast()
	for i := range n {
		uris = append(uris, "spotify:track:"+c.AddTrack(catalogue.Track{Name: fmt.Sprintf("Track %d", i)}))
	}
	return c, uris
}

type itemPage struct {
	Total int
	Items []struct {
		Item *struct {
			URI   string
			Track bool
		}
	}
}

// order returns the numbers of the URIs that are in the playlist, in order.
func order(t *testing.T, tr *mock.Transport, id string, uris []string) string {
	t.Helper()
	var found []string
	for _, item := range mocktest.FetchJSON[itemPage](t, tr, "/playlists/"+id+"/items?limit=50").Items {
		if !item.Item.Track {
			t.Errorf("%s: the flag track is missing", item.Item.URI)
		}
		found = append(found, fmt.Sprint(slices.Index(uris, item.Item.URI)))
	}
	return strings.Join(found, " ")
}

func TestPlaylistItems(t *testing.T) {
	c, uris := numbered(6)
	id := c.AddPlaylist(catalogue.Playlist{Name: "List"})
	tr := mock.New(t, mock.WithCatalogue(c))
	path := " /playlists/" + id + "/items"
	list := func(numbers ...int) string {
		var named []string
		for _, n := range numbers {
			named = append(named, `"`+uris[n]+`"`)
		}
		return strings.Join(named, ",")
	}
	for _, c := range []struct {
		call, body string
		status     int
		want       string
	}{
		{"POST" + path, `{"uris":[` + list(0, 1, 2) + `]}`, 201, "0 1 2"},
		{"POST" + path, `{"uris":[` + list(3, 4) + `],"position":1}`, 201, "0 3 4 1 2"},
		{"POST" + path + "?position=0&uris=" + uris[5], `{"uris":[` + list(0) + `]}`, 201, "5 0 3 4 1 2"},
		{"POST" + path + "?uris=" + uris[5] + ",%20" + uris[5], "", 201, "5 0 3 4 1 2 5 5"},
		{"POST" + path, `{"uris":[` + list(0) + `],"position":9}`, 400, "5 0 3 4 1 2 5 5"},
		{"POST" + path, `{"uris":[` + list(0) + `],"position":-1}`, 400, "5 0 3 4 1 2 5 5"},
		{"DELETE" + path, `{"items":[{"uri":` + list(5) + `,"positions":[0]}]}`, 200, "0 3 4 1 2"},
		{"DELETE" + path, `{"items":[{"uri":` + list(5) + `}]}`, 200, "0 3 4 1 2"},
		{"DELETE" + path, `{"tracks":[{"uri":` + list(0) + `}]}`, 400, "0 3 4 1 2"},
		{"PUT" + path, `{"range_start":0,"insert_before":3}`, 200, "3 4 0 1 2"},
		{"PUT" + path, `{"range_start":3,"range_length":2,"insert_before":0}`, 200, "1 2 3 4 0"},
		{"PUT" + path, `{"range_start":0,"range_length":2,"insert_before":5}`, 200, "3 4 0 1 2"},
		{"PUT" + path, `{"range_start":1,"range_length":3,"insert_before":2}`, 200, "3 4 0 1 2"},
		{"PUT" + path, `{"range_start":5,"insert_before":0}`, 400, "3 4 0 1 2"},
		{"PUT" + path, `{"range_start":4,"insert_before":6}`, 400, "3 4 0 1 2"},
		{"PUT" + path, `{"range_start":4,"range_length":2,"insert_before":0}`, 400, "3 4 0 1 2"},
		{"PUT" + path, `{"range_start":4,"range_length":0,"insert_before":0}`, 400, "3 4 0 1 2"},
		{"PUT" + path, `{"range_start":1,"range_length":9223372036854775807,"insert_before":0}`, 400, "3 4 0 1 2"},
		{"PUT" + path, `{"range_start":4}`, 400, "3 4 0 1 2"},
		{"PUT" + path, `{"insert_before":4}`, 400, "3 4 0 1 2"},
		{"PUT" + path, `{"uris":[` + list(1) + `],"range_start":0,"insert_before":1}`, 400, "3 4 0 1 2"},
		{"PUT" + path, `{"uris":null}`, 400, "3 4 0 1 2"},
		{"PUT" + path, `{}`, 400, "3 4 0 1 2"},
		{"PUT" + path, `{"uris":[` + list(2, 1) + `]}`, 200, "2 1"},
		{"PUT" + path + "?uris=" + uris[3], "", 200, "3"},
		{"PUT" + path, `{"uris":[]}`, 200, ""},
		{"POST" + path, `{"uris":[]}`, 400, ""},
		{"POST" + path, `{"items":[` + list(1) + `]}`, 400, ""},
		{"POST" + path, `{"uris":["` + albumURI + `"]}`, 400, ""},
		{"POST" + path, `{"uris":[` + list(1) + `,"spotify:track:` + nobodyID + `"]}`, 400, ""},
		{"POST" + path, `{"uris":["spotify:local:A:B:C:1"]}`, 400, ""},
		{"POST" + path, `{"uris":[` + strings.Repeat(list(1)+",", 100) + list(1) + `]}`, 400, ""},
		{"PUT" + path, `{"uris":[` + strings.Repeat(list(1)+",", 100) + list(1) + `]}`, 400, ""},
		{"DELETE" + path, `{"items":[` + strings.Repeat(`{"uri":`+list(1)+"},", 100) + `{"uri":` + list(1) + `}]}`, 400,
			""},
		{"DELETE" + path, `{"items":[{"uri":"x"}]}`, 400, ""},
		{"DELETE" + path, `{"items":{}}`, 400, ""},
		{"DELETE" + path, ``, 400, ""},
	} {
		s := step{c.call, c.body, c.status, nil}
		if c.status < 300 {
			s.says = says(`{"snapshot_id":"AAAA`)
		}
		tell(t, tr, nil, s)
		if got := order(t, tr, id, uris); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.call, c.body, got, c.want)
		}
	}
	if got := order(t, mock.New(t, mock.WithCatalogue(c)), id, uris); got != "" {
		t.Errorf("another fake of the same catalogue has %q", got)
	}
}

func TestSnapshots(t *testing.T) {
	c, uris := numbered(3)
	id, other := c.AddPlaylist(
		catalogue.Playlist{Name: "List", Items: uris},
	), c.AddPlaylist(
		catalogue.Playlist{Name: "Other"},
	)
	tr := mock.New(t, mock.WithCatalogue(c))
	snapshot := func(id string) string {
		return mocktest.FetchJSON[struct {
			ID string `json:"snapshot_id"`
		}](t, tr, "/playlists/"+id).ID
	}
	first := snapshot(id)
	move := func(snapshot string, status int) step {
		return step{
			"PUT /playlists/" + id + "/items",
			`{"range_start":0,"insert_before":3,"snapshot_id":"` + snapshot + `"}`,
			status,
			nil,
		}
	}
	tell(t, tr, nil, move(first, 200), move(first, 200), move(snapshot(id), 200))
	tell(
		t,
		tr,
		nil,
		step{"PUT /playlists/" + id + "/items", `{"range_start":1,"insert_before":2}`, 200, says(snapshot(id))},
	) // where it is already
	tell(
		t,
		mock.New(t, mock.WithCatalogue(c)),
		nil,
		move(snapshot(id), 400),
	) // not yet there
	if now := snapshot(id); now == first || now == snapshot(other) {
		t.Errorf("%s, first %s", now, first)
	}
	for _, wrong := range []string{snapshot(other), "x", "AAAA", strings.ToUpper(first)} {
		tell(
			t,
			tr,
			nil,
			move(wrong, 400),
			step{
				"DELETE /playlists/" + id + "/items",
				`{"items":[{"uri":"` + uris[0] + `"}],"snapshot_id":"` + wrong + `"}`,
				400,
				says("snapshot"),
			},
		)
	}
	before := snapshot(id)
	tell(
		t,
		tr,
		nil,
		step{
			"DELETE /playlists/" + id + "/items",
			`{"items":[{"uri":"` + partURI + `"}],"snapshot_id":"` + first + `"}`,
			200,
			says(before),
		},
	)
}

// The deprecated operations work for apps with extended quota.
func TestPlaylistTracks(t *testing.T) {
	c, uris := numbered(101)
	id := c.AddPlaylist(catalogue.Playlist{Name: "List", Items: uris})
	tr := mock.New(t, mock.WithCatalogue(c), mock.WithExtendedQuota())
	path := "/playlists/" + id + "/tracks"
	tell(
		t,
		tr,
		nil,
		step{"GET /playlists/" + id, "", 200, says(`"limit":100`, `"total":101`, path+`?offset=100&limit=100"`)},
		step{"GET " + path + "?limit=100", "", 200, says(`"total":101`)},
		step{"GET " + path + "?limit=101", "", 400, says("Invalid limit")},
		step{"GET /playlists/" + id + "/items?limit=51", "", 400, says("Invalid limit")},
		step{"DELETE " + path, `{"items":[{"uri":"` + uris[0] + `"}]}`, 400, says("No uris provided")},
		step{"DELETE " + path, `{"tracks":[{"uri":"` + uris[0] + `","positions":[7]}]}`, 200, says("snapshot_id")},
		step{"POST " + path, `{"uris":["` + uris[0] + `"]}`, 201, nil},
		step{"PUT " + path, `{"range_start":100,"insert_before":0}`, 200, nil},
		step{
			"GET " + path + "?limit=1&fields=total,items(track.uri)",
			"",
			200,
			says(`={"items":[{"track":{"uri":"` + uris[0] + `"}}],"total":101}`),
		},
		step{"PUT " + path, `{"uris":["` + uris[1] + `"]}`, 200, nil},
		step{
			"GET /playlists/" + id + "?fields=name,tracks(total,items(track(name,album(!name,!images,!artists))))",
			"",
			200,
			says(`"total":1`, `"release_date"`, "!images"),
		},
	)
}

func TestFieldsOfPlaylists(t *testing.T) {
	tell(
		t,
		mock.New(t, mock.WithCatalogue(cast())),
		nil,
		step{
			"GET /playlists/" + mock.PlaylistID + "?fields=name,owner(id)",
			"",
			200,
			says(`={"name":"Evenings","owner":{"id":"wanda"}}`),
		},
		step{"GET /playlists/" + mock.PlaylistID + "?fields=items(total,items(added_by.id,item(name)))", "", 200,
			says(
				`={"items":{"items":[{"added_by":{"id":"wanda"},"item":{"name":"Low Tide"}},` +
					`{"added_by":{"id":"wanda"},"item":{"name":"The Lighthouse"}}],"total":2}}`,
			)},
		step{
			"GET /playlists/" + mock.PlaylistID + "/items?fields=total,next&limit=1",
			"",
			200,
			says(`"total":2`, "fields=total%2Cnext", "!items\":["),
		},
		step{"GET /playlists/" + mock.PlaylistID + "?fields=name(", "", 400, says("Invalid fields")},
		step{"GET /playlists/" + mock.PlaylistID + "/items?fields=,", "", 400, says("Invalid fields")},
	)
}

func TestWhatPlaylistsHold(t *testing.T) {
	c := cast()
	id := c.AddPlaylist(
		catalogue.Playlist{
			Name:  "Mixed",
			Items: []string{trackURI, partURI, "spotify:local:The+Band:An+Album:A+Song:212", ""},
		},
	)
	type entry struct {
		Local bool `json:"is_local"`
		By    struct{ ID string }
		At    string         `json:"added_at"`
		Item  map[string]any `json:"item"`
		Track map[string]any `json:"track"`
	}
	for name, opts := range map[string][]mock.Option{"development mode": nil,
		"extended quota": {mock.WithExtendedQuota()}} {
		t.Run(name, func(t *testing.T) {
			tr := mock.New(t, append(opts, mock.WithCatalogue(c))...)
			list := func(query string) (all []map[string]any) {
				items := mocktest.FetchJSON[struct{ Items []entry }](t, tr, "/playlists/"+id+"/items"+query).Items
				for i, item := range items {
					of, other := item.Item, item.Track
					if opts != nil {
						of, other = other, of
					}
					if other != nil || item.Local != (i == 2) || item.At == "" {
						t.Errorf("%d: %+v", i, item)
					}
					all = append(all, of)
				}
				return all
			}
			all := list("?additional_types=track,episode")
			if len(all) != 4 || all[0]["type"] != "track" || all[0]["track"] != true || all[1]["type"] != "episode" ||
				all[1]["description"] == nil ||
				all[1]["show"] == nil ||
				all[3] != nil {
				t.Errorf("%v", all)
			}
			local := all[2]
			if local["id"] != nil || local["href"] != nil || local["name"] != "A Song" || local["duration_ms"] != 212000.0 ||
				local["album"].(map[string]any)["name"] != "An Album" ||
				local["uri"] != "spotify:local:The+Band:An+Album:A+Song:212" ||
				local["is_local"] != true {
				t.Errorf("%v", local)
			}
			plain := list("")
			if e := plain[1]; e["type"] != "episode" || e["description"] != nil ||
				e["album"].(map[string]any)["name"] != "Tides and Times" ||
				e["episode"] != true {
				t.Errorf("%v", e)
			}
			tell(
				t,
				tr,
				nil,
				step{
					"DELETE /playlists/" + id + "/items",
					`{"items":[{"uri":"spotify:local:The+Band:An+Album:A+Song:212"}]}`,
					200,
					nil,
				},
				step{"GET /playlists/" + id + "/items", "", 200, says(`"total":3`)},
			)
		})
	}
}

// Concurrent additions are all in the playlist afterwards, each once.
func TestManyAddAtOnce(t *testing.T) {
	const people, each = 100, 5
	c, uris := numbered(people)
	id := c.AddPlaylist(catalogue.Playlist{Name: "List", Items: []string{trackURI}})
	tr := mock.New(t, mock.WithCatalogue(c))
	var wg sync.WaitGroup
	for i, uri := range uris {
		wg.Go(func() {
			for n := range each {
				body := `{"uris":["` + uri + `"]}`
				if i%2 == 0 {
					body = `{"uris":["` + uri + `"],"position":0}`
				}
				if r := mocktest.Send(tr, mocktest.Request(t, "POST", "/playlists/"+id+"/items", body)); r.Status != 201 {
					t.Errorf("%+v", r)
				}
				if n == 0 {
					mocktest.Get(t, tr, "/playlists/"+id)
				}
			}
		})
	}
	wg.Wait()
	count := map[string]int{}
	for offset := 0; offset <= people*each; offset += 50 {
		for _, item := range mocktest.FetchJSON[itemPage](t, tr, fmt.Sprintf("/playlists/%s/items?limit=50&offset=%d", id,
			offset)).Items {
			count[item.Item.URI]++
		}
	}
	for _, uri := range uris {
		if count[uri] != each {
			t.Errorf("%s: %d times", uri, count[uri])
		}
	}
	if len(count) != people+1 {
		t.Errorf("%d tracks", len(count))
	}
	applied := 0
	for _, call := range tr.Calls("POST", "/playlists/{playlist_id}/items") {
		if call.Applied {
			applied++
		}
	}
	if applied != people*each {
		t.Errorf("%d applied", applied)
	}
}
