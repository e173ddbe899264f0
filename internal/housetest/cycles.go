// Package housetest measures how the files of a package refer to each other, and holds packages to
// bounds: a package whose files form one large reference cycle can only be read as a whole.
package housetest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

// Package is one measured package. Test files are not counted.
type Package struct {
	// Path is the import path.
	Path string
	// Lines holds the number of lines of each file, by the file's base name.
	Lines map[string]int
	// Uses holds, for each file, the files that declare a package-level identifier (a function,
	// type, variable, constant or method) which this file uses.
	Uses map[string][]string
	// Exported is the number of exported names, without those of methods and fields.
	Exported int
	// Imports are the imported packages.
	Imports []string

	files []*ast.File
	info  types.Info
}

// Load measures the packages that match patterns, as the go command resolves them in dir.
func Load(ctx context.Context, dir string, patterns ...string) ([]Package, error) {
	listed, err := list(ctx, dir, patterns)
	if err != nil {
		return nil, err
	}
	exports := map[string]string{}
	for _, p := range listed {
		exports[p.ImportPath] = p.Export
	}
	fset := token.NewFileSet()
	lookup := func(path string) (io.ReadCloser, error) {
		file, ok := exports[path]
		if !ok || file == "" {
			return nil, fmt.Errorf("housetest: no export data of %s", path)
		}
		return os.Open(file)
	}
	imports := importer.ForCompiler(fset, "gc", lookup)
	var packages []Package
	for _, p := range listed {
		if p.DepOnly {
			continue
		}
		measured, err := measure(fset, imports, p)
		if err != nil {
			return nil, err
		}
		packages = append(packages, measured)
	}
	return packages, nil
}

// listed is the part of the go command's description of a package that Load needs.
type listed struct {
	Dir, ImportPath, Export string
	DepOnly                 bool
	GoFiles, Imports        []string
}

func list(ctx context.Context, dir string, patterns []string) ([]listed, error) {
	args := append([]string{"list", "-export", "-deps", "-json=Dir,ImportPath,Export,DepOnly,GoFiles,Imports", "--"},
		patterns...)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return nil, fmt.Errorf("housetest: go list: %w: %s", err, exit.Stderr)
		}
		return nil, fmt.Errorf("housetest: go list: %w", err)
	}
	var all []listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		switch err := dec.Decode(&p); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, fmt.Errorf("housetest: go list: %w", err)
		}
		all = append(all, p)
	}
}

// measure type-checks one package and records which file uses which.
func measure(fset *token.FileSet, imports types.Importer, p listed) (Package, error) {
	measured := Package{Path: p.ImportPath, Imports: p.Imports, Lines: map[string]int{}, Uses: map[string][]string{}}
	var files []*ast.File
	for _, name := range p.GoFiles {
		file, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution|parser.ParseComments)
		if err != nil {
			return measured, fmt.Errorf("housetest: %w", err)
		}
		measured.Lines[name] = fset.File(file.FileStart).LineCount()
		measured.Uses[name] = nil
		files = append(files, file)
	}
	info := types.Info{Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
	checked, err := (&types.Config{Importer: imports}).Check(p.ImportPath, fset, files, &info)
	if err != nil {
		return measured, fmt.Errorf("housetest: %s: %w", p.ImportPath, err)
	}
	measured.files, measured.info = files, info
	for _, name := range checked.Scope().Names() {
		if token.IsExported(name) {
			measured.Exported++
		}
	}
	for ident, object := range info.Uses {
		if object.Pkg() != checked || !packageLevel(object) {
			continue
		}
		from, to := filepath.Base(fset.Position(ident.Pos()).Filename), filepath.Base(fset.Position(object.Pos()).Filename)
		if from != to && !slices.Contains(measured.Uses[from], to) {
			measured.Uses[from] = append(measured.Uses[from], to)
		}
	}
	for _, used := range measured.Uses {
		slices.Sort(used)
	}
	return measured, nil
}

// packageLevel reports whether an object is declared at package level or is a method.
func packageLevel(object types.Object) bool {
	if f, ok := object.(*types.Func); ok && f.Signature().Recv() != nil {
		return true
	}
	return object.Parent() == object.Pkg().Scope()
}

// MedianLines returns the median number of lines of the package's files.
func (p *Package) MedianLines() int {
	var all []int
	for _, n := range p.Lines {
		all = append(all, n)
	}
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// LargestCycle returns the files of the largest reference cycle: the largest set of files in which
// every file reaches every other one through uses. It is empty if there is no cycle.
func (p *Package) LargestCycle() []string {
	t := &tarjan{uses: p.Uses, index: map[string]int{}, low: map[string]int{}, open: map[string]bool{}}
	names := make([]string, 0, len(p.Uses))
	for name := range p.Uses {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if t.index[name] == 0 {
			t.visit(name)
		}
	}
	largest := slices.MaxFunc(append(t.components, nil), func(a, b []string) int { return cmp.Compare(len(a), len(b)) })
	if len(largest) < 2 {
		return nil
	}
	slices.Sort(largest)
	return largest
}

// tarjan finds strongly connected components (R. Tarjan, 1972).
type tarjan struct {
	uses       map[string][]string
	index, low map[string]int
	open       map[string]bool
	stack      []string
	components [][]string
}

func (t *tarjan) visit(file string) {
	n := len(t.index) + 1
	t.index[file], t.low[file] = n, n
	t.stack = append(t.stack, file)
	t.open[file] = true
	for _, used := range t.uses[file] {
		if t.index[used] == 0 {
			t.visit(used)
			t.low[file] = min(t.low[file], t.low[used])
		} else if t.open[used] {
			t.low[file] = min(t.low[file], t.index[used])
		}
	}
	if t.low[file] != t.index[file] {
		return
	}
	at := slices.Index(t.stack, file)
	component := slices.Clone(t.stack[at:])
	for _, member := range component {
		t.open[member] = false
	}
	t.stack = t.stack[:at]
	t.components = append(t.components, component)
}
