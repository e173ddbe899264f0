package api_test

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/jpeg"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/mock/internal/mocktest"
)

// jpegOf returns a small picture.
func jpegOf(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 64)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCover(t *testing.T) {
	data := jpegOf(t)
	text := base64.StdEncoding.EncodeToString(data)
	for name, base := range map[string]string{"Spotify's": "https://api.spotify.com",
		"another": "http://other.example:8080"} {
		t.Run(name, func(t *testing.T) {
			tr := mock.New(t, mock.WithCatalogue(cast()))
			url := base + "/v1/playlists/" + mock.PlaylistID + "/images"
			type pictures []struct {
				URL           string
				Width, Height *int
			}
			made := mocktest.FetchJSON[pictures](t, tr, url)
			if len(made) != 3 || made[0].Width == nil || *made[0].Width != 640 {
				t.Fatalf("%+v", made)
			}
			tell(t, tr, []string{"Content-Type", "image/jpeg"}, step{"PUT " + url, text, 202, nothing})
			own := mocktest.FetchJSON[pictures](t, tr, url)
			if len(own) != 1 || own[0].Width != nil || own[0].Height != nil {
				t.Fatalf("%+v", own)
			}
			if r := mocktest.Send(tr, mocktest.Request(t, "GET", own[0].URL, "")); r.Status != 200 || r.Body != string(data) ||
				r.Header.Get("Content-Type") != "image/jpeg" {
				t.Errorf("%s: %+v", own[0].URL, r)
			}
			if host := map[string]string{"Spotify's": "https://i.scdn.co/", "another": base + "/"}[name]; !strings.HasPrefix(
				own[0].URL,
				host,
			) ||
				!strings.HasPrefix(made[0].URL, host) {
				t.Errorf("%s, %s: want %s", own[0].URL, made[0].URL, host)
			}
			if !strings.Contains(mocktest.Get(t, tr, base+"/v1/playlists/"+mock.PlaylistID).Body, own[0].URL) {
				t.Error("the playlist does not have it")
			}
			for _, p := range made {
				r := mocktest.Send(tr, mocktest.Request(t, "GET", p.URL, ""))
				if size, err := jpeg.DecodeConfig(bytes.NewReader([]byte(r.Body))); err != nil || size.Width != *p.Width ||
					size.Height != *p.Height {
					t.Errorf("%s: %v, %v", p.URL, size, err)
				}
			}
		})
	}
}

func TestCoverRefuses(t *testing.T) {
	c := cast()
	other := c.AddPlaylist(catalogue.Playlist{Name: "Other", Owner: "bruno"})
	empty := c.AddPlaylist(catalogue.Playlist{Name: "Empty"})
	text := base64.StdEncoding.EncodeToString(jpegOf(t))
	tr := mock.New(t, mock.WithCatalogue(c))
	for _, c := range []struct {
		kind, id, body string
		status         int
	}{
		{"image/png", mock.PlaylistID, text, 400},
		{"", mock.PlaylistID, text, 400},
		{"image/jpeg", mock.PlaylistID, "data:image/jpeg;base64," + text, 400},
		{"image/jpeg", mock.PlaylistID, text[:60] + "\n" + text[60:], 400},
		{"image/jpeg", mock.PlaylistID, base64.StdEncoding.EncodeToString([]byte("no picture")), 400},
		{"image/jpeg", mock.PlaylistID, "", 400},
		{"image/jpeg", mock.PlaylistID, text + strings.Repeat("A", 256<<10-len(text)+1), 413},
		{"image/jpeg", other, text, 403},
		{"image/jpeg", nobodyID, text, 404},
	} {
		tell(t, tr, []string{"Content-Type", c.kind}, step{"PUT /playlists/" + c.id + "/images", c.body, c.status, nil})
	}
	tell(
		t,
		tr,
		nil,
		step{"GET /playlists/" + empty + "/images", "", 200, says("=[]")},
		step{"GET /playlists/" + empty, "", 200, says(`"images":null`)},
	)
	tell(
		t,
		mock.New(t, mock.WithScopes("playlist-modify-public")),
		[]string{"Content-Type", "image/jpeg"},
		step{"PUT /playlists/" + mock.PlaylistID + "/images", text, 403, says("scope")},
	)
	quiet := mock.New(nil)
	for _, path := range []string{"/image/x", "/image/" + strings.Repeat("0", 40),
		"/image/0041" + strings.Repeat("0", 36), "/image/0040" + strings.Repeat("0", 38)} {
		tell(t, quiet, nil, step{"GET https://i.scdn.co" + path, "", 404, nil})
	}
}
