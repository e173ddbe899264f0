package main

// document.go writes what was measured into the documentation.

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// document is docs/performance.md, and the short of it in the README.
type document struct {
	quick bool
	parts []part
}

func (d document) write(repository string) error {
	dir := filepath.Join(repository, "docs")
	var text bytes.Buffer
	fmt.Fprintf(&text, "# Performance\n\nWritten by `go run .` in [bench](../bench) on %s: %s, %s/%s, %d CPUs%s. Run it to see what your machine says.\n",
		time.Now().UTC().Format("2 January 2006"), runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), processor())
	if d.quick {
		text.WriteString("\n**Measured in a hurry (`-quick`): the figures are worth nothing.**\n")
	}
	text.WriteString("\n" + d.short())
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
	return excerpt(filepath.Join(repository, "README.md"), d.short())
}

// short is the figures that matter most, as a list.
func (d document) short() string {
	var text strings.Builder
	for _, p := range d.parts {
		if p.short != "" {
			fmt.Fprintf(&text, "- %s\n", p.short)
		}
	}
	return text.String()
}

// processor is the model, where the system tells.
func processor() string {
	info, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(info)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return " (" + strings.TrimSpace(value) + ")"
		}
	}
	return ""
}
