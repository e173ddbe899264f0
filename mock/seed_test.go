package mock

import (
	"bytes"
	"image/jpeg"
	"slices"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/resources"
)

func TestSeedHoldsWhatItsConstantsSay(t *testing.T) {
	tr := New(t, ExtendedQuota())
	album := fetchJSON[resources.Album](t, tr, "/albums/"+AlbumID)
	if album.TotalTracks != 12 || album.Artists[0].ID != ArtistID || album.Tracks.Items[0].ID != TrackID {
		t.Errorf("%+v", album)
	}
	for market, want := range map[string]bool{"US": true, "DE": false, "SE": false} {
		track := fetchJSON[resources.Track](t, tr, "/tracks/"+RelinkedTrackID+"?market="+market)
		if (track.ID == RelinkedTrackID) != want || (track.LinkedFrom.ID == "") != want || (track.IsPlayable == nil || !*track.IsPlayable) {
			t.Errorf("in %s: %+v", market, track)
		}
	}
	for market, want := range map[string]bool{"US": false, "DE": true, "SE": false} {
		track := fetchJSON[resources.Track](t, tr, "/tracks/"+UnavailableTrackID+"?market="+market)
		if track.IsPlayable == nil || *track.IsPlayable != want || (track.Restrictions.Reason == "") != want {
			t.Errorf("in %s: %+v", market, track)
		}
	}
	show := fetchJSON[resources.Show](t, tr, "/shows/"+ShowID)
	if show.TotalEpisodes != 240 || show.Episodes.Items[0].ID != EpisodeID {
		t.Errorf("%+v", show)
	}
	book := fetchJSON[resources.Audiobook](t, tr, "/audiobooks/"+AudiobookID)
	if book.TotalChapters != 14 || book.Chapters.Items[0].ID != ChapterID {
		t.Errorf("%+v", book)
	}
	me := fetchJSON[resources.PrivateUser](t, tr, "/me")
	if me.ID != UserID || me.Product != "premium" || me.Country != "SE" {
		t.Errorf("%+v", me)
	}
	for list, want := range map[string]int{"/me/tracks": 3000, "/me/albums": 120, "/me/top/artists": 20, "/me/top/tracks": 99} {
		if page := fetchJSON[resources.Page[any]](t, tr, list); page.Total != want {
			t.Errorf("%s: %d", list, page.Total)
		}
	}
	devices := seed().users.byID[UserID].Devices
	if len(devices) != 4 || devices[0].ID != DeviceID || !devices[0].Active {
		t.Errorf("%+v", devices)
	}
	if c := seed(); c.playlists.byID[PlaylistID].Owner != UserID || len(c.playlists.byID[LongPlaylistID].items) != 1200 ||
		!slices.Contains(c.playlists.byID[SharedPlaylistID].Collaborators, UserID) || c.playlists.byID[OtherPlaylistID].Owner != OtherUserID {
		t.Error("playlists")
	}
}

// What a test saves first is new, and so is whom it follows.
func TestSeedHasNothingNamedInTheLibrary(t *testing.T) {
	c := seed()
	for kind, ids := range map[resources.Kind][]string{
		resources.KindAlbum: {AlbumID}, resources.KindArtist: {ArtistID}, resources.KindTrack: {TrackID, RelinkedTrackID, UnavailableTrackID}, resources.KindShow: {ShowID},
		resources.KindEpisode: {EpisodeID}, resources.KindAudiobook: {AudiobookID}, resources.KindUser: {OtherUserID},
	} {
		for _, id := range ids {
			if c.users.byID[UserID].saved[kind].has(id) {
				t.Errorf("the %s %s is saved", kind, id)
			}
		}
	}
}

// The seed is big enough for walks of many pages, and nothing in it stands twice.
func TestSeedIsVaried(t *testing.T) {
	c := seed()
	if len(c.artists.list) < 25 || len(c.tracks.list) < 3000 || len(c.shows.list) < 4 || len(c.audiobooks.list) < 3 || len(c.categories.list) < 5 {
		t.Errorf("%d artists, %d tracks, %d shows, %d audiobooks, %d categories", len(c.artists.list), len(c.tracks.list), len(c.shows.list), len(c.audiobooks.list), len(c.categories.list))
	}
	for _, a := range c.artists.list {
		if a.Name != "Various Artists" && (len(a.albums) < 15 || len(a.guests) == 0) {
			t.Errorf("%s has %d albums and is a guest on %d", a.Name, len(a.albums), len(a.guests))
		}
	}
	for _, a := range c.albums.list {
		seen := map[string]bool{}
		for _, track := range a.tracks {
			if seen[track.Name] {
				t.Errorf("%s: %q stands twice on it", a.Name, track.Name)
			}
			seen[track.Name] = true
		}
		if a.ReleaseDate > past.Format("2006-01-02") {
			t.Errorf("%s came out on %s, which is yet to come", a.Name, a.ReleaseDate)
		}
	}
}

func TestSeedIsTheSameInEveryRun(t *testing.T) {
	one, other := newSeed(), newSeed()
	v := view{surface: extendedQuota}
	for _, kind := range []resources.Kind{resources.KindArtist, resources.KindAlbum, resources.KindShow, resources.KindAudiobook} {
		a, b := one.entries(kind), other.entries(kind)
		if len(a) != len(b) {
			t.Fatalf("%s: %d, then %d", kind, len(a), len(b))
		}
		for i := range a {
			if !bytes.Equal(one.render(a[i], v), other.render(b[i], v)) {
				t.Errorf("%s %d: %s, then %s", kind, i, a[i].name(), b[i].name())
			}
		}
	}
}

// Every picture that an answer names is there, of the size it says.
func TestPicturesAreThere(t *testing.T) {
	tr := New(t, ExtendedQuota())
	for _, path := range []string{"/albums/" + AlbumID, "/artists/" + ArtistID, "/shows/" + ShowID, "/episodes/" + EpisodeID, "/audiobooks/" + AudiobookID, "/chapters/" + ChapterID, "/users/" + UserID} {
		thing := fetchJSON[struct{ Images resources.Images }](t, tr, path)
		if len(thing.Images) == 0 {
			t.Errorf("%s has no picture", path)
		}
		for _, i := range thing.Images {
			r := send(tr, request(t, "GET", i.URL, ""))
			picture, err := jpeg.DecodeConfig(strings.NewReader(r.body))
			if r.status != 200 || err != nil || picture.Width != i.Width || picture.Height != i.Height {
				t.Errorf("%s: %s: %d %s %+v, %v", path, i.URL, r.status, r.header.Get("Content-Type"), picture, err)
			}
		}
	}
}

func BenchmarkSeed(b *testing.B) {
	for b.Loop() {
		newSeed()
	}
}
