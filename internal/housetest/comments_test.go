package housetest

import (
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

const (
	maxColumns = 100 // of a line that is a comment; a tab counts 4
	tabWidth   = 4
)

// words are searched for in the comments of files that are not tests. Each may occur at most as
// often as given: where it is a word of Spotify's or of httpmock's, and not the library's own.
var words = []struct {
	expression string
	most       int
	instead    string
}{
	{`answer\w*`, 39, "response, respond"},
	{`whoever|shall|lest`, 0, "a plain subject and verb"},
	{`(send|sends|sent|sending) (it )?again`, 0, "retry, resend or replay"},
	{`steps?`, 5, "middleware"},
	{`patience|haste|ledger|scout|doorman|oracle`, 0, "the field's word: see docs/limits.md"},
}

// rewritten reports whether a file's comments are held to the rules.
func rewritten(path string) bool {
	top, _, _ := strings.Cut(path, "/")
	return !slices.Contains(pending, top) && !slices.Contains(pending, filepath.ToSlash(filepath.Dir(path)))
}

// pending are the folders whose comments are counted and not yet held.
var pending = []string{
	"mock",
}

// comment is one line of a comment.
type comment struct {
	path  string
	line  int
	text  string // with "//", without the code before it
	whole string // the source line
}

// alone reports whether the source line has nothing but the comment.
func (c comment) alone() bool { return strings.HasPrefix(strings.TrimSpace(c.whole), "//") }

// columns returns the length of the source line.
func (c comment) columns() int {
	return utf8.RuneCountInString(c.whole) + (tabWidth-1)*strings.Count(c.whole, "\t")
}

// TestCommentColumns fails for a comment line of more than 100 columns. A directive, and a line of
// one word such as a URL, cannot be wrapped.
func TestCommentColumns(t *testing.T) {
	others := map[string]int{}
	for _, c := range comments(t) {
		switch {
		case !c.alone() || c.columns() <= maxColumns:
		case strings.HasPrefix(c.text, "//go:"), len(strings.Fields(c.text)) <= 2:
		case !rewritten(c.path):
			others[filepath.ToSlash(filepath.Dir(c.path))]++
		default:
			t.Errorf("%s:%d: %d columns, want at most %d", c.path, c.line, c.columns(), maxColumns)
		}
	}
	t.Logf("comment lines that are too long in folders not yet held: %v", others)
}

// TestCommentWords fails if the comments use one word for several meanings, as words lists them.
func TestCommentWords(t *testing.T) {
	all := comments(t)
	for _, word := range words {
		expression := regexp.MustCompile(`(?i)\b(` + word.expression + `)\b`)
		var found []comment
		count, others := 0, map[string]int{}
		for _, c := range all {
			if strings.HasSuffix(c.path, "_test.go") {
				continue
			}
			n := len(expression.FindAllString(c.text, -1))
			switch {
			case n == 0:
			case !rewritten(c.path):
				others[filepath.ToSlash(filepath.Dir(c.path))] += n
			default:
				found = append(found, c)
				count += n
			}
		}
		if count > word.most {
			for _, c := range found {
				t.Logf("%s:%d: %s", c.path, c.line, c.text)
			}
			t.Errorf("%q is in comments %d times, want at most %d: write %s",
				word.expression, count, word.most, word.instead)
		}
		t.Logf("%q: %d, in folders not yet held: %v", word.expression, count, others)
	}
}

// comments returns the comment lines of the module and the modules in it, without generated files.
func comments(t *testing.T) []comment {
	t.Helper()
	const root = "../.."
	var all []comment
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := entry.Name(); entry.IsDir() && file != root && (strings.HasPrefix(name, ".") || name == "testdata") {
			return filepath.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(file, ".go") {
			return nil
		}
		source, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		path, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		all = append(all, commentsOf(filepath.ToSlash(path), source)...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 1000 {
		t.Fatalf("found only %d comment lines", len(all))
	}
	return all
}

var generated = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)

// commentsOf returns the // comments of a file: strings that look like comments are none.
func commentsOf(path string, source []byte) []comment {
	if generated.Match(source) {
		return nil
	}
	lines := strings.Split(string(source), "\n")
	set := token.NewFileSet()
	file := set.AddFile(path, -1, len(source))
	var s scanner.Scanner
	s.Init(file, source, nil, scanner.ScanComments)
	var all []comment
	for {
		pos, kind, text := s.Scan()
		if kind == token.EOF {
			return all
		}
		if kind == token.COMMENT && strings.HasPrefix(text, "//") {
			line := set.Position(pos).Line
			all = append(all, comment{path, line, text, lines[line-1]})
		}
	}
}

// TestCommentsOf checks that strings are no comments and that tabs count 4 columns.
func TestCommentsOf(t *testing.T) {
	source := "package p\n\n// One.\nvar s = `\n// not one\n` // two\n\n\t// three\n"
	got := commentsOf("p.go", []byte(source))
	if len(got) != 3 || got[0].text != "// One." || got[1].alone() || !got[2].alone() || got[2].columns() != 12 {
		t.Errorf("got %+v", got)
	}
	if got := commentsOf("p.go", []byte("// Code generated by x; DO NOT EDIT.\n"+source)); got != nil {
		t.Errorf("a generated file: %+v", got)
	}
}
