package testutil

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"
	"testing/fstest"
)

type (
	hider   struct{ secret string }
	deep    struct{ inner any }
	printer struct{ secret string }
)

func (hider) Format(s fmt.State, _ rune)    { _, _ = io.WriteString(s, "nothing") }
func (hider) MarshalText() ([]byte, error)  { return []byte("nothing"), nil }
func (*printer) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "nothing") }
func (deep) Error() string                  { return "deep" }
func (deep) Format(s fmt.State, _ rune)     { _, _ = io.WriteString(s, "deep") }

// TestSecrets checks that the search finds every secret that a value prints or holds, and nothing
// else.
func TestSecrets(t *testing.T) {
	const sesame = "open-sesame"
	s := Secrets{"another-one", sesame}
	for name, c := range map[string]struct {
		v    any
		show bool
	}{
		"a string": {sesame, true}, "bytes": {[]byte(sesame), true},
		"an error": {errors.New("with " + sesame), true}, "escaped": {fmt.Sprintf("%x", sesame), true},
		"a field": {struct{ X string }{sesame}, true}, "a field of one's own": {struct{ x string }{sesame}, true},
		"a value whose pointer alone hides it": {printer{sesame}, true},
		"what hides it":                        {hider{sesame}, false}, "something else": {"sesame-open", false},
		"nothing": {nil, false},
	} {
		if got := s.PrintedBy(c.v); (got == sesame) != c.show || got == "another-one" {
			t.Errorf("%s: found %q, want it to show: %v", name, got, c.show)
		}
	}
	loop := &deep{}
	loop.inner = loop
	for name, c := range map[string]struct {
		v    any
		held bool
	}{
		"a field": {hider{sesame}, true}, "a pointer": {&hider{sesame}, true},
		"a list": {[]any{1, hider{sesame}}, true}, "a map": {map[string]hider{"x": {sesame}}, true},
		"a key": {map[hider]int{{sesame}: 1}, true}, "bytes": {hider{}, false}, "a loop": {loop, false},
		"nothing": {nil, false}, "an array": {[1]hider{{sesame}}, true},
	} {
		if got := s.HeldBy(deep{c.v}); (got == sesame) != c.held {
			t.Errorf("%s: found %q, want it to be held: %v", name, got, c.held)
		}
	}
}

func TestExportedTypes(t *testing.T) {
	dir := fstest.MapFS{
		"a.go": {
			Data: []byte(
				"package a\ntype A struct{}\ntype b int\ntype (\n\tC = int\n\tD func()\n)\nfunc f() { type Inner int }",
			),
		},
		"b.go":      {Data: []byte("//go:build windows\npackage a\ntype A struct{}")},
		"a_test.go": {Data: []byte("package a\ntype T int")},
	}
	if got := ExportedTypes(t, dir); !slices.Equal(got, []string{"A", "C", "D"}) {
		t.Error(got)
	}
}
