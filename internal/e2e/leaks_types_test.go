package e2e_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/seed-2147f1a9/spotify/internal/testutil"
)

const module = "github.com/seed-2147f1a9/spotify"

// harvest collects values of the module's types that a caller can reach from a value, by exported
// fields, elements and wrapped errors.
type harvest struct {
	mu     sync.Mutex
	values map[string][]any // by package path and type name, without type arguments
	errors int
	seen   map[any]bool
}

// mostErrors and mostValues bound how many values of one type are kept.
const mostErrors, mostValues = 25, 4

func (h *harvest) add(values ...any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seen = map[any]bool{}
	for _, v := range values {
		h.walk(reflect.ValueOf(v))
	}
}

func (h *harvest) walk(v reflect.Value) {
	if !v.IsValid() || !v.CanInterface() {
		return
	}
	if err, ok := v.Interface().(error); ok && !isNil(v) {
		h.errors++
		switch wrapping := err.(type) {
		case interface{ Unwrap() error }:
			h.walk(reflect.ValueOf(wrapping.Unwrap()))
		case interface{ Unwrap() []error }:
			h.walk(reflect.ValueOf(wrapping.Unwrap()))
		}
	}
	h.keep(v)
	h.methods(v)
	switch v.Kind() {
	case reflect.Interface:
		h.walk(v.Elem())
	case reflect.Pointer:
		if !v.IsNil() && !h.seen[v.Interface()] {
			h.seen[v.Interface()] = true
			if isOurs(v.Type().Elem()) && hasLock(v.Type().Elem()) {
				h.fields(v.Elem())
				return
			}
			h.walk(v.Elem())
		}
	case reflect.Struct:
		h.fields(v)
	case reflect.Slice, reflect.Array:
		for i := range min(v.Len(), 50) {
			h.walk(v.Index(i))
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			h.walk(it.Key())
			h.walk(it.Value())
		}
	}
}

// methods adds the results of the methods without parameters that return one value of the module's
// types.
func (h *harvest) methods(v reflect.Value) {
	if isNil(v) || v.Kind() == reflect.Interface {
		return
	}
	for m := range v.NumMethod() {
		method := v.Method(m)
		if typ := method.Type(); typ.NumIn() == 0 && typ.NumOut() == 1 && isOurs(typ.Out(0)) &&
			typ.Out(0).Kind() == reflect.Struct {
			h.keep(method.Call(nil)[0])
		}
	}
}

func (h *harvest) fields(v reflect.Value) {
	for i := range v.NumField() {
		if isOurs(v.Type()) && v.Type().Field(i).IsExported() {
			h.walk(v.Field(i))
		}
	}
}

// keep adds a value, or a pointer to one, if its type is the module's.
func (h *harvest) keep(v reflect.Value) {
	typ := v.Type()
	if typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	if !isOurs(typ) || v.Kind() == reflect.Interface || v.IsZero() {
		return
	}
	name, _, _ := strings.Cut(typ.Name(), "[")
	name = typ.PkgPath() + "." + name
	most := mostValues
	if _, ok := v.Interface().(error); ok {
		most = mostErrors
	}
	if len(h.values[name]) < most {
		h.values[name] = append(h.values[name], v.Interface())
	}
}

func isOurs(typ reflect.Type) bool {
	return typ.Name() != "" && strings.HasPrefix(typ.PkgPath(), module)
}

func isNil(v reflect.Value) bool {
	return (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) && v.IsNil()
}

// hasLock reports whether values of a type must not be copied.
func hasLock(typ reflect.Type) bool {
	switch typ.Kind() {
	case reflect.Struct:
		if typ.PkgPath() == "sync" || typ.PkgPath() == "sync/atomic" {
			return true
		}
		for i := range typ.NumField() {
			if hasLock(typ.Field(i).Type) {
				return true
			}
		}
	case reflect.Array:
		return hasLock(typ.Elem())
	}
	return false
}

// holders are the types that hold requests or responses. They print without the secrets; their
// fields have them, so that an encoder writes them.
var holders = map[string]string{
	module + "/transport.Captured": "a copy of the response as the server sent it, for a caller who asks for one",
	module + "/mock.Call":          "a copy of the request as the client sent it, for a test that looks at it",
}

// checkTypes checks that no value prints a secret, and that each exported type of the module, found
// in the source, has a value, or a declaration that cannot hold one.
func checkTypes(t *testing.T, secrets testutil.Secrets, values map[string][]any) {
	t.Helper()
	for name, all := range values {
		for _, v := range all {
			printed := secrets.PrintedBy(v)
			if holders[name] != "" {
				printed = secrets.FormattedBy(v)
			}
			if printed != "" {
				t.Errorf("%s prints %q", name, printed)
				break
			}
		}
	}
	for name := range holders {
		if values[name] == nil ||
			!slices.ContainsFunc(values[name], func(v any) bool { return secrets.InFieldsOf(v) != "" }) {
			t.Errorf("no value of %s holds a secret: the test proves nothing", name)
		}
	}
	declared := declaredTypes(t)
	returned := returnedTypes(declared)
	count := map[string]int{}
	for _, typ := range declared {
		name := nameOf(typ)
		reason := "a value"
		switch underlying := typ.Underlying().(type) {
		case *types.Interface:
			reason = "an interface"
		case *types.Signature:
			reason = "a function"
		default:
			switch {
			case values[name] != nil:
			case !holdsText(underlying, map[types.Type]bool{}):
				reason = "no text in it"
			case !returned[name] && secretField(underlying) == "":
				reason = "never returned, no field for a secret"
			default:
				t.Errorf("%s has no value in this test, and text in it: return one from useEverything", name)
			}
		}
		count[reason]++
	}
	t.Logf("%d exported types: %v", len(declared), count)
	if len(declared) < 190 || count["a value"] < 130 {
		t.Errorf("%d exported types, %d of them with a value: the test proves nothing", len(declared), count["a value"])
	}
	for file, problem := range contribTypes(t) {
		t.Errorf("%s: %s", file, problem)
	}
}

// declaredTypes returns the exported types of the module's public packages, by the compiler's
// export data. An alias counts as its target.
func declaredTypes(t *testing.T) []*types.Named {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-export", "-deps", "-json=ImportPath,Export,Name", "./...")
	cmd.Dir = "../.."
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	exports := map[string]string{}
	var public []string
	for list := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct{ ImportPath, Export, Name string }
		if err := list.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		exports[p.ImportPath] = p.Export
		if strings.HasPrefix(p.ImportPath, module) && p.Name != "main" && !strings.Contains(p.ImportPath, "/internal/") {
			public = append(public, p.ImportPath)
		}
	}
	imports := importer.ForCompiler(
		token.NewFileSet(),
		"gc",
		func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) },
	)
	var found []*types.Named
	for _, path := range public {
		pkg, err := imports.Import(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range pkg.Scope().Names() {
			declared, ok := pkg.Scope().Lookup(name).(*types.TypeName)
			if !ok || !declared.Exported() {
				continue
			}
			if named, ok := types.Unalias(declared.Type()).(*types.Named); ok && !slices.Contains(found, named) {
				found = append(found, named)
			}
		}
	}
	return found
}

func nameOf(named *types.Named) string {
	if named.Obj().Pkg() == nil {
		return named.Obj().Name()
	}
	return named.Obj().Pkg().Path() + "." + named.Obj().Name()
}

// holdsText reports whether a value of a type can have text in it that fmt prints.
func holdsText(typ types.Type, seen map[types.Type]bool) bool {
	if seen[typ] {
		return false
	}
	seen[typ] = true
	switch typ := types.Unalias(typ).(type) {
	case *types.Named:
		switch name := nameOf(typ); {
		case name == "time.Time", strings.HasPrefix(name, "sync.") && name != "sync.Map", strings.HasPrefix(
			name,
			"sync/atomic.",
		) && name != "sync/atomic.Value":
			return slices.ContainsFunc(
				slices.Collect(typ.TypeArgs().Types()),
				func(arg types.Type) bool { return holdsText(arg, seen) },
			)
		}
		return holdsText(typ.Underlying(), seen)
	case *types.Basic:
		return typ.Info()&(types.IsNumeric|types.IsBoolean) == 0
	case *types.Struct:
		for field := range typ.Fields() {
			if holdsText(field.Type(), seen) {
				return true
			}
		}
		return false
	case *types.Map:
		return holdsText(typ.Key(), seen) || holdsText(typ.Elem(), seen)
	case interface{ Elem() types.Type }: // pointers, slices, arrays, channels
		return holdsText(typ.Elem(), seen) || isByte(typ.Elem())
	case *types.Signature:
		return false
	}
	return true
}

// isByte reports whether a type is a byte, several of which are text.
func isByte(typ types.Type) bool {
	basic, ok := typ.Underlying().(*types.Basic)
	return ok && basic.Kind() == types.Byte
}

var secretNames = regexp.MustCompile(
	`(?i)secret|token|password|verifier|state|cookie|header|authorization|credential|^code$|^key$|body`,
)

// secretField returns the name of a field that is for a secret, or that may hold any value; "" if
// there is none. It is for types that only callers create.
func secretField(typ types.Type) string {
	fields, ok := typ.(*types.Struct)
	if !ok {
		return ""
	}
	for field := range fields.Fields() {
		switch underlying := field.Type().Underlying().(type) {
		case *types.Signature:
			continue
		case *types.Interface:
			return field.Name()
		case *types.Basic:
			if underlying.Info()&types.IsString == 0 {
				continue
			}
		}
		if secretNames.MatchString(field.Name()) || strings.Contains(field.Type().String(), "http.") ||
			strings.Contains(field.Type().String(), "oauth2.") ||
			strings.Contains(field.Type().String(), "url.") {
			return field.Name()
		}
	}
	return ""
}

// returnedTypes returns the names of the types whose values come from the library: as results, or
// as arguments of functions and interfaces that callers implement.
func returnedTypes(declared []*types.Named) map[string]bool {
	returned := map[string]bool{}
	seen := map[types.Type]bool{}
	var out, in func(typ types.Type) // a type that the library returns, and one that it takes
	out = func(typ types.Type) {
		typ = types.Unalias(typ)
		if typ == nil || seen[typ] {
			return
		}
		seen[typ] = true
		switch typ := typ.(type) {
		case *types.Named:
			returned[nameOf(typ.Origin())] = true
			if typ.Obj().Pkg() != nil && strings.HasPrefix(typ.Obj().Pkg().Path(), module) {
				out(typ.Underlying())
			}
			for arg := range typ.TypeArgs().Types() {
				out(arg)
			}
		case *types.Struct:
			for field := range typ.Fields() {
				if field.Exported() {
					out(field.Type())
				}
			}
		case *types.Map:
			out(typ.Key())
			out(typ.Elem())
		case interface{ Elem() types.Type }:
			out(typ.Elem())
		case *types.Signature: // iterators
			for p := range typ.Params().Variables() {
				in(p.Type())
			}
		}
	}
	in = func(typ types.Type) {
		switch typ := types.Unalias(typ).(type) {
		case *types.Signature:
			for p := range typ.Params().Variables() {
				out(p.Type())
			}
		case *types.Pointer:
			in(typ.Elem())
		}
	}
	function := func(f *types.Func) {
		for r := range f.Signature().Results().Variables() {
			out(r.Type())
		}
		for p := range f.Signature().Params().Variables() {
			in(p.Type())
		}
	}
	pkgs := map[*types.Package]bool{}
	for _, named := range declared {
		pkgs[named.Obj().Pkg()] = true
		for m := range named.Methods() {
			if m.Exported() {
				function(m)
			}
		}
		switch typ := named.Underlying().(type) {
		case *types.Struct:
			for field := range typ.Fields() {
				if field.Exported() {
					in(field.Type().Underlying())
				}
			}
		case *types.Interface:
			for m := range typ.Methods() {
				function(m)
				for p := range m.Signature().Params().Variables() {
					out(p.Type())
				}
			}
		}
	}
	for pkg := range pkgs {
		for _, name := range pkg.Scope().Names() {
			switch object := pkg.Scope().Lookup(name).(type) {
			case *types.Func:
				if object.Exported() {
					function(object)
				}
			case *types.Var:
				if object.Exported() {
					out(object.Type())
				}
			}
		}
	}
	return returned
}

// contribTypes checks the exported types of the modules below contrib, whose dependencies this
// module lacks: they may have fields of numbers and functions only. A type with other fields needs
// a test in its own module, and an entry here.
func contribTypes(t *testing.T) map[string]string {
	t.Helper()
	plain := []string{
		"int", "int64", "float64", "bool", "time.Duration", "time.Time", "metric.MeterProvider", "trace.TracerProvider",
	}
	tested := []string{ // by TestPrintsNoSecret of contrib/redis, contrib/otel and contrib/prometheus
		"Limiter", "LimiterConfig", "TokenStore", "TokenStoreConfig", "UsageStore", "UsageStoreConfig",
		"Observer", "Collector",
	}
	problems := map[string]string{}
	dirs := 0
	root := "../../contrib"
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go") {
			return err
		}
		dirs++
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, decl := range parsed.Decls {
			group, ok := decl.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range group.Specs {
				declared, ok := spec.(*ast.TypeSpec)
				if !ok || !declared.Name.IsExported() || slices.Contains(tested, declared.Name.Name) {
					continue
				}
				if _, ok := declared.Type.(*ast.InterfaceType); ok {
					continue
				}
				structure, ok := declared.Type.(*ast.StructType)
				if !ok {
					problems[file] = declared.Name.Name + " is not tested for leaks"
					continue
				}
				for _, field := range structure.Fields.List {
					if _, ok := field.Type.(*ast.FuncType); !ok && !slices.Contains(plain, types.ExprString(field.Type)) {
						problems[file] = fmt.Sprintf(
							"%s has a field of the type %s and is not tested for leaks",
							declared.Name.Name,
							types.ExprString(field.Type),
						)
					}
				}
			}
		}
		return nil
	})
	if err != nil || dirs == 0 {
		t.Errorf("%d files in contrib, %v", dirs, err)
	}
	return problems
}
