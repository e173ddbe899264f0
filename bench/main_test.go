package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRun measures every part in a small scale and checks the documents.
func TestRun(t *testing.T) {
	scale := scale{quick: true, rounds: 1, share: 100, walks: 1, pages: []int{1, 2}, tracks: 2, goroutines: 1, items: 1500}
	measured, err := measureCalls(t.Context(), scale)
	if err != nil {
		t.Fatal(err)
	}
	v := virtual{
		Limits: []played{{Name: "a load", Least: "90.1", Ours: ending{92, 10, 0}, Peer: ending{1800, 34846, 420}}},
		Tokens: []rush{{Name: nameOurs, Goroutines: 1000, Requests: 1}},
	}
	dir := t.TempDir()
	if err := run(t.Context(), scale, []calls{measured}, v, dir, io.Discard); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "docs", "performance.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"# Performance", "meaningless", "## One call", "## Each middleware alone",
		"![Iterating many pages](performance-walk.svg)", "34,846", "| " + namePeer,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("performance.md has no %q", want)
		}
	}
	for _, name := range []string{"performance-walk.svg", "performance-limits.svg"} {
		drawn, err := os.ReadFile(filepath.Join(dir, "docs", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := wellFormed(string(drawn)); err != nil || !strings.Contains(string(drawn), nameOurs) ||
			strings.Contains(string(drawn), "NaN") {
			t.Errorf("%s: %v\n%s", name, err, drawn)
		}
	}
}

func wellFormed(text string) error {
	for dec := xml.NewDecoder(strings.NewReader(text)); ; {
		if _, err := dec.Token(); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
}

// TestFigures bounds the figures that are the same on every machine: bytes and allocations of a
// call.
func TestFigures(t *testing.T) {
	measured, err := measureCalls(t.Context(), scale{rounds: 3, share: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range measured.Works {
		switch us := w.Outcomes[0]; w.Name {
		case inMemory:
			if r := us.over(w.Outcomes[1], bytesOf).median; r > 0.6 {
				t.Errorf("%s: %.2f times the bytes of %s, want 0.6 at most", w.Name, r, namePeer)
			}
		case pipelineAlone:
			if n := us.beyond(w.Outcomes[2], allocations).median; n > 48 {
				t.Errorf("%s: %.0f allocations beyond net/http's, want 48 at most", w.Name, n)
			}
		}
	}
}

func TestSpread(t *testing.T) {
	for _, test := range []struct {
		values []float64
		want   spread
	}{
		{[]float64{7}, spread{7, 7, 7}},
		{[]float64{4, 1, 3, 2, 5}, spread{2, 3, 4}},
		{[]float64{4, 1, 3, 2}, spread{1.75, 2.5, 3.25}},
	} {
		if got := spreadOf(test.values); got != test.want {
			t.Errorf("%v: got %v, want %v", test.values, got, test.want)
		}
	}
}
