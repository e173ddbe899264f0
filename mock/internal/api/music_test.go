package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/mock/internal/mocktest"
	"github.com/seed-2147f1a9/spotify/resources"
)

// smallCatalogue returns a catalogue whose entries all differ.
func smallCatalogue() *catalogue.Catalogue {
	c := catalogue.New()
	c.AddArtist(catalogue.Artist{ID: mock.ArtistID, Name: "Ada Quill", Genres: []string{"folk", "pop"}, Popularity: 70})
	c.AddArtist(catalogue.Artist{Name: "Bo Lund", Genres: []string{"pop"}})
	c.AddArtist(catalogue.Artist{Name: "Cy Young", Genres: []string{"metal"}})
	c.AddAlbum(
		catalogue.Album{
			ID:          mock.AlbumID,
			Name:        "First Light",
			Artists:     []string{mock.ArtistID},
			ReleaseDate: "1994-03-07",
			Popularity:  5,
			UPC:         "001",
			Tracks: []catalogue.Track{
				{
					ID:         mock.TrackID,
					Name:       "Dawn",
					Popularity: 10,
					ISRC:       "XX0000000001",
				}, {Name: "Noon", Popularity: 30}, {Name: "Dusk", Popularity: 20, Markets: []string{"DE"}},
			},
		},
	)
	c.AddAlbum(
		catalogue.Album{
			Name:        "Second Light",
			Artists:     []string{mock.ArtistID},
			ReleaseDate: "2001",
			Popularity:  50,
			Markets:     []string{"DE"},
			Tracks:      []catalogue.Track{{Name: "Second Dawn", Popularity: 40}},
		},
	)
	c.AddAlbum(
		catalogue.Album{
			Name:        "Third Light",
			Type:        "single",
			Artists:     []string{mock.ArtistID},
			ReleaseDate: "2025-11-01",
			Popularity:  50,
			Tracks:      []catalogue.Track{{Name: "Third Dawn", Popularity: 1}},
		},
	)
	c.AddAlbum(
		catalogue.Album{
			Name:        "All Light",
			Type:        "compilation",
			Artists:     []string{mock.ArtistID},
			ReleaseDate: "2010",
			Popularity:  50,
			Tracks:      []catalogue.Track{{Name: "All Dawn", Popularity: 2}},
		},
	)
	c.AddAlbum(
		catalogue.Album{
			Name:        "Other Rooms",
			Artists:     []string{"Bo Lund"},
			ReleaseDate: "2005-06",
			Popularity:  50,
			Tracks: []catalogue.Track{
				{Name: "Alone", Popularity: 99},
				{Name: "Together", Artists: []string{"Bo Lund", mock.ArtistID}, Popularity: 60},
			},
		},
	)
	c.AddShow(
		catalogue.Show{
			ID:        mock.ShowID,
			Name:      "Morning Light",
			Publisher: "Ada Quill",
			Markets:   []string{"DE"},
			Episodes:  []catalogue.Episode{{ID: mock.EpisodeID, Name: "Toast"}},
		},
	)
	c.AddAudiobook(
		catalogue.Audiobook{
			ID:       mock.AudiobookID,
			Name:     "Night Light",
			Authors:  []string{"Ada Quill"},
			Markets:  []string{"DE"},
			Chapters: []catalogue.Chapter{{ID: mock.ChapterID, Name: "Dark"}},
		},
	)
	return c
}

type nameOnly struct{ Name string }

// namesAt returns the names in a list, and its total.
func namesAt(t *testing.T, tr *mock.Transport, path, member string) string {
	t.Helper()
	var items []nameOnly
	total := -1
	if member == "" {
		page := mocktest.FetchJSON[resources.Page[nameOnly]](t, tr, path)
		items, total = page.Items, page.Total
	} else {
		items = mocktest.FetchJSON[map[string][]nameOnly](t, tr, path)[member]
	}
	list := make([]string, len(items))
	for i, item := range items {
		list[i] = item.Name
	}
	text := strings.Join(list, "|")
	if total >= 0 {
		text += fmt.Sprint(" of ", total)
	}
	return text
}

func TestListsOfMusic(t *testing.T) {
	tr := mock.New(t, mock.WithCatalogue(smallCatalogue()), mock.WithExtendedQuota())
	of := "/artists/" + mock.ArtistID
	for _, c := range []struct{ path, member, want string }{
		{"/albums/" + mock.AlbumID + "/tracks", "", "Dawn|Noon|Dusk of 3"},
		{"/albums/" + mock.AlbumID + "/tracks?limit=1&offset=1", "", "Noon of 3"},
		{"/albums/" + mock.AlbumID + "/tracks?offset=3", "", " of 3"},
		{"/albums/" + mock.AlbumID + "/tracks?market=SE", "",
			"Dawn|Noon|Dusk of 3"}, // what does not play there is listed all the same
		{of + "/albums", "", "Second Light|First Light|Third Light|All Light|Other Rooms of 5"},
		{of + "/albums?market=SE", "", "First Light|Third Light|All Light|Other Rooms of 4"},
		{of + "/albums?include_groups=appears_on", "", "Other Rooms of 1"},
		{of + "/albums?include_groups=compilation,single", "", "Third Light|All Light of 2"},
		{of + "/albums?limit=2&offset=1", "", "First Light|Third Light of 5"},
		{of + "/top-tracks?market=DE", "tracks", "Together|Second Dawn|Noon|Dusk|Dawn|All Dawn|Third Dawn"},
		{of + "/top-tracks?market=SE", "tracks", "Together|Noon|Dawn|All Dawn|Third Dawn"},
		{of + "/related-artists", "artists", "Bo Lund"},
	} {
		if got := namesAt(t, tr, c.path, c.member); got != c.want {
			t.Errorf("%s: %s, want %s", c.path, got, c.want)
		}
	}
	released := mocktest.FetchJSON[struct{ Albums resources.Page[nameOnly] }](
		t,
		tr,
		"/browse/new-releases?limit=2",
	).Albums
	if len(released.Items) != 2 || released.Items[0].Name != "Third Light" || released.Items[1].Name != "All Light" ||
		released.Total != 5 {
		t.Errorf("%+v", released)
	}
}

// Music that is not available in a market is returned with a restriction. Shows, audiobooks and
// their parts are not returned at all.
func TestMarkets(t *testing.T) {
	tr := mock.New(t, mock.WithCatalogue(smallCatalogue()), mock.WithExtendedQuota())
	for path, want := range map[string]map[string]int{
		"/albums/" + mock.AlbumID:                       {"": 200, "DE": 200, "SE": 200, "from_token": 200},
		"/shows/" + mock.ShowID:                         {"": 200, "DE": 200, "SE": 404, "from_token": 404},
		"/shows/" + mock.ShowID + "/episodes":           {"": 200, "DE": 200, "SE": 404},
		"/episodes/" + mock.EpisodeID:                   {"": 200, "DE": 200, "SE": 404},
		"/audiobooks/" + mock.AudiobookID:               {"": 200, "DE": 200, "SE": 404},
		"/audiobooks/" + mock.AudiobookID + "/chapters": {"": 200, "DE": 200, "SE": 404},
		"/chapters/" + mock.ChapterID:                   {"": 200, "DE": 200, "SE": 404},
	} {
		for market, status := range want {
			url := path
			if market != "" {
				url += "?market=" + market
			}
			if r := mocktest.Get(t, tr, url); r.Status != status {
				t.Errorf("%s: %.200v, want %d", url, r, status)
			}
		}
	}
	track := mocktest.FetchJSON[resources.Page[resources.SimplifiedTrack]](t, tr,
		"/albums/"+mock.AlbumID+"/tracks?market=SE&offset=2").Items[0]
	if track.IsPlayable == nil || *track.IsPlayable || track.Restrictions.Reason != "market" {
		t.Errorf("%+v", track)
	}
	tr = mock.New(t, mock.WithCatalogue(smallCatalogue()))
	app := mocktest.AppToken(t, tr)
	if r := mocktest.Get(t, tr, "/tracks/"+mock.TrackID+"?market=from_token", "Authorization",
		"Bearer "+app); r.String() != refused(
		403,
		"Insufficient client scope",
	) {
		t.Errorf("an app has no market: %v", r)
	}
}

func TestSeveral(t *testing.T) {
	tr := mock.New(t, mock.WithCatalogue(smallCatalogue()), mock.WithExtendedQuota())
	for path, want := range map[string]string{
		"/albums?ids=" + nobodyID + "," + mock.AlbumID:                                    "null First Light",
		"/tracks?ids=" + mock.TrackID + "," + mock.TrackID:                                "Dawn Dawn",
		"/artists?ids=" + mock.ArtistID + "," + nobodyID:                                  "Ada Quill null",
		"/shows?ids=" + mock.ShowID + "," + nobodyID:                                      "Morning Light null",
		"/shows?market=SE&ids=" + mock.ShowID:                                             "null",
		"/episodes?ids=" + mock.EpisodeID:                                                 "Toast",
		"/audiobooks?ids=" + mock.AudiobookID + "&market=DE":                              "Night Light",
		"/chapters?ids=" + mock.ChapterID + "," + mock.ChapterID[:21] + "," + mock.ShowID: "400",
	} {
		r := mocktest.Get(t, tr, path)
		if r.Status != 200 {
			if fmt.Sprint(r.Status) != want {
				t.Errorf("%s: %v", path, r)
			}
			continue
		}
		var list []string
		for _, items := range mocktest.FetchJSON[map[string][]*nameOnly](t, tr, path) {
			for _, item := range items {
				if item == nil {
					item = &nameOnly{"null"}
				}
				list = append(list, item.Name)
			}
		}
		if got := strings.Join(list, " "); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

func TestSearch(t *testing.T) {
	tr := mock.New(t, mock.WithCatalogue(smallCatalogue()), mock.WithExtendedQuota())
	for _, c := range []struct{ query, want string }{
		{"q=dawn&type=track", "tracks: Dawn, Second Dawn, Third Dawn, All Dawn"},
		{"q=DAWN&type=track&limit=1&offset=1", "tracks: Second Dawn"},
		{"q=dawn&type=track&market=SE", "tracks: Dawn, Third Dawn, All Dawn"},
		{"q=third+quill&type=track", "tracks: Third Dawn"}, // words may stand in the artist's name
		{"q=second+light&type=track,album", "tracks: Second Dawn; albums: Second Light"},
		{"q=light&type=album,show,audiobook",
			"albums: First Light, Second Light, Third Light, All Light; shows: Morning Light; audiobooks: Night Light"},
		{"q=toast&type=episode", "episodes: Toast"},
		{"q=lund&type=artist", "artists: Bo Lund"},
		{"q=artist:lund&type=track", "tracks: Alone, Together"},
		{`q=artist:"ada+quill"+together&type=track`, "tracks: Together"},
		{`q=album:"first+light"&type=track`, "tracks: Dawn, Noon, Dusk"},
		{"q=track:noon&type=track", "tracks: Noon"},
		{"q=isrc:xx0000000001&type=track", "tracks: Dawn"},
		{"q=upc:001&type=album", "albums: First Light"},
		{"q=genre:metal&type=artist", "artists: Cy Young"},
		{"q=year:2001&type=album", "albums: Second Light"},
		{"q=year:1990-2004&type=album", "albums: First Light, Second Light"},
		{"q=tag:new&type=album", "albums: Third Light"},
		{"q=tag:hipster&type=album", "albums: First Light"},
		{"q=year:2001&type=show", "shows: "}, // shows have no year
		{"q=what:ever&type=track", "tracks: "},
	} {
		found := mocktest.FetchJSON[map[string]resources.Page[nameOnly]](t, tr, "/search?"+c.query)
		var parts []string
		for _, kind := range []string{"track", "artist", "album", "playlist", "show", "episode", "audiobook"} {
			page, ok := found[kind+"s"]
			if !ok {
				continue
			}
			var list []string
			for _, item := range page.Items {
				list = append(list, item.Name)
			}
			parts = append(parts, kind+"s: "+strings.Join(list, ", "))
		}
		if got := strings.Join(parts, "; "); got != c.want {
			t.Errorf("%s: %s, want %s", c.query, got, c.want)
		}
	}
}

// The pages of a search end at the ceiling, however many results there are.
func TestSearchCeiling(t *testing.T) {
	c := catalogue.New()
	tracks := make([]catalogue.Track, 1100)
	for i := range tracks {
		tracks[i].Name = fmt.Sprint("Take ", i)
	}
	c.AddAlbum(catalogue.Album{Name: "Outtakes", Tracks: tracks})
	tr := mock.New(t, mock.WithCatalogue(c), mock.WithExtendedQuota())
	seen := 0
	for next := "/search?q=take&type=track&limit=50"; next != ""; {
		page := mocktest.FetchJSON[map[string]resources.Page[nameOnly]](t, tr, next)["tracks"]
		seen += len(page.Items)
		next = page.Next
		if page.Total != 1000 {
			t.Fatalf("total %d", page.Total)
		}
	}
	if seen != 1000 {
		t.Errorf("walked over %d", seen)
	}
}
