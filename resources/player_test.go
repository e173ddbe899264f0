package resources

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// playerReads are the calls of the player that return something.
var playerReads = map[string]operationCase{
	"Player.State": {
		"GET /me/player?additional_types=track%2Cepisode&market=DE",
		`{"device":{"name":"seen"},"item":null}`,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Player.State(ctx, &GetParams{"DE"})
			return got.Device.Name, err
		},
	},
	"Player.CurrentlyPlaying": {
		"GET /me/player/currently-playing?additional_types=track%2Cepisode",
		`{"item":{"type":"episode","name":"seen"}}`,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Player.CurrentlyPlaying(ctx, nil)
			return got.Item.Episode.Name, err
		},
	},
	"Player.Devices": {
		"GET /me/player/devices",
		`{"devices":[null,{"name":"seen"}]}`,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Player.Devices(ctx)
			return got[0].Name, err
		},
	},
	"Player.Queue": {
		"GET /me/player/queue",
		`{"currently_playing":null,"queue":[null,{"type":"track","name":"seen"}]}`,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Player.Queue(ctx)
			return got.Queue[0].Name(), err
		},
	},
	"Player.RecentlyPlayed": {
		"GET /me/player/recently-played?before=1700000000123&limit=7",
		`{"items":[{"track":` + seenItem + `}]}`,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Player.RecentlyPlayed(ctx, &RecentlyPlayedParams{Limit: 7, Before: time.UnixMilli(1700000000123)})
			if err != nil {
				return "", err
			}
			return got.Items[0].Track.Name, nil
		},
	},
	"Player.AllRecentlyPlayed": {
		"GET /me/player/recently-played?after=1700000000000&limit=50",
		`{"items":[{"track":` + seenItem + `}]}`,
		func(ctx context.Context, s *Services) (string, error) {
			return firstOf(
				s.Player.AllRecentlyPlayed(ctx, &RecentlyPlayedParams{After: time.UnixMilli(1700000000000)}),
				func(h *PlayHistory) string { return h.Track.Name },
			)
		},
	},
}

func TestPlayerReads(t *testing.T) {
	for name, tc := range playerReads {
		t.Run(name, func(t *testing.T) { tc.run(t) })
	}
}

// commandCase is one call of a method that returns nothing: its request, and the body if it has
// one.
type commandCase struct {
	want, body string
	call       func(context.Context, *Services) error
}

var playerCommands = map[string]commandCase{
	"Player.Pause": {
		"PUT /me/player/pause",
		"",
		func(ctx context.Context, s *Services) error { return s.Player.Pause(ctx, nil) },
	},
	"Player.Pause on a device": {
		"PUT /me/player/pause?device_id=a+b%26c",
		"",
		func(ctx context.Context, s *Services) error {
			return s.Player.Pause(ctx, &DeviceParams{"a b&c"})
		},
	},
	"Player.Next": {
		"POST /me/player/next?device_id=d",
		"",
		func(ctx context.Context, s *Services) error { return s.Player.Next(ctx, &DeviceParams{"d"}) },
	},
	"Player.Previous": {
		"POST /me/player/previous",
		"",
		func(ctx context.Context, s *Services) error { return s.Player.Previous(ctx, nil) },
	},
	"Player.Seek": {"PUT /me/player/seek?position_ms=90500&device_id=d", "", func(ctx context.Context, s *Services) error {
		return s.Player.Seek(ctx, 90*time.Second+500*time.Millisecond, &DeviceParams{"d"})
	}},
	"Player.Seek to the beginning": {
		"PUT /me/player/seek?position_ms=0",
		"",
		func(ctx context.Context, s *Services) error { return s.Player.Seek(ctx, 0, nil) },
	},
	"Player.SetVolume": {
		"PUT /me/player/volume?volume_percent=100",
		"",
		func(ctx context.Context, s *Services) error { return s.Player.SetVolume(ctx, 100, nil) },
	},
	"Player.SetVolume to nothing": {
		"PUT /me/player/volume?volume_percent=0",
		"",
		func(ctx context.Context, s *Services) error { return s.Player.SetVolume(ctx, 0, nil) },
	},
	"Player.SetRepeat": {
		"PUT /me/player/repeat?state=context",
		"",
		func(ctx context.Context, s *Services) error { return s.Player.SetRepeat(ctx, RepeatContext, nil) },
	},
	"Player.SetShuffle": {
		"PUT /me/player/shuffle?state=true",
		"",
		func(ctx context.Context, s *Services) error { return s.Player.SetShuffle(ctx, true, nil) },
	},
	"Player.SetShuffle off": {
		"PUT /me/player/shuffle?state=false",
		"",
		func(ctx context.Context, s *Services) error { return s.Player.SetShuffle(ctx, false, nil) },
	},
	"Player.AddToQueue": {
		"POST /me/player/queue?uri=spotify%3Aepisode%3A" + episodeA,
		"",
		func(ctx context.Context, s *Services) error {
			return s.Player.AddToQueue(ctx, "https://open.spotify.com/episode/"+episodeA+"?si=1", nil)
		},
	},
	"Player.Transfer": {
		"PUT /me/player",
		`{"device_ids":["d"]}`,
		func(ctx context.Context, s *Services) error { return s.Player.Transfer(ctx, "d", nil) },
	},
	"Player.Transfer and play": {
		"PUT /me/player",
		`{"device_ids":["d"],"play":true}`,
		func(ctx context.Context, s *Services) error {
			return s.Player.Transfer(ctx, "d", &TransferParams{Play: true})
		},
	},
	"Player.Play": {
		"PUT /me/player/play",
		"",
		func(ctx context.Context, s *Services) error { return s.Player.Play(ctx, nil) },
	},
	"Player.Play on a device": {
		"PUT /me/player/play?device_id=d",
		"",
		func(ctx context.Context, s *Services) error { return s.Player.Play(ctx, &PlayParams{DeviceID: "d"}) },
	},
	"Player.Play from a position": {
		"PUT /me/player/play",
		`{"position_ms":1500}`,
		func(ctx context.Context, s *Services) error {
			return s.Player.Play(ctx, &PlayParams{Position: 1500 * time.Millisecond})
		},
	},
	"Player.Play a context": {
		"PUT /me/player/play?device_id=d",
		`{"context_uri":"spotify:album:` + albumA + `","offset":{"position":0},"position_ms":1000}`,
		func(ctx context.Context, s *Services) error {
			return s.Player.Play(
				ctx,
				&PlayParams{
					DeviceID:   "d",
					ContextURI: "https://open.spotify.com/album/" + albumA,
					Offset:     &PlayOffset{},
					Position:   time.Second,
				},
			)
		},
	},
	"Player.Play from an item": {
		"PUT /me/player/play",
		`{"context_uri":"spotify:playlist:` + albumA + `","offset":{"uri":"spotify:track:` + trackA + `"}}`,
		func(ctx context.Context, s *Services) error {
			return s.Player.Play(
				ctx,
				&PlayParams{ContextURI: "spotify:user:x:playlist:" + albumA, Offset: &PlayOffset{URI: "spotify:track:" + trackA}},
			)
		},
	},
	"Player.Play the collection": {
		"PUT /me/player/play",
		`{"context_uri":"spotify:user:x:collection"}`,
		func(ctx context.Context, s *Services) error {
			return s.Player.Play(ctx, &PlayParams{ContextURI: "spotify:user:x:collection"})
		},
	},
	"Player.Play items": {
		"PUT /me/player/play",
		`{"uris":["spotify:track:` + trackA + `","spotify:episode:` + episodeA + `"],"offset":{"position":1}}`,
		func(ctx context.Context, s *Services) error {
			return s.Player.Play(
				ctx,
				&PlayParams{
					URIs:   []string{"spotify:track:" + trackA, "spotify:episode:" + episodeA},
					Offset: &PlayOffset{Position: 1},
				},
			)
		},
	},
}

// A command ignores the body of a 2xx response.
func TestPlayerCommands(t *testing.T) {
	for name, tc := range playerCommands {
		t.Run(name, func(t *testing.T) {
			for status, response := range map[int]string{204: "", 200: "ok-5ff23a81", 202: `{"error":{"status":500}}`} {
				s, r := record(t, Config{Market: "DE"}, always(status, response))
				if err := tc.call(t.Context(), s); err != nil {
					t.Errorf("%d %s: %v", status, response, err)
				}
				all := r.sent()
				if len(all) != 1 || all[0].line() != tc.want || all[0].Body != tc.body {
					t.Fatalf("sent %+v\nwant one %s with %s", all, tc.want, tc.body)
				}
				if hasType := all[0].ContentType == "application/json"; hasType != (tc.body != "") {
					t.Errorf("a body %q of type %q", tc.body, all[0].ContentType)
				}
			}
		})
	}
}

// Commands that would be applied twice are marked as not idempotent.
func TestPlayerIdempotency(t *testing.T) {
	var got transport.Idempotency
	s, _ := record(t, Config{}, func(req *http.Request) (int, string) {
		got = transport.CallFrom(req.Context()).Idempotency
		return 204, ""
	})
	ctx := t.Context()
	for name, tc := range map[string]struct {
		call func() error
		want transport.Idempotency
	}{
		"resume": {
			func() error { return s.Player.Play(ctx, &PlayParams{Position: time.Second}) },
			transport.IdempotencyByMethod,
		},
		"a context": {
			func() error { return s.Player.Play(ctx, &PlayParams{ContextURI: "spotify:album:" + albumA}) },
			transport.NotIdempotent,
		},
		"items": {
			func() error { return s.Player.Play(ctx, &PlayParams{URIs: []string{"spotify:track:" + trackA}}) },
			transport.NotIdempotent,
		},
		"next":     {func() error { return s.Player.Next(ctx, nil) }, transport.NotIdempotent},
		"previous": {func() error { return s.Player.Previous(ctx, nil) }, transport.NotIdempotent},
		"queue": {
			func() error { return s.Player.AddToQueue(ctx, "spotify:track:"+trackA, nil) },
			transport.NotIdempotent,
		},
		"seek": {func() error { return s.Player.Seek(ctx, 0, nil) }, transport.IdempotencyByMethod},
		"the caller knows better": {func() error {
			return s.Player.Next(transport.WithCall(ctx, &transport.Call{Idempotency: transport.Idempotent}), nil)
		}, transport.Idempotent},
	} {
		if err := tc.call(); err != nil || got != tc.want {
			t.Errorf("%s: safety %d, want %d, %v", name, got, tc.want, err)
		}
	}
}

func TestPlayerInvalidArguments(t *testing.T) {
	s, r := record(t, Config{}, always(204, ""))
	ctx, p := t.Context(), s.Player
	album, track := "spotify:album:"+albumA, "spotify:track:"+trackA
	play := func(params PlayParams) error { return p.Play(ctx, &params) }
	for name, tc := range map[string]struct {
		err         error
		names, text string
	}{
		"volume too high":      {p.SetVolume(ctx, 101, nil), "percent", "101: want 0 to 100"},
		"volume too low":       {p.SetVolume(ctx, -1, nil), "percent", "-1: want 0 to 100"},
		"seek before zero":     {p.Seek(ctx, -time.Millisecond, nil), "position", "-1ms: want 0 to"},
		"seek too far":         {p.Seek(ctx, 1<<62, nil), "position", "want 0 to 596h31m23.647s"},
		"no repeat state":      {p.SetRepeat(ctx, "", nil), "state", `"": want one of track, context, off`},
		"unknown repeat state": {p.SetRepeat(ctx, "all", nil), "state", `"all"`},
		"no device":            {p.Transfer(ctx, "", nil), "deviceID", `""`},
		"queue an album":       {p.AddToQueue(ctx, album, nil), "uri", "one of track, episode, chapter"},
		"queue a bare id":      {p.AddToQueue(ctx, trackA, nil), "uri", trackA},
		"context and items": {
			play(PlayParams{ContextURI: album, URIs: []string{track}}),
			"URIs",
			"URIs and ContextURI are mutually exclusive",
		},
		"no items":            {play(PlayParams{URIs: []string{}}), "URIs", "(0 of them): want 1 to 800"},
		"too many items":      {play(PlayParams{URIs: make([]string, 801)}), "URIs", "(801 of them): want 1 to 800"},
		"an album as an item": {play(PlayParams{URIs: []string{track, album}}), "URIs[1]", album},
		"a track as a context": {
			play(PlayParams{ContextURI: track}),
			"ContextURI",
			"album, artist, playlist, show, audiobook",
		},
		"nonsense":          {play(PlayParams{ContextURI: "thriller"}), "ContextURI", `"thriller"`},
		"offset of nothing": {play(PlayParams{Offset: &PlayOffset{}}), "Offset", "want one of them with it, or nil"},
		"offset before zero": {
			play(PlayParams{ContextURI: album, Offset: &PlayOffset{Position: -1}}),
			"Offset.Position",
			"-1",
		},
		"two offsets": {
			play(PlayParams{ContextURI: album, Offset: &PlayOffset{1, track}}),
			"Offset.Position",
			"mutually exclusive",
		},
		"offset at an album":   {play(PlayParams{ContextURI: album, Offset: &PlayOffset{URI: album}}), "Offset.URI", album},
		"position before zero": {play(PlayParams{Position: -1}), "Position", "-1ns"},
		"position past all": {
			play(PlayParams{Position: longestPosition + time.Millisecond}),
			"Position",
			"0 to " + longestPosition.String(),
		},
		"before and after": {
			second(p.RecentlyPlayed(ctx, &RecentlyPlayedParams{Before: time.Unix(2, 0), After: time.Unix(1, 0)})),
			"After",
			"mutually exclusive",
		},
		"before 1970": {
			second(p.RecentlyPlayed(ctx, &RecentlyPlayedParams{Before: time.Unix(-1, 0)})),
			"Before",
			"a time since 1970",
		},
		"51 at a time": {
			second(p.RecentlyPlayed(ctx, &RecentlyPlayedParams{Limit: 51})),
			"Limit",
			"51: want 1 to 50",
		},
		"a small market": {second(p.State(ctx, &GetParams{"de"})), "Market", `"de"`},
	} {
		bad, ok := errors.AsType[*ArgumentError](tc.err)
		if !ok || !errors.Is(tc.err, ErrInvalidArgument) || bad.Name != tc.names ||
			!strings.Contains(tc.err.Error(), tc.text) {
			t.Errorf("%s: %v\nwant one that names %s and says %q", name, tc.err, tc.names, tc.text)
		}
	}
	if n := len(r.sent()); n > 0 {
		t.Errorf("%d calls were sent", n)
	}
}

// second returns the second argument.
func second[T any](_ T, err error) error { return err }

func TestNothingIsPlaying(t *testing.T) {
	for _, status := range []int{200, 204} {
		s, _ := record(t, Config{}, always(status, ""))
		if got, err := s.Player.State(t.Context(), nil); got != nil || err != nil {
			t.Errorf("%d: State = %v, %v", status, got, err)
		}
		if got, err := s.Player.CurrentlyPlaying(t.Context(), nil); got != nil || err != nil {
			t.Errorf("%d: CurrentlyPlaying = %v, %v", status, got, err)
		}
	}
}

// The iterator follows the cursors to earlier tracks, or to later ones if After is set. The last
// page has neither cursors nor a total.
func TestAllRecentlyPlayed(t *testing.T) {
	const last = `{"items":[],"next":null,"cursors":null,"limit":2}`
	pages := map[string]string{
		"limit=2": `{"items":[{"played_at":"2024-01-02T00:00:03.5Z"},null],` +
			`"next":"https://api.spotify.com/v1/me/player/recently-played?before=20","cursors":{"after":"39",` +
			`"before":"20"},"limit":2}`,
		"before=20&limit=2": `{"items":[{"played_at":"2024-01-02T00:00:02Z"}],` +
			`"next":"https://api.spotify.com/v1/me/player/recently-played?before=10","cursors":{"after":"19",` +
			`"before":"10"},"limit":2}`,
		"before=10&limit=2": last,
		"after=1000&limit=2": `{"items":[{"played_at":"2024-01-02T00:00:04Z"}],` +
			`"next":"https://api.spotify.com/v1/me/player/recently-played?after=2000","cursors":{"after":"2000",` +
			`"before":"1"},"limit":2}`,
		"after=2000&limit=2": last,
		"before=5000&limit=2": `{"items":[{}],"next":"https://api.spotify.com/v1/me/player/recently-played?before=1` +
			`0","cursors":{"before":"10"},"limit":2}`,
		"limit=50": last,
		"before=99999&limit=2": `{"items":[{}],"next":"https://api.spotify.com/v1/me/player/recently-played?after=7"` +
			`,"cursors":{"after":"7"},"limit":2}`,
	}
	for name, tc := range map[string]struct {
		params *RecentlyPlayedParams
		sent   []string
		items  int
		err    error
	}{
		"nil": {nil, []string{"limit=50"}, 0, nil},
		"back": {
			&RecentlyPlayedParams{Limit: 2},
			[]string{"limit=2", "before=20&limit=2", "before=10&limit=2"},
			2,
			nil,
		},
		"from before": {
			&RecentlyPlayedParams{Limit: 2, Before: time.Unix(5, 0)},
			[]string{"before=5000&limit=2", "before=10&limit=2"},
			1,
			nil,
		},
		"from after": {
			&RecentlyPlayedParams{Limit: 2, After: time.Unix(1, 0)},
			[]string{"after=1000&limit=2", "after=2000&limit=2"},
			1,
			nil,
		},
		"no cursor": {
			&RecentlyPlayedParams{Limit: 2, Before: time.UnixMilli(99999)},
			[]string{"before=99999&limit=2"},
			1,
			ErrIncomplete,
		},
	} {
		s, r := record(t, Config{}, func(req *http.Request) (int, string) { return 200, pages[req.URL.RawQuery] })
		items, err := Collect(s.Player.AllRecentlyPlayed(t.Context(), tc.params), 0)
		var queries []string
		for _, sent := range r.sent() {
			queries = append(queries, sent.Query)
		}
		if !errors.Is(err, tc.err) || len(items) != tc.items || strings.Join(queries, " ") != strings.Join(tc.sent, " ") {
			t.Errorf("%s: %d items, sent %q, want %q, %v", name, len(items), queries, tc.sent, err)
		}
	}
}
