package browsertest

import (
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// A user logs in once, from a terminal, and the next run uses the stored login.
func TestLogin(t *testing.T) {
	b, home := openBrowser(t), t.TempDir()
	p := start(t, home, "login", "-show-url")
	b.open(p.says("Log in at "))
	b.reads("Let example use your account?")
	b.looks("accounts")
	b.click("button[value=agree]")
	b.reads("You are logged in")
	if status, last, printed := p.ends(); status != 0 || !strings.HasPrefix(printed, "Hello, ") {
		t.Fatalf("exit status %d: %s\n%s", status, last, printed)
	}
	b.looks("login-done")
	b.clean()

	status, last, printed := start(t, home, "login", "-show-url").ends()
	if status != 0 || !strings.HasPrefix(printed, "Hello, ") || strings.Contains(last, "Log in at") {
		t.Errorf("the second run: exit status %d: %s\n%s", status, last, printed)
	}
	t.Logf("after a click the program prints:\n%s", printed)

	if status, last, _ = start(t, home, "login", "-logout").ends(); status != 0 {
		t.Errorf("-logout: exit status %d: %s", status, last)
	}
	start(t, home, "login", "-show-url").says("Log in at ")
}

func TestDecline(t *testing.T) {
	b := openBrowser(t)
	p := start(t, t.TempDir(), "login", "-show-url")
	b.open(p.says("Log in at "))
	b.click("button[value=deny]")
	b.reads("You declined")
	if status, last, _ := p.ends(); status != 1 || !strings.Contains(last, "the user declined") {
		t.Errorf("exit status %d: %s", status, last)
	}
	b.looks("login-declined")
	b.clean()
}

// A callback of another login gets an error page, and the login's own callback works afterwards.
func TestCallbackOfAnotherLogin(t *testing.T) {
	b := openBrowser(t)
	p := start(t, t.TempDir(), "login", "-show-url")
	target := p.says("Log in at ")
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	b.open(u.Query().Get("redirect_uri") + "?code=stolen&state=" + strings.Repeat("s", 43))
	b.reads("This is not your login")
	b.looks("login-stray")
	b.open(target)
	b.click("button[value=agree]")
	b.reads("You are logged in")
	if status, last, _ := p.ends(); status != 0 {
		t.Errorf("exit status %d: %s", status, last)
	}
	b.clean()
}

// Without -show-url the program opens the user's browser: here, a script that records the URL.
func TestOpensTheBrowser(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("other systems open browsers by other means than xdg-open")
	}
	b, home := openBrowser(t), t.TempDir()
	noted := filepath.Join(home, "url")
	script := "#!/bin/sh\nprintf %s \"$1\" >'" + noted + ".part' && mv '" + noted + ".part' '" + noted + "'\n"
	if err := os.WriteFile(filepath.Join(home, "xdg-open"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	p := start(t, home, "login")
	p.says("Log in, in the browser that opens now.")
	b.open(waitForFile(t, noted))
	b.click("button[value=agree]")
	b.reads("You are logged in")
	if status, last, _ := p.ends(); status != 0 {
		t.Errorf("exit status %d: %s", status, last)
	}
}

func waitForFile(t *testing.T, path string) string {
	t.Helper()
	var data []byte
	if !eventually(func() (there bool) {
		var err error
		data, err = os.ReadFile(path)
		return err == nil
	}) {
		t.Fatalf("there is no %s", path)
	}
	return string(data)
}
