package resources

// These tests decode JSON that Spotify has been seen to send against its reference, as whole
// models. json_test.go has single values, playlists_test.go and playable_test.go have playlists and
// players.

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"
)

// quirk is a response and a check of the decoded value.
type quirk interface{ run(t *testing.T) }

type reads[T any] struct {
	json string
	want func(*T) bool
}

// run decodes the response as a call does and with encoding/json, which must return the same value,
// and decodes the encoded value.
func (r reads[T]) run(t *testing.T) {
	first := new(T)
	if err := decoded([]byte(r.json), "", first); err != nil || !r.want(first) {
		t.Errorf("%s is %+v, %v", r.json, first, err)
	}
	text, err := json.Marshal(first)
	if err != nil {
		t.Error(err)
	}
	for path, decode := range map[string]func(out any) error{
		"with encoding/json": func(out any) error { return json.Unmarshal([]byte(r.json), out) },
		"with Decode":        func(out any) error { return Decode([]byte(r.json), out) },
		"encoded":            func(out any) error { return json.Unmarshal(text, out) },
	} {
		got := new(T)
		if err := decode(got); err != nil || !reflect.DeepEqual(got, first) {
			t.Errorf("%s, decoded %s, is\n%+v, want\n%+v; %v", r.json, path, got, first, err)
		}
	}
}

var quirks = map[string]quirk{
	"whole numbers as floats": reads[Show]{
		`{"total_episodes":2.4E2,"episodes":{"total":240.0,"limit":50.0,"items":[{"duration_ms":1.456863E6,` +
			`"resume_point":{"resume_position_ms":4.0E3}}]}}`,
		func(v *Show) bool {
			e := v.Episodes.Items[0]
			return v.TotalEpisodes == 240 && v.Episodes.Total == 240 && v.Episodes.Limit == 50 &&
				e.Duration() == 1456863*time.Millisecond &&
				e.ResumePoint.Position() == 4*time.Second
		},
	},
	"followers and popularity as floats": reads[Artist]{
		`{"followers":{"href":null,"total":4.9E7},"popularity":83.0,"images":[{"url":"u","width":640.0,"height":6.4E2}]}`,
		func(v *Artist) bool {
			return *v.Followers.Total == 49_000_000 && *v.Popularity == 83 && v.Images.Largest() == Image{"u", 640, 640}
		},
	},
	"a publisher as an object": reads[SavedShow]{
		`{"added_at":"2024-02-03T04:05:06Z","show":{"publisher":{"name":"Penguin"},"name":"n"}}`,
		func(v *SavedShow) bool {
			return v.Show.Publisher == "Penguin" && v.Show.Name == "n" && v.AddedAt.Year() == 2024
		},
	},
	"an audiobook's publisher, too": reads[Audiobook]{
		`{"publisher":{"name":"Penguin"},"authors":null,"narrators":[{"name":"x"}],"chapters":{"items":[null]}}`,
		func(v *Audiobook) bool {
			return v.Publisher == "Penguin" && v.Narrators[0].Name == "x" && len(v.Chapters.Items) == 0 &&
				v.Chapters.Dropped == 1
		},
	},
	"no images": reads[PrivateUser]{
		`{"images":null,"display_name":null,"product":"open","followers":{"href":null,"total":0}}`,
		func(v *PrivateUser) bool {
			return v.Images == nil && v.Images.Largest() == Image{} && v.Images.Closest(300) == Image{} &&
				v.Product == ProductOpen &&
				v.Product.IsFree()
		},
	},
	"images without a size": reads[Album]{
		`{"images":[{"url":"a","width":null,"height":null},{"url":"b"}]}`,
		func(v *Album) bool {
			return len(v.Images) == 2 && v.Images.Largest() == Image{URL: "a"} && v.Images.Closest(64).URL == "a"
		},
	},
	"a user's own file": reads[Track]{
		`{"id":null,"href":null,"uri":"spotify:local:a:b:c:240","is_local":true,"album":{"id":null,"uri":null,
"href":null,"album_type":null,"name":"b","images":[],"artists":[],"release_date":null},
		"artists":[{"id":null,"name":"a","uri":null}],"duration_ms":{"totalMilliseconds":240000},"popularity":0,
		"available_markets":[],"external_ids":{}}`,
		func(v *Track) bool {
			return v.ID == "" && v.IsLocal && v.Album.Name == "b" && v.Album.AlbumType == "" && v.Album.Released().IsZero() &&
				v.Artists[0].Name == "a" &&
				v.Duration() == 4*time.Minute
		},
	},
	"kinds of albums that the reference does not know": reads[Page[SimplifiedAlbum]]{
		`{"items":[{"album_type":"ep"},{"album_type":"ALBUM"},{"album_type":null},{"album_type":"mixtape",` +
			`"album_group":"appears_on"}]}`,
		func(v *Page[SimplifiedAlbum]) bool {
			return v.Items[0].AlbumType == AlbumTypeEP && v.Items[1].AlbumType == "ALBUM" && v.Items[2].AlbumType == "" &&
				v.Items[3].AlbumType == "mixtape" &&
				v.Items[3].AlbumGroup == AlbumGroupAppearsOn
		},
	},
	"a date that is less precise than it says": reads[SimplifiedAlbum]{
		`{"release_date":"1981","release_date_precision":"month"}`,
		func(v *SimplifiedAlbum) bool {
			return v.Released() == Date{Year: 1981, Precision: PrecisionYear} && v.ReleaseDatePrecision == PrecisionMonth
		},
	},
	"a date to the minute": reads[SimplifiedEpisode]{
		`{"release_date":"2021-03-04T05:06","release_date_precision":"minute"}`,
		func(v *SimplifiedEpisode) bool {
			return v.Released().String() == "2021-03-04" && v.ReleaseDatePrecision == "minute"
		},
	},
	"the date 0000": reads[SimplifiedAlbum]{
		`{"release_date":"0000","release_date_precision":"year"}`,
		func(v *SimplifiedAlbum) bool { return v.Released().IsZero() && v.Released().String() == "" },
	},
	"a track of which little is told": reads[Track]{`{"id":"x","name":"n","type":"track"}`, func(v *Track) bool {
		return v.Popularity == nil && v.ExternalIDs == ExternalIDs{} && v.AvailableMarkets == nil &&
			v.LinkedFrom == LinkedTrack{} &&
			v.IsPlayable == nil
	}},
	"an artist of whom little is told": reads[Artist]{
		`{"id":"x","name":"n"}`,
		func(v *Artist) bool { return v.Followers.Total == nil && v.Genres == nil && v.Popularity == nil },
	},
	"a user of whom little is told": reads[PrivateUser]{`{"id":"x","account_id":"y"}`, func(v *PrivateUser) bool {
		return v.AccountID == "y" && v.Country == "" && v.Email == "" && v.Product == "" && !v.Product.IsFree() &&
			v.ExplicitContent == ExplicitContent{}
	}},
	"an album of which little is told": reads[Album]{
		`{"id":"x","tracks":{"items":null,"next":null}}`,
		func(v *Album) bool {
			return v.Label == "" && v.Genres == nil && v.Tracks.Items == nil && v.Copyrights == nil
		},
	},
	"restrictions": reads[Track]{
		`{"is_playable":false,"restrictions":{"reason":"payment_required"},"album":{"restrictions":{"reason":"market"}}}`,
		func(v *Track) bool {
			return v.Restrictions.Reason == "payment_required" && v.Album.Restrictions.Reason == RestrictionMarket
		},
	},
	"a chapter that calls itself an episode": reads[Chapter]{
		`{"type":"episode","name":"n","chapter_number":0,"audiobook":{"type":"show","name":"b"}}`,
		func(v *Chapter) bool {
			return v.Type == "episode" && v.Name == "n" && v.Audiobook.Name == "b"
		},
	},
	"an audio analysis with numbers of either kind": reads[AudioAnalysis]{
		`{"meta":{"analysis_time":6,"timestamp":1.4951930E9},"bars":[{"start":0,"duration":1,"confidence":1}],` +
			`"segments":[{"pitches":[0,1,0.5],"timbre":[1]}]}`,
		func(v *AudioAnalysis) bool {
			return v.Bars[0].Duration == 1 && v.Segments[0].Pitches[2] == 0.5
		},
	},
	"a search with nulls, and without what was asked for": reads[SearchResult]{
		`{"tracks":{"items":[null,{"name":"n"}],"total":1.0},"playlists":{"items":[null,null]},"albums":null}`,
		func(v *SearchResult) bool {
			return v.Tracks.Items[0].Name == "n" && v.Tracks.Dropped == 1 && len(v.Playlists.Items) == 0 && v.Albums == nil &&
				v.Shows == nil
		},
	},
	"a history of nulls": reads[CursorPage[PlayHistory]]{
		`{"items":[null,{"track":{"name":"n"},"played_at":null,"context":null}],"cursors":null,"next":null,"limit":20}`,
		func(v *CursorPage[PlayHistory]) bool {
			return v.Items[0].Track.Name == "n" && v.Items[0].PlayedAt.IsZero() && v.Items[0].Context == PlaybackContext{} &&
				v.Dropped == 1 &&
				v.Cursors == Cursors{}
		},
	},
	"contexts of all sorts": reads[CurrentlyPlaying]{
		`{"context":{"type":"collection","uri":"spotify:user:x:collection","external_urls":null},` +
			`"currently_playing_type":"unknown","item":null}`,
		func(v *CurrentlyPlaying) bool {
			return v.Context.Type == ContextCollection && v.CurrentlyPlayingType == PlayingUnknown && v.Item.IsZero()
		},
	},
}

func TestQuirks(t *testing.T) {
	for name, q := range quirks {
		t.Run(name, q.run)
	}
}

// Spotify sends kinds of devices in any case, and kinds that the reference does not have.
func TestDeviceTypes(t *testing.T) {
	s, _ := record(
		t,
		Config{},
		always(
			200,
			`{"devices":[{"type":"TV"},{"type":"Tv"},{"type":"AVR"},{"type":"STB"},{"type":"Smart Fridge"},`+
				`{"type":null,"id":null,"volume_percent":null}]}`,
		),
	)
	devices, err := s.Player.Devices(t.Context())
	if err != nil || len(devices) != 6 || !devices[0].Type.Is(DeviceTV) || !devices[1].Type.Is(DeviceTV) ||
		!devices[2].Type.Is(DeviceAVR) ||
		!devices[3].Type.Is(DeviceSTB) ||
		devices[4].Type != "Smart Fridge" ||
		devices[5].ID != "" ||
		devices[5].VolumePercent != nil {
		t.Errorf("%+v, %v", devices, err)
	}
}

// A list is decoded with and without the member that should contain it.
func TestListsWithoutMember(t *testing.T) {
	for _, text := range []string{
		`{"artists":[{"name":"n"},null]}`,
		`[{"name":"n"},null]`,
		`{"ARTISTS":[{"name":"n"}]}`,
		`{"new":1,"artists":[{"name":"n","popularity":1.0}]}`,
	} {
		s, _ := record(t, Config{}, always(200, text))
		if got, err := s.Artists.RelatedArtists(t.Context(), artistA); err != nil || len(got) != 1 || got[0].Name != "n" {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
}
