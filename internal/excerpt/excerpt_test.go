package excerpt

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReplace(t *testing.T) {
	const begin, end = "<!-- begin -->", "<!-- end -->"
	file := filepath.Join(t.TempDir(), "README.md")
	for _, c := range []struct{ page, want string }{
		{"before\n<!-- begin -->\n- old\n<!-- end -->\nafter\n", "before\n<!-- begin -->\n- new\n<!-- end -->\nafter\n"},
		{"<!-- begin -->\n<!-- end -->\n", "<!-- begin -->\n- new\n<!-- end -->\n"},
		{"no place\n", ""},
		{"<!-- begin -->\nno end\n", ""},
		{"<!-- end -->\n<!-- begin -->\n", ""},
	} {
		if err := os.WriteFile(file, []byte(c.page), 0o644); err != nil {
			t.Fatal(err)
		}
		err := Replace(file, begin, end, "- new\n")
		got, readErr := os.ReadFile(file)
		if readErr != nil {
			t.Fatal(readErr)
		}
		if c.want == "" {
			if err == nil || !strings.Contains(err.Error(), file) || string(got) != c.page {
				t.Errorf("%q: %v, and the file is %q", c.page, err, got)
			}
		} else if err != nil || string(got) != c.want {
			t.Errorf("%q became %q, %v", c.page, got, err)
		}
	}
	if err := Replace(filepath.Join(t.TempDir(), "none"), begin, end, ""); err == nil {
		t.Error("a file that does not exist is no error")
	}
}
