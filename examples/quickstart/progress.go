package main

import (
	"fmt"
	"os"
	"time"
)

// progress writes a line of progress to a terminal, over the line before. It writes nothing if
// standard output is not a terminal.
type progress struct {
	terminal bool
	last     time.Time
}

func newProgress() *progress {
	info, err := os.Stdout.Stat()
	return &progress{terminal: err == nil && info.Mode()&os.ModeCharDevice != 0}
}

func (p *progress) show(format string, args ...any) {
	if p.terminal && time.Since(p.last) > 50*time.Millisecond {
		fmt.Printf("\r"+format, args...)
		p.last = time.Now()
	}
}

func (p *progress) clear() {
	if p.terminal {
		fmt.Print("\r\033[K")
	}
}
