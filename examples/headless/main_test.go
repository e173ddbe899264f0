package main

import (
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/seed-2147f1a9/spotify/internal/exampletest"
)

func TestMain(m *testing.M) { exampletest.Main(m, main) }

// The daemon does not start without a login; a user logs in on another device, after pasting a
// wrong address; then the daemon runs until SIGTERM.
func TestHeadless(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be sent SIGTERM on Windows")
	}
	dir := t.TempDir()
	refused, status := exampletest.Start(t, dir).End()
	if status != 1 {
		t.Errorf("without a login: exit status %d:\n%s", status, refused)
	}

	login := exampletest.Start(t, dir, "login")
	login.Until("open this address")
	login.Until("") // a blank line
	page := strings.TrimSpace(login.Until(""))
	callback := exampletest.Agree(t, page)
	login.Type("https://example.com/")
	login.Type(callback)
	prompted, status := login.End()
	if status != 0 {
		t.Fatalf("login: exit status %d:\n%s", status, prompted)
	}

	daemon := exampletest.Start(t, dir, "-every", "1h")
	daemon.Until("Low Tide") // the last track of the fake's user
	daemon.Signal(syscall.SIGTERM)
	played, status := daemon.End()
	if status != 0 {
		t.Errorf("daemon: exit status %d:\n%s", status, played)
	}
	prompted = strings.ReplaceAll(prompted, page, "<the address>")
	exampletest.Golden(t, "$ headless\n"+refused+"\n$ headless login\n"+prompted+"\n$ headless\n"+played)
}
