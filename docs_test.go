package spotify_test

import (
	"bytes"
	"go/format"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
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

// TestDocsLinkToWhatExists checks the links of all pages to files and packages of this repository,
// relative ones and those with its address at GitHub or pkg.go.dev: the file exists, and it has the
// heading that the link names.
func TestDocsLinkToWhatExists(t *testing.T) {
	links := 0
	for _, page := range markdown(t) {
		for _, link := range regexp.MustCompile(`\]\(([^)\s]+)\)`).FindAllStringSubmatch(prose(t, page), -1) {
			target, own := local(page, link[1])
			if !own {
				continue
			}
			links++
			file, heading, _ := strings.Cut(target, "#")
			if _, err := os.Stat(filepath.FromSlash(file)); err != nil {
				t.Errorf("%s links to %s, which does not exist", page, link[1])
			} else if heading != "" && path.Ext(file) == ".md" && !hasHeading(prose(t, file), heading) {
				t.Errorf("%s links to %s, which has no such heading", page, link[1])
			}
		}
	}
	if links < 200 {
		t.Errorf("only %d links are found", links)
	}
}

// local returns the file of this repository that a page links to, with the heading, and whether it
// is one. GitHub's pages of the repository that are no files, such as a workflow's runs and its
// badge, count as the file that they belong to.
func local(page, link string) (string, bool) {
	const module = "github.com/seed-2147f1a9/spotify"
	for _, form := range []struct{ prefix, of string }{
		{"https://" + module + "/blob/main/", ""},
		{"https://" + module + "/tree/main/", ""},
		{"https://raw.githubusercontent.com/seed-2147f1a9/spotify/main/", ""},
		{"https://" + module + "/actions/workflows/", ".github/workflows/"},
		{"https://pkg.go.dev/" + module + "/", ""},
	} {
		if rest, ok := strings.CutPrefix(link, form.prefix); ok {
			return form.of + strings.TrimSuffix(rest, "/badge.svg"), true
		}
	}
	switch {
	case strings.HasPrefix(link, "#"):
		return filepath.ToSlash(page) + link, true
	case strings.Contains(link, ":"):
		return "", false
	}
	return path.Join(path.Dir(filepath.ToSlash(page)), link), true
}

// TestBadges checks that the README's badges are those of this repository and lead to something of
// it, and that its Go version is that of go.mod.
func TestBadges(t *testing.T) {
	readme := prose(t, "README.md")
	badges := regexp.MustCompile(`(?m)^\[!\[[^\]]+\]\(([^)]+)\)\]\(([^)]+)\)$`).FindAllStringSubmatch(readme, -1)
	if len(badges) != 4 {
		t.Errorf("%d badges, want 4", len(badges))
	}
	for _, badge := range badges {
		if !strings.Contains(badge[1], "seed-2147f1a9/spotify") {
			t.Errorf("the badge %s is not of this repository", badge[1])
		}
		target, own := local("README.md", badge[2])
		if !own && badge[2] != "https://pkg.go.dev/github.com/seed-2147f1a9/spotify" {
			t.Errorf("the badge %s leads to %s", badge[1], badge[2])
		} else if _, err := os.Stat(target); own && err != nil {
			t.Errorf("the badge %s leads to %s: %v", badge[1], badge[2], err)
		}
	}
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindSubmatch(mod)
	if !strings.Contains(readme, "It needs Go "+string(version[1])+" or newer") {
		t.Errorf("the README does not name the Go version of go.mod, %s", version[1])
	}
}

// TestReadmeKnowsTheRelease checks that the README calls v0.1.0 untagged as long as the changelog
// calls it unreleased, and shows no other version than the newest one.
func TestReadmeKnowsTheRelease(t *testing.T) {
	readme := pageOf(t, "README.md")
	changes := pageOf(t, "CHANGELOG.md")
	unreleased := strings.Contains(changes, "## [0.1.0] - Unreleased")
	if says := strings.Contains(readme, "**v0.1.0 is not tagged yet**"); says != unreleased {
		t.Errorf("the changelog calls v0.1.0 unreleased: %t; the README: %t", unreleased, says)
	}
	newest := regexp.MustCompile(`(?m)^## \[([0-9.]+)\]`).FindStringSubmatch(changes)
	if newest == nil {
		t.Fatal("CHANGELOG.md has no version")
	}
	for _, got := range regexp.MustCompile(`(?:spotify@|/)v(\d+\.\d+\.\d+)`).FindAllStringSubmatch(readme, -1) {
		if got[1] != newest[1] {
			t.Errorf("the README says %s, want %s", got[0], newest[1])
		}
	}
}

func pageOf(t *testing.T, page string) string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestCodeOfPagesIsFormatted checks that the Go blocks of all pages are formatted as gofmt does it,
// and bounds the lines of the README and of AGENTS.md: a page at GitHub shows about 99 columns
// without scrolling, with tabs of 4.
func TestCodeOfPagesIsFormatted(t *testing.T) {
	for _, page := range markdown(t) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range regexp.MustCompile("(?ms)^```go\n(.*?)^```").FindAllStringSubmatch(string(text), -1) {
			first, _, _ := strings.Cut(block[1], "\n")
			formatted, err := format.Source([]byte(block[1]))
			// Declarations followed by statements are no Go file: format refuses them.
			if err == nil && string(formatted) != block[1] {
				t.Errorf("%s: the block that begins with %q is not formatted: want\n%s", page, first, formatted)
			}
			for line := range strings.Lines(block[1]) {
				wide := utf8.RuneCountInString(strings.ReplaceAll(strings.TrimRight(line, "\n"), "\t", "    "))
				if wide > 99 && (page == "README.md" || page == "AGENTS.md") {
					t.Errorf("%s: %d columns, want at most 99: %s", page, wide, line)
				}
			}
		}
	}
}

// TestLLMs checks the form of llms.txt (llmstxt.org): a title, a quoted summary, and sections that
// are lists of links.
func TestLLMs(t *testing.T) {
	text, err := os.ReadFile("llms.txt")
	if err != nil {
		t.Fatal(err)
	}
	head, lists, _ := strings.Cut(string(text), "\n## ")
	if !regexp.MustCompile(`^# .+\n\n> .+\n`).MatchString(head) {
		t.Errorf("begins with %q", head)
	}
	item := regexp.MustCompile(`^- \[[^\]]+\]\(https://\S+\)(: .+)?$`)
	for _, section := range strings.Split(lists, "\n## ") {
		title, list, _ := strings.Cut(section, "\n")
		for line := range strings.SplitSeq(strings.TrimSpace(list), "\n") {
			if !item.MatchString(line) {
				t.Errorf("%s: %q is not a link with a note", title, line)
			}
		}
	}
	pages, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range append(pages, "README.md", "AGENTS.md", "CHANGELOG.md") {
		if !strings.Contains(string(text), "/main/"+filepath.ToSlash(page)+")") {
			t.Errorf("no link to %s", page)
		}
	}
}

// markdown returns the pages in the root, in docs, .github and examples.
func markdown(t *testing.T) []string {
	t.Helper()
	var pages []string
	for _, pattern := range []string{"*.md", "llms.txt", "docs/*.md", ".github/*.md", "examples/*.md", "examples/*/*.md"} {
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
