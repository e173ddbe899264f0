package resources

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestFormatDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                               "0:00",
		999 * time.Millisecond:          "0:00",
		225 * time.Second:               "3:45",
		59*time.Minute + 59*time.Second: "59:59",
		time.Hour + 2*time.Minute + 3e9: "1:02:03",
		100 * time.Hour:                 "100:00:00",
		-61500 * time.Millisecond:       "-1:01",
		-500 * time.Millisecond:         "0:00",
		time.Duration(-1 << 63):         "-2562047:47:16",
		time.Duration(1<<63 - 1):        "2562047:47:16",
	} {
		if got := FormatDuration(d); got != want {
			t.Errorf("%v is %s, want %s", d, got, want)
		}
	}
}

const textID = "1AbCdEfGhIjKlMnOpQrStU"

var (
	aTextTrack = Track{SimplifiedTrack: SimplifiedTrack{
		ID: textID, Name: "Slow Tide", DurationMS: 225_000,
		Artists: []SimplifiedArtist{{Name: "Nina Vale"}, {}, {Name: "Orchard"}},
	}, Album: SimplifiedAlbum{Images: Images{{URL: "cover"}}}}
	aTextEpisode = Episode{SimplifiedEpisode: SimplifiedEpisode{
		ID: textID, Name: "Rivers", DurationMS: 3_723_000, Images: Images{{URL: "wave"}},
	}, Show: SimplifiedShow{Name: "Field Notes"}}
)

func TestLinesOfText(t *testing.T) {
	volume := 40
	track := Playable{Track: &aTextTrack}
	for want, model := range map[string]any{
		"Slow Tide – Nina Vale, Orchard (3:45)": aTextTrack,
		"Rivers – Field Notes (1:02:03)":        &aTextEpisode,
		"Northern Lights – Nina Vale (2019-03-08)": Album{SimplifiedAlbum: SimplifiedAlbum{
			Name: "Northern Lights", ReleaseDate: "2019-03-08", Artists: []SimplifiedArtist{{Name: "Nina Vale"}},
		}},
		"Nina Vale":       Artist{SimplifiedArtist: SimplifiedArtist{Name: "Nina Vale"}},
		"spotify:track:x": LinkedTrack{URI: "spotify:track:x"},
		"(no name)":       SimplifiedArtist{},
		"(no item)":       PlaylistItem{},
		"41 to 60 of 120": Page[Track]{Items: make([]Track, 19), Dropped: 1, Offset: 40, Total: 120},
		"none of 120":     Page[Track]{Total: 120},
		"2 of 57, more follow": CursorPage[Artist]{
			Items: make([]Artist, 2), Total: 57, Next: "x",
		},
		"1":                  CursorPage[Artist]{Items: make([]Artist, 1)},
		"tracks 1 to 2 of 9": SearchResult{Tracks: &Page[Track]{Items: make([]Track, 2), Total: 9}},
		"Kitchen (Speaker, active, volume 40%)": Device{
			Name: "Kitchen", Type: DeviceSpeaker, IsActive: true, VolumePercent: &volume,
		},
		"Slow Tide – Nina Vale, Orchard (3:45), paused at 1:01": CurrentlyPlaying{Item: track, ProgressMS: 61_000},
		"Slow Tide – Nina Vale, Orchard (3:45), playing at 0:00 on Kitchen": PlaybackState{
			CurrentlyPlaying: CurrentlyPlaying{Item: track, IsPlaying: true}, Device: Device{Name: "Kitchen"},
		},
		"Slow Tide – Nina Vale, Orchard (3:45), then 2": Queue{CurrentlyPlaying: track, Queue: make([]Playable, 2)},
		"Mia": PrivateUser{
			PublicUser: PublicUser{DisplayName: "Mia"}, Email: "mia@example.com",
		},
		"Evening – Mia": Playlist{
			PlaylistDetails: PlaylistDetails{Name: "Evening", Owner: PlaylistOwner{DisplayName: "Mia"}},
		},
		"one two � three":                      Category{Name: "one\ntwo \x1b three"},
		"1990-05":                              Date{Year: 1990, Month: 5},
		strings.Repeat("x", longestLine) + "…": Category{Name: strings.Repeat("x", 200)},
	} {
		for _, verb := range []string{"%v", "%s", "%+v"} {
			if got := fmt.Sprintf(verb, model); got != want {
				t.Errorf("%T, %s: %q, want %q", model, verb, got, want)
			}
		}
		var logged bytes.Buffer
		slog.New(slog.NewJSONHandler(&logged, nil)).Info("x", "model", model)
		var entry struct{ Model string }
		if err := json.Unmarshal(logged.Bytes(), &entry); err != nil || entry.Model != want {
			t.Errorf("%T is logged as %s, %v", model, logged.String(), err)
		}
	}
}

// Every result of a service method prints as one line without braces, also if it is zero or nil.
func TestEveryResultPrintsAsOneLine(t *testing.T) {
	s, _ := record(t, Config{}, always(200, `{}`))
	services := reflect.ValueOf(*s)
	seen := map[reflect.Type]bool{}
	var check func(typ reflect.Type)
	check = func(typ reflect.Type) {
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct || seen[typ] {
			return
		}
		seen[typ] = true
		for _, v := range []reflect.Value{reflect.Zero(typ), reflect.New(typ), reflect.Zero(reflect.PointerTo(typ))} {
			if text := fmt.Sprint(v.Interface()); strings.ContainsAny(text, "{}\n") {
				t.Errorf("%v prints as %q", v.Type(), text)
			}
			slog.New(slog.NewTextHandler(new(bytes.Buffer), nil)).Info("x", "model", v.Interface())
		}
		if _, ok := reflect.Zero(typ).Interface().(slog.LogValuer); !ok {
			t.Errorf("%v has no LogValue", typ)
		}
	}
	for i := range services.NumField() {
		service := services.Field(i)
		for j := range service.NumMethod() {
			method := service.Method(j).Type()
			for k := range method.NumOut() {
				if out := method.Out(k); out.Kind() == reflect.Func {
					check(out.In(0).In(0)) // iter.Seq2[T, error]
				} else {
					check(out)
				}
			}
		}
	}
	if len(seen) < 30 {
		t.Errorf("found only %d types of results", len(seen))
	}
}

func TestLinks(t *testing.T) {
	const host = "https://open.spotify.com/"
	for want, got := range map[string]string{
		host + "track/" + textID:    aTextTrack.Link(),
		host + "episode/" + textID:  aTextEpisode.Link(),
		host + "album/" + textID:    (&SimplifiedAlbum{ID: textID}).Link(),
		host + "artist/" + textID:   (&Artist{SimplifiedArtist: SimplifiedArtist{ID: textID}}).Link(),
		host + "playlist/" + textID: (&Playlist{PlaylistDetails: PlaylistDetails{ID: textID}}).Link(),
		host + "show/" + textID:     (&SimplifiedAudiobook{ID: textID}).Link(),
		host + "user/a%2Fb%2Bc%3Fd": (&PublicUser{ID: "a/b+c?d"}).Link(),
		"https://example.com/the-sent-one": (&SimplifiedShow{ID: textID,
			ExternalURLs: ExternalURLs{Spotify: "https://example.com/the-sent-one"}}).Link(),
		"": (&Track{}).Link(),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := Link(KindCategory, "0JQ5DAqbMKFSi39LMRT0Cy"); got != "" {
		t.Errorf("a category has the link %q", got)
	}
	for _, kind := range kinds {
		id := textID
		if kind == KindUser {
			id = "with a: space/é"
		}
		if got, parsed, err := ParseURI(Link(kind, id)); err != nil || parsed != id || !isA(got, kind) {
			t.Errorf("the link of a %s leads to %s %q, %v", kind, got, parsed, err)
		}
	}
}

func TestPlayableParts(t *testing.T) {
	for _, c := range []struct {
		item                Playable
		kind                Kind
		id, by, link, cover string
	}{
		{Playable{Track: &aTextTrack}, KindTrack, textID, "Nina Vale, Orchard", Link(KindTrack, textID), "cover"},
		{Playable{Episode: &aTextEpisode}, KindEpisode, textID, "Field Notes", Link(KindEpisode, textID), "wave"},
		{Playable{}, "", "", "", "", ""},
	} {
		p := c.item
		if p.Kind() != c.kind || p.ID() != c.id || p.By() != c.by || p.Link() != c.link ||
			p.Images().Largest().URL != c.cover {
			t.Errorf("%v: %q %q %q %q %v", p, p.Kind(), p.ID(), p.By(), p.Link(), p.Images())
		}
	}
}

func TestSmallestImage(t *testing.T) {
	for want, images := range map[string]Images{
		"":        nil,
		"64":      {{URL: "640", Width: 640}, {URL: "64", Width: 64}, {URL: "300", Width: 300}},
		"300":     {{URL: "?"}, {URL: "300", Width: 300}},
		"unknown": {{URL: "unknown"}},
	} {
		if got := images.Smallest(); got.URL != want {
			t.Errorf("the smallest of %v is %v", images, got)
		}
	}
}

// A cursor is sent back as Spotify has sent it, by a caller as by an iterator.
func TestCursorsAreSentBackUnchanged(t *testing.T) {
	const odd = "aQ==/+ %C3 opaque"
	s, recorder := record(t, Config{}, always(200, `{"items":[],"artists":{"items":[]}}`))
	ctx := t.Context()
	page := Cursors{After: "1700000000999", Before: odd}
	later := &RecentlyPlayedParams{After: time.UnixMilli(1), Cursors: page}
	for want, call := range map[string]func() error{
		"type=artist&after=" + "aQ%3D%3D%2F%2B+%25C3+opaque": func() error {
			_, err := s.Users.FollowedArtists(ctx, &FollowedArtistsParams{After: odd})
			return err
		},
		"type=artist&after=" + textID: func() error {
			_, err := s.Users.FollowedArtists(ctx, &FollowedArtistsParams{After: "spotify:artist:" + textID})
			return err
		},
		"before=aQ%3D%3D%2F%2B+%25C3+opaque&limit=7": func() error {
			_, err := s.Player.RecentlyPlayed(ctx, &RecentlyPlayedParams{Limit: 7, Cursors: page})
			return err
		},
		"after=1700000000999": func() error {
			_, err := s.Player.RecentlyPlayed(ctx, later)
			return err
		},
		"before=aQ%3D%3D%2F%2B+%25C3+opaque&limit=50": func() error {
			for _, err := range s.Player.AllRecentlyPlayed(ctx, &RecentlyPlayedParams{Cursors: page}) {
				return err
			}
			return nil
		},
	} {
		before := len(recorder.sent())
		if err := call(); err != nil {
			t.Errorf("%s: %v", want, err)
		} else if got := recorder.sent()[before].Query; got != want {
			t.Errorf("sent %s, want %s", got, want)
		}
	}
	// The cursors of the last page lead nowhere; without an error the list would begin again.
	sent := len(recorder.sent())
	if _, err := s.Player.RecentlyPlayed(ctx, &RecentlyPlayedParams{Cursors: Cursors{After: "1"}}); err == nil ||
		len(recorder.sent()) != sent {
		t.Errorf("a page without Before: %v", err)
	}
}
