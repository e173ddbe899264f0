//go:build timed

package main

import "testing"

// TestTimedFigures bounds the figures that a busy machine worsens: pages that an iterator fetches
// and does not use, and peak memory of a long list.
func TestTimedFigures(t *testing.T) {
	things, err := newThings()
	if err != nil {
		t.Fatal(err)
	}
	quick := small
	quick.pages = []int{24}
	walks, err := measureWalks(t.Context(), quick, things)
	if err != nil {
		t.Fatal(err)
	}
	if walks[0].vain > 1 {
		t.Errorf("%.1f unused pages fetched while iterating to the end, want 1 at most", walks[0].vain)
	}
	quick.items = 20_000
	memory, err := measureMemory(t.Context(), quick, things)
	if err != nil {
		t.Fatal(err)
	}
	if least, most := memory[0].bytes.median, memory[1].bytes.median; most > least+8<<20 {
		t.Errorf(
			"iterating %d items takes %s at its peak, one over 1000 items %s: want 8 MiB more at most",
			quick.items,
			mebibytes(most),
			mebibytes(least),
		)
	}
}
