package spotifyredis

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestDocsCompile fails for Go code in docs/scaling.md that is not in an example, line by line and
// in its order.
func TestDocsCompile(t *testing.T) {
	doc, err := os.ReadFile("../../docs/scaling.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var compiled []string
	for line := range strings.Lines(string(source)) {
		if line = strings.TrimSpace(line); line != "check(err)" {
			compiled = append(compiled, line)
		}
	}
	examples := strings.Join(compiled, "\n")
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(string(doc), -1)
	for _, b := range blocks {
		if code := strings.TrimSpace(b[1]); !strings.Contains(examples, code) {
			t.Errorf("not in example_test.go:\n%s", code)
		}
	}
	if len(blocks) != 2 {
		t.Errorf("%d blocks of code, want 2", len(blocks))
	}
}
