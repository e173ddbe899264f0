package api_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
	"github.com/seed-2147f1a9/spotify/mock/internal/mocktest"
	"github.com/seed-2147f1a9/spotify/resources"
)

// stage returns a catalogue with an album of five tracks of one to five minutes, a playlist with
// some of them among items that do not play, and three devices.
func stage() (c *catalogue.Catalogue, album, list string, tracks []string) {
	c = catalogue.New()
	a := catalogue.Album{Name: "Five", Artists: []string{"Band"}}
	for i := range 5 {
		id := ids.New(fmt.Sprint("stage", i))
		a.Tracks = append(
			a.Tracks,
			catalogue.Track{ID: id, Name: fmt.Sprint(i), Duration: time.Duration(i+1) * time.Minute},
		)
		tracks = append(tracks, "spotify:track:"+id)
	}
	album = resources.URI("album", c.AddAlbum(a))
	c.AddShow(
		catalogue.Show{
			ID:       mock.ShowID,
			Name:     "Talk",
			Episodes: []catalogue.Episode{{ID: mock.EpisodeID, Name: "e", Duration: time.Hour}},
		},
	)
	c.AddAudiobook(
		catalogue.Audiobook{
			ID:       mock.AudiobookID,
			Name:     "Book",
			Chapters: []catalogue.Chapter{{ID: mock.ChapterID, Name: "c"}},
		},
	)
	abroad := "spotify:track:" + c.AddTrack(catalogue.Track{Name: "abroad", Markets: []string{"US"}})
	list = resources.URI(
		"playlist",
		c.AddPlaylist(
			catalogue.Playlist{
				Name:  "List",
				Items: []string{"", tracks[1], "spotify:local:a:b:c:9", abroad, tracks[0], partURI},
			},
		),
	)
	c.AddDevice("", catalogue.Device{ID: "desk", Name: "Desk"})
	c.AddDevice("", catalogue.Device{ID: "phone", Name: "Phone", Type: "Smartphone", Volume: -1})
	c.AddDevice("", catalogue.Device{ID: "lobby", Name: "Lobby", Restricted: true})
	return c, album, list, tracks
}

// playingNow is the playback state, for comparing.
type playingNow struct {
	Device struct {
		ID     string
		Volume *int `json:"volume_percent"`
	}
	Repeat   string `json:"repeat_state"`
	Shuffle  bool   `json:"shuffle_state"`
	Playing  bool   `json:"is_playing"`
	Progress int64  `json:"progress_ms"`
	Type     string `json:"currently_playing_type"`
	Context  *struct{ URI, Type, Href string }
	Item     *struct {
		Name        string
		ExternalIDs map[string]string `json:"external_ids"`
	}
	Timestamp int64
	Actions   struct{ Disallows map[string]bool }
}

func nowPlaying(t testing.TB, tr *mock.Transport) playingNow {
	t.Helper()
	return mocktest.FetchJSON[playingNow](t, tr, "/me/player?additional_types=episode")
}

// String returns a short form: "2 at 0:10", with "paused" if paused.
func (p playingNow) String() string {
	s := "nothing"
	if p.Item != nil {
		s = fmt.Sprint(p.Item.Name, " at ", time.Duration(p.Progress)*time.Millisecond)
	}
	if !p.Playing {
		s += " paused"
	}
	return s
}

// sees fails unless the player is in the given state.
func sees(t testing.TB, tr *mock.Transport, want string) {
	t.Helper()
	if got := nowPlaying(t, tr).String(); got != want {
		t.Errorf("plays %s, want %s", got, want)
	}
}

func TestPlayerClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, album, _, tracks := stage()
		tr := mock.New(t, mock.WithCatalogue(c))
		do := func(call, body string) { t.Helper(); tell(t, tr, nil, step{call, body, 204, nothing}) }
		tell(
			t,
			tr,
			nil,
			step{"GET /me/player", "", 204, nothing},
			step{"GET /me/player/currently-playing", "", 204, nothing},
			step{"GET /me/player/queue", "", 200, says(`={"currently_playing":null,"queue":[]}`)},
			step{"GET /me/player/recently-played", "", 200, says(`"items":[]`, `"cursors":null`, `"next":null`)},
			step{
				"PUT /me/player/play",
				`{"context_uri":"` + album + `"}`,
				404,
				says(`"NO_ACTIVE_DEVICE"`, "No active device found"),
			},
		)
		do("PUT /me/player/play?device_id=desk", `{"context_uri":"`+album+`"}`)
		sees(t, tr, "0 at 0s")
		time.Sleep(20 * time.Second)
		sees(t, tr, "0 at 20s")
		do("PUT /me/player/pause", "")
		time.Sleep(time.Hour)
		sees(t, tr, "0 at 20s paused")
		do("PUT /me/player/play", "")
		time.Sleep(50 * time.Second)
		sees(t, tr, "1 at 10s") // over the end of the first
		do("POST /me/player/queue?uri="+tracks[4], "")
		time.Sleep(2 * time.Minute)
		sees(t, tr, "4 at 10s") // the queue comes before the album
		time.Sleep(5 * time.Minute)
		sees(t, tr, "2 at 10s")
		do("PUT /me/player/seek?position_ms=179000", "")
		time.Sleep(2 * time.Second)
		sees(t, tr, "3 at 1s")
		time.Sleep(9 * time.Minute)
		sees(t, tr, "0 at 0s paused") // the end: silent, back at the beginning
		if p := nowPlaying(t, tr); p.Context == nil || p.Context.URI != album || p.Item.ExternalIDs != nil ||
			!p.Actions.Disallows["pausing"] ||
			p.Type != "track" {
			t.Errorf("%+v", p)
		}
		type history struct {
			Items []struct {
				Track struct{ Name string }
				At    time.Time `json:"played_at"`
			}
		}
		var names []string
		last := time.Now()
		for _, item := range mocktest.FetchJSON[history](t, tr, "/me/player/recently-played").Items {
			names = append(names, item.Track.Name)
			if item.At.After(last) {
				t.Errorf("%s: played at %v, after %v", item.Track.Name, item.At, last)
			}
			last = item.At
		}
		if got := strings.Join(names, " "); got != "4 3 4 1 0" { // 2 was heard for 12 seconds
			t.Errorf("history %s", got)
		}
	})
}

func TestRepeatAndShuffle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, album, _, tracks := stage()
		tr := mock.New(t, mock.WithCatalogue(c))
		do := func(call, body string) { t.Helper(); tell(t, tr, nil, step{call, body, 204, nothing}) }
		do("PUT /me/player/play?device_id=desk", `{"context_uri":"`+album+`","offset":{"position":4},"position_ms":1000}`)
		sees(t, tr, "4 at 1s")
		do("PUT /me/player/repeat?state=context", "")
		time.Sleep(5 * time.Minute)
		sees(t, tr, "0 at 1s")
		do("POST /me/player/previous", "")
		sees(t, tr, "4 at 0s")
		do("POST /me/player/next", "")
		sees(t, tr, "0 at 0s")
		do("PUT /me/player/repeat?state=track", "")
		time.Sleep(10*time.Minute + time.Second)
		sees(t, tr, "0 at 1s")
		if r := mocktest.Get(t, tr, "/me/player/queue"); strings.Count(r.Body, `"name":"0"`) != 21 {
			t.Errorf("%s", r.Body)
		}
		do("POST /me/player/next", "")
		sees(t, tr, "1 at 0s")
		do("PUT /me/player/repeat?state=off", "")
		do("PUT /me/player/shuffle?state=true", "")
		sees(t, tr, "1 at 0s") // what plays goes on
		var first, heard string
		for range 2 {
			heard = ""
			for range 4 {
				do("POST /me/player/next", "")
				heard += nowPlaying(t, tr).Item.Name
			}
			if first == "" {
				first = heard
				do("PUT /me/player/shuffle?state=false", "")
				do("PUT /me/player/play", `{"context_uri":"`+album+`","offset":{"uri":"`+tracks[1]+`"}}`)
				do("PUT /me/player/shuffle?state=true", "")
			}
		}
		for _, order := range []string{first, heard} {
			if len(order) != 4 || !strings.Contains(order, "0") || !strings.Contains(order, "2") ||
				!strings.Contains(order, "3") ||
				!strings.Contains(order, "4") {
				t.Errorf("heard %s", order)
			}
		}
		if first == "0234" && heard == "0234" || first == heard {
			t.Errorf("not mixed, or mixed twice alike: %s, %s", first, heard)
		}
		at := nowPlaying(t, tr).Item.Name
		do("PUT /me/player/shuffle?state=false", "")
		sees(t, tr, at+" at 0s")
		call, by := "POST /me/player/next", 1
		if at == "4" {
			call, by = "POST /me/player/previous", -1
		}
		do(call, "")
		sees(t, tr, fmt.Sprint(int(at[0]-'0')+by)+" at 0s")
		other := mock.New(t, mock.WithCatalogue(c))
		tell(t, other, nil,
			step{"PUT /me/player/play?device_id=desk", `{"context_uri":"` + album + `","offset":{"position":1}}`, 204, nil},
			step{"PUT /me/player/shuffle?state=true", "", 204, nil})
		var again string
		for range 4 {
			tell(t, other, nil, step{"POST /me/player/next", "", 204, nil})
			again += nowPlaying(t, other).Item.Name
		}
		if again != first {
			t.Errorf("another fake mixes differently: %s, %s", again, first)
		}
	})
}

func TestContexts(t *testing.T) {
	c, album, list, tracks := stage()
	artist := resources.URI("artist", ids.New("artist", "Band"))
	c.Save("", tracks[2], tracks[0])
	for _, s := range []struct {
		body, plays, next, context string
	}{
		{`{"context_uri":"` + album + `"}`, "0", "1", album},
		{`{"context_uri":"` + album + `","offset":{"position":2}}`, "2", "3", album},
		{`{"context_uri":"` + list + `"}`, "1", "0", list}, // what cannot be played is passed over
		{`{"context_uri":"` + list + `","offset":{"position":3}}`, "0", "e", list},
		{`{"context_uri":"` + list + `","offset":{"uri":"` + partURI + `"}}`, "e", "1", list},
		{`{"context_uri":"` + showURI + `"}`, "e", "e", showURI},
		{`{"context_uri":"` + bookURI + `"}`, "c", "c", bookURI},
		{`{"context_uri":"` + artist + `"}`, "", "", artist},
		{`{"context_uri":"spotify:user:wanda:collection"}`, "0", "2", "spotify:user:wanda:collection"},
		{`{"context_uri":"spotify:user:wanda:collection","offset":{"position":1}}`, "2", "0",
			"spotify:user:wanda:collection"},
		{`{"uris":["` + tracks[3] + `","` + partURI + `"],"extra":0}`, "3", "e", ""},
		{`{"uris":["` + tracks[3] + `","` + tracks[4] + `"],"offset":{"uri":"` + tracks[4] + `"}}`, "4", "3", ""},
		{`{"uris":["spotify:chapter:` + mock.ChapterID + `"]}`, "c", "c", ""},
	} {
		tr := mock.New(t, mock.WithCatalogue(c))
		tell(t, tr, nil,
			step{"PUT /me/player?x", `{"device_ids":["desk"]}`, 204, nothing},
			step{"PUT /me/player/repeat?state=context", "", 204, nothing},
			step{"PUT /me/player/play", s.body, 204, nothing})
		p := nowPlaying(t, tr)
		if s.plays != "" && p.Item.Name != s.plays || (p.Context == nil) != (s.context == "") ||
			p.Context != nil && p.Context.URI != s.context ||
			!p.Playing {
			t.Errorf("%s: %+v", s.body, p)
		}
		tell(t, tr, nil, step{"POST /me/player/next", "", 204, nothing})
		if p := nowPlaying(t, tr); s.next != "" && p.Item.Name != s.next {
			t.Errorf("%s: next %s", s.body, p)
		}
	}
}

func TestPlayRefuses(t *testing.T) {
	c, album, list, tracks := stage()
	artist := resources.URI("artist", ids.New("artist", "Band"))
	secret := c.AddUser(catalogue.User{ID: "bruno"})
	secret = resources.URI("playlist", c.AddPlaylist(catalogue.Playlist{Name: "Secret", Owner: secret, Private: true}))
	empty := resources.URI("playlist", c.AddPlaylist(catalogue.Playlist{Name: "Empty"}))
	for _, s := range []step{
		{"PUT /me/player/play", `{"context_uri":`, 400, says("Malformed json")},
		{"PUT /me/player/play", `{"uris":"` + tracks[0] + `"}`, 400, says("Malformed json")},
		{"PUT /me/player/play", `{"uris":[]}`, 400, says("No uris")},
		{"PUT /me/player/play", `{"uris":["` + tracks[0] + `"],"context_uri":"` + album + `"}`, 400,
			says("Only one of either")},
		{"PUT /me/player/play", `{"uris":["` + album + `"]}`, 400, says("Unsupported uri kind: album")},
		{"PUT /me/player/play", `{"uris":["x"]}`, 400, says("Invalid track uri")},
		{"PUT /me/player/play", `{"uris":["spotify:track:` + nobodyID + `"]}`, 404, nil},
		{"PUT /me/player/play", `{"context_uri":"` + tracks[0] + `"}`, 400, says("Non supported context uri")},
		{"PUT /me/player/play", `{"context_uri":"x"}`, 400, says("Non supported context uri")},
		{"PUT /me/player/play", `{"context_uri":"spotify:album:` + nobodyID + `"}`, 404, nil},
		{"PUT /me/player/play", `{"context_uri":"` + secret + `"}`, 404, nil},
		{"PUT /me/player/play", `{"context_uri":"` + empty + `"}`, 403, says("Restriction violated")},
		{"PUT /me/player/play", `{"context_uri":"` + artist + `","offset":{"position":0}}`, 400,
			says("Can't have offset for context type: ARTIST")},
		{"PUT /me/player/play", `{"context_uri":"` + album + `","offset":{}}`, 400, says("should be specified")},
		{"PUT /me/player/play", `{"context_uri":"` + album + `","offset":{"position":5}}`, 400, says("Invalid offset")},
		{"PUT /me/player/play", `{"context_uri":"` + album + `","offset":{"position":-1}}`, 400, says("Invalid offset")},
		{"PUT /me/player/play", `{"context_uri":"` + album + `","offset":{"uri":"` + partURI + `"}}`, 404, nil},
		{"PUT /me/player/play", `{"context_uri":"` + list + `","position_ms":-1}`, 400, says("Invalid position_ms")},
		{"PUT /me/player/play", `{"uris":["` + strings.Repeat(tracks[0]+`","`, 900) + tracks[0] + `"]}`, 413, nil},
		{"PUT /me/player/play", "", 403, says("Restriction violated", "UNKNOWN")}, // nothing to go on with
		{"PUT /me/player/play?device_id=cellar", "", 404, says("Device not found")},
		{"PUT /me/player/play?device_id=lobby", `{"context_uri":"` + album + `"}`, 403, says("DEVICE_NOT_CONTROLLABLE")},
	} {
		tr := mock.New(t, mock.WithCatalogue(c))
		tell(
			t,
			tr,
			nil,
			step{"PUT /me/player", `{"device_ids":["desk"]}`, 204, nothing},
			s,
			step{"GET /me/player", "", 200, says(`"is_playing":false`, `"item":null`)},
		)
	}
}

func TestCommands(t *testing.T) {
	c, album, _, tracks := stage()
	c.AddUser(catalogue.User{ID: "frida", Product: "free", Devices: []catalogue.Device{{ID: "phone", Active: true}}})
	abroad := "spotify:track:" + c.AddTrack(catalogue.Track{Name: "far", Markets: []string{"US"}})
	tr := mock.New(t, mock.WithCatalogue(c))
	violated := says("Player command failed: Restriction violated", `"UNKNOWN"`)
	tell(
		t,
		tr,
		nil,
		step{"PUT /me/player", `{"device_ids":["desk","phone"]}`, 400, nil},
		step{"PUT /me/player", `{"device_ids":[]}`, 400, says("device_ids")},
		step{"PUT /me/player", `{"device_ids":[""]}`, 400, says("device_ids")},
		step{"PUT /me/player", ``, 400, says("device_ids")},
		step{"PUT /me/player", `{"device_ids":["cellar"]}`, 404, says("Device not found")},
		step{"PUT /me/player", `{"device_ids":["lobby"]}`, 403, says("DEVICE_NOT_CONTROLLABLE")},
		step{"PUT /me/player/pause", "", 404, says("NO_ACTIVE_DEVICE")},
		step{"POST /me/player/next", "", 404, says("NO_ACTIVE_DEVICE")},
		step{"PUT /me/player", `{"device_ids":["phone"]}`, 204, nothing},
		step{"PUT /me/player/pause", "", 403, violated},
		step{"POST /me/player/next", "", 403, violated},
		step{"POST /me/player/previous", "", 403, violated},
		step{"PUT /me/player/seek?position_ms=1", "", 403, violated},
		step{"PUT /me/player/play", `{"context_uri":"` + album + `"}`, 204, nothing},
		step{"PUT /me/player/play", "", 403, violated},
		step{"POST /me/player/previous", "", 403, violated},
		step{
			"GET /me/player",
			"",
			200,
			says(`"disallows":{"resuming":true,"skipping_prev":true}`, `"id":"phone"`, `"volume_percent":null`),
		},
		step{"PUT /me/player/volume?volume_percent=10", "", 403, says("VOLUME_CONTROL_DISALLOW")},
		step{"PUT /me/player/volume?volume_percent=10&device_id=desk", "", 204, nothing},
		step{"PUT /me/player/volume?volume_percent=101&device_id=desk", "", 400, nil},
		step{"PUT /me/player/volume", "", 400, says("volume_percent")},
		step{"PUT /me/player/pause?device_id=desk", "", 403, violated},
		step{"PUT /me/player", `{"device_ids":["desk"],"play":true}`, 204, nothing},
		step{"GET /me/player", "", 200, says(`"is_playing":true`, `"id":"desk"`, `"volume_percent":10`)},
		step{
			"GET /me/player/devices",
			"",
			200,
			says(`{"devices":[{"id":"desk","is_active":true`, `"is_restricted":true`, `"supports_volume":false`),
		},
		step{"PUT /me/player/pause", "", 204, nothing},
		step{"PUT /me/player/pause", "", 403, violated},
		step{"PUT /me/player", `{"device_ids":["phone"],"play":false}`, 204, nothing},
		step{"GET /me/player", "", 200, says(`"is_playing":false`, `"id":"phone"`)},
		step{"PUT /me/player", `{"device_ids":["desk"],"play":true}`, 204, nothing},
		step{"POST /me/player/queue?uri=" + tracks[3], "", 204, nothing},
		step{"POST /me/player/queue", "", 400, says("uri")},
		step{"POST /me/player/queue?uri=" + album, "", 400, says("Unsupported uri kind")},
		step{"POST /me/player/queue?uri=spotify:track:" + nobodyID, "", 404, nil},
		step{"POST /me/player/next", "", 204, nothing},
		step{"GET /me/player/currently-playing", "", 200, says(`"name":"3"`, "!device", "!shuffle")},
		step{"POST /me/player/previous", "", 204, nothing},
		step{"GET /me/player/currently-playing", "", 200, says(`"name":"0"`)},
		step{"PUT /me/player/seek?position_ms=60000", "", 204, nothing},
		step{"GET /me/player/currently-playing", "", 200, says(`"name":"1"`)},
		step{"POST /me/player/queue?uri=" + abroad, "", 403, violated},
		step{"POST /me/player/queue?uri=" + tracks[3], "", 204, nothing},
		step{"POST /me/player/next", "", 204, nothing},
		step{"POST /me/player/previous", "", 204, nothing},
		step{"GET /me/player/currently-playing", "", 200, says(`"name":"1"`)}, // where the album was left
		step{"PUT /me/player/pause", "", 204, nothing},
		step{"PUT /me/player/seek?position_ms=120000", "", 204, nothing},
		step{"GET /me/player/currently-playing", "", 200, says(`"name":"2"`, `"progress_ms":0`, `"is_playing":false`)},
		step{"PUT /me/player/seek", "", 400, says("position_ms")},
		step{"PUT /me/player/seek?position_ms=-1", "", 400, says("position_ms")},
		step{"PUT /me/player/repeat?state=on", "", 400, nil},
		step{"PUT /me/player/repeat", "", 400, nil},
		step{"PUT /me/player/shuffle?state=maybe", "", 400, nil},
		step{"PUT /me/player/play", `{"uris":["` + partURI + `"]}`, 204, nothing},
		step{"GET /me/player", "", 200, says(`"item":null`, `"currently_playing_type":"episode"`)},
		step{"GET /me/player?additional_types=track,episode", "", 200, says(`"show":{`)},
	)
	frida := as(tr.TokenOf("frida"))
	for _, call := range []string{"PUT /me/player/pause", "PUT /me/player/play", "POST /me/player/next",
		"POST /me/player/queue?uri=" + tracks[0], "PUT /me/player/volume?volume_percent=1"} {
		tell(t, tr, frida, step{call, "", 403, says("Premium required", "PREMIUM_REQUIRED")})
	}
	tell(
		t,
		tr,
		frida,
		step{"GET /me/player", "", 200, says(`"item":null`, `"unknown"`)},
		step{"GET /me/player/devices", "", 200, says(`"phone"`, "!desk")},
	)
	for _, call := range tr.Calls("PUT", "/me/player") {
		if call.Query.Has("device_id") {
			t.Errorf("the call was changed: %v", call.Query)
		}
	}
}

// The user's saved tracks are a context, which only the player knows.
func TestCollection(t *testing.T) {
	c, _, _, tracks := stage()
	c.Save("", tracks[0], tracks[3])
	tell(
		t,
		mock.New(t, mock.WithCatalogue(c)),
		nil,
		step{"PUT /me/player/play?device_id=desk", `{"context_uri":"spotify:user:wanda:collection"}`, 204, nothing},
		step{
			"GET /me/player",
			"",
			200,
			says(
				`"name":"3"`,
				`"href":"https://api.spotify.com/v1/me/tracks","type":"collection","uri":"spotify:user:wanda:collection"`,
			),
		},
		step{"PUT /me/player/play?device_id=desk", `{"context_uri":"spotify:user:bruno:collection"}`, 404, nil},
	)
}

// An active device resumes at the item at which the user stopped.
func TestPlayerGoesOn(t *testing.T) {
	c, album, _, tracks := stage()
	c.AddPlays("", tracks[2])
	c.AddDevice("", catalogue.Device{ID: "car", Name: "Car", Active: true})
	tr := mock.New(t, mock.WithCatalogue(c))
	sees(t, tr, "2 at 0s paused")
	tell(
		t,
		tr,
		nil,
		step{"PUT /me/player/play", "", 204, nothing},
		step{"GET /me/player", "", 200, says(album, `"is_playing":true`)},
		step{"POST /me/player/next", "", 204, nothing},
		step{"GET /me/player", "", 200, says(`"name":"3"`)},
	)
}

func TestManySteerAtOnce(t *testing.T) {
	c, album, _, tracks := stage()
	tr := mock.New(t, mock.WithCatalogue(c))
	tell(
		t,
		tr,
		nil,
		step{"PUT /me/player/play?device_id=desk", `{"context_uri":"` + album + `"}`, 204, nothing},
		step{"PUT /me/player/repeat?state=context", "", 204, nothing},
	)
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			for _, call := range []string{"POST /me/player/queue?uri=" + tracks[0], "GET /me/player",
				"PUT /me/player/shuffle?state=true", "GET /me/player/queue", "GET /me/player/recently-played"} {
				method, path, _ := strings.Cut(call, " ")
				if r := mocktest.Send(tr, mocktest.Request(t, method, path, "")); r.Status >= 300 {
					t.Errorf("%s: %+v", call, r)
				}
			}
		})
	}
	wg.Wait()
	for range 100 {
		tell(
			t,
			tr,
			nil,
			step{"POST /me/player/next", "", 204, nothing},
			step{"GET /me/player", "", 200, says(`"name":"0"`)},
		)
	}
	// The queue is empty now, so the next two items come from the album, where they differ.
	var names []string
	for range 2 {
		tell(t, tr, nil, step{"POST /me/player/next", "", 204, nothing})
		names = append(names, nowPlaying(t, tr).Item.Name)
	}
	if names[0] == names[1] {
		t.Errorf("the queue still plays %q", names)
	}
}
