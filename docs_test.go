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
		named += testsExist(t, strings.TrimSpace(cells[1]), cells[2])
	}
	if named < 40 {
		t.Errorf("only %d tests are named", named)
	}
}

// TestAnswersHaveTests checks that each answer of docs/faq.md names tests that exist.
func TestAnswersHaveTests(t *testing.T) {
	text, err := os.ReadFile("docs/faq.md")
	if err != nil {
		t.Fatal(err)
	}
	questions := strings.Split(string(text), "\n## ")[1:]
	for _, section := range questions {
		question, answer, _ := strings.Cut(section, "\n")
		_, list, _ := strings.Cut(answer, "\nTests: ")
		if testsExist(t, question, list) == 0 {
			t.Errorf("%q names no test", question)
		}
	}
	if len(questions) < 10 {
		t.Errorf("only %d questions are found", len(questions))
	}
}

// testsExist checks that the tests in a list such as "auth `TestA` `TestB`, middleware `TestC`"
// exist: those without a folder, or of root, in the root. It returns their number.
func testsExist(t *testing.T, promise, list string) int {
	t.Helper()
	named := 0
	for part := range strings.SplitSeq(list, ", ") {
		dir, _, _ := strings.Cut(part, "`")
		dir = strings.TrimSpace(dir)
		if dir == "root" {
			dir = ""
		}
		source := sources(t, dir)
		for _, test := range regexp.MustCompile("`(\\w+)`").FindAllStringSubmatch(part, -1) {
			named++
			if !bytes.Contains(source, []byte("\nfunc "+test[1]+"(")) {
				t.Errorf("%q names %s, which is not in ./%s", promise, test[1], dir)
			}
		}
	}
	return named
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

// TestDocsLinkToWhatExists checks the relative links of all pages: the file exists, and it has the
// heading that the link names.
func TestDocsLinkToWhatExists(t *testing.T) {
	links := 0
	for _, page := range markdown(t) {
		for _, link := range regexp.MustCompile(`\]\(([^):]+)\)`).FindAllStringSubmatch(prose(t, page), -1) {
			links++
			file, heading, _ := strings.Cut(link[1], "#")
			target := page
			if file != "" {
				target = filepath.Join(filepath.Dir(page), filepath.FromSlash(file))
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s links to %s, which does not exist", page, link[1])
			} else if heading != "" && !hasHeading(prose(t, target), heading) {
				t.Errorf("%s links to %s, which has no such heading", page, link[1])
			}
		}
	}
	if links < 50 {
		t.Errorf("only %d links are found", links)
	}
}

// markdown returns the pages in the root, in docs and in .github.
func markdown(t *testing.T) []string {
	t.Helper()
	var pages []string
	for _, pattern := range []string{"*.md", "docs/*.md", ".github/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, found...)
	}
	return pages
}

// prose returns a page without its code blocks.
func prose(t *testing.T, page string) string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile("(?sm)^```.*?^```").ReplaceAllString(string(text), "")
}

// hasHeading reports whether a page has a heading with an anchor: GitHub makes it from the heading
// in lower case, with - for blanks and without punctuation.
func hasHeading(text, anchor string) bool {
	for _, heading := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(text, -1) {
		slug := regexp.MustCompile(`[^\p{L}\p{N}_ -]`).ReplaceAllString(strings.ToLower(heading[1]), "")
		if strings.ReplaceAll(slug, " ", "-") == anchor {
			return true
		}
	}
	return false
}
