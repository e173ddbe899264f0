package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestExcerpt(t *testing.T) {
	file := filepath.Join(t.TempDir(), "README.md")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("before\n" + begin + "- old\n" + end + "after\n")
	if err := excerpt(file, "- new\n"); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(file); string(got) != "before\n"+begin+"- new\n"+end+"after\n" {
		t.Errorf("got %q", got)
	}
	write("no place\n")
	if err := excerpt(file, "- new\n"); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("without a place: %v", err)
	}
	if got, _ := os.ReadFile(file); string(got) != "no place\n" {
		t.Errorf("a file without a place became %q", got)
	}
}

// TestReadmeIsOfTheLastRun compares the README's figures with those of docs/performance.md.
func TestReadmeIsOfTheLastRun(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	performance, err := os.ReadFile("../docs/performance.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(readme), begin)
	list, _, _ := strings.Cut(rest, end)
	if list == "" || !strings.Contains(string(performance), "\n\n"+list+"\n") {
		t.Errorf("the README's figures are none of docs/performance.md's: run go run . here\n%s", list)
	}
}
