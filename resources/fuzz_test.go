package resources

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// models are the largest models, each as a function that decodes into a new one and encodes it.
var models = []func([]byte) (string, error){
	roundTrip[Album], roundTrip[Track], roundTrip[Playlist], roundTrip[Page[PlaylistItem]], roundTrip[Show],
	roundTrip[Episode], roundTrip[Audiobook], roundTrip[Chapter],
	roundTrip[PlaybackState], roundTrip[SearchResult], roundTrip[AudioAnalysis], roundTrip[Queue],
	roundTrip[CursorPage[PlayHistory]], roundTrip[RecommendationsResult], roundTrip[PrivateUser],
}

func roundTrip[T any](data []byte) (string, error) {
	v := new(T)
	if err := decoded(data, "", v); err != nil {
		return "", err
	}
	text, err := json.Marshal(v)
	if err != nil {
		return "", errors.Join(errUnwritable, err)
	}
	return string(text), nil
}

var errUnwritable = errors.New("what was read cannot be written")

// A decoded model can be encoded, and decodes to the same model.
func FuzzDecode(f *testing.F) {
	for which := range models {
		for _, text := range []string{
			`{"id":"x","name":"y","type":"album","album_type":null,"images":null,"tracks":{"items":[null,{"name":"z"}],` +
				`"total":4.9E7,"next":null},"release_date":"1981-12","popularity":1.0}`,
			`{"items":[{"added_at":null,"item":{"type":"episode","track":true,"show":{"publisher":{"name":"p"}}}},` +
				`{"track":{"type":"track","duration_ms":{"ms":1},"is_local":true}},null],"limit":5e1}`,
			`{"device":{"id":null,"volume_percent":null},"item":{"type":"?","x":[1,"\ud800"]},` +
				`"actions":{"disallows":{"pausing":true}},"timestamp":1.7e12,"progress_ms":null}`,
			`{"tracks":{"items":[]},"albums":null,"Playlists":{"items":[null]},"SHOWS":{},"shows":{}}`,
			`{"bars":[{"start":0.1,"duration":1e400,"confidence":"0.5"}],"meta":{"timestamp":1.0}}`,
			`{"currently_playing":null,"queue":[null,{"type":"track","uri":"spotify:track:1"}]}`,
			`{"items":[{"played_at":"2024-02-03T04:05:06.789Z","context":null}],"cursors":null,"total":null}`,
			`{"email":null,"product":"open","followers":{"href":null,"total":-0.0},"explicit_content":[]}`,
			"{\"name\":\"\xff\",\"name\":\"a\"}", `[]`, `null`, `{`, `{"added_at":99999999999999999999}`,
			`{"item":{"type":"?","a":"x","a":{"b":1e999}}}`,
		} {
			f.Add(byte(which), []byte(text))
		}
	}
	f.Fuzz(func(t *testing.T, which byte, data []byte) {
		first, err := models[int(which)%len(models)](data)
		if errors.Is(err, errUnwritable) {
			t.Fatal(err)
		}
		if err != nil {
			return
		}
		second, err := models[int(which)%len(models)]([]byte(first))
		if err != nil || second != first {
			t.Errorf("written as  %s\nand then as %s, %v", first, second, err)
		}
	})
}

// A valid id is one path segment, and a valid URI is the same after ParseURI and URI.
func FuzzParseURI(f *testing.F) {
	for _, text := range []string{
		"", trackA, "spotify:track:" + trackA, "https://open.spotify.com/intl-de/track/" + trackA + "?si=1",
		"spotify:user:x:playlist:" + trackA, "spotify:user:a%2Fb", "spotify:user:a:b",
		"https://open.spotify.com/user/a%3Ab", "spotify:local:a:b:c:1",
		"open.spotify.com/embed/show/" + trackA + "/#x", "..", "a/b#c%d e", "spotify:user:%2E%2E", "\xff",
		"spotify:user:\xff",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if kind, id, err := ParseURI(text); err == nil {
			again, same, err := ParseURI(URI(kind, id))
			if err != nil || again != kind || same != id {
				t.Errorf("%q names %s %q; %s names %s %q, %v", text, kind, id, URI(kind, id), again, same, err)
			}
		} else if !errors.Is(err, ErrInvalidArgument) || len(err.Error()) > 1000 ||
			strings.ContainsFunc(err.Error(), isControl) {
			t.Errorf("%q: %q", text, err)
		}
		for _, kind := range append(kinds, KindCategory) {
			path, err := at(kind, text).fill(nil, "/before/{id}/after")
			if err != nil {
				continue
			}
			middle, ok := strings.CutPrefix(string(path), "/before/")
			middle, also := strings.CutSuffix(middle, "/after")
			if !ok || !also || middle == "" || middle == "." || middle == ".." || strings.ContainsAny(middle, "/?#\\ ") ||
				strings.ContainsFunc(middle, isControl) ||
				!utf8.ValidString(middle) {
				t.Errorf("%s %q makes the path %q", kind, text, path)
			}
			if kind != KindUser && kind != KindCategory && !isBase62(middle) {
				t.Errorf("%s %q makes the path %q", kind, text, path)
			}
		}
		if uri, err := checkURI("uri", text, kinds...); err == nil {
			if again, err := checkURI("uri", uri, kinds...); err != nil || again != uri {
				t.Errorf("%q is %q, which is %q, %v", text, uri, again, err)
			}
		}
	})
}

// A parsed date is a date of the calendar, and its String parses to the same date.
func FuzzDate(f *testing.F) {
	for _, text := range []string{
		"",
		"1981",
		"1981-12",
		"1981-12-15",
		"1981-12-15T00:00",
		"0000",
		"1981-13-40",
		"99999-1-1",
		"-1",
		"1981-",
		"1981-02-31",
		"1000000000000",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d := parseDate(text)
		if again := parseDate(d.String()); !bytes.Equal([]byte(again.String()), []byte(d.String())) ||
			d.IsZero() != d.Time().IsZero() && d.Year != 1 {
			t.Errorf("%q is %v, which is %v", text, d, again)
		}
	})
}

// Text that is valid for encoding/json decodes into an interface to the same value.
func FuzzDecodeAny(f *testing.F) {
	for _, text := range []string{
		`{"a":[1,"b",true,null,{"c":-0.5e3}]}`, `[]`, `"\u00e9\ud83d\ude00\ud800"`, `1e999`, `nul`,
		`{"a":1,"a":{"b":2}}`, "\"\xff\"", `[1,]`, ` 7 `, `{} 1`, strings.Repeat(
			"[",
			60,
		) + strings.Repeat("]", 60), `01`, "\"\x01\"", `"\x"`, `{1:2}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var got, want any
		err := Decode(data, &got)
		if errors.Is(err, ErrTooLarge) {
			return
		}
		wrong := json.Unmarshal(data, &want)
		if err == nil && json.Valid(data) && wrong != nil { // a number that no float64 can hold
			return
		}
		if (err == nil) != (wrong == nil) {
			t.Fatalf("%q: %v, with encoding/json %v", data, err, wrong)
		}
		if err == nil && !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %#v, with encoding/json %#v", data, got, want)
		}
		album := new(Album)
		if err := json.Unmarshal(data, album); err == nil && !json.Valid(data) {
			t.Errorf("%q is an album", data)
		}
	})
}
