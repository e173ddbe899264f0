package main

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// entry is what the source tells of an operation.
type entry struct {
	// area is what the comment above its part of the table calls it.
	area string
	// methods are the exported methods of services that lead to it, such as "Albums.Get".
	methods []string
	// varies says that some of its calls must not be repeated.
	varies bool
}

// source is package resources as it is written. Its imports are left out: what leads where inside the package can be told without them.
type source struct {
	info types.Info
	// uses are the package's own functions and operations that each function mentions.
	uses map[*types.Func][]types.Object
	// operations are the variables of the table, by what they hold.
	operations map[types.Object]string
	found      map[string]entry
}

// scan reads the package in dir and returns what it tells of each operation, by name.
func scan(dir string) (map[string]entry, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	set := token.NewFileSet()
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	s := source{
		info:       types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}},
		uses:       map[*types.Func][]types.Object{},
		operations: map[types.Object]string{},
		found:      map[string]entry{},
	}
	conf := types.Config{Error: func(error) {}}
	pkg, _ := conf.Check("resources", set, files, &s.info) // what other packages lack here is an error that does not matter
	for _, file := range files {
		for _, decl := range file.Decls {
			s.declared(pkg, decl)
		}
	}
	inOrder := slices.SortedFunc(maps.Keys(s.uses), func(a, b *types.Func) int { return cmp.Compare(a.Pos(), b.Pos()) })
	for _, fn := range inOrder {
		s.method(fn)
	}
	return s.found, nil
}

func (s *source) declared(pkg *types.Package, decl ast.Decl) {
	switch decl := decl.(type) {
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			if value, ok := spec.(*ast.ValueSpec); ok && len(value.Values) == 1 {
				s.operation(value.Names[0], value.Values[0], strings.TrimSuffix(strings.TrimSpace(decl.Doc.Text()), "."))
			}
		}
	case *ast.FuncDecl:
		fn := s.info.Defs[decl.Name].(*types.Func)
		s.uses[fn] = nil // a function that mentions nothing is one all the same
		ast.Inspect(decl, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				if used := s.info.Uses[id]; used != nil && used.Pkg() == pkg {
					s.uses[fn] = append(s.uses[fn], origin(used))
				}
			}
			return true
		})
	}
}

// operation takes in a variable that is declared as declare(Operation{Name: "…"}).
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
			s.operations[s.info.Defs[name]] = text
			s.found[text] = entry{area: area}
		}
	}
}

// origin is what a method or function of a type's instance is an instance of.
func origin(o types.Object) types.Object {
	if fn, ok := o.(*types.Func); ok {
		return fn.Origin()
	}
	return o
}

// method notes the operations to which an exported method of a service leads.
func (s *source) method(fn *types.Func) {
	service := serviceOf(fn)
	if service == "" || !fn.Exported() {
		return
	}
	reached := map[types.Object]bool{}
	s.reach(fn, reached)
	varies := slices.ContainsFunc(slices.Collect(maps.Keys(reached)), func(o types.Object) bool { return o.Name() == "unrepeatable" })
	for o := range reached {
		if name, ok := s.operations[o]; ok {
			e := s.found[name]
			e.methods = append(e.methods, service+"."+fn.Name())
			e.varies = e.varies || varies
			s.found[name] = e
		}
	}
}

// reach collects all that a function mentions, and what the functions among that mention.
func (s *source) reach(fn *types.Func, reached map[types.Object]bool) {
	for _, used := range s.uses[fn] {
		if reached[used] {
			continue
		}
		reached[used] = true
		if next, ok := used.(*types.Func); ok {
			s.reach(next, reached)
		}
	}
}

// serviceOf returns the name of the service whose method a function is: a struct that has nothing but a core.
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
