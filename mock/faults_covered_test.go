package mock

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// Every field of Faults, and every method of Rule that injects a fault, is used by an example of
// this package and by a test of the library.
func TestFaultsHaveExamplesAndTests(t *testing.T) {
	wanted := []string{"Delay", "Error", "Fail", "Faults", "RateLimited", "Respond", "WithFaults", "Chaos"}
	for i := range reflect.TypeFor[Faults]().NumField() {
		wanted = append(wanted, reflect.TypeFor[Faults]().Field(i).Name)
	}
	inExamples, inTests := map[string]bool{}, map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != ".." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		switch dir := filepath.ToSlash(filepath.Dir(path)); {
		case dir == "../mock":
			return collectFaults(path, "Example", inExamples)
		case !strings.HasPrefix(dir, "../mock/"):
			return collectFaults(path, "", inTests)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range wanted {
		if !inExamples[name] {
			t.Errorf("no example of this package uses %s", name)
		}
		if !inTests[name] {
			t.Errorf("no test outside this package uses %s", name)
		}
	}
}

// collectFaults adds the fields of Faults that are set, and the methods that are called, in
// functions whose names begin with prefix, of a file that imports this package.
func collectFaults(path, prefix string, found map[string]bool) error {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	imports := false
	for _, spec := range file.Imports {
		imports = imports || strings.HasSuffix(spec.Path.Value, `/spotify/mock"`)
	}
	if !imports {
		return nil
	}
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); !ok || f.Body == nil || !strings.HasPrefix(f.Name.Name, prefix) {
			continue
		}
		ast.Inspect(d, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				collectFields(n, found)
			case *ast.AssignStmt:
				for _, left := range n.Lhs {
					if field, ok := left.(*ast.SelectorExpr); ok {
						found[field.Sel.Name] = true
					}
				}
			case *ast.CallExpr:
				if method, ok := n.Fun.(*ast.SelectorExpr); ok {
					found[method.Sel.Name] = true
				}
			}
			return true
		})
	}
	return nil
}

// collectFields adds the fields of a literal of type mock.Faults, or of the literals in a
// map[string]mock.Faults.
func collectFields(lit *ast.CompositeLit, found map[string]bool) {
	isFaults := func(e ast.Expr) bool {
		kind, ok := e.(*ast.SelectorExpr)
		return ok && kind.Sel.Name == "Faults"
	}
	elements := lit.Elts
	if of, ok := lit.Type.(*ast.MapType); ok && isFaults(of.Value) {
		elements = nil
		for _, e := range lit.Elts {
			if pair, ok := e.(*ast.KeyValueExpr); ok {
				if value, ok := pair.Value.(*ast.CompositeLit); ok {
					elements = append(elements, value.Elts...)
				}
			}
		}
	} else if !isFaults(lit.Type) {
		return
	}
	for _, e := range elements {
		if pair, ok := e.(*ast.KeyValueExpr); ok {
			if field, ok := pair.Key.(*ast.Ident); ok {
				found[field.Name] = true
			}
		}
	}
}
