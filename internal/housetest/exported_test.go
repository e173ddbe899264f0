package housetest

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// TestExportedTypes checks that no exported declaration of the packages that programs import shows
// a type that they cannot name: one that is not exported, or one of an internal package. Its
// documentation is not shown either.
func TestExportedTypes(t *testing.T) {
	packages, err := Load(t.Context(), "../..", "./...")
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, p := range packages {
		if len(p.files) == 0 || p.files[0].Name.Name == "main" || isInternal(p.Path) {
			continue
		}
		checked++
		for _, fault := range p.hiddenTypes() {
			t.Errorf("%s.%s", p.Path, fault)
		}
	}
	if checked < 10 {
		t.Errorf("only %d packages were checked", checked)
	}
}

// TestHiddenTypes checks that hiddenTypes finds a hidden type wherever it may stand.
func TestHiddenTypes(t *testing.T) {
	const source = `package p
type hidden struct{}
type constraint interface{ ~int }
type Shown struct { A []hidden; B map[string]*Shown; own hidden }
func (*Shown) Method(func(...hidden)) {}
func (s *Shown) own2(hidden) {}
func (s hidden) Method() {}
type Face interface { Method() hidden; own() hidden }
type Alias = hidden
type Other hidden
type own struct { A hidden }
func Generic[T constraint](T) {}
func Anonymous(struct{ H hidden }) {}
func Constrained[T interface{ ~int | ~string }](v T) { var _ hidden }
var Value, own3 = newHidden(), 1
var Typed map[string]hidden
type Embeds struct { Shown; hidden }
func newHidden() *hidden { return nil }
func Returns() (a, b hidden) { return }
`
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "p.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	p := Package{files: []*ast.File{file}}
	p.info = types.Info{Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: importer.Default()}
	if _, err := config.Check("example.org/p", set, p.files, &p.info); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"Alias shows hidden", "Anonymous shows hidden", "Face shows hidden", "Generic shows constraint",
		"Method shows hidden", "Other shows hidden", "Returns shows hidden", "Shown shows hidden", "Typed shows hidden",
		"Value shows hidden",
	}
	if got := p.hiddenTypes(); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// isInternal reports whether programs cannot import a package.
func isInternal(importPath string) bool {
	return slices.Contains(strings.Split(importPath, "/"), "internal")
}

// hiddenTypes returns a sentence for each hidden type that an exported declaration shows.
func (p Package) hiddenTypes() []string {
	found := map[string]bool{}
	for _, file := range p.files {
		for _, declaration := range file.Decls {
			switch d := declaration.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && (d.Recv == nil || ast.IsExported(receiverOf(d.Recv.List[0].Type))) {
					p.inspect(d.Name.Name, d.Type, found)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					p.inspectSpec(spec, d.Doc, found)
				}
			}
		}
	}
	all := make([]string, 0, len(found))
	for fault := range found {
		all = append(all, fault)
	}
	slices.Sort(all)
	return all
}

// inspectSpec finds the hidden types in a part of a declaration with the comment declared.
func (p Package) inspectSpec(spec ast.Spec, declared *ast.CommentGroup, found map[string]bool) {
	switch s := spec.(type) {
	case *ast.TypeSpec:
		if !s.Name.IsExported() {
			return
		}
		doc := s.Doc.Text() + declared.Text()
		if s.TypeParams != nil {
			p.inspect(s.Name.Name, s.TypeParams, found)
		}
		if s.Assign == token.NoPos || !p.describesFields(s.Type, doc) {
			p.inspect(s.Name.Name, s.Type, found)
		}
	case *ast.ValueSpec:
		for _, name := range s.Names {
			if !name.IsExported() {
				continue
			}
			if s.Type != nil {
				p.inspect(name.Name, s.Type, found)
				continue
			}
			of := p.info.Defs[name].Type()
			if pointer, ok := of.(*types.Pointer); ok {
				of = pointer.Elem()
			}
			if named, ok := of.(*types.Named); ok && isHidden(named.Obj()) {
				found[name.Name+" shows "+named.Obj().Name()] = true
			}
		}
	}
}

// describesFields reports whether the comment of an alias names each exported field of the struct
// that it is an alias of: the documentation shows the fields of a hidden type nowhere else.
func (p Package) describesFields(aliased ast.Expr, doc string) bool {
	name, ok := aliased.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	structure, ok := p.info.Uses[name.Sel].Type().Underlying().(*types.Struct)
	if !ok {
		return false
	}
	words := strings.FieldsFunc(doc, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for field := range structure.Fields() {
		if field.Exported() && !slices.Contains(words, field.Name()) {
			return false
		}
	}
	return true
}

// inspect finds the hidden types in a type expression of the declaration name. The documentation
// leaves out fields and methods that are not exported, so they do not count.
func (p Package) inspect(name string, expression ast.Node, found map[string]bool) {
	ast.Inspect(expression, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.StructType:
			p.inspectFields(name, n.Fields, found)
			return false
		case *ast.InterfaceType:
			p.inspectFields(name, n.Methods, found)
			return false
		case *ast.Ident:
			if object, ok := p.info.Uses[n].(*types.TypeName); ok && isHidden(object) {
				found[name+" shows "+object.Name()] = true
			}
		}
		return true
	})
}

func (p Package) inspectFields(name string, fields *ast.FieldList, found map[string]bool) {
	for _, field := range fields.List {
		shown := len(field.Names) == 0 && !isEmbeddedHidden(field.Type)
		for _, fieldName := range field.Names {
			shown = shown || fieldName.IsExported()
		}
		if shown {
			p.inspect(name, field.Type, found)
		}
	}
}

// isEmbeddedHidden reports whether an embedded field has a name that is not exported.
func isEmbeddedHidden(embedded ast.Expr) bool {
	if union, ok := embedded.(*ast.BinaryExpr); ok {
		return isEmbeddedHidden(union.X)
	}
	_, isTerm := embedded.(*ast.UnaryExpr)
	name := receiverOf(embedded)
	return !isTerm && name != "" && !ast.IsExported(name)
}

// receiverOf returns the name of the type in an expression such as *T, T[V] or p.T.
func receiverOf(expression ast.Expr) string {
	switch e := expression.(type) {
	case *ast.StarExpr:
		return receiverOf(e.X)
	case *ast.IndexExpr:
		return receiverOf(e.X)
	case *ast.IndexListExpr:
		return receiverOf(e.X)
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.Ident:
		return e.Name
	}
	return ""
}

func isHidden(object *types.TypeName) bool {
	if object.Pkg() == nil { // predeclared
		return false
	}
	if _, ok := object.Type().(*types.TypeParam); ok {
		return false
	}
	return !object.Exported() || isInternal(object.Pkg().Path())
}
