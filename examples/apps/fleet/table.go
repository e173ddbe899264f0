package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/seed-2147f1a9/spotify/mock"
)

const (
	tableEvery = 500 * time.Millisecond
	tableTicks = 36 // in the column "sent"; a line has 100 columns
)

// table shows who sends what.
type table struct {
	settings
	out   io.Writer
	began time.Time

	mu   sync.Mutex
	rows []row
}

// row is one process.
type row struct {
	report
	pid              int
	ended            string // how; empty while it runs
	passed, rejected int    // calls, as the fake has seen them
	sent             []int  // calls between two tables, the newest last
}

func newTable(s settings, out io.Writer) *table {
	t := &table{settings: s, out: out, began: time.Now(), rows: make([]row, s.Processes)}
	for i := range t.rows {
		t.rows[i].sent = make([]int, tableTicks)
	}
	return t
}

func (t *table) update(i int, change func(*row)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	change(&t.rows[i])
}

// saw counts a call that the fake has responded to.
func (t *table) saw(c mock.Call) {
	name, _ := strings.CutPrefix(c.Header.Get("User-Agent"), agent)
	i, err := strconv.Atoi(name)
	if err != nil {
		return // a request for a token
	}
	t.update(i-1, func(r *row) {
		r.sent[len(r.sent)-1]++
		if c.Status == 429 {
			r.rejected++
		} else {
			r.passed++
		}
	})
}

// sparks draws the calls between two tables, relative to the most of any process.
func (r *row) sparks(most int) string {
	var b strings.Builder
	for _, n := range r.sent { // 0 is a blank, most is a full block
		b.WriteRune([]rune(" ▁▂▃▄▅▆▇█")[(n*8+most-1)/most])
	}
	return b.String()
}

// draw prints the table, on a terminal over the last one.
func (t *table) draw() {
	t.mu.Lock()
	defer t.mu.Unlock()
	passed, rejected, quota, most := 0, 0, "not known", 1
	for _, r := range t.rows {
		passed, rejected = passed+r.passed, rejected+r.rejected
		if r.Quota > 0 {
			quota = fmt.Sprint(r.Quota)
		}
		for _, n := range r.sent {
			most = max(most, n)
		}
	}
	var b strings.Builder
	if info, err := os.Stdout.Stat(); t.out == os.Stdout && err == nil && info.Mode()&os.ModeCharDevice != 0 {
		b.WriteString("\x1b[H\x1b[2J") // clears the terminal
	}
	fmt.Fprintf(&b, "%.1f s: %d calls passed, %d got a 429. The fake allows %d in %v, the processes know: %s.\n\n",
		time.Since(t.began).Seconds(), passed, rejected, t.Quota, t.Window, quota)
	fmt.Fprintf(&b, "%7s %8s %7s %7s %5s %8s  %-13s  %s\n",
		"process", "pid", "passed", "share", "429s", "waiting", "", "sent in each half second")
	for i := range t.rows {
		r := &t.rows[i]
		state := r.ended
		if r.ended == "" && r.Alone {
			state = "without Redis"
		}
		share := 100 * float64(r.passed) / float64(max(passed, 1))
		fmt.Fprintf(&b, "%7d %8d %7d %6.1f%% %5d %8d  %-13s  %s\n",
			i+1, r.pid, r.passed, share, r.rejected, r.Waiting, state, r.sparks(most))
		r.sent = append(r.sent[1:], 0)
	}
	_, _ = io.WriteString(t.out, b.String()+"\n")
}

// problem returns an error if a call has failed.
func (t *table) problem() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, r := range t.rows {
		if r.Failed > 0 {
			return fmt.Errorf("process %d: %d calls failed, such as %s", i+1, r.Failed, r.Problem)
		}
	}
	return nil
}
