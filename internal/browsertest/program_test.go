package browsertest

// These helpers build the examples and fakespotify and run them as programs.

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

var built = map[string]func() (string, error){
	"login": builder("examples/login"), "webapp": builder("examples/webapp"), "fakespotify": builder("mock/fakespotify"),
}

var programs string // the directory of the built programs

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "examples")
	if err != nil {
		panic(err)
	}
	programs = dir
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// builder returns a function that builds the program in a folder of the repository, once.
func builder(folder string) func() (string, error) {
	return sync.OnceValues(func() (string, error) {
		path := filepath.Join(programs, filepath.Base(folder))
		cmd := exec.Command("go", "build", "-o", path, "./"+folder)
		cmd.Dir = filepath.Join("..", "..")
		cmd.Stderr = os.Stderr
		return path, cmd.Run()
	})
}

// program is a running example.
type program struct {
	t     *testing.T
	cmd   *exec.Cmd
	out   bytes.Buffer // read it after wait
	lines chan string  // of its log
	in    io.Writer    // the terminal's input
}

// start runs an example without credentials, with its own home directory.
func start(t *testing.T, home, name string, args ...string) *program {
	t.Helper()
	path, err := built[name]()
	if err != nil {
		t.Fatalf("go build ./examples/%s: %v", name, err)
	}
	ctx, stop := context.WithCancel(t.Context())
	p := &program{t: t, cmd: exec.CommandContext(ctx, path, args...), lines: make(chan string, 100)}
	p.cmd.Env = append(os.Environ(), "SPOTIFY_CLIENT_ID=", "SPOTIFY_CLIENT_SECRET=", "SPOTIFY_REDIRECT_URI=",
		"HOME="+home, "XDG_CONFIG_HOME="+home, "PATH="+home+":"+os.Getenv("PATH"))
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(os.Interrupt) }
	p.cmd.WaitDelay = 10 * time.Second
	p.cmd.Stdout = &p.out
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	log, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.lines)
		for scanner := bufio.NewScanner(log); scanner.Scan(); {
			p.lines <- scanner.Text()
		}
	}()
	t.Cleanup(stop)
	return p
}

// says waits for a line of the program's log with the prefix, and returns the rest of the line.
func (p *program) says(prefix string) string {
	p.t.Helper()
	timeout := time.After(patience)
	for last := ""; ; {
		select {
		case line, ok := <-p.lines:
			if rest, found := strings.CutPrefix(line, prefix); found {
				return rest
			}
			if !ok {
				p.t.Fatalf("it exited without logging %q; its last line is %q", prefix, last)
			}
			last = line
		case <-timeout:
			p.t.Fatalf("it does not log %q", prefix)
		}
	}
}

// types sends a line to the terminal's input.
func (p *program) types(line string) {
	p.t.Helper()
	if _, err := io.WriteString(p.in, line+"\n"); err != nil {
		p.t.Fatal(err)
	}
}

// ends waits for the program and returns its exit status, the last line of its log, and its output.
func (p *program) ends() (status int, last, printed string) {
	p.t.Helper()
	kill := time.AfterFunc(patience, func() { _ = p.cmd.Process.Kill() })
	defer kill.Stop()
	for line := range p.lines {
		last = line
	}
	_ = p.cmd.Wait()
	return p.cmd.ProcessState.ExitCode(), last, p.out.String()
}
