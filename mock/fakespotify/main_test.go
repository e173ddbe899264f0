package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// start runs the program and returns what it printed about itself, by name, and how to end it,
// which returns what it printed since.
func start(t *testing.T, args ...string) (facts map[string]string, end func() (printed string, err error)) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := run(ctx, append([]string{"-addr", "127.0.0.1:0"}, args...), w, io.Discard)
		_ = w.Close()
		done <- err
	}()
	facts = map[string]string{}
	lines := bufio.NewScanner(r)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "end with") {
		if name, value, ok := strings.Cut(strings.TrimSpace(lines.Text()), "  "); ok {
			facts[name] = strings.TrimSpace(value)
		}
	}
	rest := make(chan string, 1)
	go func() {
		var b strings.Builder
		for lines.Scan() {
			b.WriteString(lines.Text() + "\n")
		}
		rest <- b.String()
	}()
	return facts, func() (string, error) {
		cancel()
		return <-rest, <-done
	}
}

func status(t *testing.T, address, token string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	rt := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	defer rt.CloseIdleConnections()
	resp, err := rt.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

func TestRun(t *testing.T) {
	for name, c := range map[string]struct {
		args  []string
		token string // empty for the one that was printed
		path  string
		want  int
	}{
		"any token":          {nil, "any", "/me", 200},
		"strict":             {[]string{"-strict"}, "any", "/me", 401},
		"strict, printed":    {[]string{"-strict", "-client-id", "app"}, "", "/me", 200},
		"development mode":   {nil, "any", "/browse/categories", 403},
		"extended quota":     {[]string{"-extended"}, "any", "/browse/categories", 200},
		"always an error":    {[]string{"-errors", "1"}, "any", "/me", 5},
		"TLS":                {[]string{"-tls", "-gzip"}, "any", "/me", 200},
		"slow, with a limit": {[]string{"-latency", "1ms", "-limit", "1"}, "any", "/me", 200},
	} {
		t.Run(name, func(t *testing.T) {
			facts, end := start(t, c.args...)
			token := c.token
			if token == "" {
				token = facts["access token"]
			}
			if got := status(t, facts["Web API"]+c.path, token); got != c.want && got/100 != c.want {
				t.Errorf("%d, want %d; %v", got, c.want, facts)
			}
			if _, err := end(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestPrintsCalls(t *testing.T) {
	for _, quiet := range []bool{false, true} {
		var args []string
		if quiet {
			args = append(args, "-quiet")
		}
		facts, end := start(t, args...)
		status(t, facts["Web API"]+"/albums/"+facts["album"]+"?market=SE", "any")
		status(t, strings.TrimSuffix(facts["Web API"], "/v1")+"/authorize?client_id=x&state=hidden", "any")
		printed, err := end()
		if said := strings.Contains(printed, "GET    /albums/"+facts["album"]+"?market=SE  200\n"); err != nil ||
			said == quiet ||
			strings.Contains(printed, "hidden") {
			t.Errorf("quiet %v: %v, %s", quiet, err, printed)
		}
		if !strings.HasSuffix(printed, "bye\n") {
			t.Errorf("does not say goodbye: %s", printed)
		}
	}
}

func TestCredentials(t *testing.T) {
	facts, end := start(t, "-client-id", "app", "-client-secret", "secret")
	defer func() { _, _ = end() }()
	for secret, want := range map[string]int{facts["client secret"]: 200, "guess": 400} {
		resp, err := http.PostForm(
			facts["tokens from"],
			url.Values{"grant_type": {"client_credentials"}, "client_id": {facts["client id"]}, "client_secret": {secret}},
		)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s: %d", secret, resp.StatusCode)
		}
	}
}

func TestFlagsThatMakeNoSense(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, args := range [][]string{{"-limit", "-1"}, {"-errors", "2"}, {"-lifetime", "0s"}, {"-nonsense"}, {"word"},
		{"-addr", taken.Addr().String()}} {
		if err := run(t.Context(), append([]string{"-addr", "127.0.0.1:0"}, args...), io.Discard, io.Discard); err == nil {
			t.Errorf("%v: no error", args)
		}
	}
	if err := run(t.Context(), []string{"-h"}, io.Discard, io.Discard); err != nil {
		t.Error(err)
	}
}
