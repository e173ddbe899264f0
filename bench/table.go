package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// part is one measured piece of work: its title, text, tables and picture.
type part struct {
	title    string
	short    string // the sentence for the summary
	compared []comparison
	intro    string
	tables   []table
	picture  picture
}

// comparison is a work that the README mentions, with the time that this library and zmb3/spotify
// take for it.
type comparison struct {
	text         string
	ours, theirs float64
}

// place returns 0 if this library is faster, 1 if the times differ by 10 % at most, 2 if it is
// slower.
func (c comparison) place() int {
	switch {
	case c.ours*1.1 < c.theirs:
		return 0
	case c.theirs*1.1 < c.ours:
		return 2
	}
	return 1
}

type table struct {
	head []string
	rows [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// picture is an SVG and its file name.
type picture struct{ file, svg string }

// print writes a part for a terminal.
func (p part) print(w io.Writer) {
	fmt.Fprintf(w, "\n%s\n", p.title)
	for _, t := range p.tables {
		tab := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
		fmt.Fprintf(tab, "  %s\n", strings.Join(t.head, "\t"))
		for _, row := range t.rows {
			fmt.Fprintf(tab, "  %s\n", strings.ReplaceAll(strings.Join(row, "\t"), "**", ""))
		}
		tab.Flush()
	}
}

// markdown writes a part for the documentation.
func (p part) markdown(w io.Writer) {
	fmt.Fprintf(w, "\n## %s\n\n%s\n", p.title, p.intro)
	for _, t := range p.tables {
		fmt.Fprintf(w, "\n| %s |\n|---|%s\n", strings.Join(t.head, " | "), strings.Repeat("--:|", len(t.head)-1))
		for _, row := range t.rows {
			fmt.Fprintf(w, "| %s |\n", strings.Join(row, " | "))
		}
	}
	if p.picture.file != "" {
		fmt.Fprintf(w, "\n![%s](%s)\n", p.title, p.picture.file)
	}
}

// The formats of figures.

func duration(ns float64) string {
	d := time.Duration(ns)
	switch {
	case d < 10*time.Microsecond:
		return fmt.Sprintf("%.2f µs", ns/1e3)
	case d < time.Millisecond:
		return fmt.Sprintf("%.1f µs", ns/1e3)
	case d < time.Second:
		return fmt.Sprintf("%.1f ms", ns/1e6)
	}
	return fmt.Sprintf("%.2f s", ns/1e9)
}

// within formats a time with its quartiles.
func within(s spread) string {
	return fmt.Sprintf("%s (%s – %s)", duration(s.median), duration(s.low), duration(s.high))
}

func ratio(s spread) string { return fmt.Sprintf("%.2f (%.2f – %.2f)", s.median, s.low, s.high) }

func count(f float64) string {
	digits := fmt.Sprintf("%.0f", f)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

func mebibytes(f float64) string { return fmt.Sprintf("%.1f MiB", f/(1<<20)) }
