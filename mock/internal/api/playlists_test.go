package api_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/mock/internal/mocktest"
)

func TestPlaylistLife(t *testing.T) {
	tr := mock.New(t, mock.WithCatalogue(cast()))
	r := mocktest.Send(
		tr,
		mocktest.Request(
			t,
			"POST",
			"/me/playlists",
			`{"name":"Road trip","description":"a & b","public":false,"mood":"good"}`,
		),
	)
	var made struct {
		ID, Name, Description, Type, URI string
		Public                           *bool
		Snapshot                         string `json:"snapshot_id"`
		Owner                            struct {
			ID   string
			Name string `json:"display_name"`
		}
		Images []any
		Items  *struct{ Total int }
	}
	if err := json.Unmarshal([]byte(r.Body), &made); err != nil || r.Status != 201 ||
		r.Header.Get("Location") != "https://api.spotify.com/v1/playlists/"+made.ID {
		t.Fatalf("%+v, %v", r, err)
	}
	if made.Name != "Road trip" || made.Description != "a & b" || made.Public == nil ||
		*made.Public || made.Owner.ID != mock.UserID || made.Owner.Name != "Wanda Quill" ||
		made.Images != nil || made.Items == nil || made.Type != "playlist" ||
		made.URI != "spotify:playlist:"+made.ID ||
		made.Snapshot == "" {
		t.Errorf("%s", r.Body)
	}
	path := " /playlists/" + made.ID
	tell(
		t,
		tr,
		nil,
		step{
			"GET /me/playlists",
			"",
			200,
			says(
				`"previous":null,"total":2}`,
				`"items":[{"collaborative":false,"description":"a & b"`,
				path[1:]+`/items","total":0}`,
			),
		},
		step{"PUT" + path, `{"name":"Way home","public":true}`, 200, nothing},
		step{"GET" + path, "", 200, says(`"name":"Way home"`, `"description":"a & b"`, `"public":true`)},
		step{"GET /me/playlists", "", 200, says("Way home", "!Road trip")},
		step{"PUT" + path, `{"collaborative":true}`, 400, says("can't be public")},
		step{"PUT" + path, `{"collaborative":true,"public":false,"description":""}`, 200, nothing},
		step{"GET" + path, "", 200, says(`"collaborative":true`, `"public":false`, `"description":""`)},
		step{"PUT" + path, `{"name":""}`, 400, nil},
		step{"PUT" + path, `{"name":1}`, 400, says("does not adhere")},
		step{"PUT" + path, `name=x`, 400, says("Error parsing JSON.")},
		step{"PUT" + path, ``, 400, says("Error parsing JSON.")},
		step{"POST /me/playlists", `{"description":"nameless"}`, 400, says("Missing required field: name")},
		step{"POST /me/playlists", `{"name":"x","collaborative":true}`, 400, says("can't be public")},
		step{"GET /playlists/short", "", 400, says("Invalid base62 id")},
		step{"GET /playlists/" + nobodyID, "", 404, says("Resource not found")},
		step{"DELETE /me/library?uris=spotify:playlist:" + made.ID, "", 200, nothing},
		step{"GET /me/playlists", "", 200, says(`"previous":null,"total":1}`, "!Way home")},
	)
	tell(
		t,
		tr,
		[]string{"Content-Type", "application/x-www-form-urlencoded"},
		step{"POST /me/playlists", `{"name":"x"}`, 400, says("Error parsing JSON.")},
	)
	tell(
		t,
		tr,
		[]string{"Content-Type", "application/json; charset=utf-8"},
		step{"POST /me/playlists", `{"name":"x"}`, 201, nil},
	)
}

// Two playlists with the same name are different playlists.
func TestPlaylistsAreNotMerged(t *testing.T) {
	tr := mock.New(t, mock.WithCatalogue(cast()))
	tell(t, tr, nil,
		step{"POST /me/playlists", `{"name":"x"}`, 201, nil},
		step{"POST /me/playlists", `{"name":"x"}`, 201, nil},
		step{"GET /me/playlists", "", 200, says(`"previous":null,"total":3}`)})
}

func TestOthersPlaylists(t *testing.T) {
	c := cast()
	open := c.AddPlaylist(catalogue.Playlist{Name: "Open", Owner: "bruno", Items: []string{trackURI}})
	secret := c.AddPlaylist(catalogue.Playlist{Name: "Secret", Owner: "bruno", Private: true, Items: []string{trackURI}})
	shared := c.AddPlaylist(
		catalogue.Playlist{Name: "Shared", Owner: "bruno", Collaborators: []string{mock.UserID}, Items: []string{trackURI}},
	)
	c.AddUser(catalogue.User{ID: "spotify"})
	editorial := c.AddPlaylist(catalogue.Playlist{Name: "Hits", Owner: "spotify", Items: []string{trackURI}})
	t.Run("development mode", func(t *testing.T) {
		tell(t, mock.New(t, mock.WithCatalogue(c)), nil,
			step{"GET /playlists/" + open, "", 200, says("!items", "!tracks", `"name":"Open"`)},
			step{"GET /playlists/" + open + "/items", "", 403, says("Forbidden")},
			step{"GET /playlists/" + open + "/tracks", "", 403, says("Forbidden")},
			step{"GET /playlists/" + secret, "", 404, nil},
			step{"GET /playlists/" + editorial, "", 404, nil},
			step{"GET /playlists/" + shared, "", 200, says(`"items":[{`, mock.TrackID)},
			step{"GET /playlists/" + shared + "/items", "", 200, says(`"item":{`, mock.TrackID)},
			step{"GET /me/playlists", "", 200, says(`"previous":null,"total":2}`, "Shared", "!Secret")},
			step{"GET /search?q=e&type=playlist", "", 200, says("Open", "Evenings", "!Secret", "!Shared")},
		)
	})
	t.Run("extended quota", func(t *testing.T) {
		tell(t, mock.New(t, mock.WithCatalogue(c), mock.WithExtendedQuota()), nil,
			step{"GET /playlists/" + editorial, "", 200, says(`"tracks":{`)},
			step{"GET /playlists/" + open, "", 200, says(`"tracks":{`, `"track":{`, `!"item":`, mock.TrackID)},
			step{"GET /playlists/" + open + "/items", "", 200, says(`"track":{`, `!"item":`)},
			step{"GET /playlists/" + open + "/tracks", "", 200, says(`"track":{`, `!"item":`)},
			step{"GET /users/bruno/playlists", "", 200, says(`"previous":null,"total":1}`, "Open")},
			step{"GET /users/wanda/playlists", "", 200, says(`"previous":null,"total":2}`, "Shared")},
			step{"GET /users/nobody/playlists", "", 404, nil},
			step{"POST /users/wanda/playlists", `{"name":"Mine"}`, 201, nil},
			step{"POST /users/bruno/playlists", `{"name":"His"}`, 403, says("another user")},
		)
	})
	for name, opts := range map[string][]mock.Option{"development mode": nil,
		"extended quota": {mock.WithExtendedQuota()}} {
		t.Run("changing, "+name, func(t *testing.T) {
			tr := mock.New(t, append(opts, mock.WithCatalogue(c))...)
			add := `{"uris":["` + trackURI + `"]}`
			tell(t, tr, nil,
				step{"POST /playlists/" + open + "/items", add, 403, says("don't own")},
				step{"PUT /playlists/" + open + "/items", add, 403, says("don't own")},
				step{"DELETE /playlists/" + open + "/items", `{"items":[{"uri":"` + trackURI + `"}]}`, 403, says("don't own")},
				step{"PUT /playlists/" + open, `{"name":"x"}`, 403, says("don't own")},
				step{"POST /playlists/" + secret + "/items", add, 404, nil},
				step{"POST /playlists/" + shared + "/items", add, 201, nil},
				step{"PUT /playlists/" + shared, `{"name":"x"}`, 403, says("don't own")},
				step{"GET /playlists/" + shared + "/items", "", 200, says(`"total":2`, "users/wanda")})
			tell(t, tr, as(tr.TokenOf("bruno")), step{"GET /playlists/" + shared + "/items", "", 200, says(`"total":2`)},
				step{"PUT /playlists/" + shared, `{"collaborative":false}`, 200, nothing})
			tell(t, tr, nil, step{"POST /playlists/" + shared + "/items", add, 404, nil})
		})
	}
}

func TestPlaylistScopes(t *testing.T) {
	c := cast()
	ids := map[string]string{
		"private": c.AddPlaylist(catalogue.Playlist{Name: "Private", Private: true}),
		"public":  c.AddPlaylist(catalogue.Playlist{Name: "Public"}),
		"shared":  c.AddPlaylist(catalogue.Playlist{Name: "Shared", Collaborators: []string{"bruno"}}),
	}
	refused := says("Insufficient client scope")
	for scope, opens := range map[auth.Scope]string{
		"playlist-read-private":       "read private, read public, read shared, list private, list public",
		"playlist-read-collaborative": "read shared, read public, list shared, list public",
		"playlist-modify-private":     "read public, change private, change shared, create private, list public",
		"playlist-modify-public":      "read public, change public, create public, list public",
		"user-library-read":           "read public, list public",
	} {
		tr := mock.New(t, mock.WithCatalogue(c), mock.WithScopes(scope))
		check := func(what, call, body string, status int) {
			s := step{call, body, 403, refused}
			if strings.Contains(opens, what) {
				s.status, s.says = status, nil
			}
			tell(t, tr, nil, s)
		}
		list := mocktest.Get(t, tr, "/me/playlists").Body
		for name, id := range ids {
			check("read "+name, "GET /playlists/"+id, "", 200)
			check("read "+name, "GET /playlists/"+id+"/items", "", 200)
			check("change "+name, "PUT /playlists/"+id, `{"description":"x"}`, 200)
			check("change "+name, "POST /playlists/"+id+"/items", `{"uris":["`+trackURI+`"]}`, 201)
			check("nobody", "PUT /playlists/"+id+"/images", "x", 202)
			if strings.Contains(list, id) != strings.Contains(opens, "list "+name) {
				t.Errorf("%s: lists %s", scope, list)
			}
		}
		check("create private", "POST /me/playlists", `{"name":"x","public":false}`, 201)
		check("create public", "POST /me/playlists", `{"name":"x"}`, 201)
		check("nobody", "PUT /playlists/"+ids["public"], `{"public":false}`, 200) // needs both
	}
}
