package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/excerpt"
)

// document is docs/performance.md, and its summary in the README.
type document struct {
	quick bool
	parts []part
}

func (d document) write(repository string) error {
	dir := filepath.Join(repository, "docs")
	var text bytes.Buffer
	fmt.Fprintf(
		&text,
		"# Performance\n\nWritten by `go run .` in [bench](../bench) on %s: %s, %s/%s, %d CPUs%s. Run it "+
			"for the figures of your machine.\n",
		time.Now().
			UTC().
			Format("2 January 2006"),
		runtime.Version(),
		runtime.GOOS,
		runtime.GOARCH,
		runtime.NumCPU(),
		processor(),
	)
	if d.quick {
		text.WriteString("\n**Measured with `-quick`: the figures are meaningless.**\n")
	}
	text.WriteString("\n" + d.brief() + "\n## Summary\n\n" + d.short())
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, p := range d.parts {
		p.markdown(&text)
		if p.picture.file == "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, p.picture.file), []byte(p.picture.svg), 0o644); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "performance.md"), text.Bytes(), 0o644); err != nil || d.quick {
		return err
	}
	return excerpt.Replace(filepath.Join(repository, "README.md"), begin, end, d.brief())
}

// The lines of the README before and after the list that brief returns.
const (
	begin = "<!-- figures: written by go run . in bench -->"
	end   = "<!-- end of figures -->"
)

// brief returns the lines for the README: one for the works in which this library is faster than
// zmb3/spotify, one for those that take the same time within 10 %, and one for those in which it is
// slower. A line without works is left out.
func (d document) brief() string {
	var works [3][]string
	for _, p := range d.parts {
		for _, c := range p.compared {
			works[c.place()] = append(works[c.place()], c.text)
		}
	}
	var text strings.Builder
	for i, label := range []string{"**Faster** than " + namePeer, "**As fast**", "**Slower**"} {
		if len(works[i]) > 0 {
			fmt.Fprintf(&text, "- %s: %s.\n", label, strings.Join(works[i], "; "))
		}
	}
	return text.String()
}

// short returns the summary: one line for each part.
func (d document) short() string {
	var text strings.Builder
	for _, p := range d.parts {
		if p.short != "" {
			fmt.Fprintf(&text, "- %s\n", p.short)
		}
	}
	return text.String()
}

// processor returns the CPU's model, or "" if the system does not report it.
func processor() string {
	info, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(info)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return " (" + strings.TrimSpace(value) + ")"
		}
	}
	return ""
}
