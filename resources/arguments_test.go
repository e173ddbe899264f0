package resources

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// Invalid arguments are errors before anything is sent. The error names the operation, the
// argument, its value and the valid values.
func TestInvalidArguments(t *testing.T) {
	one := []string{trackURI}
	albumURI := "spotify:album:" + albumA
	tooLarge := append([]byte(smallJPEG), make([]byte, 192<<10-len(smallJPEG)+1)...)
	for name, tc := range map[string]struct {
		operation, argument, says string
		call                      func(context.Context, *Services) error
	}{
		"create nothing": {
			"POST /me/playlists",
			"p",
			"Name",
			func(ctx context.Context, s *Services) error { _, err := s.Playlists.Create(ctx, nil); return err },
		},
		"create nameless": {"POST /me/playlists", "Name", `""`, func(ctx context.Context, s *Services) error {
			_, err := s.Playlists.Create(ctx, &CreatePlaylistParams{})
			return err
		}},
		"create open to all": {"POST /me/playlists", "Collaborative", "Public", func(ctx context.Context, s *Services) error {
			_, err := s.Playlists.Create(ctx, &CreatePlaylistParams{Name: "x", Collaborative: true})
			return err
		}},
		"create public for all": {
			"POST /users/{user_id}/playlists",
			"Collaborative",
			"Public",
			func(ctx context.Context, s *Services) error {
				_, err := s.Playlists.CreateForUser(ctx, "me", &CreatePlaylistParams{
					Name:          "x",
					Collaborative: true,
					Public:        new(true),
				})
				return err
			},
		},
		"create for ..": {"POST /users/{user_id}/playlists", "id", `".."`, func(ctx context.Context, s *Services) error {
			_, err := s.Playlists.CreateForUser(ctx, "..", &CreatePlaylistParams{Name: "x"})
			return err
		}},
		"change nothing": {"PUT /playlists/{playlist_id}", "p", "at least one", func(ctx context.Context, s *Services) error {
			return s.Playlists.ChangeDetails(ctx, playlistA, &ChangeDetailsParams{})
		}},
		"change nil": {
			"PUT /playlists/{playlist_id}",
			"p",
			"at least one",
			func(ctx context.Context, s *Services) error { return s.Playlists.ChangeDetails(ctx, playlistA, nil) },
		},
		"change to public for all": {
			"PUT /playlists/{playlist_id}",
			"Collaborative",
			"want false, or Public set to false",
			func(ctx context.Context, s *Services) error {
				return s.Playlists.ChangeDetails(ctx, playlistA, &ChangeDetailsParams{Collaborative: new(true), Public: new(true)})
			},
		},
		"change an album": {"PUT /playlists/{playlist_id}", "id", "album", func(ctx context.Context, s *Services) error {
			return s.Playlists.ChangeDetails(ctx, albumURI, &ChangeDetailsParams{Name: "x"})
		}},
		"add an album": {
			"POST /playlists/{playlist_id}/items",
			"uris[1]",
			"track, episode",
			func(ctx context.Context, s *Services) error {
				_, err := s.Playlists.AddItems(ctx, playlistA, []string{trackURI, albumURI}, nil)
				return err
			},
		},
		"add a bare id": {
			"POST /playlists/{playlist_id}/tracks",
			"uris[0]",
			trackA,
			func(ctx context.Context, s *Services) error {
				_, err := s.Playlists.AddTracks(ctx, playlistA, []string{trackA}, nil)
				return err
			},
		},
		"add before the beginning": {
			"POST /playlists/{playlist_id}/items",
			"Position",
			"-1",
			func(ctx context.Context, s *Services) error {
				_, err := s.Playlists.AddItems(ctx, playlistA, one, &AddItemsParams{new(-1)})
				return err
			},
		},
		"add to an album": {
			"POST /playlists/{playlist_id}/items",
			"id",
			"album",
			func(ctx context.Context, s *Services) error {
				_, err := s.Playlists.AddItems(ctx, albumURI, one, nil)
				return err
			},
		},
		"remove an album": {
			"DELETE /playlists/{playlist_id}/tracks",
			"uris[0]",
			"track, episode",
			func(ctx context.Context, s *Services) error {
				_, err := s.Playlists.RemoveTracks(ctx, playlistA, []string{albumURI}, nil)
				return err
			},
		},
		"replace with nil": {
			"PUT /playlists/{playlist_id}/items",
			"uris",
			"clears",
			func(ctx context.Context, s *Services) error {
				_, err := s.Playlists.ReplaceItems(ctx, playlistA, nil)
				return err
			},
		},
		"replace with an album": {
			"PUT /playlists/{playlist_id}/tracks",
			"uris[0]",
			"track, episode",
			func(ctx context.Context, s *Services) error {
				_, err := s.Playlists.ReplaceTracks(ctx, playlistA, []string{albumURI})
				return err
			},
		},
		"reorder from before": {
			"PUT /playlists/{playlist_id}/items",
			"rangeStart",
			"-1",
			func(ctx context.Context, s *Services) error {
				_, err := s.Playlists.ReorderItems(ctx, playlistA, -1, 0, nil)
				return err
			},
		},
		"reorder to before": {
			"PUT /playlists/{playlist_id}/tracks",
			"insertBefore",
			"-2",
			func(ctx context.Context, s *Services) error {
				_, err := s.Playlists.ReorderTracks(ctx, playlistA, 0, -2, nil)
				return err
			},
		},
		"reorder fewer than none": {
			"PUT /playlists/{playlist_id}/items",
			"RangeLength",
			"-3",
			func(ctx context.Context, s *Services) error {
				_, err := s.Playlists.ReorderItems(ctx, playlistA, 0, 0, &ReorderItemsParams{RangeLength: -3})
				return err
			},
		},
		"upload a PNG": {
			"PUT /playlists/{playlist_id}/images",
			"jpeg",
			"image/png",
			func(ctx context.Context, s *Services) error {
				return s.Playlists.UploadCoverImage(ctx, playlistA, []byte("\x89PNG\x0D\x0A\x1A\x0A"))
			},
		},
		"upload nothing": {
			"PUT /playlists/{playlist_id}/images",
			"jpeg",
			"JPEG",
			func(ctx context.Context, s *Services) error { return s.Playlists.UploadCoverImage(ctx, playlistA, nil) },
		},
		"upload base64": {
			"PUT /playlists/{playlist_id}/images",
			"jpeg",
			"text/plain",
			func(ctx context.Context, s *Services) error {
				return s.Playlists.UploadCoverImage(ctx, playlistA, []byte("/9j/4AAQSkZJRg=="))
			},
		},
		"upload too much": {
			"PUT /playlists/{playlist_id}/images",
			"jpeg",
			"at most 196608 bytes",
			func(ctx context.Context, s *Services) error {
				return s.Playlists.UploadCoverImage(ctx, playlistA, tooLarge)
			},
		},
		"too many items": {
			"GET /playlists/{playlist_id}/items",
			"Limit",
			"1 to 50",
			func(ctx context.Context, s *Services) error {
				_, err := s.Playlists.Items(ctx, playlistA, &PlaylistItemsParams{ListParams: ListParams{Limit: 51}})
				return err
			},
		},
		"too many tracks": {
			"GET /playlists/{playlist_id}/tracks",
			"Limit",
			"1 to 100",
			func(ctx context.Context, s *Services) error {
				_, err := s.Playlists.Tracks(ctx, playlistA, &PlaylistItemsParams{ListParams: ListParams{Limit: 101}})
				return err
			},
		},
		"items from before": {
			"GET /playlists/{playlist_id}/items",
			"Offset",
			"-1",
			func(ctx context.Context, s *Services) error {
				_, err := s.Playlists.Items(ctx, playlistA, &PlaylistItemsParams{ListParams: ListParams{Offset: -1}})
				return err
			},
		},
		"a market": {"GET /playlists/{playlist_id}", "Market", `"de"`, func(ctx context.Context, s *Services) error {
			_, err := s.Playlists.Get(ctx, playlistA, &GetPlaylistParams{Market: "de"})
			return err
		}},
		"a playlist": {
			"GET /playlists/{playlist_id}",
			"id",
			`"x"`,
			func(ctx context.Context, s *Services) error { _, err := s.Playlists.Get(ctx, "x", nil); return err },
		},
		"a user of ..": {
			"GET /users/{user_id}/playlists",
			"id",
			`".."`,
			func(ctx context.Context, s *Services) error { _, err := s.Playlists.OfUser(ctx, "..", nil); return err },
		},
		"save a chapter": {"PUT /me/library", "uris[1]", "track", func(ctx context.Context, s *Services) error {
			return s.Library.Save(ctx, trackURI, "spotify:chapter:"+chapterA)
		}},
		"remove an id": {
			"DELETE /me/library",
			"uris[0]",
			"a Spotify URI",
			func(ctx context.Context, s *Services) error { return s.Library.Remove(ctx, trackA) },
		},
		"remove no URI": {
			"DELETE /me/library",
			"uris[0]",
			"22 letters",
			func(ctx context.Context, s *Services) error { return s.Library.Remove(ctx, "spotify:track:x,spotify") },
		},
		"contains, last is wrong": {
			"GET /me/library/contains",
			"uris[90]",
			"nonsense",
			func(ctx context.Context, s *Services) error {
				_, err := s.Library.Contains(ctx, append(trackURIs(90), "nonsense")...)
				return err
			},
		},
		"save a track as an album": {
			"PUT /me/albums",
			"ids[1]",
			"track",
			func(ctx context.Context, s *Services) error { return s.Albums.Save(ctx, albumA, trackURI) },
		},
		"contains an odd id": {
			"GET /me/shows/contains",
			"ids[0]",
			"22 letters",
			func(ctx context.Context, s *Services) error { _, err := s.Shows.Contains(ctx, "x"); return err },
		},
		"save at no moment": {
			"PUT /me/tracks",
			"tracks[0].AddedAt",
			"a time that is not zero",
			func(ctx context.Context, s *Services) error { return s.Tracks.SaveAt(ctx, TimestampedID{ID: trackA}) },
		},
		"save an album at a moment": {
			"PUT /me/tracks",
			"tracks[0].ID",
			"album",
			func(ctx context.Context, s *Services) error {
				return s.Tracks.SaveAt(ctx, TimestampedID{albumURI, time.Now()})
			},
		},
		"follow a track": {
			"PUT /me/following",
			"kind",
			"artist or user",
			func(ctx context.Context, s *Services) error { return s.Users.Follow(ctx, KindTrack, trackA) },
		},
		"unfollow two in one": {"DELETE /me/following", "ids[1]", "comma", func(ctx context.Context, s *Services) error {
			return s.Users.Unfollow(ctx, KindUser, "a", "spotify:user:b%2Cc")
		}},
		"follows ..": {"GET /me/following/contains", "ids[0]", `".."`, func(ctx context.Context, s *Services) error {
			_, err := s.Users.Follows(ctx, KindUser, "..")
			return err
		}},
		"follows a user as artist": {
			"GET /me/following/contains",
			"ids[0]",
			"user",
			func(ctx context.Context, s *Services) error {
				_, err := s.Users.Follows(ctx, KindArtist, "spotify:user:x")
				return err
			},
		},
		"search for nothing": {
			"GET /search",
			"q",
			`" "`,
			func(ctx context.Context, s *Services) error { _, err := s.Search.Query(ctx, " ", nil); return err },
		},
		"search for a user": {"GET /search", "Types[1]", "user", func(ctx context.Context, s *Services) error {
			_, err := s.Search.Query(ctx, "x", &SearchParams{Types: []SearchType{SearchTrack, "user"}})
			return err
		}},
		"search for too many": {"GET /search", "Limit", "1 to 50", func(ctx context.Context, s *Services) error {
			_, err := s.Search.Query(ctx, "x", &SearchParams{ListParams: ListParams{Limit: 51}})
			return err
		}},
		"search from before": {"GET /search", "Offset", "0 or more", func(ctx context.Context, s *Services) error {
			_, err := s.Search.Query(ctx, "x", &SearchParams{ListParams: ListParams{Offset: -1}})
			return err
		}},
		"search past the end": {"GET /search", "Offset", "0 to 999", func(ctx context.Context, s *Services) error {
			_, err := s.Search.Query(ctx, "x", &SearchParams{ListParams: ListParams{Offset: 1000}})
			return err
		}},
		"search over the end": {
			"GET /search",
			"Limit",
			"1 to 5 from Offset 995",
			func(ctx context.Context, s *Services) error {
				_, err := s.Search.Query(ctx, "x", &SearchParams{ListParams: ListParams{Offset: 995, Limit: 6}})
				return err
			},
		},
		"search in a bad market": {"GET /search", "Market", "XYZ", func(ctx context.Context, s *Services) error {
			_, err := s.Search.Query(ctx, "x", &SearchParams{Market: "XYZ"})
			return err
		}},
		"iterate from past the end": {"GET /search", "Offset", "0 to 999", func(ctx context.Context, s *Services) error {
			_, err := Collect(s.Search.AllTracks(ctx, "x", &SearchAllParams{ListParams: ListParams{Offset: 1000}}), 0)
			return err
		}},
		"iterate with too large pages": {"GET /search", "Limit", "1 to 50", func(ctx context.Context, s *Services) error {
			_, err := Collect(s.Search.AllTracks(ctx, "x", &SearchAllParams{ListParams: ListParams{Limit: 60}}), 0)
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s, r := record(t, Config{}, always(200, `{}`))
			err := tc.call(t.Context(), s)
			bad, ok := errors.AsType[*ArgumentError](err)
			if !ok || !errors.Is(err, ErrInvalidArgument) || bad.Name != tc.argument ||
				!strings.Contains(err.Error(), tc.says) ||
				!strings.HasPrefix(err.Error(), "spotify: "+tc.operation+": ") {
				t.Errorf("%v", err)
			}
			if n := len(r.sent()); n > 0 {
				t.Errorf("%d requests were sent", n)
			}
		})
	}
}

// A cover of 192 KiB is the largest; it is sent as 256 KiB.
func TestLargestCover(t *testing.T) {
	s, r := record(t, Config{}, always(202, ""))
	jpeg := slices.Concat([]byte(smallJPEG), make([]byte, 192<<10-len(smallJPEG)))
	if err := s.Playlists.UploadCoverImage(t.Context(), playlistA, jpeg); err != nil {
		t.Fatal(err)
	}
	if body := r.sent()[0].Body; len(body) != 256<<10 || strings.ContainsAny(body, "\r\n:,") {
		t.Errorf("sent %d bytes, beginning with %.40s", len(body), body)
	}
}
