package main

import (
	"testing"

	"github.com/seed-2147f1a9/spotify/internal/exampletest"
)

func TestMain(m *testing.M) { exampletest.Main(m, main) }

// The ids are random. On a busy machine a call without a fault may be slow, too.
func TestOutput(t *testing.T) {
	exampletest.Golden(t, exampletest.Run(t, t.TempDir()), `\w{6}\.\.\.`, `.*operation=get-an-album attempts=1.*\n`)
}
