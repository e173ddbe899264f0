package api_test

import (
	"image/jpeg"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/mock/internal/mocktest"
	"github.com/seed-2147f1a9/spotify/resources"
)

func TestSeedHoldsWhatItsConstantsSay(t *testing.T) {
	tr := mock.New(t, mock.WithExtendedQuota())
	album := mocktest.FetchJSON[resources.Album](t, tr, "/albums/"+mock.AlbumID)
	if album.TotalTracks != 12 || album.Artists[0].ID != mock.ArtistID || album.Tracks.Items[0].ID != mock.TrackID {
		t.Errorf("%+v", album)
	}
	for market, want := range map[string]bool{"US": true, "DE": false, "SE": false} {
		track := mocktest.FetchJSON[resources.Track](t, tr, "/tracks/"+mock.RelinkedTrackID+"?market="+market)
		if (track.ID == mock.RelinkedTrackID) != want || (track.LinkedFrom.ID == "") != want ||
			(track.IsPlayable == nil || !*track.IsPlayable) {
			t.Errorf("in %s: %+v", market, track)
		}
	}
	for market, want := range map[string]bool{"US": false, "DE": true, "SE": false} {
		track := mocktest.FetchJSON[resources.Track](t, tr, "/tracks/"+mock.UnavailableTrackID+"?market="+market)
		if track.IsPlayable == nil || *track.IsPlayable != want || (track.Restrictions.Reason == "") != want {
			t.Errorf("in %s: %+v", market, track)
		}
	}
	show := mocktest.FetchJSON[resources.Show](t, tr, "/shows/"+mock.ShowID)
	if show.TotalEpisodes != 240 || show.Episodes.Items[0].ID != mock.EpisodeID {
		t.Errorf("%+v", show)
	}
	book := mocktest.FetchJSON[resources.Audiobook](t, tr, "/audiobooks/"+mock.AudiobookID)
	if book.TotalChapters != 14 || book.Chapters.Items[0].ID != mock.ChapterID {
		t.Errorf("%+v", book)
	}
	me := mocktest.FetchJSON[resources.PrivateUser](t, tr, "/me")
	if me.ID != mock.UserID || me.Product != "premium" || me.Country != "SE" {
		t.Errorf("%+v", me)
	}
	for list, want := range map[string]int{"/me/tracks": 3000, "/me/albums": 120, "/me/top/artists": 20,
		"/me/top/tracks": 99} {
		if page := mocktest.FetchJSON[resources.Page[any]](t, tr, list); page.Total != want {
			t.Errorf("%s: %d", list, page.Total)
		}
	}
}

// Every picture in a response can be fetched and has the size in the response.
func TestPicturesAreThere(t *testing.T) {
	tr := mock.New(t, mock.WithExtendedQuota())
	for _, path := range []string{"/albums/" + mock.AlbumID, "/artists/" + mock.ArtistID, "/shows/" + mock.ShowID,
		"/episodes/" + mock.EpisodeID, "/audiobooks/" + mock.AudiobookID, "/chapters/" + mock.ChapterID,
		"/users/" + mock.UserID} {
		thing := mocktest.FetchJSON[struct{ Images resources.Images }](t, tr, path)
		if len(thing.Images) == 0 {
			t.Errorf("%s has no picture", path)
		}
		for _, i := range thing.Images {
			r := mocktest.Send(tr, mocktest.Request(t, "GET", i.URL, ""))
			picture, err := jpeg.DecodeConfig(strings.NewReader(r.Body))
			if r.Status != 200 || err != nil || picture.Width != i.Width || picture.Height != i.Height {
				t.Errorf("%s: %s: %d %s %+v, %v", path, i.URL, r.Status, r.Header.Get("Content-Type"), picture, err)
			}
		}
	}
}
