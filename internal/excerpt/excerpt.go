// Package excerpt replaces the part of a page that a program writes. It serves the programs that
// write documentation.
package excerpt

import (
	"fmt"
	"os"
	"strings"
)

// Replace replaces the text between the lines begin and end of a file, which stay. A file without
// the lines is an error and is not changed.
func Replace(file, begin, end, text string) error {
	page, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	changed, err := In(string(page), begin, end, text)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return os.WriteFile(file, []byte(changed), 0o644)
}

// In returns a page whose text between the lines begin and end is replaced.
func In(page, begin, end, text string) (string, error) {
	before, rest, begun := strings.Cut(page, begin+"\n")
	_, after, ended := strings.Cut(rest, end+"\n")
	if !begun || !ended {
		return "", fmt.Errorf("no lines %q and %q", begin, end)
	}
	return before + begin + "\n" + text + end + "\n" + after, nil
}
