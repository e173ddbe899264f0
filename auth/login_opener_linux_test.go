package auth_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// browserOpens replaces the desktop's opener by a program that records its command line.
func browserOpens(t *testing.T, opened func(commandLine string)) {
	t.Helper()
	dir := t.TempDir()
	said := filepath.Join(dir, "said")
	script := "#!/bin/sh\ntr '\\0' ' ' < /proc/$$/cmdline > " + said + ".part\nmv " + said + ".part " + said + "\n"
	must(t, os.WriteFile(filepath.Join(dir, "xdg-open"), []byte(script), 0o755))
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	go func() {
		for t.Context().Err() == nil {
			if data, err := os.ReadFile(said); err == nil {
				fields := strings.Fields(string(data))
				opened(fields[len(fields)-1])
				return
			}
			time.Sleep(time.Millisecond)
		}
	}()
}

// stealFrom fetches the address as another user of the machine, who gets an error page and does not
// use the address up.
func stealFrom(t *testing.T, address string) {
	t.Helper()
	curl, err := exec.LookPath("curl")
	if os.Geteuid() != 0 || err != nil {
		t.Log("only root, with curl, can be another user")
		return
	}
	// The test runs as root, and root's own browser is allowed: use another user.
	cmd := exec.CommandContext(t.Context(), curl, "-s", "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}",
		address)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: stranger, Gid: stranger}}
	out, err := cmd.CombinedOutput()
	if got := strings.TrimSpace(string(out)); err != nil || got != "400" {
		t.Errorf("another user got %q, %v", got, err)
	}
}
