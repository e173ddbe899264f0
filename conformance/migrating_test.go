package conformance

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestMigratingFromZmb3 checks the tables of docs/migrating-from-zmb3.md: the first column has
// every exported name of zmb3/spotify and no others, and the names of the other columns exist here.
func TestMigratingFromZmb3(t *testing.T) {
	text, err := os.ReadFile("../docs/migrating-from-zmb3.md")
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/zmb3/spotify/v2").
		Output()
	if err != nil {
		t.Fatal(err)
	}
	dir := strings.TrimSpace(string(out))
	theirs := append(exported(t, dir, "", settings), exported(t, filepath.Join(dir, "auth"), "auth.", settings)...)
	var ours []string
	for _, pkg := range []string{"auth", "auth/token", "middleware", "resources", "transport"} {
		ours = append(ours, exported(t, filepath.Join("..", pkg), filepath.Base(pkg)+".", nil)...)
	}
	ours = append(ours, exported(t, "..", "spotify.", nil)...)

	var named []string
	for row := range strings.Lines(string(text)) {
		cells := strings.Split(row, "|")
		if len(cells) != 5 {
			continue
		}
		named = append(named, quoted(cells[1])...)
		for _, name := range quoted(cells[2] + cells[3]) {
			if regexp.MustCompile(`^[A-Za-z]+\.[A-Z]\w*$`).MatchString(name) &&
				!strings.HasPrefix(name, "time.") && !slices.Contains(ours, name) {
				t.Errorf("%s: %s does not exist here", strings.TrimSpace(cells[1]), name)
			}
		}
	}
	for _, name := range theirs {
		if !slices.ContainsFunc(named, func(n string) bool { return covers(n, name) }) {
			t.Errorf("%s is missing", name)
		}
	}
	for _, n := range named {
		if !slices.ContainsFunc(theirs, func(name string) bool { return covers(n, name) }) {
			t.Errorf("%s is no exported name of zmb3/spotify", n)
		}
	}
	if len(theirs) < 300 {
		t.Errorf("only %d names are found in zmb3/spotify", len(theirs))
	}
}

// covers reports whether an entry such as `Limit` or `Country*` means a name.
func covers(entry, name string) bool {
	prefix, all := strings.CutSuffix(entry, "*")
	return entry == name || all && strings.HasPrefix(name, prefix)
}

func quoted(cell string) []string {
	var names []string
	for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cell, -1) {
		names = append(names, m[1])
	}
	return names
}

// settings are the types of zmb3/spotify whose fields are options of a call. Most fields of its
// models have the names that they have here; TestMigratingNamesFields checks the others.
var settings = []string{
	"PlayOptions", "RecentlyPlayedOptions", "PlaylistReorderOptions", "Seeds", "TrackToRemove",
}

// exported returns the exported names of a package: functions, types, variables and constants with
// a prefix, methods and fields after the name of their type. Only the fields of structs are
// returned, unless it is nil.
func exported(t *testing.T, dir, prefix string, structs []string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	add := func(prefix string, name *ast.Ident) {
		if name.IsExported() {
			names = append(names, prefix+name.Name)
		}
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range parsed.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				if decl.Recv == nil {
					add(prefix, decl.Name)
				} else if receiver := typeName(decl.Recv.List[0].Type); ast.IsExported(receiver) {
					add(receiver+".", decl.Name)
				}
			case *ast.GenDecl:
				for _, spec := range decl.Specs {
					switch spec := spec.(type) {
					case *ast.ValueSpec:
						for _, name := range spec.Names {
							add(prefix, name)
						}
					case *ast.TypeSpec:
						add(prefix, spec.Name)
						fields, ok := spec.Type.(*ast.StructType)
						if !ok || structs != nil && !slices.Contains(structs, spec.Name.Name) {
							continue
						}
						for _, field := range fields.Fields.List {
							for _, name := range field.Names {
								add(spec.Name.Name+".", name)
							}
						}
					}
				}
			}
		}
	}
	return names
}

func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return typeName(e.X)
	case *ast.IndexExpr:
		return typeName(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}
