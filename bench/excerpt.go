package main

import (
	"fmt"
	"os"
	"strings"
)

// The lines before and after the list.
const (
	begin = "<!-- figures: written by go run . in bench -->\n"
	end   = "<!-- end of figures -->\n"
)

// excerpt replaces the list between the two lines of a file.
func excerpt(file, list string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, begun := strings.Cut(string(text), begin)
	_, after, ended := strings.Cut(rest, end)
	if !begun || !ended {
		return fmt.Errorf("%s has no lines %q and %q", file, begin, end)
	}
	return os.WriteFile(file, []byte(before+begin+list+end+after), 0o644)
}
