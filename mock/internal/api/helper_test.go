package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/mock/internal/mocktest"
)

// step is a call such as "PUT /me/library?uris=…" with the expected status code, and with texts
// that are in the body of the response or, with a leading "!", are not in it.
type step struct {
	call   string
	body   string // JSON, unless the headers say something else
	status int
	says   []string
}

// nothing is the body of a response without a body.
var nothing = []string{"="}

func says(texts ...string) []string { return texts }

// tell sends the steps in order. Headers come in pairs of name and value and are added to each
// call.
func tell(t *testing.T, rt http.RoundTripper, headers []string, steps ...step) {
	t.Helper()
	for _, s := range steps {
		method, url, _ := strings.Cut(s.call, " ")
		r := mocktest.Send(rt, mocktest.Request(t, method, url, s.body, headers...))
		if r.Err != nil || r.Status != s.status {
			t.Fatalf("%s %s: %d %s %v, want %d", s.call, s.body, r.Status, r.Body, r.Err, s.status)
		}
		for _, text := range s.says {
			unwanted, not := strings.CutPrefix(text, "!")
			exact, whole := strings.CutPrefix(text, "=")
			if not && strings.Contains(r.Body, unwanted) || whole && r.Body != exact ||
				!not && !whole && !strings.Contains(r.Body, text) {
				t.Errorf("%s %s: says %s, want %s", s.call, s.body, r.Body, text)
			}
		}
	}
}

// as returns the header of a token.
func as(token string) []string { return []string{"Authorization", "Bearer " + token} }

// cast returns a small catalogue with a second user.
func cast() *catalogue.Catalogue {
	c := catalogue.New()
	c.AddArtist(catalogue.Artist{ID: mock.ArtistID, Name: "The Paper Lanterns", Genres: []string{"indie folk"}})
	c.AddAlbum(
		catalogue.Album{
			ID:      mock.AlbumID,
			Name:    "Harbour Lights",
			Artists: []string{mock.ArtistID},
			Tracks:  []catalogue.Track{{ID: mock.TrackID, Name: "Low Tide"}, {Name: "Ferry Song"}},
		},
	)
	c.AddShow(
		catalogue.Show{
			ID:       mock.ShowID,
			Name:     "Tides and Times",
			Episodes: []catalogue.Episode{{ID: mock.EpisodeID, Name: "The Lighthouse"}, {Name: "The Ferry"}},
		},
	)
	c.AddAudiobook(
		catalogue.Audiobook{
			ID:       mock.AudiobookID,
			Name:     "The Long Shore",
			Authors:  []string{"Edda Marsh"},
			Chapters: []catalogue.Chapter{{ID: mock.ChapterID, Name: "One"}, {Name: "Two"}},
		},
	)
	c.AddPlaylist(catalogue.Playlist{ID: mock.PlaylistID, Name: "Evenings", Items: []string{trackURI, partURI}})
	c.AddDevice("", catalogue.Device{Name: "Desk"})
	c.AddUser(catalogue.User{ID: "bruno", Name: "Bruno Kett"})
	c.AddUser(catalogue.User{ID: "frida", Name: "Frida Lund", Product: "free"})
	return c
}

const (
	albumURI  = "spotify:album:" + mock.AlbumID
	artistURI = "spotify:artist:" + mock.ArtistID
	trackURI  = "spotify:track:" + mock.TrackID
	listURI   = "spotify:playlist:" + mock.PlaylistID
	showURI   = "spotify:show:" + mock.ShowID
	partURI   = "spotify:episode:" + mock.EpisodeID
	bookURI   = "spotify:audiobook:" + mock.AudiobookID
	nobodyID  = "AAAAAAAAAAAAAAAAAAAAAA"
)
