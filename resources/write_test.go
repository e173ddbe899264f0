package resources

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"
)

// A playlist and the URIs of items, for the tables.
var (
	playlistA = anID('p')
	trackURI  = "spotify:track:" + trackA
	otherURI  = "spotify:episode:" + episodeA
)

// writeCase is one call of one method: its request with the body, a response, and the result.
type writeCase struct {
	want, body string
	response   string
	result     string
	call       func(context.Context, *Services) (string, error)
}

const (
	newVersion  = `{"snapshot_id":"v2"}`
	itemsPath   = "/playlists/pppppppppppppppppppppp/items"
	tracksPath  = "/playlists/pppppppppppppppppppppp/tracks"
	playedOnTop = `{"uris":["spotify:track:tttttttttttttttttttttt","spotify:episode:eeeeeeeeeeeeeeeeeeeeee"],"position":0}`
)

// done returns the result of a call that returns only an error.
func done(err error) (string, error) { return "", err }

// booleans returns the result of a call that returns booleans.
func booleans(got []bool, err error) (string, error) { return fmt.Sprint(got), err }

var smallJPEG = "\xff\xd8\xff\xe0\x00\x10JFIF\x00"

var writeCases = map[string]writeCase{
	"Playlists.Create": {
		"POST /me/playlists",
		`{"name":"Road trip","public":false,"collaborative":true,"description":"Long"}`,
		seenItem,
		"seen",
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Playlists.Create(ctx, &CreatePlaylistParams{"Road trip", new(false), true, "Long"})
			return got.Name, err
		},
	},
	"Playlists.Create, name only": {
		"POST /me/playlists",
		`{"name":"Road trip"}`,
		seenItem,
		"seen",
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Playlists.Create(ctx, &CreatePlaylistParams{Name: "Road trip"})
			return got.Name, err
		},
	},
	"Playlists.CreateForUser": {
		"POST /users/a%2F%23/playlists",
		`{"name":"Road trip"}`,
		seenItem,
		"seen",
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Playlists.CreateForUser(ctx, "a/#", &CreatePlaylistParams{Name: "Road trip"})
			return got.Name, err
		},
	},
	"Playlists.ChangeDetails": {
		"PUT /playlists/" + playlistA,
		`{"name":"N","public":false,"collaborative":true,"description":""}`,
		"",
		"",
		func(ctx context.Context, s *Services) (string, error) {
			return done(
				s.Playlists.ChangeDetails(
					ctx,
					"spotify:playlist:"+playlistA,
					&ChangeDetailsParams{"N", new(false), new(true), new("")},
				),
			)
		},
	},
	"Playlists.ChangeDetails, one": {
		"PUT /playlists/" + playlistA,
		`{"public":true}`,
		"",
		"",
		func(ctx context.Context, s *Services) (string, error) {
			return done(s.Playlists.ChangeDetails(ctx, playlistA, &ChangeDetailsParams{Public: new(true)}))
		},
	},
	"Playlists.AddItems": {
		"POST " + itemsPath,
		playedOnTop,
		newVersion,
		"v2",
		func(ctx context.Context, s *Services) (string, error) {
			return s.Playlists.AddItems(
				ctx,
				playlistA,
				[]string{"https://open.spotify.com/intl-de/track/" + trackA + "?si=1", otherURI},
				&AddItemsParams{new(0)},
			)
		},
	},
	"Playlists.AddItems, at the end": {
		"POST " + itemsPath,
		`{"uris":["` + trackURI + `"]}`,
		newVersion,
		"v2",
		func(ctx context.Context, s *Services) (string, error) {
			return s.Playlists.AddItems(ctx, playlistA, []string{trackURI}, nil)
		},
	},
	"Playlists.AddTracks": {
		"POST " + tracksPath,
		playedOnTop,
		newVersion,
		"v2",
		func(ctx context.Context, s *Services) (string, error) {
			return s.Playlists.AddTracks(ctx, playlistA, []string{trackURI, otherURI}, &AddItemsParams{new(0)})
		},
	},
	"Playlists.RemoveItems": {
		"DELETE " + itemsPath,
		`{"items":[{"uri":"` + trackURI + `"},{"uri":"` + otherURI + `"}]}`,
		newVersion,
		"v2",
		func(ctx context.Context, s *Services) (string, error) {
			return s.Playlists.RemoveItems(ctx, playlistA, []string{trackURI, otherURI}, nil)
		},
	},
	"Playlists.RemoveItems, of a version": {
		"DELETE " + itemsPath,
		`{"items":[{"uri":"` + trackURI + `"}],"snapshot_id":"v1"}`,
		newVersion,
		"v2",
		func(ctx context.Context, s *Services) (string, error) {
			return s.Playlists.RemoveItems(ctx, playlistA, []string{trackURI}, &RemoveItemsParams{"v1"})
		},
	},
	"Playlists.RemoveTracks": {
		"DELETE " + tracksPath,
		`{"tracks":[{"uri":"` + trackURI + `"}],"snapshot_id":"v1"}`,
		newVersion,
		"v2",
		func(ctx context.Context, s *Services) (string, error) {
			return s.Playlists.RemoveTracks(ctx, playlistA, []string{trackURI}, &RemoveItemsParams{"v1"})
		},
	},
	"Playlists.ReplaceItems": {
		"PUT " + itemsPath,
		`{"uris":["` + trackURI + `"]}`,
		newVersion,
		"v2",
		func(ctx context.Context, s *Services) (string, error) {
			return s.Playlists.ReplaceItems(ctx, playlistA, []string{trackURI})
		},
	},
	"Playlists.ReplaceItems, with nothing": {
		"PUT " + itemsPath,
		`{"uris":[]}`,
		newVersion,
		"v2",
		func(ctx context.Context, s *Services) (string, error) {
			return s.Playlists.ReplaceItems(ctx, playlistA, []string{})
		},
	},
	"Playlists.ReplaceTracks": {
		"PUT " + tracksPath,
		`{"uris":["` + trackURI + `"]}`,
		newVersion,
		"v2",
		func(ctx context.Context, s *Services) (string, error) {
			return s.Playlists.ReplaceTracks(ctx, playlistA, []string{trackURI})
		},
	},
	"Playlists.ReorderItems": {
		"PUT " + itemsPath,
		`{"range_start":9,"insert_before":0,"range_length":2,"snapshot_id":"v1"}`,
		newVersion,
		"v2",
		func(ctx context.Context, s *Services) (string, error) {
			return s.Playlists.ReorderItems(ctx, playlistA, 9, 0, &ReorderItemsParams{2, "v1"})
		},
	},
	"Playlists.ReorderTracks": {
		"PUT " + tracksPath,
		`{"range_start":0,"insert_before":10}`,
		newVersion,
		"v2",
		func(ctx context.Context, s *Services) (string, error) {
			return s.Playlists.ReorderTracks(ctx, playlistA, 0, 10, nil)
		},
	},
	"Playlists.UploadCoverImage": {
		"PUT /playlists/" + playlistA + "/images",
		base64.StdEncoding.EncodeToString([]byte(smallJPEG)),
		"",
		"",
		func(ctx context.Context, s *Services) (string, error) {
			return done(s.Playlists.UploadCoverImage(ctx, playlistA, []byte(smallJPEG)))
		},
	},
	"Playlists.Follow": {
		"PUT /playlists/" + playlistA + "/followers",
		`{"public":false}`,
		"",
		"",
		func(ctx context.Context, s *Services) (string, error) {
			return done(s.Playlists.Follow(ctx, playlistA, &FollowPlaylistParams{new(false)}))
		},
	},
	"Playlists.Follow, in the open": {
		"PUT /playlists/" + playlistA + "/followers",
		`{}`,
		"",
		"",
		func(ctx context.Context, s *Services) (string, error) {
			return done(s.Playlists.Follow(ctx, playlistA, nil))
		},
	},
	"Playlists.Unfollow": {
		"DELETE /playlists/" + playlistA + "/followers",
		"",
		"",
		"",
		func(ctx context.Context, s *Services) (string, error) {
			return done(s.Playlists.Unfollow(ctx, playlistA))
		},
	},
	"Playlists.Follows": {
		"GET /playlists/" + playlistA + "/followers/contains",
		"",
		"[true]",
		"true",
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Playlists.Follows(ctx, playlistA)
			return fmt.Sprint(got), err
		},
	},
	"Library.Save": {
		"PUT /me/library?uris=spotify%3Aalbum%3A" + albumA + "%2Cspotify%3Auser%3Aa%252Cb",
		"",
		"",
		"",
		func(ctx context.Context, s *Services) (string, error) {
			return done(s.Library.Save(ctx, "https://open.spotify.com/album/"+albumA, "spotify:user:a%2Cb"))
		},
	},
	"Library.Remove": {
		"DELETE /me/library?uris=spotify%3Aartist%3A" + artistA + "%2Cspotify%3Aplaylist%3A" + playlistA,
		"",
		"",
		"",
		func(ctx context.Context, s *Services) (string, error) {
			return done(s.Library.Remove(ctx, "spotify:artist:"+artistA, "spotify:user:somebody:playlist:"+playlistA))
		},
	},
	"Library.Contains": {
		"GET /me/library/contains?uris=spotify%3Aaudiobook%3A" + audiobookA + "%2Cspotify%3Ashow%3A" + showA,
		"",
		"[true,null]",
		"[true false]",
		func(ctx context.Context, s *Services) (string, error) {
			return booleans(s.Library.Contains(ctx, "spotify:audiobook:"+audiobookA, "spotify:show:"+showA))
		},
	},
	"Albums.Save": {
		"PUT /me/albums?ids=" + albumA + "%2C" + trackB,
		"",
		"",
		"",
		func(ctx context.Context, s *Services) (string, error) {
			return done(s.Albums.Save(ctx, "spotify:album:"+albumA, trackB))
		},
	},
	"Albums.Remove": {
		"DELETE /me/albums?ids=" + albumA,
		"",
		"",
		"",
		func(ctx context.Context, s *Services) (string, error) {
			return done(s.Albums.Remove(ctx, albumA))
		},
	},
	"Albums.Contains": {
		"GET /me/albums/contains?ids=" + albumA,
		"",
		"[true]",
		"[true]",
		func(ctx context.Context, s *Services) (string, error) {
			return booleans(s.Albums.Contains(ctx, albumA))
		},
	},
	"Audiobooks.Save": {
		"PUT /me/audiobooks?ids=" + audiobookA,
		"",
		"",
		"",
		func(ctx context.Context, s *Services) (string, error) {
			return done(s.Audiobooks.Save(ctx, "spotify:show:"+audiobookA))
		},
	},
	"Audiobooks.Remove": {
		"DELETE /me/audiobooks?ids=" + audiobookA,
		"",
		"",
		"",
		func(ctx context.Context, s *Services) (string, error) {
			return done(s.Audiobooks.Remove(ctx, audiobookA))
		},
	},
	"Audiobooks.Contains": {
		"GET /me/audiobooks/contains?ids=" + audiobookA,
		"",
		"[true]",
		"[true]",
		func(ctx context.Context, s *Services) (string, error) {
			return booleans(s.Audiobooks.Contains(ctx, audiobookA))
		},
	},
	"Episodes.Save": {
		"PUT /me/episodes?ids=" + episodeA,
		"",
		"",
		"",
		func(ctx context.Context, s *Services) (string, error) {
			return done(s.Episodes.Save(ctx, episodeA))
		},
	},
	"Episodes.Remove": {
		"DELETE /me/episodes?ids=" + episodeA,
		"",
		"",
		"",
		func(ctx context.Context, s *Services) (string, error) {
			return done(s.Episodes.Remove(ctx, episodeA))
		},
	},
	"Episodes.Contains": {
		"GET /me/episodes/contains?ids=" + episodeA,
		"",
		"[false]",
		"[false]",
		func(ctx context.Context, s *Services) (string, error) {
			return booleans(s.Episodes.Contains(ctx, episodeA))
		},
	},
	"Shows.Save": {"PUT /me/shows?ids=" + showA, "", "", "", func(ctx context.Context, s *Services) (string, error) {
		return done(s.Shows.Save(ctx, showA))
	}},
	"Shows.Remove": {"DELETE /me/shows?ids=" + showA, "", "", "", func(ctx context.Context, s *Services) (string, error) {
		return done(s.Shows.Remove(ctx, showA))
	}},
	"Shows.Contains": {
		"GET /me/shows/contains?ids=" + showA,
		"",
		"[true]",
		"[true]",
		func(ctx context.Context, s *Services) (string, error) {
			return booleans(s.Shows.Contains(ctx, showA))
		},
	},
	"Tracks.Save": {
		"PUT /me/tracks",
		`{"ids":["` + trackA + `","` + trackB + `"]}`,
		"",
		"",
		func(ctx context.Context, s *Services) (string, error) {
			return done(s.Tracks.Save(ctx, trackURI, trackB))
		},
	},
	"Tracks.SaveAt": {
		"PUT /me/tracks",
		`{"timestamped_ids":[{"id":"` + trackA + `","added_at":"2023-01-15T14:30:00.123Z"}]}`,
		"",
		"",
		func(ctx context.Context, s *Services) (string, error) {
			at := time.Date(2023, 1, 15, 16, 30, 0, 123456789, time.FixedZone("", 7200))
			return done(s.Tracks.SaveAt(ctx, TimestampedID{trackURI, at}))
		},
	},
	"Tracks.Remove": {
		"DELETE /me/tracks?ids=" + trackA,
		"",
		"",
		"",
		func(ctx context.Context, s *Services) (string, error) {
			return done(s.Tracks.Remove(ctx, trackA))
		},
	},
	"Tracks.Contains": {
		"GET /me/tracks/contains?ids=" + trackA + "%2C" + trackB,
		"",
		"[false,true]",
		"[false true]",
		func(ctx context.Context, s *Services) (string, error) {
			return booleans(s.Tracks.Contains(ctx, trackA, trackB))
		},
	},
	"Users.Follow": {
		"PUT /me/following?ids=a%23b&type=user",
		"",
		"",
		"",
		func(ctx context.Context, s *Services) (string, error) {
			return done(s.Users.Follow(ctx, KindUser, "a#b"))
		},
	},
	"Users.Unfollow": {
		"DELETE /me/following?ids=" + artistA + "&type=artist",
		"",
		"",
		"",
		func(ctx context.Context, s *Services) (string, error) {
			return done(s.Users.Unfollow(ctx, KindArtist, "spotify:artist:"+artistA))
		},
	},
	"Users.Follows": {
		"GET /me/following/contains?ids=" + artistA + "&type=artist",
		"",
		"[true]",
		"[true]",
		func(ctx context.Context, s *Services) (string, error) {
			return booleans(s.Users.Follows(ctx, KindArtist, artistA))
		},
	},
}

func TestWriteRequests(t *testing.T) {
	for name, tc := range writeCases {
		t.Run(name, func(t *testing.T) { tc.run(t) })
	}
}

func (tc writeCase) run(t *testing.T) {
	s, r := record(t, Config{}, always(200, tc.response))
	got, err := tc.call(t.Context(), s)
	if err != nil || got != tc.result {
		t.Errorf("got %q, %v, want %q", got, err, tc.result)
	}
	all := r.sent()
	if len(all) != 1 || all[0].line() != tc.want || all[0].Body != tc.body {
		t.Fatalf("sent %+v\nwant one %s with %s", all, tc.want, tc.body)
	}
	kind := "application/json"
	switch {
	case tc.body == "":
		kind = ""
	case strings.HasSuffix(tc.want, "/images"):
		kind = "image/jpeg"
	}
	if all[0].ContentType != kind {
		t.Errorf("sent the body as %q, want %q", all[0].ContentType, kind)
	}
}

// A command takes every status code below 300, and ignores the body.
func TestCommandsIgnoreBody(t *testing.T) {
	for status, body := range map[int]string{200: "", 201: `{"a":`, 202: "<html>", 204: ""} {
		s, _ := record(t, Config{}, always(status, body))
		if err := s.Library.Save(t.Context(), trackURI); err != nil {
			t.Errorf("%d %q: %v", status, body, err)
		}
	}
	s, _ := record(t, Config{}, always(201, newVersion))
	if got, err := s.Playlists.AddItems(t.Context(), playlistA, []string{trackURI}, nil); got != "v2" || err != nil {
		t.Errorf("201: %q, %v", got, err)
	}
}
