// Package testutil has helpers for the tests of several packages.
package testutil

import (
	"regexp"
	"runtime"
	"testing"
)

// inBubble matches the header of a goroutine of a synctest bubble in a stack trace.
var inBubble = regexp.MustCompile(`(?m)^goroutine \d+ \[.*synctest bubble \d+.*\]:$`)

// BubbleGoroutines returns the number of goroutines in synctest bubbles: the caller's bubble, if
// tests do not run in parallel. Other goroutines of the program, which come and go, are not
// counted.
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
			t.Error("BubbleGoroutines was called outside a bubble")
		}
		return found
	}
}
