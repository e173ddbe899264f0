package resources

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"
)

// An absent member is nil, not false, and false stays false when a model is encoded.
func TestFaultsAbsent(t *testing.T) {
	for name, tc := range map[string]struct {
		out   any
		field string // the JSON of a member, with %s for its value
		get   func(any) *bool
	}{
		"a track's is_playable":  {new(Track), `{"is_playable":%s}`, func(v any) *bool { return v.(*Track).IsPlayable }},
		"an album's is_playable": {new(Album), `{"is_playable":%s}`, func(v any) *bool { return v.(*Album).IsPlayable }},
		"an episode's is_playable": {
			new(Episode),
			`{"is_playable":%s}`,
			func(v any) *bool { return v.(*Episode).IsPlayable },
		},
		"a chapter's is_playable": {
			new(Chapter),
			`{"is_playable":%s}`,
			func(v any) *bool { return v.(*Chapter).IsPlayable },
		},
		"fully_played": {
			new(Chapter),
			`{"resume_point":{"fully_played":%s}}`,
			func(v any) *bool { return v.(*Chapter).ResumePoint.FullyPlayed },
		},
		"a show's servers": {
			new(Show),
			`{"is_externally_hosted":%s}`,
			func(v any) *bool { return v.(*Show).IsExternallyHosted },
		},
		"a user's filter": {
			new(PrivateUser),
			`{"explicit_content":{"filter_enabled":%s}}`,
			func(v any) *bool { return v.(*PrivateUser).ExplicitContent.FilterEnabled },
		},
		"whether that can be changed": {
			new(PrivateUser),
			`{"explicit_content":{"filter_locked":%s}}`,
			func(v any) *bool { return v.(*PrivateUser).ExplicitContent.FilterLocked },
		},
		"a playlist's public": {new(Playlist), `{"public":%s}`, func(v any) *bool { return v.(*Playlist).Public }},
	} {
		for value, want := range map[string]string{
			"true":    "true",
			"false":   "false",
			"null":    "unknown",
			`"false"`: "false",
			"0":       "false",
			`{"a":1}`: "unknown",
			`"?"`:     "unknown",
		} {
			text := fmt.Sprintf(tc.field, value)
			if err := json.Unmarshal([]byte(text), tc.out); err != nil {
				t.Fatal(err)
			}
			written, err := json.Marshal(tc.out)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				got := "unknown"
				if b := tc.get(tc.out); b != nil {
					got = fmt.Sprint(*b)
				}
				if got != want {
					t.Errorf("%s: %s is %s, want %s", name, text, got, want)
				}
				if err := json.Unmarshal(written, tc.out); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := json.Unmarshal([]byte(`{}`), tc.out); err != nil || tc.get(tc.out) != nil {
			t.Errorf("%s: absent is not unknown, or is what was there before: %v", name, err)
		}
	}
}

// No field of a model drops a false when it is encoded.
func TestFaultsFalseIsEncoded(t *testing.T) {
	seen := map[reflect.Type]bool{}
	var check func(reflect.Type)
	check = func(typ reflect.Type) {
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct || seen[typ] || typ.PkgPath() != here {
			return
		}
		seen[typ] = true
		if _, ok := reflect.PointerTo(typ).MethodByName("UnmarshalJSON"); !ok && typ != reflect.TypeFor[Date]() {
			t.Errorf("%s has no UnmarshalJSON", typ)
		}
		for i := range typ.NumField() {
			f := typ.Field(i)
			if f.Type.Kind() == reflect.Bool && strings.Contains(f.Tag.Get("json"), "omit") {
				t.Errorf("%s.%s drops its false", typ, f.Name)
			}
			check(f.Type)
		}
	}
	for _, model := range []any{
		Album{}, Track{}, Artist{}, Playlist{}, SimplifiedPlaylist{}, Page[PlaylistItem]{}, Show{}, Episode{},
		Audiobook{}, Chapter{}, PlaybackState{}, SearchResult{}, AudioAnalysis{}, Queue{},
		CursorPage[PlayHistory]{}, RecommendationsResult{}, PrivateUser{}, AudioFeatures{}, SavedAlbum{},
		SavedTrack{}, SavedShow{}, SavedEpisode{}, SavedAudiobook{}, Category{}, FeaturedPlaylists{},
	} {
		check(reflect.TypeOf(model))
	}
	if len(seen) < 50 {
		t.Errorf("only %d models", len(seen))
	}
}

// A call, Decode and every version of encoding/json decode the API's JSON to the same value, in a
// model or in a type of the caller's.
func TestFaultsOneValue(t *testing.T) {
	const item = `{"added_at":"2024-01-02T03:04:05Z","is_local":false,"item":null,"track":{"type":"episode",` +
		`"track":true,"id":"e","name":"E","duration_ms":1.5e3,"is_playable":false,"album":{"name":"Show"}}}`
	for name, text := range map[string]string{
		"contents that are called tracks": `{"id":"p","tracks":{"items":[` + item + `,null],"total":2.0,"limit":50}}`,
		"contents that are called items":  `{"id":"p","items":{"items":[` + item + `,null],"total":2,"limit":50}}`,
		"names in capitals":               `{"ID":"p","ITEMS":{"Items":[` + item + `,null],"TOTAL":2,"limit":50}}`,
		"both names, the newer one null": `{"id":"p","items":null,"tracks":{"items":[` +
			item + `,null],"total":2,"limit":50}}`,
		"both names, the newer one last": `{"id":"p","tracks":{"items":[]},"items":{"items":[` +
			item + `,null],"total":2,"limit":50}}`,
		"both names, the newer one first": `{"id":"p","items":{"items":[` +
			item + `,null],"total":2,"limit":50},"tracks":{"items":[]}}`,
		"a name twice": `{"id":"x","id":"p","items":{"items":[` + item + `,null],"total":2,"limit":50}}`,
		"broken UTF-8 in an unknown member": "{\"x\":\"\xff\",\"id\":\"p\",\"items\":{\"items\":[" +
			item + ",null],\"total\":2,\"limit\":50}}",
		"unknown members, nested and escaped": `{"a":{"b":[[{"id":"no"}],"\u0022"]},"id":"p",` +
			`"items":{"items":[null,` + item + `],"limit":50,"c":{},"total":"2"}}`,
	} {
		s, _ := record(t, Config{}, always(200, text))
		want, err := s.Playlists.Get(t.Context(), playlistA, nil)
		if err != nil {
			t.Fatal(name, err)
		}
		episode := want.Items.Items[0].Item.Episode
		if want.ID != "p" || want.Items.Total != 2 || want.Items.Dropped != 1 || episode == nil ||
			episode.DurationMS != 1500 ||
			episode.IsPlayable == nil ||
			episode.Show.Name != "Show" {
			t.Errorf("%s: %+v", name, want)
		}
		written, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		for way, decode := range map[string]func(*Playlist) error{
			"encoding/json": func(p *Playlist) error { return json.Unmarshal([]byte(text), p) },
			"Decode":        func(p *Playlist) error { return Decode([]byte(text), p) },
			"Do":            func(p *Playlist) error { return s.Do(t.Context(), http.MethodGet, "/x", nil, nil, p) },
			"encoded":       func(p *Playlist) error { return json.Unmarshal(written, p) },
			"in a list": func(p *Playlist) error {
				list := []*Playlist{p}
				return json.Unmarshal([]byte("["+text+"]"), &list)
			},
			"in a type of the caller's": func(p *Playlist) error {
				own := struct {
					A struct{ B map[string]*Playlist }
				}{}
				err := Decode([]byte(`{"a":{"b":{"x":`+text+`}}}`), &own)
				if got := own.A.B["x"]; err == nil && got != nil {
					*p = *got
				}
				return err
			},
			"where another was before": func(p *Playlist) error {
				*p = Playlist{
					PlaylistDetails: PlaylistDetails{Name: "old", Public: new(true)},
					Items:           Page[PlaylistItem]{Next: "old", Items: make([]PlaylistItem, 9)},
				}
				return json.Unmarshal([]byte(text), p)
			},
		} {
			got := new(Playlist)
			if err := decode(got); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%s, %s: %+v, want %+v; %v", name, way, got, want, err)
			}
		}
	}
}

// Raw JSON is encoded unchanged, with unknown members, empty lists and false, and Raw is not a type
// of the JSON library.
func TestFaultsRaw(t *testing.T) {
	const hologram = `{"type":"hologram","uri":"spotify:hologram:1","lit":false,"parts":[],"deep":{"x":[null,1.50]}}`
	var item PlaylistItem
	if err := json.Unmarshal([]byte(`{"item":`+hologram+`}`), &item); err != nil || item.Item.Raw.String() != hologram {
		t.Fatalf("%s, %v", item.Item.Raw, err)
	}
	text, err := json.Marshal(item)
	if err != nil || !bytes.Contains(text, []byte(hologram)) {
		t.Errorf("encoded as %s, %v", text, err)
	}
	var kept struct{ Response Raw }
	if err := Decode([]byte(`{"response": `+hologram+` }`), &kept); err != nil || kept.Response.String() != hologram {
		t.Errorf("%s, %v", kept.Response, err)
	}
	if err := json.Unmarshal([]byte(`{"response":`+hologram+`}`), &kept); err != nil ||
		kept.Response.String() != hologram {
		t.Errorf("%s, %v", kept.Response, err)
	}
	if text, err := json.Marshal(Raw(nil)); err != nil || string(text) != "null" {
		t.Errorf("%s, %v", text, err)
	}
	artist := Artist{Genres: []string{}, Images: Images{}}
	if text, _ := json.Marshal(artist); !bytes.Contains(text, []byte(`"genres":[]`)) ||
		!bytes.Contains(text, []byte(`"images":[]`)) {
		t.Errorf("empty lists are encoded as %s", text)
	}
	page := CursorPage[PlayHistory]{Dropped: 2, Items: []PlayHistory{{PlayedAt: time.Unix(1, 0).UTC()}}}
	var again CursorPage[PlayHistory]
	if text, err := json.Marshal(page); err != nil || json.Unmarshal(text, &again) != nil ||
		!reflect.DeepEqual(page, again) {
		t.Errorf("%s, %v", text, err)
	}
}

func TestDecodeRefuses(t *testing.T) {
	var album *Album
	for name, out := range map[string]any{"nil": nil, "no pointer": Album{}, "a nil pointer": album} {
		if err := Decode([]byte(`{}`), out); !errors.Is(err, ErrInvalidArgument) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, text := range []string{
		``,
		`{`,
		`{"id":1]`,
		`[]`,
		`"x"`,
		`{} {}`,
		`{"id":"\x"}`,
		"{\"id\":\"a\nb\"}",
		`{"a":01}`,
		`{"id":1,}`,
	} {
		if err := Decode([]byte(text), new(Album)); err == nil {
			t.Errorf("%q was decoded", text)
		}
	}
	err := Decode([]byte(`{"tracks":{"items":[{"id":"x"},{"id":tru}]}}`), new(Album))
	if pointer(err) != "/tracks/items/1/id" {
		t.Errorf("%v is at %q", err, pointer(err))
	}
}

// own is a type of a caller of Do and Decode.
type own struct {
	Small  int8
	Count  uint16
	Ratio  float32
	Any    any
	Words  map[string][]string
	Pair   [2]int
	Time   time.Duration
	Number json.Number
	Album  *SimplifiedAlbum
	Inner  struct{ Deep *own }
	*Followers
	hidden int
}

func TestDecodeIntoOwnTypes(t *testing.T) {
	const text = `{"small":1000,"count":"-4","ratio":"1.5","any":{"a":[1,"b",true,null,{}]},"words":{"x":["y"],"z":null},
"pair":[1,2.0,3],"time":5,"number":1.25,
		"album":{"name":"A","images":[null]},"inner":{"deep":{"small":2}},"total":7.0,"hidden":1}`
	var got own
	if err := Decode([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	if got.Small != 127 || got.Count != 0 || got.Ratio != 1.5 || got.Pair != [2]int{
		1,
		2,
	} || got.Time != 5 || got.Number != "1.25" || got.Album.Name != "A" || got.Inner.Deep.Small != 2 ||
		*got.Total != 7 ||
		got.hidden != 0 ||
		got.Words["x"][0] != "y" ||
		len(got.Words) != 2 {
		t.Errorf("%+v", got)
	}
	var want any
	if err := json.Unmarshal([]byte(`{"a":[1,"b",true,null,{}]}`), &want); err != nil ||
		!reflect.DeepEqual(got.Any, want) {
		t.Errorf("%#v, want %#v", got.Any, want)
	}
}

// bombs returns bodies within the limit that take a lot of memory if they are decoded naively.
func bombs(size int) map[string]string {
	fill := func(begin, piece, end string) string {
		return begin + strings.Repeat(piece, (size-len(begin)-len(end))/len(piece)) + end
	}
	nest := func(open, inner, shut string, depth int) string {
		return strings.Repeat(open, depth) + inner + strings.Repeat(shut, depth)
	}
	return map[string]string{
		"objects nested where a number belongs": `{"popularity":` + nest(`{"a":`, "1", "}", 9000) + `}`,
		"wide objects where a number belongs":   `{"popularity":` + fill(`{`, `"a":{"b":{}},`, `"c":0}`) + `}`,
		"objects where texts belong":            fill(`{"genres":[`, `{"name":{"name":{}}},`, `"x"]}`),
		"a body at depth 200":                   `{"tracks":` + nest(`{"items":[`, fill("", `{},`, "{}"), "]}", 200) + `}`,
		"a list of empty objects":               fill(`{"tracks":{"items":[`, `{},`, `{}]}}`),
		"a list of nulls":                       fill(`{"tracks":{"items":[`, `null,`, `null]}}`),
		"a list of empty items":                 fill(`{"items":{"items":[`, `{"item":{}},`, `{}]}}`),
		"a list of empty texts":                 fill(`{"genres":[`, `"",`, `""]}`),
		"an object of many unknown members":     fill(`{`, `"a":1,`, `"b":1}`),
		"a member again and again":              fill(`{`, `"tracks":{"items":[{},{}]},`, `"id":"x"}`),
		"an item again and again":               `{"items":{"items":[` + fill(`{`, `"item":{},`, `"item":{}}`) + `]}}`,
		"a list where an object belongs":        fill(`{"tracks":[`, `[],`, `[]]}`),
		"unknown lists nested as deep as allowed": fill(
			`{"x":`+nest("[", "", "", 9000)+`1`,
			`,1`,
			strings.Repeat("]", 9000)+`}`,
		),
		"one text":                   fill(`{"name":"`, "\\u0000", `"}`),
		"one text of broken UTF-8":   fill(`{"name":"`, "\xff", `"}`),
		"one text of escaped quotes": fill(`{"name":"`, `\"`, `"}`),
		"one text of backslashes":    fill(`{"name":"`, `\\`, `"}`),
		"one name":                   fill(`{"`, `x`, `":1}`),
		"one unknown text":           fill(`{"x":["`, `y`, `"]}`),
		"one number":                 fill(`{"popularity":1`, `0`, `}`),
		"texts of half a mebibyte": fill(
			`{"artists":[`,
			`{"name":"`+strings.Repeat(`\u0001`, min(size/8, 80_000))+`"},`,
			`{}]}`,
		),
		"images":              fill(`{"images":[`, `{},`, `{}]}`),
		"tracks that are raw": fill(`{"items":{"items":[`, `{"item":{"type":"?"}},`, `{}]}}`),
	}
}

// allocated returns the number of bytes that do allocates.
func allocated(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// Decoding a body within MaxBody allocates at most 12 times MaxBody.
func TestFaultsMemory(t *testing.T) {
	const size = 1 << 18
	for name, body := range bombs(size) {
		t.Run(name, func(t *testing.T) {
			for into, out := range map[string]any{
				"an album":   new(Album),
				"a playlist": new(Playlist),
				"an artist":  new(Artist),
				"anything":   new(any),
				"own types":  new(own),
			} {
				var err error
				took := allocated(func() { err = decode(context.Background(), []byte(body), target{out: out}, expansion*size) })
				if most := uint64(expansion*size + len(body) + 64<<10); took > most {
					t.Errorf("into %s: %d bytes of JSON took %d, want at most %d; %v", into, len(body), took, most, err)
				}
				if err != nil && !errors.Is(err, ErrTooLarge) && pointer(err) == "" && into != "anything" {
					t.Errorf("into %s: %v", into, err)
				}
			}
		})
	}
}

// The error of a call names the limit and the place.
func TestFaultsCall(t *testing.T) {
	s, _ := record(t, Config{MaxBody: 1 << 16}, always(200, `{"tracks":{"items":[`+strings.Repeat(`{},`, 20000)+`{}]}}`))
	_, err := s.Albums.Get(t.Context(), albumA, nil)
	response, ok := errors.AsType[*ResponseError](err)
	if !errors.Is(err, ErrTooLarge) || !ok || !strings.HasPrefix(response.Pointer, "/tracks/items") ||
		!strings.Contains(err.Error(), "786432 bytes") {
		t.Errorf("%v", err)
	}
	deep := strings.Repeat(`{"inner":{"deep":`, 40) + "null" + strings.Repeat("}}", 40)
	if err := Decode([]byte(deep), new(own)); !errors.Is(err, ErrTooLarge) || !strings.Contains(err.Error(), "64 levels") {
		t.Errorf("a known member at depth 80: %v", err)
	}
	if err := Decode(
		[]byte(strings.Repeat(`{"inner":{"deep":`, 30)+"null"+strings.Repeat("}}", 30)),
		new(own),
	); err != nil {
		t.Errorf("a known member at depth 60: %v", err)
	}
	for name, body := range bombs(2 * longestText) {
		isText := strings.HasPrefix(name, "one ") && name != "one number"
		if err := Decode([]byte(body), new(Artist)); isText && !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s of 2 MiB: %v", name, err)
		}
	}
	unknown := `{"new":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `,"name":"x"}`
	var album Album
	if err := Decode([]byte(unknown), &album); err != nil || album.Name != "x" {
		t.Errorf("an unknown member at depth 9000: %v", err)
	}
}

// canceled is a context that is done after a number of checks.
type canceled struct {
	context.Context
	looks int
}

var errEnough = errors.New("enough")

func (c *canceled) Err() error {
	if c.looks--; c.looks < 0 {
		return errEnough
	}
	return nil
}

func (c *canceled) Value(any) any { return nil }

// Decoding checks its context every 512 tokens, also in skipped values, and ends with it.
func TestFaultsContext(t *testing.T) {
	for _, name := range []string{
		"a list of nulls",
		"an object of many unknown members",
		"a list where an object belongs",
		"unknown lists nested as deep as allowed",
		"wide objects where a number belongs",
		"a list of empty texts",
		"objects where texts belong",
	} {
		ctx := &canceled{context.Background(), 3}
		err := decode(ctx, []byte(bombs(1 << 20)[name]), target{out: new(Album)}, 1<<40)
		if err == nil || ctx.looks >= 0 {
			t.Errorf("%s: %v, %d", name, err, ctx.looks)
		}
		if ctx.looks < -2 { // once for Err, once for Cause
			t.Errorf("%s: decoding went on for %d looks", name, -1-ctx.looks)
		}
	}
}
