package catalogue

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify/resources"
)

func TestInventedHoldsWhatItsConstantsSay(t *testing.T) {
	c := Invented()
	devices := c.users.byID[UserID].Devices
	if len(devices) != 4 || devices[0].ID != DeviceID || !devices[0].Active {
		t.Errorf("%+v", devices)
	}
	if c.playlists.byID[PlaylistID].Owner != UserID || len(c.playlists.byID[LongPlaylistID].Items) != 1200 ||
		!slices.Contains(
			c.playlists.byID[SharedPlaylistID].Collaborators,
			UserID,
		) || c.playlists.byID[OtherPlaylistID].Owner != OtherUserID {
		t.Error("playlists")
	}
}

// What a test saves first is not in the library yet, and the user follows none of the named artists
// and users.
func TestInventedHasNothingNamedInTheLibrary(t *testing.T) {
	saved := Invented().users.byID[UserID].Saved
	for kind, ids := range map[resources.Kind][]string{
		resources.KindAlbum: {AlbumID}, resources.KindArtist: {ArtistID},
		resources.KindTrack: {TrackID, RelinkedTrackID, UnavailableTrackID}, resources.KindShow: {ShowID},
		resources.KindEpisode: {EpisodeID}, resources.KindAudiobook: {AudiobookID}, resources.KindUser: {OtherUserID},
	} {
		for _, id := range ids {
			if slices.Contains(saved, resources.URI(kind, id)) {
				t.Errorf("the %s %s is saved", kind, id)
			}
		}
	}
}

// The invented catalogue is large enough for lists of many pages, and no album has two tracks of
// one name.
func TestInventedIsVaried(t *testing.T) {
	c := Invented().Contents()
	tracks := 0
	own, guest := map[string]int{}, map[string]int{}
	for _, a := range c.Albums {
		tracks += len(a.Tracks)
		for _, id := range a.Artists {
			own[id]++
		}
		seen := map[string]bool{}
		for _, track := range a.Tracks {
			if seen[track.Name] {
				t.Errorf("%s: %q is on it twice", a.Name, track.Name)
			}
			seen[track.Name] = true
			for _, id := range track.Artists {
				if !slices.Contains(a.Artists, id) {
					guest[id]++
				}
			}
		}
		if a.ReleaseDate > inventedOn.Format(time.DateOnly) {
			t.Errorf("%s was released on %s, which is after %s", a.Name, a.ReleaseDate, inventedOn)
		}
	}
	if len(c.Artists) < 25 || tracks < 3000 || len(c.Shows) < 4 || len(c.Audiobooks) < 3 || len(c.Categories) < 5 {
		t.Errorf(
			"%d artists, %d tracks, %d shows, %d audiobooks, %d categories",
			len(c.Artists),
			tracks,
			len(c.Shows),
			len(c.Audiobooks),
			len(c.Categories),
		)
	}
	for _, a := range c.Artists {
		if a.Name != "Various Artists" && (own[a.ID] < 15 || guest[a.ID] == 0) {
			t.Errorf("%s has %d albums and is a guest on %d tracks", a.Name, own[a.ID], guest[a.ID])
		}
	}
}

func TestInventedIsTheSameInEveryRun(t *testing.T) {
	if one, other := invent().Contents(), invent().Contents(); !reflect.DeepEqual(one, other) {
		t.Error("two invented catalogues differ")
	}
}

func BenchmarkInvented(b *testing.B) {
	for b.Loop() {
		invent()
	}
}
