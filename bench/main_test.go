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
		" 2 tracks by id, ", "a load under a rate limit take 92.0 s, not 1800.0 s, with 10 responses of 429, not 34,846",
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

// TestReadmeIsOfTheLastRun compares the README's figures with those of docs/performance.md.
func TestReadmeIsOfTheLastRun(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	performance, err := os.ReadFile("../docs/performance.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(readme), begin+"\n")
	list, _, _ := strings.Cut(rest, end+"\n")
	if list == "" || !strings.Contains(string(performance), "\n\n"+list+"\n") {
		t.Errorf("the README's figures are none of docs/performance.md's: run go run . here\n%s", list)
	}
}

// TestWriteReplacesTheReadmesFigures writes the documents of a run in full scale.
func TestWriteReplacesTheReadmesFigures(t *testing.T) {
	dir := t.TempDir()
	readme := filepath.Join(dir, "README.md")
	if err := os.WriteFile(readme, []byte("before\n"+begin+"\n- old\n"+end+"\nafter\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d := document{parts: []part{{title: "A part", compared: []comparison{{"a call takes 1 ms, not 3 ms", 1, 3}}}}}
	if err := d.write(dir); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	want := "before\n" + begin + "\n- **Faster** than " + namePeer + ": a call takes 1 ms, not 3 ms.\n" + end + "\nafter\n"
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestBrief(t *testing.T) {
	d := document{parts: []part{
		{compared: []comparison{{"one", 1, 3}, {"two", 3, 1}}},
		{compared: []comparison{{"three", 1, 1.09}, {"four", 1.09, 1}, {"five", 1, 1.2}}},
	}}
	want := "- **Faster** than " + namePeer + ": one; five.\n- **As fast**: three; four.\n- **Slower**: two.\n"
	if got := d.brief(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := (document{parts: []part{{compared: []comparison{{"two", 3, 1}}}}}).brief(); got != "- **Slower**: two.\n" {
		t.Errorf("with a slower work alone: %s", got)
	}
}
