package housetest

import (
	"slices"
	"strings"
	"testing"
)

// bounds holds the largest reference cycle, in files, that a package may have. A pattern that ends
// with "/..." bounds every package below it. The first pattern that matches counts.
var bounds = []struct {
	pattern string
	files   int
}{
	{".", 15},
	{"./transport", 15},
	{"./middleware", 15},
	{"./auth", 15},
	{"./resources", 15},
	{"./mock/...", 15},
}

// TestReferenceCycles fails if the files of a package form a larger cycle than its bound allows.
// With -v it prints the number of files, their median length, the largest cycle and the number of
// exported names of every measured package.
func TestReferenceCycles(t *testing.T) {
	for _, bound := range bounds {
		packages, err := Load(t.Context(), "../..", bound.pattern)
		if err != nil {
			t.Fatal(err)
		}
		if len(packages) == 0 {
			t.Fatalf("no package matches %s", bound.pattern)
		}
		for _, p := range packages {
			cycle := p.LargestCycle()
			t.Logf(
				"%-60s %3d files, median %3d lines, largest cycle %2d files, %3d exported names",
				p.Path, len(p.Lines), p.MedianLines(), len(cycle), p.Exported,
			)
			if len(cycle) > bound.files {
				t.Errorf(
					"%s: %d files refer to each other in a cycle, want at most %d: %s",
					p.Path, len(cycle), bound.files, strings.Join(cycle, " "),
				)
			}
		}
	}
}

func TestLargestCycle(t *testing.T) {
	for name, c := range map[string]struct {
		uses map[string][]string
		want []string
	}{
		"none": {map[string][]string{"a": {"b"}, "b": {"c"}, "c": nil}, nil},
		"two":  {map[string][]string{"a": {"b"}, "b": {"a", "c"}, "c": nil}, []string{"a", "b"}},
		"the larger one": {map[string][]string{"a": {"b"}, "b": {"a", "c"}, "c": {"d"}, "d": {"e"}, "e": {"c"}},
			[]string{"c", "d", "e"}},
		"through another": {map[string][]string{"a": {"b", "c"}, "b": {"d"}, "c": {"d"}, "d": {"a"}},
			[]string{"a", "b", "c", "d"}},
	} {
		p := Package{Uses: c.uses}
		if got := p.LargestCycle(); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}

// TestLoadSeesUses measures this package, whose test files are not counted.
func TestLoadSeesUses(t *testing.T) {
	packages, err := Load(t.Context(), ".", ".", "../accounts")
	if err != nil || len(packages) != 2 {
		t.Fatal(packages, err)
	}
	for _, p := range packages {
		if p.Lines["cycles_test.go"] != 0 {
			t.Errorf("%s: test files are counted", p.Path)
		}
		if strings.HasSuffix(p.Path, "/accounts") && !slices.Contains(p.Uses["service.go"], "authorize.go") {
			t.Errorf("%s: service.go uses %v, want authorize.go among them", p.Path, p.Uses["service.go"])
		}
	}
}
