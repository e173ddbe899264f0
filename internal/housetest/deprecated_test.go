package housetest

import (
	"strings"
	"testing"
)

// deprecated is what is deprecated for every app, by file and paragraph. An operation that is
// closed to some apps only has a sentence in its doc comment in place of the paragraph, because
// linters such as staticcheck (SA1019) would warn the programs that may call it.
var deprecated = map[string]string{
	"resources/episodes.go": "Deprecated: use Languages, which has all of them.",
}

func TestDeprecated(t *testing.T) {
	found := 0
	for _, c := range comments(t) {
		text := strings.TrimPrefix(c.text, "// ")
		if !strings.HasPrefix(text, "Deprecated:") || strings.HasSuffix(c.path, "_test.go") {
			continue
		}
		if found++; deprecated[c.path] != text {
			t.Errorf("%s:%d: %q: want it only for what is deprecated for every app", c.path, c.line, text)
		}
	}
	if found != len(deprecated) {
		t.Errorf("%d paragraphs, want %d", found, len(deprecated))
	}
}
