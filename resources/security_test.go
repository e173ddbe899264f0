package resources

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// everyMethod calls test for each method of each service, found by reflection. call passes text as
// all string arguments and zero values as the others, and returns the error of the method or its
// iterator.
func everyMethod(s *Services, test func(name string, call func(ctx context.Context, text string) error)) {
	services := reflect.ValueOf(s).Elem()
	for i := range services.NumField() {
		if !services.Type().Field(i).IsExported() {
			continue
		}
		for j := range services.Field(i).NumMethod() {
			method := services.Field(i).Method(j)
			test(
				services.Type().Field(i).Name+"."+services.Field(i).Type().Method(j).Name,
				func(ctx context.Context, text string) error {
					args := make([]reflect.Value, method.Type().NumIn())
					for k := range args {
						in := method.Type().In(k)
						switch args[k] = reflect.New(in).Elem(); {
						case in == reflect.TypeFor[context.Context]():
							args[k].Set(reflect.ValueOf(ctx))
						case in.Kind() == reflect.String:
							args[k].SetString(text)
						case in == reflect.TypeFor[[]string]():
							args[k].Set(reflect.ValueOf([]string{text}))
						}
					}
					return invoke(method, args)
				},
			)
		}
	}
}

// hostileTexts are texts that could change another part of the URL than the argument's.
var hostileTexts = []string{
	"", ".", "..", "../me", "..%2fme", "%2e%2e", "%2f", "a/../../me", "x?y=z", "x#y", "x&limit=50",
	"\r\nX-Evil: 1", "a\x00b", "a b", `\..\me`, "//evil.example", "https://evil.example/x",
	"https://open.spotify.com/album/..%2f..%2fme", "spotify:album:../me", "spotify:user:../me",
	"spotify:user:%2e%2e", "https://open.spotify.com@evil.example/album/" + trackA,
	strings.Repeat("x", 10_000), trackA + "\n", trackA + "?x", "\xff\xfe",
}

// A call with any text as an id is an error before anything is sent, or goes to the path of the
// operation.
func TestHostileTexts(t *testing.T) {
	s, r := record(t, Config{}, always(200, "{}"))
	methods, refused := 0, 0
	everyMethod(s, func(name string, call func(context.Context, string) error) {
		before := len(r.sent())
		for _, good := range []string{trackA, URI(KindTrack, trackA), URI(KindUser, trackA)} {
			_ = call(t.Context(), good)
		}
		var routes []string
		for _, good := range r.sent()[before:] {
			routes = append(routes, strings.ReplaceAll(good.Path, trackA, "{}"))
		}
		methods++
		for _, text := range hostileTexts {
			before := len(r.sent())
			err := call(t.Context(), text)
			for _, bad := range r.sent()[before:] {
				if !slices.ContainsFunc(routes, func(route string) bool { return shaped(bad.Path, route) }) {
					t.Errorf("%s(%q) is sent to %s, not to one of %v", name, text, bad.Path, routes)
				}
				if _, err := url.ParseQuery(bad.Query); err != nil || strings.ContainsAny(bad.Path+bad.Query, " \r\n\x00#") {
					t.Errorf("%s(%q) is sent as %q?%q", name, text, bad.Path, bad.Query)
				}
				if len(bad.Header["X-Evil"]) > 0 {
					t.Errorf("%s(%q) adds a header", name, text)
				}
			}
			if len(r.sent()) == before && err != nil {
				refused++
				if !errors.Is(err, ErrInvalidArgument) || len(err.Error()) > 1000 || strings.ContainsAny(err.Error(), "\r\n\x00") {
					t.Errorf("%s(%q): %v", name, text, err)
				}
			}
		}
	})
	t.Logf("%d methods, %d texts: %d calls refused before sending", methods, len(hostileTexts), refused)
	if methods < 100 || refused < methods {
		t.Error("too few to prove anything")
	}
}

// shaped reports whether a path is a route with one segment for {}, which is neither . nor ...
func shaped(path, route string) bool {
	got, want := strings.Split(path, "/"), strings.Split(route, "/")
	if len(got) != len(want) {
		return false
	}
	for i := range got {
		if want[i] == "{}" && got[i] != "" && got[i] != "." && got[i] != ".." {
			continue
		}
		if got[i] != want[i] {
			return false
		}
	}
	return true
}

// No iterator fetches a link: every request goes to the base URL, also after a page with a link to
// another origin.
func TestIteratorsFetchNoLinks(t *testing.T) {
	for _, next := range []string{
		"https://evil.example/v1/x?offset=1", "http://api.spotify.com/v1/x", "https://api.spotify.com:8443/v1/x",
		"//evil.example/v1/x", "https://api.spotify.com@evil.example/v1/x",
		"https://api.spotify.com.evil.example/v1/x", "https://sub.api.spotify.com/v1/x",
		"https://api.spotify.com%2eevil.example/", "javascript:alert(1)", "/v1/x", "://", "https:api.spotify.com",
	} {
		page := fmt.Sprintf(
			`{"items":[{}],"limit":1,"total":2,"next":%q,"cursors":{"after":"0123456789012345678901","before":"1"}`,
			next,
		)
		body := page
		for _, member := range []string{
			"albums",
			"artists",
			"audiobooks",
			"categories",
			"episodes",
			"playlists",
			"shows",
			"tracks",
		} {
			body += fmt.Sprintf(`,%q:%s}`, member, page)
		}
		s, r := record(t, Config{}, always(200, body+"}"))
		walks := 0
		everyMethod(s, func(name string, call func(context.Context, string) error) {
			if _, method, _ := strings.Cut(name, "."); !strings.HasPrefix(method, "All") {
				return
			}
			walks++
			before := len(r.sent())
			if err := call(t.Context(), trackA); !errors.Is(err, ErrIncomplete) { // the same link on each page
				t.Errorf("%s, next is %q: %v", name, next, err)
			}
			sent := r.sent()[before:]
			if len(sent) != 2 || sent[0].Path != sent[1].Path || sent[0].Host != sent[1].Host ||
				sent[0].Host != "api.spotify.com" {
				t.Errorf("%s, next is %q: %d requests: %+v", name, next, len(sent), sent)
			}
		})
		if walks < 20 {
			t.Errorf("%d walks", walks)
		}
	}
}

// A deeply nested response is an error or is decoded, in little memory.
func TestDeepResponses(t *testing.T) {
	for _, depth := range []int{10_000, 1_000_000} {
		lists, objects := strings.Repeat(
			"[",
			depth,
		)+strings.Repeat(
			"]",
			depth,
		), strings.Repeat(
			`{"a":`,
			depth,
		)+"1"+strings.Repeat(
			"}",
			depth,
		)
		for name, body := range map[string]string{
			"a list": lists, "an object": objects, "an open list": strings.Repeat(
				"[",
				depth,
			), "an open object": strings.Repeat(`{"a":`, depth),
			"in an unknown member": `{"new":` + lists + `}`, "in a text's place": `{"name":` + objects + `}`,
			"in a list's place": `{"artists":` + lists + `}`,
			"in its own place": strings.Repeat(
				`{"album":`,
				depth,
			) + "{}" + strings.Repeat("}", depth), "in an item": `{"items":[` + objects + `]}`,
		} {
			for _, status := range []int{200, 500} {
				s, r := record(t, Config{}, always(status, body))
				_, album := s.Albums.Get(t.Context(), trackA, nil)
				_, track := s.Tracks.Get(t.Context(), trackA, nil)
				_, page := s.Playlists.Items(t.Context(), trackA, nil)
				var out any
				loose := s.Do(t.Context(), http.MethodGet, "/x", nil, nil, &out)
				for _, err := range []error{album, track, page, loose} {
					if err != nil && len(err.Error()) > 2000 {
						t.Errorf("%d levels, %s, %d: an error of %d bytes", depth, name, status, len(err.Error()))
					}
				}
				if len(r.sent()) < 4 {
					t.Errorf("%d requests", len(r.sent()))
				}
			}
		}
	}
}
