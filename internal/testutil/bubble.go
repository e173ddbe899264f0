// Package testutil holds what the tests of several packages share.
package testutil

import (
	"regexp"
	"runtime"
	"testing"
)

// inBubble finds the header of a goroutine of a synctest bubble in a stack trace.
var inBubble = regexp.MustCompile(`(?m)^goroutine \d+ \[.*synctest bubble \d+.*\]:$`)

// BubbleGoroutines counts the goroutines of the synctest bubbles there are, which is the caller's own where tests do not run in parallel.
// The goroutines of the rest of the program, which come and go, do not disturb the count.
func BubbleGoroutines(t testing.TB) int {
	t.Helper()
	for size := 1 << 16; ; size *= 2 {
		trace := make([]byte, size)
		n := runtime.Stack(trace, true)
		if n == size {
			continue
		}
		found := len(inBubble.FindAll(trace[:n], -1))
		if found == 0 {
			t.Error("there is no bubble to count goroutines of")
		}
		return found
	}
}
