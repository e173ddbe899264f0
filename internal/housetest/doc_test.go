package housetest

import (
	"context"
	"fmt"
	"go/ast"
	"go/doc"
	doccomment "go/doc/comment"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestDocumentation checks the comments of every package that programs can import, as pkg.go.dev
// shows them: every package begins with one sentence, every exported declaration has a comment,
// every link leads to a declaration, and every list is indented.
func TestDocumentation(t *testing.T) {
	checked := 0
	for _, dir := range importable(t) {
		p, err := documented(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		checked++
		for _, fault := range documentationFaults(p) {
			t.Errorf("%s: %s", p.ImportPath, fault)
		}
	}
	if checked < 15 {
		t.Errorf("only %d packages were checked", checked)
	}
}

// TestDocumentationFaults checks that documentationFaults finds each kind of fault.
func TestDocumentationFaults(t *testing.T) {
	const source = `// Package p is good: [T], [T.M], [*T], [context.Context], a[i] and [1].
//
//   - a list
//
// And
//
//	code
package p

import "context"

type T struct{ ctx context.Context }

// M is not [T.N].
func (T) M() {}

// Alone is
// - no list.
func Alone() {}

// own is not exported, and [nothing.Either] is not checked.
func own() {}

func Bare() {}

// Some have a comment.
const (
	A = 1
	B = 2
)

var C = 1

const (
	D = 1 // D has a comment.
	E = 2
)
`
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "p.go", source, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	p, err := doc.NewFromFiles(set, []*ast.File{file}, "example.org/p")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"Alone: not a list, because no line is indented: - no list.", "Bare: no comment", "C: no comment",
		"E: no comment", "T.M: [T.N] leads nowhere", "T: no comment",
	}
	if got := documentationFaults(p); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// importable returns the folders of the packages that programs can import.
func importable(t *testing.T) []string {
	t.Helper()
	const root = "../.."
	dirs := map[string]bool{}
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, file)
		switch name := entry.Name(); {
		case err != nil:
			return err
		case file == root:
		case entry.IsDir():
			if strings.HasPrefix(name, ".") || slices.Contains(
				[]string{"bench", "conformance", "examples", "internal", "node_modules", "testdata"}, name) {
				return filepath.SkipDir
			}
		case strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go"):
			dirs[filepath.ToSlash(filepath.Dir(relative))] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(dirs))
}

// documented reads the documentation of the package in a folder of the repository.
func documented(ctx context.Context, dir string) (*doc.Package, error) {
	names, err := filepath.Glob(filepath.Join("../..", dir, "*.go"))
	if err != nil {
		return nil, err
	}
	set := token.NewFileSet()
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	p, err := doc.NewFromFiles(set, files, path.Join("github.com/seed-2147f1a9/spotify", dir))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return p, ctx.Err()
}

// documentationFaults returns a sentence for each fault of a package's documentation, sorted.
func documentationFaults(p *doc.Package) (faults []string) {
	check := func(name, text string) {
		if text == "" {
			faults = append(faults, name+": no comment")
		}
		for _, block := range p.Parser().Parse(text).Content {
			for _, fault := range blockFaults(block) {
				faults = append(faults, name+": "+fault)
			}
		}
	}
	values := func(groups []*doc.Value) {
		for _, g := range groups {
			if g.Doc != "" {
				check(g.Names[0], g.Doc)
				continue
			}
			for _, spec := range g.Decl.Specs {
				one := spec.(*ast.ValueSpec)
				check(one.Names[0].Name, one.Doc.Text()+one.Comment.Text())
			}
		}
	}
	functions := func(of string, all []*doc.Func) {
		for _, f := range all {
			if f.Doc != "" || !slices.Contains(selfEvident, f.Name) {
				check(of+f.Name, f.Doc)
			}
		}
	}
	if synopsis := p.Synopsis(p.Doc); !strings.HasSuffix(synopsis, ".") || len(synopsis) > maxSynopsis {
		faults = append(faults,
			fmt.Sprintf("want a first sentence of at most %d characters, not: %s", maxSynopsis, synopsis))
	}
	if p.Name != "main" {
		check("package "+p.Name, p.Doc)
		values(p.Consts)
		values(p.Vars)
		functions("", p.Funcs)
	}
	for _, t := range p.Types {
		check(t.Name, t.Doc)
		values(t.Consts)
		values(t.Vars)
		functions("", t.Funcs)
		functions(t.Name+".", t.Methods)
	}
	slices.Sort(faults)
	return faults
}

// selfEvident are methods of well-known interfaces, which need no comment.
var selfEvident = []string{
	"Error", "Unwrap", "Is", "String", "GoString", "Format", "LogValue", "MarshalJSON", "UnmarshalJSON",
}

// maxSynopsis is the length of a package's first sentence: lists of packages show nothing else.
const maxSynopsis = 160

var (
	deadLink = regexp.MustCompile(`\[\*?([a-z]\w*\.)?[A-Z]\w*(\.[A-Z]\w*)?\]`)
	listItem = regexp.MustCompile(`(?m)^([-*•]|1[.)]) .*$`)
)

// blockFaults returns a sentence for each fault of a block of a comment.
func blockFaults(block doccomment.Block) (faults []string) {
	texts := func(all []doccomment.Text) {
		for _, part := range all {
			plain, ok := part.(doccomment.Plain)
			if !ok {
				continue
			}
			for _, link := range deadLink.FindAllString(string(plain), -1) {
				faults = append(faults, link+" leads nowhere")
			}
			if item := listItem.FindString(string(plain)); item != "" {
				faults = append(faults, "not a list, because no line is indented: "+item)
			}
		}
	}
	switch b := block.(type) {
	case *doccomment.Paragraph:
		texts(b.Text)
	case *doccomment.Heading:
		texts(b.Text)
	case *doccomment.List:
		for _, item := range b.Items {
			for _, inner := range item.Content {
				faults = append(faults, blockFaults(inner)...)
			}
		}
	}
	return faults
}
