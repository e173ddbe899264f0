package main

// excerpt.go keeps a list of figures in a file that says more than that.

import (
	"fmt"
	"os"
	"strings"
)

// What the list stands between.
const (
	begin = "<!-- figures: written by go run . in bench -->\n"
	end   = "<!-- end of figures -->\n"
)

// excerpt puts a list in the place of the one that a file has.
func excerpt(file, list string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, begun := strings.Cut(string(text), begin)
	_, after, ended := strings.Cut(rest, end)
	if !begun || !ended {
		return fmt.Errorf("%s has no place for figures, which is between %q and %q", file, begin, end)
	}
	return os.WriteFile(file, []byte(before+begin+list+end+after), 0o644)
}
