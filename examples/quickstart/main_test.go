package main

import (
	"testing"

	"github.com/seed-2147f1a9/spotify/internal/exampletest"
)

func TestMain(m *testing.M) { exampletest.Main(m, main) }

// A wait of 1 ms has a line of its own in a timeline: on a busy machine, everything may wait.
func TestQuickstart(t *testing.T) {
	exampletest.Golden(t, exampletest.Run(t, t.TempDir()), `, waited .*`, `(?m)^  (token|queue of the limiter) .*\n`)
}
