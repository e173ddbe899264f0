package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// program is a running fakespotify.
type program struct {
	t     *testing.T
	facts map[string]string // what it printed about itself, by name
	end   func() (printed string, err error)
}

// start runs the program. end exits it and returns what it has printed since its start.
func start(t *testing.T, args ...string) *program {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := run(ctx, append([]string{"-addr", "127.0.0.1:0"}, args...), w)
		_ = w.CloseWithError(err)
		done <- err
	}()
	p := &program{t: t, facts: map[string]string{}}
	lines := bufio.NewScanner(r)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "end with") {
		if name, value, ok := strings.Cut(strings.TrimSpace(lines.Text()), "  "); ok {
			p.facts[name] = strings.TrimSpace(value)
		} else if name, value, ok = strings.Cut(strings.TrimSpace(lines.Text()), " "); ok {
			p.facts[name] = value
		}
	}
	if lines.Err() != nil {
		t.Fatalf("fakespotify %v: %v", args, lines.Err())
	}
	rest := make(chan string, 1)
	go func() {
		var b strings.Builder
		for lines.Scan() {
			b.WriteString(lines.Text() + "\n")
		}
		rest <- b.String()
	}()
	p.end = sync.OnceValues(func() (string, error) {
		cancel()
		return <-rest, <-done
	})
	t.Cleanup(func() { _, _ = p.end() })
	return p
}

// plain sends requests without following redirects and without asking for compression.
var plain = &http.Transport{
	TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableCompression: true, DisableKeepAlives: true,
	ForceAttemptHTTP2: true,
}

// send returns the status code, the headers that tests look at and the body of a response, or the
// error.
func (p *program) send(method, path, token, body string) string {
	p.t.Helper()
	address := p.facts["Web API"] + path
	if strings.HasPrefix(path, "/authorize") || path == "/api/token" {
		address = strings.TrimSuffix(p.facts["Web API"], "/v1") + path
	}
	req, err := http.NewRequestWithContext(p.t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	if path == "/api/token" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	} else {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := plain.RoundTrip(req)
	if err != nil {
		return "error: " + err.Error()
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return "cut: " + err.Error()
	}
	shown := resp.Proto + " " + resp.Status
	for _, name := range []string{"Retry-After", "Location", "Content-Encoding"} {
		if v := resp.Header.Get(name); v != "" {
			shown += " " + name + "=" + v
		}
	}
	return shown + " " + string(text)
}

func (p *program) get(path string) string { p.t.Helper(); return p.send("GET", path, "any", "") }

// token sends a form to /api/token and returns its response.
func (p *program) token(form ...string) (status string, body map[string]any) {
	p.t.Helper()
	values := url.Values{}
	for i := 0; i < len(form); i += 2 {
		values.Set(form[i], form[i+1])
	}
	got := p.send("POST", "/api/token", "", values.Encode())
	status, text, _ := strings.Cut(strings.TrimPrefix(got, "HTTP/1.1 "), " {")
	if err := json.Unmarshal([]byte("{"+text), &body); err != nil {
		p.t.Fatalf("%v: %s", err, got)
	}
	return status, body
}

// login returns the response to a code that the fake gave without asking.
func (p *program) login() (status string, body map[string]any) {
	p.t.Helper()
	const redirect = "http://127.0.0.1:9/callback"
	got := p.get("/authorize?" + url.Values{"client_id": {"app"}, "response_type": {"code"}, "redirect_uri": {redirect},
		"scope": {"user-read-email"}}.Encode())
	_, location, _ := strings.Cut(got, "Location=")
	location, _, _ = strings.Cut(location, " ")
	to, err := url.Parse(location)
	if err != nil || to.Query().Get("code") == "" {
		p.t.Fatalf("no code: %v, %s", err, got)
	}
	return p.token("grant_type", "authorization_code", "code", to.Query().Get("code"), "redirect_uri", redirect,
		"client_id", "app", "client_secret", "secret")
}

// takes checks that a response comes no sooner than after a number of milliseconds.
func (p *program) takes(least int64) {
	p.t.Helper()
	start := time.Now()
	p.wants("/me", "200")
	if took := time.Since(start); took.Milliseconds() < least {
		p.t.Errorf("took %v, want %d ms or more", took, least)
	}
}

// wants checks the response to a GET request for each of several paths, in order. A want that
// begins with ! must not be in the response.
func (p *program) wants(pathsAndTexts ...string) {
	p.t.Helper()
	for i := 0; i < len(pathsAndTexts); i += 2 {
		path, want := pathsAndTexts[i], pathsAndTexts[i+1]
		text, not := strings.CutPrefix(want, "!")
		if got := p.get(path); strings.Contains(got, text) == not {
			p.t.Errorf("GET %s: %.300s, want %s", path, got, want)
		}
	}
}

func TestPrintsCalls(t *testing.T) {
	for _, quiet := range []bool{false, true} {
		var args []string
		if quiet {
			args = append(args, "-quiet")
		}
		p := start(t, args...)
		p.get("/albums/" + p.facts["album"] + "?market=SE")
		p.get("/authorize?client_id=x&state=hidden")
		printed, err := p.end()
		if said := strings.Contains(printed, "GET    /albums/"+p.facts["album"]+"?market=SE  200\n"); err != nil ||
			said == quiet || strings.Contains(printed, "hidden") {
			t.Errorf("quiet %v: %v, %s", quiet, err, printed)
		}
		if !strings.HasSuffix(printed, "bye\n") {
			t.Errorf("does not say goodbye: %s", printed)
		}
	}
}

func TestInvalidFlags(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for args, want := range map[string]string{
		"-rate-limit -1":                   "invalid limit of -1",
		"-error-rate 2":                    "invalid ErrorRate 2",
		"-token-lifetime 0s":               "invalid lifetime 0s",
		"-refresh-lifetime 0":              "invalid lifetime of 0 months",
		"-surface platinum":                `invalid -surface "platinum": want development, older-development or extended`,
		"-quota -5":                        `invalid -quota -5: want 0 or more, or -1 for no quota`,
		"-rate-limit 9 -retry-after -1s":   `invalid -retry-after -1s: want 0s or more; -no-retry-after leaves it out`,
		"-rotation often":                  `invalid -rotation "often": want spotify`,
		"-nonsense":                        "see fakespotify -h",
		"word":                             `unexpected argument "word"`,
		"-errors 401":                      `invalid rate "401"`,
		"-error-statuses five":             `invalid status code "five"`,
		"-error-statuses 200":              "invalid status code 200",
		"-count-rejected":                  "-count-rejected has no effect alone: want -rate-limit too",
		"-client-secret x":                 "want -client-id too",
		"-exhausted telepathy":             `unknown operation "telepathy"`,
		"-users wanda":                     "the user wanda is in the catalogue already",
		"-saved-tracks -1":                 "invalid -saved-tracks -1: want 0 or more",
		"-catalogue none.json":             "none.json",
		"-on GET_/me":                      "the rule has 2 words",
		"-on GET_/me_200":                  "invalid status code 200, not 400 to 599",
		"-on GET_/me_reset_503":            "both a reset and status code 503",
		"-on GET_/me_503_delay=x":          `invalid "delay=x"`,
		"-on GET_/me_503_times=0":          "invalid times=0",
		"-on GET_/me_times=2":              "no response, no faults and no delay",
		"-on GET_/me_0":                    "no response, no faults and no delay",
		"-on GET_/me_delay=-1s":            "invalid delay=-1s",
		"-on GET_/me_429_retry-after=-1s":  "invalid retry-after=-1s",
		"-on GET_/mee_503":                 "/mee",
		"-on ANY_/me_503":                  "one of ANY and * without the other",
		"-on GET_/me_503_reset-rate=1":     "both faults and a response",
		"-on GET_/me_reset-rate=2":         "invalid ResetRate 2",
		"-on GET_/me_reset-rate=often":     `invalid "reset-rate=often"`,
		"-on GET_/me_403_A_B":              `unexpected "B"`,
		"-on GET_/me_chaos=3":              `invalid "chaos=3"`,
		"-on GET_/me_retry-after=":         `invalid "retry-after="`,
		"-on GET_/me_503_retry-after=1s":   "a retry-after without status code 429",
		"-on GET_/me_429_X_retry-after=1s": `both a retry-after and the reason "X"`,
		"-addr " + taken.Addr().String():   "bind: ", // the rest differs between systems
	} {
		given := []string{"-addr", "127.0.0.1:0"}
		for _, word := range strings.Fields(args) {
			given = append(given, strings.ReplaceAll(word, "_", " "))
		}
		if err := refused(t, given); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want an error with %q", args, err, want)
		}
	}
}

// refused returns the error of the program. A program that is not refused runs for 10 s.
func refused(t *testing.T, args []string) error {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
	defer stop()
	return run(ctx, args, io.Discard)
}

func TestHelp(t *testing.T) {
	var help strings.Builder
	if err := run(t.Context(), []string{"-h"}, &help); err != nil {
		t.Fatal(err)
	}
	fs, _ := new(config).define()
	for i, line := range strings.Split(help.String(), "\n") {
		if len([]rune(line)) > helpWidth {
			t.Errorf("line %d has %d columns: %s", i+1, len([]rune(line)), line)
		}
	}
	for _, name := range names(fs) {
		if !strings.Contains(help.String(), "\n  -"+name) || len(fs.Lookup(name).Usage) < len("Speak HTTPS.") {
			t.Errorf("-%s is not explained", name)
		}
	}
}
