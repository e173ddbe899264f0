package spotify_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/middleware"
)

// TestPipelinePageIsComplete checks docs/pipeline.md: it has a section for each middleware, in the
// order of the pipeline, and a row for each option of the client, of a call, and each field of a
// configuration.
func TestPipelinePageIsComplete(t *testing.T) {
	page := pageText(t, "docs/pipeline.md")
	client, err := spotify.New(
		spotify.WithAccessToken("token"), spotify.WithCache(middleware.CacheConfig{}),
		spotify.WithLogger(slog.New(slog.DiscardHandler)),
	)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	last, seen := 0, map[string]bool{}
	for _, name := range client.Pipeline() {
		if seen[name] {
			continue
		}
		seen[name] = true
		at := strings.Index(page, "\n## "+name+"\n")
		if at < last {
			t.Errorf("no section %s below that of the middleware before it", name)
		}
		last = max(last, at)
	}
	makers := 0
	for _, fn := range functions(t, "middleware") {
		if fn.Recv == nil && fn.Name.IsExported() && returns(fn, "Middleware") {
			makers++
			if !strings.Contains(page, "\n## "+fn.Name.Name+"\n") {
				t.Errorf("no section %s", fn.Name)
			}
		}
	}
	options := 0
	for _, fn := range functions(t, ".") {
		if fn.Recv == nil && fn.Name.IsExported() && (returns(fn, "Option") || returns(fn, "CallOption")) {
			options++
			if !strings.Contains(page, "\n| `"+fn.Name.Name+"(") {
				t.Errorf("no row for %s", fn.Name)
			}
		}
	}
	if makers < 12 || options < 32 {
		t.Errorf("only %d middlewares and %d options are found", makers, options)
	}
	for config, page := range map[string]string{
		"RetryConfig": "pipeline", "BufferConfig": "pipeline", "CoalesceConfig": "pipeline", "PacerConfig": "pipeline",
		"CacheConfig": "caching",
	} {
		_, table, _ := strings.Cut(pageText(t, "docs/"+page+".md"), "\n| field of `"+config+"` |")
		table, _, _ = strings.Cut(table, "\n\n")
		for _, field := range fields(t, "middleware", config) {
			if !strings.Contains(table, "\n| `"+field+"` |") {
				t.Errorf("docs/%s.md has no row for %s.%s", page, config, field)
			}
		}
	}
}

// TestPaginationPageIsComplete checks that docs/pagination.md names every iterator and every
// GetMany.
func TestPaginationPageIsComplete(t *testing.T) {
	page := pageText(t, "docs/pagination.md")
	named := 0
	for _, fn := range functions(t, "resources") {
		if fn.Recv == nil || !fn.Name.IsExported() || !returns(fn, "Seq2") && fn.Name.Name != "GetMany" {
			continue
		}
		named++
		service := strings.TrimPrefix(typeText(fn.Recv.List[0].Type), "*")
		if name := service + "." + fn.Name.Name; !strings.Contains(page, "`"+name+"`") {
			t.Errorf("%s is not named", name)
		}
	}
	if named < 30 {
		t.Errorf("only %d methods are found", named)
	}
}

// TestPagesNameWhatExists checks that each method and field that a page names after its type, such
// as `Albums.Get` or `RetryConfig.Budget`, exists.
func TestPagesNameWhatExists(t *testing.T) {
	types, members := map[string]bool{}, map[string]bool{}
	for _, dir := range []string{
		".", "resources", "middleware", "transport", "auth", "auth/token", "mock",
		"contrib/breaker", "contrib/otel", "contrib/prometheus", "contrib/redis",
	} {
		for _, file := range syntax(t, dir) {
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.FuncDecl:
					if n.Recv != nil {
						receiver := strings.TrimPrefix(typeText(n.Recv.List[0].Type), "*")
						types[receiver], members[receiver+"."+n.Name.Name] = true, true
					}
				case *ast.TypeSpec:
					if of, ok := n.Type.(*ast.StructType); ok {
						types[n.Name.Name] = true
						for _, field := range of.Fields.List {
							for _, name := range field.Names {
								members[n.Name.Name+"."+name.Name] = true
							}
						}
					}
				}
				return true
			})
		}
	}
	pages, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for _, page := range pages {
		if strings.Contains(page, "migrating-from-zmb3") { // its first column has names of another library
			continue
		}
		for _, m := range regexp.MustCompile("`([A-Z]\\w+)\\.([A-Z]\\w+)").FindAllStringSubmatch(pageText(t, page), -1) {
			if types[m[1]] {
				named++
				if !members[m[1]+"."+m[2]] {
					t.Errorf("%s: %s.%s does not exist", page, m[1], m[2])
				}
			}
		}
	}
	if named < 50 {
		t.Errorf("only %d methods and fields are named", named)
	}
}

// typeText returns the name of a type, with a star for a pointer and without type parameters.
func typeText(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return "*" + typeText(e.X)
	case *ast.IndexExpr:
		return typeText(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

// TestPagesHaveNoRawDiagrams checks that no page has the source of a diagram: pkg.go.dev and most
// viewers show it as text. internal/pictures draws the pictures.
func TestPagesHaveNoRawDiagrams(t *testing.T) {
	pages, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range append(pages, "README.md") {
		if found := regexp.MustCompile("(?m)^```(mermaid|dot|plantuml|d2).*$").FindString(pageText(t, page)); found != "" {
			t.Errorf("%s has %s: want a picture drawn by internal/pictures", page, found)
		}
	}
}

func pageText(t *testing.T, page string) string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// syntax returns the files of a package without its tests.
func syntax(t *testing.T, dir string) []*ast.File {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

// functions returns the functions and methods of a package.
func functions(t *testing.T, dir string) []*ast.FuncDecl {
	t.Helper()
	var all []*ast.FuncDecl
	for _, file := range syntax(t, dir) {
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok {
				all = append(all, fn)
			}
		}
	}
	return all
}

// returns reports whether a function's first result has a type of this name, with or without the
// name of a package and type parameters.
func returns(fn *ast.FuncDecl, name string) bool {
	if fn.Type.Results == nil {
		return false
	}
	result := fn.Type.Results.List[0].Type
	if list, ok := result.(*ast.IndexListExpr); ok {
		result = list.X
	}
	switch result := result.(type) {
	case *ast.Ident:
		return result.Name == name
	case *ast.SelectorExpr:
		return result.Sel.Name == name
	}
	return false
}

// fields returns the exported fields of a struct.
func fields(t *testing.T, dir, name string) []string {
	t.Helper()
	var found []string
	for _, file := range syntax(t, dir) {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok || spec.Name.Name != name {
				return true
			}
			if of, ok := spec.Type.(*ast.StructType); ok {
				for _, field := range of.Fields.List {
					for _, ident := range field.Names {
						found = append(found, ident.Name)
					}
				}
			}
			return false
		})
	}
	found = slices.DeleteFunc(found, func(field string) bool { return !ast.IsExported(field) })
	if len(found) == 0 {
		t.Errorf("%s has no fields", name)
	}
	return found
}
