package auth_test

import (
	"os"
	"strings"
	"testing"
)

// Every code block of the documents compiles: its lines stand, in their order, in an example.
func TestDocsShowTheExamples(t *testing.T) {
	source, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var examples [][]string
	for _, example := range strings.Split(string(source), "\nfunc Example")[1:] {
		examples = append(examples, strings.Split(example, "\n"))
	}
	blocks := 0
	for file, section := range map[string]string{"../docs/login.md": "# Logging in", "../README.md": "## Log a user in"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, shows, found := strings.Cut(string(text), section+"\n")
		if !found {
			t.Errorf("%s has no %q", file, section)
		}
		if section[1] == '#' { // not the sections after it
			shows, _, _ = strings.Cut(shows, "\n## ")
		}
		for _, block := range strings.Split(shows, "```go\n")[1:] {
			block, _, _ = strings.Cut(block, "```")
			blocks++
			shown := false
			for _, example := range examples {
				shown = shown || within(strings.Split(block, "\n"), example)
			}
			if !shown {
				t.Errorf("%s shows code that is in no example:\n%s", file, block)
			}
		}
	}
	if blocks < 6 {
		t.Errorf("only %d blocks", blocks)
	}
}

// within reports whether the lines occur in an example, in the same order. Empty lines and "// ..."
// are skipped.
func within(lines, example []string) bool {
	for _, line := range lines {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "// ...") {
			continue
		}
		for len(example) > 0 && strings.TrimSpace(example[0]) != line {
			example = example[1:]
		}
		if len(example) == 0 {
			return false
		}
	}
	return true
}
