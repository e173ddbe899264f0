package main

import (
	"bytes"
	"cmp"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// entry is the part of an operation that is found in the source.
type entry struct {
	// area is the comment above the operation's part of the table.
	area string
	// methods are the exported methods of services that call it, such as "Albums.Get".
	methods []string
}

// source is the source of package resources, type-checked without its imports: calls inside the
// package are found without them.
type source struct {
	info types.Info
	// uses has the package's functions that each function mentions.
	uses map[*types.Func][]*types.Func
	// mentions has the table's variables that each function mentions, by name.
	mentions map[*types.Func][]string
	// operations has the operations' names by the names of their variables.
	operations map[string]string
	found      map[string]entry
	// signatures has the exported methods of services in the order of the source.
	signatures []signature
}

// signature is an exported method of a service.
type signature struct {
	// method is its name with the service, such as "Albums.Get".
	method string
	// text is its parameters and results in one line.
	text string
}

// scan reads the table and the package in dir, and returns the exported methods that call each
// operation, by the operation's name, and the signatures of the methods.
func scan(dir, table string) (map[string]entry, []signature, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, nil, err
	}
	set := token.NewFileSet()
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, nil, err
		}
		files = append(files, file)
	}
	s := source{
		info:       types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}},
		uses:       map[*types.Func][]*types.Func{},
		mentions:   map[*types.Func][]string{},
		operations: map[string]string{},
		found:      map[string]entry{},
	}
	declared, err := parser.ParseFile(set, table, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, nil, err
	}
	for _, decl := range declared.Decls {
		s.table(decl)
	}
	conf := types.Config{Error: func(error) {}}
	pkg, _ := conf.Check("resources", set, files, &s.info) // errors about missing imports are expected
	for _, file := range files {
		for _, decl := range file.Decls {
			s.declared(pkg, decl)
		}
	}
	inOrder := slices.SortedFunc(maps.Keys(s.uses), func(a, b *types.Func) int { return cmp.Compare(a.Pos(), b.Pos()) })
	for _, fn := range inOrder {
		s.method(fn)
	}
	return s.found, s.signatures, nil
}

// table adds a group of the table's variables; the comment above it is their area.
func (s *source) table(decl ast.Decl) {
	group, ok := decl.(*ast.GenDecl)
	if !ok {
		return
	}
	for _, spec := range group.Specs {
		if value, ok := spec.(*ast.ValueSpec); ok && len(value.Values) == 1 {
			s.operation(value.Names[0], value.Values[0], strings.TrimSuffix(strings.TrimSpace(group.Doc.Text()), "."))
		}
	}
}

// declared adds a function: the functions of the package and the operations that it mentions.
func (s *source) declared(pkg *types.Package, decl ast.Decl) {
	function, ok := decl.(*ast.FuncDecl)
	if !ok {
		return
	}
	fn := s.info.Defs[function.Name].(*types.Func)
	s.uses[fn] = nil // also a function that mentions nothing
	if service := serviceOf(fn); service != "" && fn.Exported() {
		s.signatures = append(s.signatures, signature{service + "." + fn.Name(), oneLine(function.Type)})
	}
	ast.Inspect(function, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if from, ok := n.X.(*ast.Ident); ok && from.Name == "operations" {
				s.mentions[fn] = append(s.mentions[fn], n.Sel.Name)
			}
		case *ast.Ident:
			if used, ok := s.info.Uses[n].(*types.Func); ok && used.Pkg() == pkg {
				s.uses[fn] = append(s.uses[fn], used.Origin())
			}
		}
		return true
	})
}

// oneLine returns the parameters and results of a function, without line breaks.
func oneLine(function *ast.FuncType) string {
	var text bytes.Buffer
	_ = format.Node(&text, token.NewFileSet(), function) // writing to a buffer never fails
	line := strings.Join(strings.Fields(strings.TrimPrefix(text.String(), "func")), " ")
	return strings.NewReplacer("( ", "(", ", )", ")", ",)", ")").Replace(line)
}

// operation adds a variable that is declared as declare(Operation{Name: "…"}).
func (s *source) operation(name *ast.Ident, value ast.Expr, area string) {
	call, ok := value.(*ast.CallExpr)
	if !ok {
		return
	}
	if fn, ok := call.Fun.(*ast.Ident); !ok || fn.Name != "declare" {
		return
	}
	for _, field := range call.Args[0].(*ast.CompositeLit).Elts {
		if kv := field.(*ast.KeyValueExpr); kv.Key.(*ast.Ident).Name == "Name" {
			text, _ := strconv.Unquote(kv.Value.(*ast.BasicLit).Value)
			s.operations[name.Name] = text
			s.found[text] = entry{area: area}
		}
	}
}

// method adds an exported method of a service to the operations that it calls, directly or not.
func (s *source) method(fn *types.Func) {
	service := serviceOf(fn)
	if service == "" || !fn.Exported() {
		return
	}
	reached := map[*types.Func]bool{fn: true}
	s.reach(fn, reached)
	named := map[string]bool{}
	for f := range reached {
		for _, variable := range s.mentions[f] {
			if name, ok := s.operations[variable]; ok {
				named[name] = true
			}
		}
	}
	for name := range named {
		e := s.found[name]
		e.methods = append(e.methods, service+"."+fn.Name())
		s.found[name] = e
	}
}

// reach collects the functions that a function mentions, directly or not.
func (s *source) reach(fn *types.Func, reached map[*types.Func]bool) {
	for _, next := range s.uses[fn] {
		if !reached[next] {
			reached[next] = true
			s.reach(next, reached)
		}
	}
}

// serviceOf returns the name of the service that a method belongs to: a struct whose only field is
// a core.
func serviceOf(fn *types.Func) string {
	recv := fn.Signature().Recv()
	if recv == nil {
		return ""
	}
	pointer, ok := recv.Type().(*types.Pointer)
	if !ok {
		return ""
	}
	named, ok := pointer.Elem().(*types.Named)
	if !ok {
		return ""
	}
	if shape, ok := named.Underlying().(*types.Struct); !ok || shape.NumFields() != 1 || shape.Field(0).Name() != "core" {
		return ""
	}
	return named.Obj().Name()
}
