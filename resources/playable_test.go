package resources

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

const (
	aTrack = `{"type":"track","id":"1","name":"Track","uri":"spotify:track:1","duration_ms":1000,` +
		`"album":{"name":"Album"}}`
	anEpisode = `{"type":"episode","id":"2","name":"Episode","uri":"spotify:episode:2","duration_ms":2000,` +
		`"show":{"name":"Show"},"track":true}`
)

func TestPlayable(t *testing.T) {
	for name, tc := range map[string]struct {
		json      string
		kind      Kind
		name, raw string
	}{
		"track":              {aTrack, KindTrack, "Track", ""},
		"episode":            {anEpisode, KindEpisode, "Episode", ""},
		"type in upper case": {`{"type":"TRACK","name":"Loud"}`, KindTrack, "Loud", ""},
		"episode shaped like track": {
			`{"type":"episode","name":"Odd","album":{"name":"Show"},"artists":[],"track":true}`,
			KindEpisode,
			"Odd",
			"",
		},
		"local track": {
			`{"type":"track","id":null,"href":null,"album":{"id":null,"uri":null,"album_type":null},` +
				`"uri":"spotify:local:a:b:c:1","name":"Mine","is_local":true,"duration_ms":{"totalMilliseconds":1}}`,
			KindTrack,
			"Mine",
			"",
		},
		"no type, the URI tells":    {`{"name":"Told","uri":"spotify:track:1"}`, KindTrack, "Told", ""},
		"no type, an episode's URI": {`{"name":"Told","uri":"spotify:episode:1"}`, KindEpisode, "Told", ""},
		"no type, a file's URI":     {`{"name":"Told","uri":"spotify:local:a:b:c:1"}`, KindTrack, "Told", ""},
		"neither type nor URI":      {`{"name":"?"}`, "", "", `{"name":"?"}`},
		"unknown type": {
			`{"type":"hologram","uri":"spotify:track:1","name":"?"}`,
			"",
			"",
			`{"type":"hologram","uri":"spotify:track:1","name":"?"}`,
		},
		"null":              {`null`, "", "", ""},
		"a truth value":     {`true`, "", "", ""},
		"a text":            {`"x"`, "", "", ""},
		"a list":            {`[1]`, "", "", ""},
		"a number":          {`3`, "", "", ""},
		"numbers as floats": {`{"type":"track","name":"F","duration_ms":1.0E3}`, KindTrack, "F", ""},
		"an episode with floats": {
			`{"type":"episode","name":"F","duration_ms":1000.0,"show":{"total_episodes":3.0}}`,
			KindEpisode,
			"F",
			"",
		},
		"names in another case":      {`{"TYPE":"track","Name":"F","duration_ms":1.0}`, KindTrack, "F", ""},
		"an unknown one with floats": {`{"type":"hologram","n":1.0}`, "", "", `{"type":"hologram","n":1.0}`},
	} {
		for path, wrapped := range bothPaths(`{"item":` + tc.json + `}`) {
			var got struct {
				N    int      `json:"n"`
				Item Playable `json:"item"`
			}
			if err := decoded([]byte(wrapped), "", &got); err != nil {
				t.Errorf("%s, %s: %v", name, path, err)
				continue
			}
			kind := Kind("")
			switch {
			case got.Item.Track != nil:
				kind = KindTrack
			case got.Item.Episode != nil:
				kind = KindEpisode
			}
			if kind != tc.kind || got.Item.Name() != tc.name || string(got.Item.Raw) != tc.raw ||
				got.Item.IsZero() != (tc.name == "" && tc.raw == "") {
				t.Errorf(
					"%s, %s: %s %q %s, want %s %q %s",
					name,
					path,
					kind,
					got.Item.Name(),
					got.Item.Raw,
					tc.kind,
					tc.name,
					tc.raw,
				)
			}
		}
	}
}

// bothPaths returns a JSON object unchanged, and with a float for the integer n.
func bothPaths(object string) map[string]string {
	return map[string]string{"as it is": object, "lenient": `{"n":1.5,` + strings.TrimPrefix(object, "{")}
}

// A decoded model can be encoded, and decodes to the same model.
func TestPlayableRoundTrip(t *testing.T) {
	for _, text := range []string{aTrack, anEpisode, `{"type":"hologram","n":1}`, `null`} {
		var first, second Playable
		if err := decoded([]byte(text), "", &first); err != nil {
			t.Fatal(err)
		}
		written, err := json.Marshal(first)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(written, &second); err != nil || second.Name() != first.Name() ||
			second.URI() != first.URI() ||
			second.Duration() != first.Duration() ||
			string(second.Raw) != string(first.Raw) {
			t.Errorf("%s was written as %s, %v", text, written, err)
		}
	}
}

func TestPlaybackState(t *testing.T) {
	const text = `{"device":{"id":null,"is_active":true,"is_private_session":false,"is_restricted":true,"name":"Hall",
"type":"Tv","volume_percent":null,"supports_volume":false},
		"shuffle_state":true,"smart_shuffle":true,"repeat_state":"context","timestamp":1700000000123,
		"progress_ms":61000,"is_playing":true,
		"context":{"type":"collectionyourepisodes","uri":"spotify:user:x:collection:your-episodes","href":"h",
		"external_urls":{"spotify":"s"}},
		"item":` + anEpisode + `,"currently_playing_type":"episode","actions":{"disallows":{"resuming":true,` +
		`"skipping_prev":true}}}`
	lenient := strings.NewReplacer(`1700000000123`, `1.700000000123E12`, `61000`, `61000.0`).Replace(text)
	for path, text := range map[string]string{"strict": text, "lenient": lenient} {
		var got PlaybackState
		if err := decoded([]byte(text), "", &got); err != nil {
			t.Fatal(path, err)
		}
		if d := got.Device; d.ID != "" || d.VolumePercent != nil || !d.Type.Is(DeviceTV) || d.Type.Is(DeviceAVR) ||
			!d.IsActive ||
			!d.IsRestricted ||
			d.Name != "Hall" {
			t.Errorf("%s: device %+v", path, d)
		}
		if !got.ShuffleState || !got.SmartShuffle || got.RepeatState != RepeatContext || !got.IsPlaying ||
			got.CurrentlyPlayingType != PlayingEpisode {
			t.Errorf("%s: %+v", path, got)
		}
		if got.Progress() != 61*time.Second || !got.Changed().Equal(time.UnixMilli(1700000000123)) {
			t.Errorf("%s: %v into it, changed %v", path, got.Progress(), got.Changed())
		}
		if got.Context.Type != ContextYourEpisodes || got.Context.ExternalURLs.Spotify != "s" || got.Item.Episode == nil ||
			got.Item.Episode.Show.Name != "Show" {
			t.Errorf("%s: %+v of %+v", path, got.Item, got.Context)
		}
		if got.Actions.Disallows != (Disallows{Resuming: true, SkippingPrev: true}) {
			t.Errorf("%s: %+v", path, got.Actions)
		}
	}
}

// During an ad, or for an unknown item, most members are null.
func TestPlaybackStateWithNulls(t *testing.T) {
	for name, text := range map[string]string{
		"ad":          `{"currently_playing_type":"ad","item":null,"context":null,"progress_ms":null,"is_playing":true}`,
		"unknown":     `{"currently_playing_type":"unknown","item":null,"is_playing":true,"actions":{}}`,
		"floats":      `{"currently_playing_type":"ad","item":null,"progress_ms":0.0,"timestamp":0.0,"is_playing":true}`,
		"no actions":  `{"is_playing":true,"actions":null}`,
		"odd actions": `{"is_playing":true,"actions":{"disallows":[]}}`,
	} {
		var got PlaybackState
		if err := decoded([]byte(text), "", &got); err != nil || !got.IsPlaying || !got.Item.IsZero() ||
			got.Context != (PlaybackContext{}) ||
			got.Progress() != 0 ||
			!got.Changed().IsZero() {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	var flat Actions
	if err := decoded([]byte(`{"pausing":true}`), "", &flat); err != nil || !flat.Disallows.Pausing {
		t.Errorf("as the reference has it: %+v, %v", flat, err)
	}
}

func TestDeviceVolume(t *testing.T) {
	for text, want := range map[string]int{`{"volume_percent":0}`: 0, `{"volume_percent":59.0}`: 59} {
		var got Device
		if err := decoded([]byte(text), "", &got); err != nil || got.VolumePercent == nil || *got.VolumePercent != want {
			t.Errorf("%s: %v, %v", text, got.VolumePercent, err)
		}
	}
}
