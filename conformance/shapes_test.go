package conformance

// These tests have one case for each form in which Spotify has been seen to respond and that its
// reference does not promise: a call returns the value that encoding/json decodes.

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/resources"
	"github.com/seed-2147f1a9/spotify/transport"
)

// shape is a response and the value that a method must return for it.
type shape struct {
	name, body string
	do         func(ctx, api) (any, error)
	check      func(t *testing.T, got any)
}

// shapeOf returns a shape of a method's response.
func shapeOf[T any](name, body string, do func(ctx, api) (T, error), holds func(T) bool) shape {
	return shape{name, body, func(c ctx, s api) (any, error) { return do(c, s) }, func(t *testing.T, got any) {
		if !holds(got.(T)) {
			t.Errorf("%s is %+v", body, got)
		}
	}}
}

// Methods that most shapes are about.
func getTrack(c ctx, s api) (*resources.Track, error)   { return s.Tracks.Get(c, mock.TrackID, nil) }
func getAlbum(c ctx, s api) (*resources.Album, error)   { return s.Albums.Get(c, mock.AlbumID, nil) }
func getArtist(c ctx, s api) (*resources.Artist, error) { return s.Artists.Get(c, mock.ArtistID) }
func getShow(c ctx, s api) (*resources.Show, error)     { return s.Shows.Get(c, mock.ShowID, nil) }
func getMe(c ctx, s api) (*resources.PrivateUser, error) {
	return s.Users.Me(c)
}
func getState(c ctx, s api) (*resources.PlaybackState, error) { return s.Player.State(c, nil) }
func getDevices(c ctx, s api) ([]resources.Device, error)     { return s.Player.Devices(c) }
func getPlaylistWhole(c ctx, s api) (*resources.Playlist, error) {
	return s.Playlists.Get(c, mock.PlaylistID, nil)
}

type entries = *resources.Page[resources.PlaylistItem]

func getEntries(c ctx, s api) (entries, error) { return s.Playlists.Items(c, mock.PlaylistID, nil) }

func getPlaying(c ctx, s api) (*resources.CurrentlyPlaying, error) {
	return s.Player.CurrentlyPlaying(c, nil)
}

func getDiscography(c ctx, s api) (*resources.Page[resources.SimplifiedAlbum], error) {
	return s.Artists.Albums(c, mock.ArtistID, nil)
}

func getAlbumTracks(c ctx, s api) (*resources.Page[resources.SimplifiedTrack], error) {
	return s.Albums.Tracks(c, mock.AlbumID, nil)
}

func getFollowed(c ctx, s api) (*resources.CursorPage[resources.Artist], error) {
	return s.Users.FollowedArtists(c, nil)
}

func getPlayed(c ctx, s api) (*resources.CursorPage[resources.PlayHistory], error) {
	return s.Player.RecentlyPlayed(c, nil)
}

const (
	oneTrack   = `{"type":"track","id":"t","uri":"spotify:track:t","name":"T"}`
	oneEpisode = `{"type":"episode","track":true,"id":"e","uri":"spotify:episode:e","name":"E"}`
)

func isEntry(e resources.PlaylistItem) bool { return e.Item.Track != nil && e.Item.Track.ID == "t" }

var shapes = []shape{
	shapeOf(
		"a playlist's contents under items, entries under item, with a flag track",
		`{"id":"p","items":{"total":2,"items":[{"item":{"type":"track","track":true,"id":"t"}},{"item":`+oneEpisode+`}]}}`,
		getPlaylistWhole,
		func(p *resources.Playlist) bool {
			return p.Items.Total == 2 && isEntry(p.Items.Items[0]) && p.Items.Items[1].Item.Episode.ID == "e"
		},
	),
	shapeOf(
		"a playlist's contents under tracks, entries under track",
		`{"id":"p","tracks":{"total":1,"items":[{"track":`+oneTrack+`}]}}`,
		getPlaylistWhole,
		func(p *resources.Playlist) bool { return p.Items.Total == 1 && isEntry(p.Items.Items[0]) },
	),
	shapeOf(
		"no contents of another's playlist",
		`{"id":"p","name":"n"}`,
		getPlaylistWhole,
		func(p *resources.Playlist) bool { return p.Items.Items == nil && p.Items.Href == "" },
	),
	shapeOf(
		"account_id of the user",
		`{"id":"u","account_id":"a"}`,
		getMe,
		func(u *resources.PrivateUser) bool { return u.AccountID == "a" },
	),

	shapeOf(
		"whole numbers as floats",
		`{"followers":{"href":null,"total":4.9E7},"popularity":83.0,"images":[{"url":"u","width":640.0,"height":6.4E2}]}`,
		getArtist,
		func(a *resources.Artist) bool {
			return *a.Followers.Total == 49_000_000 && *a.Popularity == 83 && a.Images[0].Width == 640 &&
				a.Images[0].Height == 640
		},
	),
	shapeOf(
		"timestamps as floats",
		`{"timestamp":1.7000000001E12,"progress_ms":4.0E3,"is_playing":true}`,
		getPlaying,
		func(p *resources.CurrentlyPlaying) bool {
			return p.Timestamp == 1_700_000_000_100 && p.ProgressMS == 4000
		},
	),
	shapeOf(
		"duration_ms as an object",
		`{"is_local":true,"duration_ms":{"totalMilliseconds":240000}}`,
		getTrack,
		func(v *resources.Track) bool { return v.Duration() == 4*time.Minute },
	),
	shapeOf(
		"publisher as an object",
		`{"name":"n","publisher":{"name":"Penguin"}}`,
		getShow,
		func(v *resources.Show) bool { return v.Publisher == "Penguin" },
	),
	shapeOf(
		"null elements in a page",
		`{"items":[null,{"id":"t"},null],"limit":3,"total":9}`,
		getAlbumTracks,
		func(p *resources.Page[resources.SimplifiedTrack]) bool {
			return len(p.Items) == 1 && p.Items[0].ID == "t" && p.Dropped == 2 && p.Total == 9
		},
	),
	shapeOf(
		"null elements in a batch",
		`{"albums":[null,{"id":"a"}]}`,
		func(c ctx, s api) ([]*resources.Album, error) { return s.Albums.GetMany(c, albums, nil) },
		func(v []*resources.Album) bool { return len(v) == 2 && v[0] == nil && v[1].ID == "a" },
	),
	shapeOf(
		"null elements in a list",
		`{"artists":[{"id":"a"},null]}`,
		func(c ctx, s api) ([]resources.Artist, error) { return s.Artists.RelatedArtists(c, mock.ArtistID) },
		func(v []resources.Artist) bool { return len(v) == 1 && v[0].ID == "a" },
	),
	shapeOf(
		"null elements in a list of texts",
		`{"markets":["SE",null,"DE"]}`,
		func(c ctx, s api) ([]string, error) { return s.Markets.List(c) },
		func(v []string) bool { return reflect.DeepEqual(v, []string{"SE", "DE"}) },
	),
	shapeOf(
		"a null item, a null track",
		`{"items":[{"item":null},{"track":null},{"item":`+oneTrack+`}],"total":3}`,
		getEntries,
		func(p entries) bool {
			return len(p.Items) == 3 && p.Items[0].Item.IsZero() && p.Items[1].Item.IsZero() && isEntry(p.Items[2])
		},
	),
	shapeOf(
		"the old and the new key both",
		`{"items":[{"track":`+oneTrack+`,"item":`+oneTrack+`},{"item":`+oneTrack+`,"track":{"type":"track","id":"old"}},{"track":{"type":"track","id":"old"},"item":`+oneTrack+`}]}`,
		getEntries,
		func(p entries) bool { return isEntry(p.Items[0]) && isEntry(p.Items[1]) && isEntry(p.Items[2]) },
	),
	shapeOf(
		"neither key",
		`{"items":[{"added_at":"2024-01-02T03:04:05Z","is_local":false}]}`,
		getEntries,
		func(p entries) bool { return p.Items[0].Item.IsZero() && !p.Items[0].AddedAt.IsZero() },
	),
	shapeOf(
		"null images",
		`{"id":"u","images":null}`,
		getMe,
		func(v *resources.PrivateUser) bool { return v.Images == nil },
	),
	shapeOf(
		"null width and height",
		`{"images":[{"url":"u","width":null,"height":null}]}`,
		getAlbum,
		func(v *resources.Album) bool { return v.Images[0] == resources.Image{URL: "u"} },
	),
	shapeOf(
		"a local track",
		`{"id":null,"href":null,"uri":"spotify:local:a:b:c:240","type":"track","is_local":true,"name":"c","album":{"id":null,"uri":null,"href":null,"album_type":null,"name":"b","images":[],"release_date":null},"artists":[{"id":null,"uri":null,"name":"a"}]}`,
		getTrack,
		func(v *resources.Track) bool {
			return v.ID == "" && v.IsLocal && v.Album.Name == "b" && v.Album.AlbumType == "" && v.Artists[0].Name == "a"
		},
	),
	shapeOf(
		"an item of an unknown type",
		`{"items":[{"item":{"type":"hologram","lit":false}},{"item":`+oneTrack+`}]}`,
		getEntries,
		func(p entries) bool {
			return string(p.Items[0].Item.Raw) == `{"type":"hologram","lit":false}` && isEntry(p.Items[1])
		},
	),
	shapeOf(
		"an item without a type",
		`{"items":[{"item":{"name":"n","album":{"id":"a"}}},{"item":{"uri":"spotify:track:t","id":"t"}}]}`,
		getEntries,
		func(p entries) bool {
			return string(p.Items[0].Item.Raw) == `{"name":"n","album":{"id":"a"}}` && isEntry(p.Items[1])
		},
	),
	shapeOf(
		"an episode flagged as a track, in the shape of one",
		`{"items":[{"track":{"type":"episode","episode":true,"track":true,"id":"e","name":"E","duration_ms":1500,"is_playable":false,"album":{"name":"S","id":"s"}}}]}`,
		getEntries,
		func(p entries) bool {
			e := p.Items[0].Item.Episode
			return e != nil && e.ID == "e" && e.DurationMS == 1500 && !*e.IsPlayable && e.Show.Name == "S" && e.Description == ""
		},
	),
	shapeOf(
		"device types in any case, and unknown ones",
		`{"devices":[{"type":"TV"},{"type":"Tv"},{"type":"AVR"},{"type":"STB"},{"type":"Fridge"}]}`,
		getDevices,
		func(v []resources.Device) bool {
			return v[0].Type.Is(resources.DeviceTV) && v[1].Type.Is(resources.DeviceTV) && v[2].Type == "AVR" &&
				v[3].Type == "STB" &&
				v[4].Type == "Fridge"
		},
	),
	shapeOf(
		"the product open",
		`{"product":"open"}`,
		getMe,
		func(v *resources.PrivateUser) bool { return v.Product.IsFree() },
	),
	shapeOf(
		"the contexts collection and collectionyourepisodes",
		`{"items":[{"context":{"type":"collection","uri":"spotify:user:u:collection"}},{"context":{"type":"collectionyourepisodes"}}]}`,
		getPlayed,
		func(p *resources.CursorPage[resources.PlayHistory]) bool {
			return p.Items[0].Context.Type == resources.ContextCollection &&
				p.Items[1].Context.Type == resources.ContextYourEpisodes
		},
	),
	shapeOf(
		"something unknown is playing",
		`{"currently_playing_type":"unknown","item":null}`,
		getPlaying,
		func(p *resources.CurrentlyPlaying) bool {
			return p.CurrentlyPlayingType == "unknown" && p.Item.IsZero()
		},
	),
	shapeOf(
		"an ad is playing",
		`{"currently_playing_type":"ad","item":null,"is_playing":true}`,
		getPlaying,
		func(p *resources.CurrentlyPlaying) bool {
			return p.CurrentlyPlayingType == resources.PlayingAd && p.IsPlaying && p.Item.IsZero()
		},
	),
	shapeOf(
		"album types",
		`{"items":[{"album_type":"ep"},{"album_type":"compilation"},{"album_type":"ALBUM"},{"album_type":null}]}`,
		getDiscography,
		func(p *resources.Page[resources.SimplifiedAlbum]) bool {
			return p.Items[0].AlbumType == "ep" && p.Items[1].AlbumType == "compilation" && p.Items[2].AlbumType == "ALBUM" &&
				p.Items[3].AlbumType == ""
		},
	),
	shapeOf(
		"the date precision minute",
		`{"release_date":"2021-03-04T05:06","release_date_precision":"minute"}`,
		getAlbum,
		func(v *resources.Album) bool {
			return v.Released().String() == "2021-03-04" && v.ReleaseDatePrecision == "minute"
		},
	),
	shapeOf(
		"the date precision month with a year",
		`{"release_date":"1981","release_date_precision":"month"}`,
		getAlbum,
		func(v *resources.Album) bool { return v.Released() == resources.Date{Year: 1981, Precision: "year"} },
	),
	shapeOf(
		"a null device id and volume",
		`{"devices":[{"id":null,"volume_percent":null,"name":"n"},{"id":"d","volume_percent":0}]}`,
		getDevices,
		func(v []resources.Device) bool {
			return v[0].ID == "" && v[0].VolumePercent == nil && *v[1].VolumePercent == 0
		},
	),
	shapeOf("an artist without popularity, followers and genres", `{"id":"a"}`, getArtist, func(v *resources.Artist) bool {
		return v.Popularity == nil && v.Followers.Total == nil && v.Genres == nil
	}),
	shapeOf(
		"an artist with a popularity of 0 and no followers",
		`{"id":"a","popularity":0,"followers":{"href":null,"total":0},"genres":[]}`,
		getArtist,
		func(v *resources.Artist) bool {
			return *v.Popularity == 0 && *v.Followers.Total == 0 && v.Genres != nil
		},
	),
	shapeOf(
		"a track without popularity, external_ids and available_markets",
		`{"id":"t"}`,
		getTrack,
		func(v *resources.Track) bool {
			return v.Popularity == nil && v.ExternalIDs == resources.ExternalIDs{} && v.AvailableMarkets == nil &&
				v.IsPlayable == nil
		},
	),
	shapeOf(
		"a track with a popularity of 0",
		`{"popularity":0.0,"external_ids":{},"available_markets":[]}`,
		getTrack,
		func(v *resources.Track) bool { return *v.Popularity == 0 && v.AvailableMarkets != nil },
	),
	shapeOf(
		"an album without label and popularity",
		`{"id":"a"}`,
		getAlbum,
		func(v *resources.Album) bool { return v.Label == "" && v.Popularity == nil },
	),
	shapeOf("a show without publisher", `{"id":"s"}`, getShow, func(v *resources.Show) bool { return v.Publisher == "" }),
	shapeOf(
		"a playlist without followers",
		`{"id":"p","items":{"items":[]}}`,
		getPlaylistWhole,
		func(v *resources.Playlist) bool { return v.Followers.Total == nil && v.Items.Items != nil },
	),
	shapeOf(
		"a user without email, country, product and followers",
		`{"id":"u"}`,
		getMe,
		func(v *resources.PrivateUser) bool {
			return v.Email+v.Country+string(v.Product) == "" && v.Followers.Total == nil &&
				v.ExplicitContent.FilterEnabled == nil
		},
	),
	shapeOf(
		"an entry without added_at and added_by",
		`{"items":[{"item":`+oneTrack+`},{"added_at":null,"added_by":null,"item":`+oneTrack+`}]}`,
		getEntries,
		func(p entries) bool {
			return p.Items[0].AddedAt.IsZero() && p.Items[1].AddedBy == resources.PlaylistUser{} && isEntry(p.Items[1])
		},
	),
	shapeOf(
		"actions with disallows",
		`{"actions":{"disallows":{"pausing":true,"resuming":false}}}`,
		getPlaying,
		func(p *resources.CurrentlyPlaying) bool {
			return p.Actions.Disallows.Pausing && !p.Actions.Disallows.Resuming
		},
	),
	shapeOf(
		"actions a level up, as in the reference",
		`{"actions":{"pausing":true}}`,
		getPlaying,
		func(p *resources.CurrentlyPlaying) bool { return p.Actions.Disallows.Pausing },
	),
	shapeOf(
		"smart_shuffle",
		`{"smart_shuffle":true,"shuffle_state":false,"device":{"id":"d"}}`,
		getState,
		func(p *resources.PlaybackState) bool { return p.SmartShuffle && !p.ShuffleState },
	),
	shapeOf(
		"a player's track without external_ids",
		`{"item":`+oneTrack+`,"is_playing":true}`,
		getPlaying,
		func(p *resources.CurrentlyPlaying) bool {
			return p.Item.Track.ExternalIDs == resources.ExternalIDs{} && p.Item.Track.ID == "t"
		},
	),
	shapeOf(
		"restrictions",
		`{"is_playable":false,"restrictions":{"reason":"payment_required"},"album":{"restrictions":{"reason":"market"}}}`,
		getTrack,
		func(v *resources.Track) bool {
			return !*v.IsPlayable && v.Restrictions.Reason == "payment_required" &&
				v.Album.Restrictions.Reason == resources.RestrictionMarket
		},
	),
	shapeOf(
		"a chapter of type episode",
		`{"type":"episode","name":"n","audiobook":{"type":"show","name":"b"}}`,
		func(c ctx, s api) (*resources.Chapter, error) { return s.Chapters.Get(c, mock.ChapterID, nil) },
		func(v *resources.Chapter) bool { return v.Type == "episode" && v.Audiobook.Name == "b" },
	),

	shapeOf(
		"an empty page with a next",
		`{"items":[],"next":"https://api.spotify.com/v1/albums/x/tracks?offset=50","total":120,"offset":0,"limit":50}`,
		getAlbumTracks,
		func(p *resources.Page[resources.SimplifiedTrack]) bool {
			return len(p.Items) == 0 && p.Items != nil && p.Next != "" && p.Total == 120
		},
	),
	shapeOf(
		"null cursors and no total",
		`{"items":[{"track":`+oneTrack+`,"played_at":"2026-01-02T03:04:05.120Z"}],"next":null,"cursors":null,"limit":20}`,
		getPlayed,
		func(p *resources.CursorPage[resources.PlayHistory]) bool {
			return p.Cursors == resources.Cursors{} && p.Total == 0 && p.Items[0].PlayedAt.Nanosecond() == 120e6
		},
	),
	shapeOf(
		"a page under artists",
		`{"artists":{"items":[{"id":"a"}],"cursors":{"after":"a"},"total":3}}`,
		getFollowed,
		func(p *resources.CursorPage[resources.Artist]) bool {
			return p.Items[0].ID == "a" && p.Cursors.After == "a" && p.Total == 3
		},
	),
	shapeOf(
		"a page under albums",
		`{"albums":{"items":[{"id":"a"}],"total":1}}`,
		func(c ctx, s api) (*resources.Page[resources.SimplifiedAlbum], error) {
			return s.Browse.NewReleases(c, nil)
		},
		func(p *resources.Page[resources.SimplifiedAlbum]) bool { return p.Items[0].ID == "a" && p.Total == 1 },
	),
	shapeOf(
		"a page under categories",
		`{"categories":{"items":[{"id":"c"}],"total":1}}`,
		func(c ctx, s api) (*resources.Page[resources.Category], error) { return s.Browse.Categories(c, nil) },
		func(p *resources.Page[resources.Category]) bool { return p.Items[0].ID == "c" && p.Total == 1 },
	),
	shapeOf(
		"a page under playlists",
		`{"message":"m","playlists":{"items":[null,{"id":"p","tracks":{"total":4}}],"total":2}}`,
		func(c ctx, s api) (*resources.FeaturedPlaylists, error) {
			return s.Browse.CategoryPlaylists(c, category, nil)
		},
		func(p *resources.FeaturedPlaylists) bool {
			return p.Playlists.Items[0].Items.Total == 4 && p.Playlists.Dropped == 1 && p.Message == "m"
		},
	),
	shapeOf(
		"a next on another host",
		`{"items":[{"id":"t"}],"next":"https://api.spotify.com@evil/x","previous":"//evil"}`,
		getAlbumTracks,
		func(p *resources.Page[resources.SimplifiedTrack]) bool {
			return p.Next == "https://api.spotify.com@evil/x" && p.Previous == "//evil" && len(p.Items) == 1
		},
	),
	shapeOf(
		"markets of an episode's show",
		`{"id":"e","type":"episode","show":{"available_markets":["SE"],"id":"s"}}`,
		func(c ctx, s api) (*resources.Episode, error) { return s.Episodes.Get(c, mock.EpisodeID, get) },
		func(v *resources.Episode) bool { return reflect.DeepEqual(v.Show.AvailableMarkets, []string{"SE"}) },
	),
	shapeOf(
		"a name twice, broken UTF-8, names in another case",
		"{\"ID\":\"x\",\"id\":\"t\",\"Name\":\"\xff\",\"IS_PLAYABLE\":false}",
		getTrack,
		func(v *resources.Track) bool {
			return v.ID == "t" && v.Name == "\ufffd" && !*v.IsPlayable
		},
	),
	shapeOf(
		"truth values as texts and numbers",
		`{"is_playable":"false","explicit":1,"is_local":"true"}`,
		getTrack,
		func(v *resources.Track) bool { return !*v.IsPlayable && v.Explicit && v.IsLocal },
	),
	shapeOf(
		"truth values of a library",
		`[true,false]`,
		func(c ctx, s api) ([]bool, error) { return s.Library.Contains(c, everything[:2]...) },
		func(v []bool) bool { return reflect.DeepEqual(v, []bool{true, false}) },
	),
}

// always returns a base transport with one response.
func always(status int, body string) http.RoundTripper {
	return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Header: http.Header{"Content-Type": {"application/json"}},
			Body:   io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: req,
		}, nil
	})
}

// TestFaultsShapes: for a response of every shape a call returns the value that encoding/json and
// Decode decode, and the encoded value decodes to the same value.
func TestFaultsShapes(t *testing.T) {
	for _, s := range shapes {
		t.Run(s.name, func(t *testing.T) {
			k := &keeper{fake: always(http.StatusOK, s.body)}
			got, err := s.do(t.Context(), services(t, k, true))
			if err != nil && !onlyMissing(err) {
				t.Fatal(err)
			}
			s.check(t, got)
			if compared := compareValues(t, s.name, got, k.all); len(compared) != 1 {
				t.Errorf("%d responses were compared, want 1", len(compared))
			}
		})
	}
	t.Run("reasons of errors", func(t *testing.T) {
		for _, reason := range []string{
			"NO_ACTIVE_DEVICE", "PREMIUM_REQUIRED", "UNKNOWN", "QUOTA_EXCEEDED", "something new",
		} {
			client, err := spotify.New(
				spotify.WithAccessToken("token"),
				spotify.WithMaxRetries(0),
				spotify.WithTransport(always(http.StatusForbidden, `{"error":{"status":403,"message":"m","reason":"`+reason+`"}}`)),
			)
			if err != nil {
				t.Fatal(err)
			}
			_, err = client.Player.State(t.Context(), nil)
			if refused, ok := errors.AsType[*spotify.Error](err); !ok || refused.Reason != reason || refused.Message != "m" {
				t.Errorf("%s: %v", reason, err)
			}
			_ = client.Close()
		}
	})
	t.Run("nothing of an earlier page is left", func(t *testing.T) {
		const second = `{"items":[{}]}`
		var page, want resources.Page[resources.Track]
		for _, text := range []string{`{"items":[` + oneTrack + `,null],"next":"n","total":2,"limit":1}`, second} {
			if err := json.Unmarshal([]byte(text), &page); err != nil {
				t.Fatal(err)
			}
		}
		if err := resources.Decode([]byte(second), &want); err != nil || !reflect.DeepEqual(page, want) ||
			page.Dropped != 0 ||
			page.Next != "" {
			t.Errorf("%+v, want %+v; %v", page, want, err)
		}
	})
	t.Run("nothing is playing", func(t *testing.T) {
		for _, end := range []http.RoundTripper{
			always(http.StatusNoContent, ""), always(http.StatusOK, ""), always(http.StatusOK, "null"),
		} {
			s := services(t, end, true)
			if state, err := s.Player.State(t.Context(), nil); state != nil || err != nil {
				t.Errorf("%+v, %v", state, err)
			}
			if playing, err := s.Player.CurrentlyPlaying(t.Context(), nil); playing != nil || err != nil {
				t.Errorf("%+v, %v", playing, err)
			}
		}
	})
	t.Run("opaque text of a player command", func(t *testing.T) {
		for _, status := range []int{http.StatusOK, http.StatusCreated, http.StatusAccepted} { // all mean success
			if err := services(t, always(status, "AFQHc\x00\xff"), true).Player.Next(t.Context(), nil); err != nil {
				t.Errorf("%d: %v", status, err)
			}
		}
	})
	t.Run("a snapshot with 200, 201 and 202", func(t *testing.T) {
		for _, status := range []int{http.StatusOK, http.StatusCreated, http.StatusAccepted} {
			if id, err := services(t, always(status, `{"snapshot_id":"s"}`), true).Playlists.AddItems(t.Context(),
				mock.PlaylistID, uris, nil); id != "s" ||
				err != nil {
				t.Errorf("%d: %q, %v", status, id, err)
			}
		}
	})
}
