package auth_test

import (
	"os"
	"strings"
	"testing"
)

// TestDocsShowTheExamples checks that the lines of each block of code in docs/login.md are in an
// example, in their order.
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
	const file = "../docs/login.md"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range strings.Split(string(text), "```go\n")[1:] {
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
