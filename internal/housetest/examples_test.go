package housetest

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// withExamples are the folders of the packages whose constructors need an example. Package auth has
// those of auth/token, whose functions it re-exports.
var withExamples = []string{
	".", "auth", "middleware", "middleware/usage", "mock", "mock/catalogue", "mock/record", "resources", "transport",
}

// constructed are the results of functions that need an example, besides those named New….
var constructed = map[string]bool{
	"transport.Middleware": true, "Middleware": true, "Observer": true, "TokenSource": true,
}

// TestExamples fails if a constructor, a middleware or a service has no example on its page, and if
// one of their examples has no output, because go test runs only examples with an output.
func TestExamples(t *testing.T) {
	count := 0
	for _, folder := range withExamples {
		pkg := read(t, filepath.Join("../..", folder))
		funcs := pkg.Funcs
		for _, typ := range pkg.Types {
			funcs = append(funcs, typ.Funcs...) // those that return the type
			if !isService(typ) && pkg.Name+"."+typ.Name != "transport.Middleware" {
				continue
			}
			examples := typ.Examples
			for _, method := range typ.Methods {
				examples = append(examples, method.Examples...)
			}
			checkExamples(t, pkg.Name+"."+typ.Name, examples)
			count++
		}
		for _, f := range funcs {
			if strings.HasPrefix(f.Name, "New") || constructed[resultOf(f.Decl)] {
				checkExamples(t, pkg.Name+"."+f.Name, f.Examples)
				count++
			}
		}
	}
	if count < 35 {
		t.Errorf("%d functions and services were checked: want 35 or more", count)
	}
}

// checkExamples fails if there is no example, or one without output.
func checkExamples(t *testing.T, name string, examples []*doc.Example) {
	t.Helper()
	if len(examples) == 0 {
		t.Errorf("%s has no example", name)
	}
	for _, e := range examples {
		if e.Output == "" && !e.EmptyOutput {
			t.Errorf("%s: Example%s has no output", name, e.Name)
		}
	}
}

// read returns the documentation of the package in a folder, with the examples of its tests.
func read(t *testing.T, folder string) *doc.Package {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range names {
		file, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	pkg, err := doc.NewFromFiles(fset, files, "example.com/"+filepath.Base(folder))
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}

// resultOf returns the type of a function's only result, as it is written.
func resultOf(f *ast.FuncDecl) string {
	results := f.Type.Results
	if results == nil || len(results.List) != 1 {
		return ""
	}
	switch result := results.List[0].Type.(type) {
	case *ast.Ident:
		return result.Name
	case *ast.SelectorExpr:
		if pkg, ok := result.X.(*ast.Ident); ok {
			return pkg.Name + "." + result.Sel.Name
		}
	}
	return ""
}

// isService reports whether a type is a service: a struct whose only field is the core.
func isService(typ *doc.Type) bool {
	for _, spec := range typ.Decl.Specs {
		structure, ok := spec.(*ast.TypeSpec).Type.(*ast.StructType)
		if !ok || len(structure.Fields.List) != 1 {
			continue
		}
		if pointer, ok := structure.Fields.List[0].Type.(*ast.StarExpr); ok {
			if name, ok := pointer.X.(*ast.Ident); ok && name.Name == "core" {
				return true
			}
		}
	}
	return false
}
