package housetest

import (
	"slices"
	"strings"
	"testing"
)

const module = "github.com/seed-2147f1a9/spotify/"

// layers holds the packages of this module that a package of mock may import. The face, package
// mock, is in no list: it imports the others, and none of them imports it.
var layers = map[string][]string{
	"mock/catalogue":      {"mock/internal/ids", "resources"},
	"mock/record":         {"internal/redact", "mock/internal/route", "mock/internal/wire", "transport"},
	"mock/internal/ids":   {"resources"},
	"mock/internal/route": {"internal/operations"},
	"mock/internal/wire":  {},
	"mock/internal/api": {
		"internal/operations", "mock/catalogue", "mock/internal/ids", "mock/internal/route", "resources",
	},
}

func TestLayersOfMock(t *testing.T) {
	var patterns []string
	for path := range layers {
		patterns = append(patterns, "./"+path)
	}
	packages, err := Load(t.Context(), "../..", patterns...)
	if err != nil || len(packages) != len(layers) {
		t.Fatal(len(packages), err)
	}
	for _, p := range packages {
		allowed := layers[strings.TrimPrefix(p.Path, module)]
		for _, imported := range p.Imports {
			own, ok := strings.CutPrefix(imported, module)
			if imported+"/" == module || imported == "testing" || ok && !slices.Contains(allowed, own) {
				t.Errorf("%s imports %s, want at most %v", p.Path, imported, allowed)
			}
		}
	}
}
