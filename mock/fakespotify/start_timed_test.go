//go:build timed

package main

import (
	"bufio"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// The program listens, and has printed its addresses, within 100 ms of its start. The first
// response, for which it builds the catalogue, is timed too.
func TestTimedStart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fakespotify")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var printed, responded []time.Duration
	for range 9 {
		start := time.Now()
		cmd := exec.CommandContext(t.Context(), path, "-addr", "127.0.0.1:0", "-quiet")
		cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		address := ""
		for lines.Scan() && !strings.HasPrefix(lines.Text(), "end with") {
			if name, value, _ := strings.Cut(strings.TrimSpace(lines.Text()), "  "); name == "Web API" {
				address = strings.TrimSpace(value)
			}
		}
		printed = append(printed, time.Since(start))
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+"/me", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer any")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		responded = append(responded, time.Since(start))
		_ = cmd.Process.Signal(os.Interrupt)
		for lines.Scan() {
			continue
		}
		if err := cmd.Wait(); err != nil || resp.StatusCode != http.StatusOK {
			t.Fatal(resp.Status, err)
		}
	}
	slices.Sort(printed)
	slices.Sort(responded)
	t.Logf("median of 9: %v until it has printed its addresses, %v until the first response", printed[4], responded[4])
	if printed[4] > 100*time.Millisecond {
		t.Errorf("took %v, want 100 ms or less", printed[4])
	}
}
