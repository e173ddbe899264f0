package spotify_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/resources"
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

// The root's page links to every service, and has a name for its type, for functions that take one.
func TestEveryServiceIsLinked(t *testing.T) {
	source, err := os.ReadFile("spotify.go")
	if err != nil {
		t.Fatal(err)
	}
	overview, _, _ := strings.Cut(string(source), "\npackage spotify")
	aliases, err := os.ReadFile("aliases.go")
	if err != nil {
		t.Fatal(err)
	}
	services := reflect.TypeFor[resources.Services]()
	count := 0
	for field := range services.Fields() {
		if !field.IsExported() || field.Type.Kind() != reflect.Pointer {
			continue
		}
		count++
		name := field.Type.Elem().Name()
		if !strings.Contains(overview, "[resources."+name+"]") {
			t.Errorf("the package's doc comment has no link to resources.%s", name)
		}
		if !regexp.MustCompile(`\b` + name + ` += resources\.` + name + `\n`).Match(aliases) {
			t.Errorf("aliases.go has no %s", name)
		}
	}
	if count < 15 {
		t.Errorf("found only %d services", count)
	}
}
