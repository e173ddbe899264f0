package exampletest

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// maxLines is the largest number of lines of an example's Go files, tests and generated code not
// counted.
const maxLines = 150

var larger = []string{"apps/fleet", "apps/observed", "apps/store"}

// The examples' README.md lists each of them, with its number of lines.
func TestREADME(t *testing.T) {
	t.Chdir("../../examples")
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`(?m)^\| \[(.+?)\]\((.+?)\) \| .+? \| (\d+) \| \[output\]\((.+?)\) \|$`)
	listed := map[string]string{}
	for _, cells := range row.FindAllStringSubmatch(string(readme), -1) {
		dir := cells[2]
		listed[dir] = cells[3]
		if filepath.Base(dir) != cells[1] || cells[4] != dir+"/output.txt" {
			t.Errorf("%s has the name %s and the output %s", dir, cells[1], cells[4])
		}
		if _, err := os.Stat(cells[4]); err != nil {
			t.Error(err)
		}
	}
	files, err := filepath.Glob("*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	inApps, err := filepath.Glob("apps/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	dirs := map[string]bool{}
	for _, file := range append(files, inApps...) {
		dirs[filepath.ToSlash(filepath.Dir(file))] = true
	}
	for dir := range dirs {
		if slices.Contains(larger, dir) {
			continue
		}
		lines := countLines(t, dir)
		if lines > maxLines {
			t.Errorf("%s has %d lines, want at most %d", dir, lines, maxLines)
		}
		if want := strconv.Itoa(lines); listed[dir] != want {
			t.Errorf("README.md says that %s has %q lines, want %s", dir, listed[dir], want)
		}
		delete(listed, dir)
	}
	for dir := range listed {
		t.Errorf("README.md lists %s, which is no example", dir)
	}
}

var generated = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)

// countLines returns the number of lines in the Go files of a folder and the folders below.
func countLines(t *testing.T, dir string) (lines int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		if err == nil && !generated.Match(source) {
			lines += bytes.Count(source, []byte("\n"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}
