//go:build unix

package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// TestMain runs the program itself if the test asks for it.
func TestMain(m *testing.M) {
	if os.Getenv("FAKESPOTIFY_CHILD") != "" {
		os.Args = []string{"fakespotify", "-addr", "127.0.0.1:0"}
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestEndsCleanlyWhenInterrupted(t *testing.T) {
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), "FAKESPOTIFY_CHILD=1")
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for lines.Scan() && !strings.HasPrefix(lines.Text(), "end with") {
		}
		if err := cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		var rest string
		for lines.Scan() {
			rest += lines.Text()
		}
		_, _ = io.Copy(io.Discard, out)
		if err := cmd.Wait(); err != nil || rest != "bye" {
			t.Errorf("%v: %v, %q", signal, err, rest)
		}
	}
}
