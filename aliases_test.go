package spotify_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// The root has a name for the parameters of every method, so that a program that only calls the API
// imports one package.
func TestEveryParamsTypeHasAnAlias(t *testing.T) {
	declared := func(pattern string) map[string]bool {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal(pattern, err)
		}
		names := map[string]bool{}
		for _, file := range files {
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(parsed, func(n ast.Node) bool {
				if spec, ok := n.(*ast.TypeSpec); ok && spec.Name.IsExported() {
					names[spec.Name.Name] = true
				}
				return true
			})
		}
		return names
	}
	aliases, params := declared("aliases.go"), 0
	for name := range declared("resources/*.go") {
		if !strings.HasSuffix(name, "Params") {
			continue
		}
		if params++; !aliases[name] {
			t.Errorf("aliases.go has no %s", name)
		}
	}
	if params < 20 {
		t.Errorf("found only %d types of parameters", params)
	}
}
