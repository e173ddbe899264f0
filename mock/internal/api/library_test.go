package api_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/mock/internal/mocktest"
)

func TestLibrary(t *testing.T) {
	all := strings.Join([]string{albumURI, artistURI, trackURI, showURI, partURI, bookURI, "spotify:user:bruno"}, ",")
	tr := mock.New(t, mock.WithCatalogue(cast()))
	tell(
		t,
		tr,
		nil,
		step{"GET /me/library/contains?uris=" + all, "", 200, says("=[false,false,false,false,false,false,false]")},
		step{"PUT /me/library?uris=" + all, "", 200, nothing},
		step{"PUT /me/library?uris=" + all, "", 200, nothing},
		step{"GET /me/library/contains?uris=" + all, "", 200, says("=[true,true,true,true,true,true,true]")},
		step{"GET /me/albums", "", 200, says(`"total":1`, mock.AlbumID)},
		step{"GET /me/audiobooks", "", 200, says(`"total":1`, mock.AudiobookID)},
		step{"GET /me/following?type=artist", "", 200, says(mock.ArtistID)},
		step{
			"GET /me/library/contains?uris=" + listURI + "," + albumURI,
			"",
			200,
			says("=[true,true]"),
		}, // one's own playlist
		step{"DELETE /me/library?uris=" + albumURI + ",spotify:user:bruno," + trackURI, "", 200, nothing},
		step{"DELETE /me/library?uris=" + albumURI, "", 200, nothing},
		step{"GET /me/library/contains?uris=" + all, "", 200, says("=[false,true,false,true,true,true,false]")},
		step{"GET /me/albums", "", 200, says(`"total":0`)},
	)
	tell(
		t,
		tr,
		as(tr.TokenOf("bruno")),
		step{"GET /me/library/contains?uris=" + all, "", 200, says("=[false,false,false,false,false,false,false]")},
	)
	tell(
		t,
		mock.New(t, mock.WithCatalogue(cast())),
		nil,
		step{"GET /me/library/contains?uris=" + artistURI, "", 200, says("=[false]")},
	)
}

// A user cannot follow a playlist that the user cannot see.
func TestLibraryKeepsSecrets(t *testing.T) {
	c := cast()
	secret := "spotify:playlist:" + c.AddPlaylist(catalogue.Playlist{Name: "Secret", Owner: "bruno", Private: true})
	tr := mock.New(t, mock.WithCatalogue(c))
	tell(
		t,
		tr,
		nil,
		step{"PUT /me/library?uris=" + secret, "", 404, nil},
		step{"GET /me/library/contains?uris=" + secret, "", 200, says("=[false]")},
	)
	tell(t, tr, as(tr.TokenOf("bruno")), step{"GET /me/library/contains?uris=" + secret, "", 200, says("=[true]")})
}

func TestLibraryRefuses(t *testing.T) {
	missing := says(`"Missing required field: uris"`)
	for _, s := range []step{
		{"PUT /me/library", `{"uris":["` + albumURI + `"]}`, 400, missing},
		{"DELETE /me/library", `{"uris":["` + albumURI + `"]}`, 400, missing},
		{"GET /me/library/contains", "", 400, missing},
		{"PUT /me/library?uris=" + strings.Repeat(albumURI+",", 40) + albumURI, "", 400, says("Too many uris")},
		{"PUT /me/library?uris=" + mock.AlbumID, "", 400, says("Invalid uri: " + mock.AlbumID)},
		{"PUT /me/library?uris=spotify:chapter:" + mock.ChapterID, "", 400, says("Invalid uri")},
		{"PUT /me/library?uris=spotify:album:short", "", 400, says("Invalid uri")},
		{"PUT /me/library?uris=" + trackURI + ",spotify:track:" + nobodyID, "", 404, says("Resource not found")},
		{"PUT /me/library?uris=spotify:user:nobody", "", 404, nil},
		{"GET /me/library/contains?uris=" + trackURI + ",spotify:track:" + nobodyID, "", 200,
			says("=[false,false]")}, // all or nothing
		{"GET /me/albums?limit=51", "", 400, says("Invalid limit")},
		{"PUT /me/albums?ids=" + mock.AlbumID, "", 403, says("Forbidden")},
		{"PUT /me/following?type=artist&ids=" + mock.ArtistID, "", 403, says("Forbidden")},
	} {
		tell(t, mock.New(t), nil, s)
	}
}

// Saved items, followed items and playlists need different scopes.
func TestLibraryScopes(t *testing.T) {
	for _, c := range []struct {
		uri, modify, read string
	}{
		{trackURI, "user-library-modify", "user-library-read"},
		{showURI, "user-library-modify", "user-library-read"},
		{artistURI, "user-follow-modify", "user-follow-read"},
		{"spotify:user:bruno", "user-follow-modify", "user-follow-read"},
		{listURI, "playlist-modify-public", "playlist-read-private"},
	} {
		calls := map[string][]string{
			c.modify: {"PUT /me/library", "DELETE /me/library"},
			c.read:   {"GET /me/library/contains"},
		}
		for _, granted := range []string{"user-library-modify", "user-library-read", "user-follow-modify",
			"user-follow-read", "playlist-modify-public", "playlist-read-private"} {
			tr := mock.New(t, mock.WithCatalogue(cast()), mock.WithScopes(auth.Scope(granted)))
			for needed, list := range calls {
				for _, call := range list {
					s := step{call + "?uris=" + c.uri, "", 403, says("Insufficient client scope")}
					if granted == needed {
						s.status, s.says = 200, nil
					}
					tell(t, tr, nil, s)
				}
			}
		}
	}
}

func TestLibraryByKind(t *testing.T) {
	for plural, id := range map[string]string{"albums": mock.AlbumID, "audiobooks": mock.AudiobookID,
		"episodes": mock.EpisodeID, "shows": mock.ShowID, "tracks": mock.TrackID} {
		most := 50
		if plural == "albums" {
			most = 20
		}
		path := " /me/" + plural
		tell(t, mock.New(t, mock.WithCatalogue(cast()), mock.WithExtendedQuota()), nil,
			step{"GET" + path + "/contains?ids=" + id + "," + nobodyID, "", 200, says("=[false,false]")},
			step{"PUT" + path + "?ids=" + id, "", 200, nothing},
			step{"GET" + path + "/contains?ids=" + id + "," + nobodyID, "", 200, says("=[true,false]")},
			step{"GET" + path, "", 200, says(`"total":1`, id)},
			step{"DELETE" + path + "?ids=" + id, "", 200, nothing},
			step{"PUT" + path, `{"ids":["` + id + `"],"extra":1}`, 200, nothing},
			step{"GET" + path + "/contains?ids=" + id, "", 200, says("=[true]")},
			step{"DELETE" + path, `{"ids":["` + id + `"]}`, 200, nothing},
			step{"GET" + path + "/contains?ids=" + id, "", 200, says("=[false]")},
			step{"PUT" + path, "", 400, says("Missing required field: ids")},
			step{"PUT" + path, `{"uris":[]}`, 400, says("Missing required field: ids")},
			step{"PUT" + path, `{"ids":`, 400, says("Error parsing JSON.")},
			step{"PUT" + path, `{"ids":"` + id + `"}`, 400, says("does not adhere")},
			step{"PUT" + path + "?ids=spotify:track:" + id, "", 400, says("Invalid base62 id")},
			step{"PUT" + path + "?ids=" + strings.Repeat(id+",", most) + id, "", 400, says("oo many ids")},
			step{"PUT" + path + "?ids=" + nobodyID, "", 404, nil},
		)
	}
}

func TestSavedAtATime(t *testing.T) {
	c := cast()
	for _, name := range []string{"One", "Two", "Three", "Four"} {
		c.AddTrack(catalogue.Track{ID: name + strings.Repeat("0", 22-len(name)), Name: name})
	}
	id := func(name string) string { return name + strings.Repeat("0", 22-len(name)) }
	tr := mock.New(t, mock.WithCatalogue(c), mock.WithExtendedQuota())
	tell(
		t,
		tr,
		nil,
		step{
			"PUT /me/tracks",
			`{"timestamped_ids":[{"id":"` + id(
				"One",
			) + `","added_at":"2012-01-01T00:00:00Z"},{"id":"` + id(
				"Two",
			) + `","added_at":"2010-06-01T00:00:00Z"}]}`,
			200,
			nothing,
		},
		step{"PUT /me/tracks?ids=" + id("Three"), "", 200, nothing},
		step{
			"PUT /me/tracks",
			`{"timestamped_ids":[{"id":"` + id("Four") + `","added_at":"2011-01-01T00:00:00Z"}]}`,
			200,
			nothing,
		},
		step{"PUT /me/tracks", `{"timestamped_ids":[{"id":"` + id("Four") + `","added_at":"yesterday"}]}`, 400, nil},
	)
	page := mocktest.FetchJSON[struct {
		Items []struct {
			At    time.Time `json:"added_at"`
			Track struct{ Name string }
		}
		Next, Previous *string
	}](t, tr, "/me/tracks?limit=3")
	var names []string
	for _, item := range page.Items {
		names = append(names, item.Track.Name)
	}
	if got := strings.Join(names, " "); got != "Three One Four" || page.Items[1].At.Year() != 2012 || page.Next == nil ||
		page.Previous != nil {
		t.Errorf("%+v", page)
	}
}

func TestManySaveAtOnce(t *testing.T) {
	c := catalogue.New()
	var uris []string
	for i := range 200 {
		uris = append(uris, "spotify:track:"+c.AddTrack(catalogue.Track{Name: strings.Repeat("la ", i+1)}))
	}
	tr := mock.New(t, mock.WithCatalogue(c))
	var wg sync.WaitGroup
	for _, uri := range uris {
		wg.Go(func() {
			for _, call := range []string{"PUT", "PUT", "GET"} {
				path := "/me/library?uris=" + uri
				if call == "GET" {
					path = "/me/tracks?limit=50"
				}
				if r := mocktest.Send(tr, mocktest.Request(t, call, path, "")); r.Status != 200 {
					t.Errorf("%+v", r)
				}
			}
		})
	}
	wg.Wait()
	tell(t, tr, nil, step{"GET /me/tracks?limit=1", "", 200, says(`"total":200`)})
}
