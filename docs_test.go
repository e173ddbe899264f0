package spotify_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestSecurityPromisesHaveTests checks that each promise of docs/security.md names tests that
// exist: those of the root by name alone, others after the name of their package.
func TestSecurityPromisesHaveTests(t *testing.T) {
	text, err := os.ReadFile("docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|")
		if len(cells) != 4 || !strings.Contains(cells[2], "`") {
			continue
		}
		for list := range strings.SplitSeq(cells[2], ", ") {
			dir, _, _ := strings.Cut(strings.TrimSpace(list), "`")
			source := sources(t, strings.TrimSpace(dir))
			for _, test := range regexp.MustCompile("`(\\w+)`").FindAllStringSubmatch(list, -1) {
				named++
				if !bytes.Contains(source, []byte("\nfunc "+test[1]+"(")) {
					t.Errorf("%q names %s, which is not in ./%s", strings.TrimSpace(cells[1]), test[1], strings.TrimSpace(dir))
				}
			}
		}
	}
	if named < 40 {
		t.Errorf("only %d tests are named", named)
	}
}

// sources returns the test files of a directory.
func sources(t *testing.T, dir string) []byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	var all []byte
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, source...)
	}
	return all
}

// TestArchitectureNamesWhatExists checks that every file and package named in docs/architecture.md
// exists: text in backquotes with a slash or the suffix .go, and the first column of its table.
func TestArchitectureNamesWhatExists(t *testing.T) {
	text, err := os.ReadFile("docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, quoted := range regexp.MustCompile("`([a-z0-9_/]+(?:\\.go)?)`").FindAllStringSubmatch(string(text), -1) {
		if path := quoted[1]; strings.HasSuffix(path, ".go") || strings.Contains(path, "/") {
			named[path] = true
		}
	}
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z]+)` \\|").FindAllStringSubmatch(string(text), -1) {
		named[row[1]] = true
	}
	for path := range named {
		if _, err := os.Stat(filepath.FromSlash(path)); err != nil {
			t.Errorf("%s does not exist", path)
		}
	}
	if len(named) < 40 {
		t.Errorf("only %d files and packages are named", len(named))
	}
}

// TestDocsLinkToWhatExists checks the relative links and pictures of the README and of docs.
func TestDocsLinkToWhatExists(t *testing.T) {
	pages, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range append(pages, "README.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		prose := regexp.MustCompile("(?s)```.*?```").ReplaceAll(text, nil)
		for _, link := range regexp.MustCompile(`\]\(([^)#:]+)\)`).FindAllStringSubmatch(string(prose), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), filepath.FromSlash(link[1]))); err != nil {
				t.Errorf("%s links to %s, which does not exist", page, link[1])
			}
		}
	}
}
