package resources

import (
	"errors"
	"strings"
	"testing"
)

func TestParseID(t *testing.T) {
	id := trackA
	for _, tc := range []struct {
		want  Kind
		given string
		id    string // empty if it is invalid
		says  string
	}{
		{KindTrack, id, id, ""},
		{KindTrack, "spotify:track:" + id, id, ""},
		{KindTrack, "https://open.spotify.com/track/" + id, id, ""},
		{KindTrack, "http://open.spotify.com/track/" + id + "/", id, ""},
		{KindTrack, "open.spotify.com/track/" + id, id, ""},
		{KindTrack, "https://open.spotify.com/intl-de/track/" + id + "?si=4f5a&utm_source=x", id, ""},
		{KindTrack, "https://open.spotify.com/intl-pt-br/track/" + id + "#1:02", id, ""},
		{KindTrack, "https://open.spotify.com/embed/track/" + id + "?utm=1", id, ""},
		{KindTrack, "https://open.spotify.com/intl-de/embed/track/" + id, id, ""},
		{KindTrack, "https://play.spotify.com/track/" + id, id, ""},
		{KindPlaylist, "spotify:user:x:playlist:" + id, id, ""},
		{KindPlaylist, "https://open.spotify.com/user/x/playlist/" + id, id, ""},
		{KindChapter, "spotify:episode:" + id, id, ""}, // Spotify calls chapters episodes
		{KindAudiobook, "spotify:show:" + id, id, ""},
		{KindUser, "smedjan", "smedjan", ""},
		{KindUser, "spotify:user:a%2Fb", "a/b", ""},
		{KindUser, "a/b", "a/b", ""},
		{KindUser, "a#b%c d", "a#b%c d", ""},
		{KindUser, "...", "...", ""},
		{KindUser, id, id, ""},
		{KindUser, "https://open.spotify.com/user/n%C3%BCkkel", "nükkel", ""},
		{KindCategory, "0JQ5DAqbMKFRY5ok2pxXJ0", "0JQ5DAqbMKFRY5ok2pxXJ0", ""},
		{KindCategory, "hip hop", "hip hop", ""},

		{KindTrack, "", "", `id ""`},
		{KindTrack, "abc", "", "22 letters and digits"},
		{KindTrack, id + "x", "", "22 letters and digits"},
		{KindTrack, id[1:] + "-", "", "22 letters and digits"},
		{KindTrack, "spotify:track:", "", "22 letters and digits"},
		{KindTrack, "spotify:track:abc", "", "22 letters and digits"},
		{
			KindTrack,
			"spotify:album:" + id,
			"",
			"the track's id, URI or open.spotify.com link, not the album's",
		},
		{
			KindAlbum,
			"https://open.spotify.com/intl-de/track/" + id,
			"",
			"the album's id, URI or open.spotify.com link, not the track's",
		},
		{KindEpisode, "spotify:chapter:" + id, "", "not the chapter's"},
		{KindTrack, "https://spotify.link/abc", "", "22 letters and digits"}, // only following it tells where it leads
		{KindTrack, "https://open.spotify.com.evil/track/" + id, "", "22 letters and digits"},
		{KindTrack, "https://evil/open.spotify.com/track/" + id, "", "22 letters and digits"},
		{KindTrack, "spotify:track:" + id + ":more", "", "22 letters and digits"},
		{KindTrack, "spotify:track:..%2Fme", "", "22 letters and digits"},
		{KindUser, "", "", `id ""`},
		{KindUser, ".", "", "neither . nor .."},
		{KindUser, "..", "", "neither . nor .."},
		{KindUser, "spotify:user:%2E%2E", "", "neither . nor .."},
		{KindUser, "a\nb", "", "control character"},
		{KindUser, "a\x7fb", "", "control character"},
		{KindUser, strings.Repeat("x", 257), "", "1 to 256 characters"},
		{KindCategory, "..", "", "neither . nor .."},
	} {
		got, err := ParseID(tc.want, tc.given)
		if tc.id != "" {
			if err != nil || got != tc.id {
				t.Errorf("ParseID(%s, %q) = %q, %v, want %q", tc.want, tc.given, got, err, tc.id)
			}
			continue
		}
		if bad, ok := errors.AsType[*ArgumentError](err); !ok || bad.Name != "id" || !errors.Is(err, ErrInvalidArgument) ||
			!strings.Contains(err.Error(), tc.says) {
			t.Errorf("ParseID(%s, %q) = %q, %v, want an error that says %q", tc.want, tc.given, got, err, tc.says)
		}
	}
}

func TestParseURI(t *testing.T) {
	id := albumA
	for given, want := range map[string]struct {
		kind Kind
		id   string
	}{
		"spotify:album:" + id:                               {KindAlbum, id},
		"spotify:artist:" + id:                              {KindArtist, id},
		"spotify:audiobook:" + id:                           {KindAudiobook, id},
		"spotify:chapter:" + id:                             {KindChapter, id},
		"spotify:episode:" + id:                             {KindEpisode, id},
		"spotify:show:" + id:                                {KindShow, id},
		"spotify:user:a%20b":                                {KindUser, "a b"},
		"spotify:user:x:playlist:" + id:                     {KindPlaylist, id},
		"https://open.spotify.com/intl-de/album/" + id:      {KindAlbum, id},
		"https://open.spotify.com/user/x/playlist/" + id:    {KindPlaylist, id},
		"https://open.spotify.com/playlist/" + id + "?si=1": {KindPlaylist, id},
	} {
		kind, got, err := ParseURI(given)
		if err != nil || kind != want.kind || got != want.id {
			t.Errorf("ParseURI(%q) = %s, %q, %v", given, kind, got, err)
		}
		if again, back, err := ParseURI(URI(kind, got)); err != nil || again != kind || back != got {
			t.Errorf("%q and back: %s, %q, %v", given, again, back, err)
		}
	}
	for _, given := range []string{
		"",
		id,
		"spotify:",
		"spotify:album",
		"spotify:album:",
		"spotify:album:x",
		"spotify:local:a:b:c:1",
		"spotify:category:" + id,
		"spotify:user:x:collection",
		"https://open.spotify.com/",
		"https://open.spotify.com/album",
		"https://open.spotify.com/album/x",
		"https://spotify.link/x",
		"https://evil/album/" + id,
		"spotify:user:..",
	} {
		if kind, got, err := ParseURI(given); !errors.Is(err, ErrInvalidArgument) {
			t.Errorf("ParseURI(%q) = %s, %q, %v", given, kind, got, err)
		}
	}
}

// An error has only the beginning of a long text.
func TestLongIDsAreShortenedInErrors(t *testing.T) {
	_, err := ParseID(KindTrack, strings.Repeat("x", 100_000))
	if n := len(err.Error()); n > 500 {
		t.Errorf("the error has %d characters", n)
	}
}
