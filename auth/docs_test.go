package auth_test

import (
	"os"
	"strings"
	"testing"
)

// What the documents show is code that compiles: each block has its lines, in their order, in one of the examples.
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
				t.Errorf("%s shows what is in no example:\n%s", file, block)
			}
		}
	}
	if blocks < 6 {
		t.Errorf("only %d blocks", blocks)
	}
}

// within reports whether the lines are among those of an example, in the same order. Empty ones, and those that leave something out, do not count.
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
