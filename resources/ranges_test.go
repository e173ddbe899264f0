package resources

// These tests call every method of every service, found by reflection so that new methods are
// tested: with valid arguments, and with each argument out of its range.

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/transport"
)

// probe calls methods and records the requests.
type probe struct {
	services *Services
	sent     []string // the operations of the requests
}

func newProbe(t *testing.T, conf Config) *probe {
	p := &probe{}
	conf.Concurrency, conf.Window = 1, 1
	p.services, _ = record(t, conf, func(req *http.Request) (int, string) {
		p.sent = append(p.sent, transport.CallFrom(req.Context()).Operation)
		return 200, "{}"
	})
	return p
}

// goods returns valid arguments by type. A string or a list of strings is an id or a URI, as the
// method takes.
func goods(id, list string) map[reflect.Type]any {
	return map[reflect.Type]any{
		reflect.TypeFor[string]():          id,
		reflect.TypeFor[[]string]():        []string{list, strings.Replace(list, trackA, trackB, 1)},
		reflect.TypeFor[[]byte]():          []byte(smallJPEG),
		reflect.TypeFor[[]TimestampedID](): []TimestampedID{{ID: trackA, AddedAt: time.Unix(1, 0)}},
		reflect.TypeFor[[]PlaylistItem](): []PlaylistItem{
			{Item: Playable{Track: &Track{SimplifiedTrack: SimplifiedTrack{URI: URI(KindTrack, trackA)}}}},
		},
		reflect.TypeFor[Kind]():                  KindArtist,
		reflect.TypeFor[RepeatState]():           RepeatOff,
		reflect.TypeFor[int]():                   1,
		reflect.TypeFor[bool]():                  true,
		reflect.TypeFor[time.Duration]():         time.Second,
		reflect.TypeFor[*CreatePlaylistParams](): &CreatePlaylistParams{Name: "x"},
		reflect.TypeFor[*ChangeDetailsParams]():  &ChangeDetailsParams{Name: "x"},
		reflect.TypeFor[RecommendationSeeds]():   RecommendationSeeds{Genres: []string{"jazz"}},
	}
}

// call calls a method with valid arguments, which change may make invalid, and returns the error of
// the method or of its iterator.
func (p *probe) call(
	t *testing.T,
	method reflect.Value,
	good map[reflect.Type]any,
	change func([]reflect.Value),
) error {
	args := make([]reflect.Value, method.Type().NumIn())
	for i := range args {
		in := method.Type().In(i)
		switch value, ok := good[in]; {
		case in == reflect.TypeFor[context.Context]():
			args[i] = reflect.ValueOf(t.Context())
		case ok:
			args[i] = reflect.ValueOf(value)
		case in.Kind() == reflect.Pointer:
			args[i] = reflect.New(in.Elem())
		default:
			t.Fatalf("there is no good %s", in)
		}
	}
	if change != nil {
		change(args)
	}
	return invoke(method, args)
}

// each calls test for every method, with valid arguments and the operation of its first request.
func (p *probe) each(
	t *testing.T,
	test func(name string, method reflect.Value, good map[reflect.Type]any, op operations.Operation),
) {
	table := map[string]operations.Operation{}
	for _, op := range operations.All() {
		table[op.Name] = op
	}
	services := reflect.ValueOf(p.services).Elem()
	for i := range services.NumField() {
		field := services.Type().Field(i)
		if !field.IsExported() {
			continue
		}
		for j := range services.Field(i).NumMethod() {
			name, method := field.Name+"."+services.Field(i).Type().Method(j).Name, services.Field(i).Method(j)
			uri := URI(KindTrack, trackA)
			var good map[reflect.Type]any
			before := len(p.sent)
			for _, style := range [][2]string{{trackA, trackA}, {trackA, uri}, {uri, uri}} {
				good = goods(style[0], style[1])
				if err := p.call(t, method, good, nil); !errors.Is(err, ErrInvalidArgument) {
					break
				}
			}
			if len(p.sent) == before {
				t.Errorf("%s: nothing is sent, whatever it is given", name)
				continue
			}
			test(name, method, good, table[p.sent[before]])
		}
	}
}

// Every operation of the API reference is called by a method.
func TestEveryOperationIsCalled(t *testing.T) {
	called := map[string]bool{}
	for _, extended := range []bool{false, true} {
		p := newProbe(t, Config{ExtendedQuota: extended})
		p.each(t, func(string, reflect.Value, map[reflect.Type]any, operations.Operation) {})
		for _, name := range p.sent {
			called[name] = true
		}
	}
	for _, op := range operations.All() {
		if !called[op.Name] {
			t.Errorf("%s is called by no method", op.Name)
		}
	}
	if len(called) != len(operations.All()) {
		t.Errorf("%d operations were called: %v", len(called), slices.Sorted(maps.Keys(called)))
	}
}

// refused checks that an error names the argument, its value and the valid values, and that nothing
// was sent.
func (p *probe) refused(t *testing.T, name string, before int, err error, argument, given, allowed string) {
	t.Helper()
	bad, ok := errors.AsType[*ArgumentError](err)
	if !ok || bad.Name != argument || bad.Given != given || !strings.Contains(bad.Allowed, allowed) {
		t.Errorf("%s with %s = %s: %v, want one that allows %s", name, argument, given, err, allowed)
	}
	if n := len(p.sent) - before; n > 0 {
		t.Errorf("%s with %s = %s: %d calls were sent", name, argument, given, n)
	}
}

// Fields with the same name have the same range in all parameters. The ends of the range are valid.
func TestEveryRange(t *testing.T) {
	p := newProbe(t, Config{})
	limited := map[string]bool{}
	checks := 0
	p.each(t, func(name string, method reflect.Value, good map[reflect.Type]any, op operations.Operation) {
		for i := range method.Type().NumIn() {
			in := method.Type().In(i)
			if in.Kind() != reflect.Pointer {
				continue
			}
			set := func(field string, value any) error {
				return p.call(t, method, good, func(args []reflect.Value) {
					changed := reflect.New(in.Elem())
					changed.Elem().Set(args[i].Elem())
					changed.Elem().FieldByName(field).Set(reflect.ValueOf(value))
					args[i] = changed
				})
			}
			for _, tc := range []struct {
				field   string
				value   any
				given   string
				allowed string // empty if the value is valid
			}{
				{"Limit", -1, "-1", fmt.Sprintf("1 to %d", op.MaxLimit)},
				{"Limit", op.MaxLimit + 1, fmt.Sprint(op.MaxLimit + 1), fmt.Sprintf("1 to %d", op.MaxLimit)},
				{"Limit", 1, "", ""},
				{"Limit", op.MaxLimit, "", ""},
				{"Offset", -1, "-1", "0 "},
				{"Offset", 1, "", ""},
				{"Market", "de", `"de"`, "two capital letters"},
				{"Market", "DEU", `"DEU"`, "two capital letters"},
				{"Market", "DE", "", ""},
				{"Locale", "german", `"german"`, "a language and a country"},
				{"Locale", "de_DE", "", ""},
				{"TimeRange", TimeRange("long"), `"long"`, "long_term"},
			} {
				if f, ok := in.Elem().FieldByName(tc.field); !ok || f.Type != reflect.TypeOf(tc.value) {
					continue
				}
				checks++
				before := len(p.sent)
				err := set(tc.field, tc.value)
				if tc.field == "Limit" {
					limited[op.Name] = true
				}
				if tc.allowed != "" {
					p.refused(t, name, before, err, tc.field, tc.given, tc.allowed)
				} else if len(p.sent) == before {
					t.Errorf("%s with %s = %v: %v", name, tc.field, tc.value, err)
				}
			}
		}
	})
	for _, op := range operations.All() {
		if op.MaxLimit > 0 && !limited[op.Name] {
			t.Errorf("%s takes a limit that no test has tried", op.Name)
		}
	}
	if checks < 200 {
		t.Errorf("%d checks: too few to be all", checks)
	}
}

// All elements of a list are checked before the first request. An empty list sends nothing.
func TestEveryListIsChecked(t *testing.T) {
	inPlay := []string{"start-a-users-playback"} // its list excludes other arguments: see player_test.go
	listed := map[string]bool{}
	for _, extended := range []bool{false, true} {
		p := newProbe(t, Config{ExtendedQuota: extended})
		p.each(t, func(name string, method reflect.Value, good map[reflect.Type]any, op operations.Operation) {
			for i := range method.Type().NumIn() {
				if method.Type().In(i) != reflect.TypeFor[[]string]() {
					continue
				}
				listed[op.Name] = true
				with := func(list []string) error {
					return p.call(t, method, good, func(args []reflect.Value) { args[i] = reflect.ValueOf(list) })
				}
				before := len(p.sent)
				replaces := strings.HasPrefix(name, "Playlists.Replace") // an empty list clears a playlist, so nil is an error
				if err := with(nil); errors.Is(err, ErrInvalidArgument) != replaces || err != nil && !replaces ||
					len(p.sent) > before {
					t.Errorf("%s of nothing: %d calls, %v", name, len(p.sent)-before, err)
				}
				long := slices.Repeat(good[reflect.TypeFor[[]string]()].([]string), 100)
				for _, text := range []string{"", "spotify:hologram:x", trackA[1:]} {
					before := len(p.sent)
					err := with(append(slices.Clip(long), text))
					bad, ok := errors.AsType[*ArgumentError](err)
					if !ok || !strings.HasSuffix(bad.Name, "[200]") || len(p.sent) > before {
						t.Errorf("%s with %q as the last of 201: %d calls, %v", name, text, len(p.sent)-before, err)
					}
				}
			}
		})
	}
	for _, op := range operations.All() {
		if op.MaxItems > 0 && !listed[op.Name] && !slices.Contains(inPlay, op.Name) {
			t.Errorf("%s takes a list that no test has tried", op.Name)
		}
	}
}
