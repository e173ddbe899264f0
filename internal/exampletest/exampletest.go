// Package exampletest runs an example as a process of its own, without credentials, and compares
// its output with the file output.txt beside the example.
package exampletest

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

var update = flag.Bool("update", false, "write output.txt")

const runsProgram = "SPOTIFY_EXAMPLE_RUNS"

// Main is an example's TestMain: it runs the tests, or the example itself in a process that Command
// has started.
func Main(m *testing.M, program func()) {
	if os.Getenv(runsProgram) == "" {
		os.Exit(m.Run())
	}
	program()
	os.Exit(0)
}

// Command returns the command that runs the example in the working directory dir, which is its home
// directory and has its configuration, too. It ends with the test.
func Command(t testing.TB, dir string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), runsProgram+"=1", "SPOTIFY_CLIENT_ID=", "SPOTIFY_CLIENT_SECRET=",
		"SPOTIFY_REDIRECT_URI=", "SPOTIFY_BASE_URL=", "SPOTIFY_ACCOUNTS_URL=", "HOME="+dir, "XDG_CONFIG_HOME="+dir,
		"USERPROFILE="+dir, "AppData="+dir) // the last two are Windows'
	return cmd
}

// Run runs the example to its end and returns what it wrote to standard output and standard error.
func Run(t testing.TB, dir string, args ...string) string {
	t.Helper()
	out, err := Command(t, dir, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

// Process is an example that runs.
type Process struct {
	t      testing.TB
	cmd    *exec.Cmd
	in     io.Writer
	lines  *bufio.Reader
	output strings.Builder
	ended  chan error
}

// Start starts the example, see Command.
func Start(t testing.TB, dir string, args ...string) *Process {
	t.Helper()
	p := &Process{t: t, cmd: Command(t, dir, args...), ended: make(chan error, 1)}
	in, err := p.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, w := io.Pipe()
	p.in, p.lines, p.cmd.Stdout, p.cmd.Stderr = in, bufio.NewReader(out), w, w
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		p.ended <- p.cmd.Wait()
		_ = w.Close()
	}()
	return p
}

// Until waits for a line of the output that contains text, and returns the rest of the line.
func (p *Process) Until(text string) string {
	p.t.Helper()
	for {
		line, err := p.lines.ReadString('\n')
		p.output.WriteString(line)
		if _, rest, found := strings.Cut(line, text); found {
			return strings.TrimSuffix(rest, "\n")
		}
		if err != nil {
			p.t.Fatalf("the example ended without writing %q:\n%s", text, p.output.String())
		}
	}
}

// Type writes a line to the example's standard input.
func (p *Process) Type(line string) {
	p.t.Helper()
	if _, err := io.WriteString(p.in, line+"\n"); err != nil {
		p.t.Fatal(err)
	}
}

// Signal sends a signal to the example, if it has not ended.
func (p *Process) Signal(signal os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.t.Fatal(err)
	}
}

// End waits for the example's end, and returns its whole output and its exit status.
func (p *Process) End() (output string, status int) {
	p.t.Helper()
	rest, err := io.ReadAll(p.lines)
	if err != nil {
		p.t.Fatal(err)
	}
	p.output.Write(rest)
	if err := <-p.ended; p.cmd.ProcessState == nil {
		p.t.Fatal(err)
	}
	return p.output.String(), p.cmd.ProcessState.ExitCode()
}

// Agree opens the login page of a fake Spotify, agrees, and returns the address to which the fake
// redirects, without following it.
func Agree(t testing.TB, loginURL string) string {
	t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	form := strings.NewReader(url.Values{"decision": {"agree"}}.Encode())
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, loginURL, form)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	to, err := resp.Location()
	if err != nil {
		t.Fatalf("%s: %v", resp.Status, err)
	}
	return to.String()
}

// maxColumns is the width of a terminal in which the output of every example fits.
const maxColumns = 100

// Golden fails t unless output is the text of output.txt, apart from ports, dates, durations, the
// bars of a timeline, and the matches of the regular expressions in remove. With the flag -update
// it writes the file.
func Golden(t testing.TB, output string, remove ...string) {
	t.Helper()
	const file = "output.txt"
	for _, pattern := range remove {
		output = regexp.MustCompile(pattern).ReplaceAllString(output, "")
	}
	for _, mask := range masks {
		output = mask.pattern.ReplaceAllString(output, mask.by)
	}
	for line := range strings.Lines(output) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > maxColumns {
			t.Errorf("a line has %d columns, want at most %d: %s", n, maxColumns, line)
		}
	}
	got := []byte(output)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		t.Fatalf("there is no %s: write it with go test -update", file)
	}
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the output differs from %s (go test -update writes it); got:\n%s", file, got)
	}
}

// masks are the parts of an output that differ from run to run.
var masks = []struct {
	pattern *regexp.Regexp
	by      string
}{
	{regexp.MustCompile(`\b127\.0\.0\.1(:|%3A)\d+`), "127.0.0.1$1<port>"},
	{regexp.MustCompile(`\b\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?\b`), "<date>"},
	{regexp.MustCompile(`\b(\d+h)?(\d+m)?\d{1,3}(\.\d+)?(µs|ms|s)\b`), "<time>"},
	{regexp.MustCompile(` +<time>`), " <time>"},
	{regexp.MustCompile(`(?m) *[━·◆][━·◆ ]*$`), ""}, // the bars of a timeline
	{regexp.MustCompile(`(?m)[ \t]+$`), ""},
}
