package browsertest

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// startFake runs fakespotify as a process of its own and returns its URL.
func startFake(t *testing.T, args ...string) string {
	t.Helper()
	path, err := built["fakespotify"]()
	if err != nil {
		t.Fatalf("go build ./mock/fakespotify: %v", err)
	}
	cmd := exec.CommandContext(t.Context(), path, append([]string{"-addr", "127.0.0.1:0", "-quiet"}, args...)...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	t.Cleanup(func() { <-ended })
	found := make(chan string, 1)
	go func() {
		defer close(ended)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if name, value, ok := strings.Cut(strings.TrimSpace(lines.Text()), "  "); ok && name == "Web API" {
				found <- strings.TrimSuffix(strings.TrimSpace(value), "/v1")
			}
		}
		close(found)
		_ = cmd.Wait() // an error although it has exited well: its context is done
		if !cmd.ProcessState.Success() {
			t.Errorf("fakespotify: %v", cmd.ProcessState)
		}
	}()
	address, ok := <-found
	if !ok {
		t.Fatalf("fakespotify %v: it ended without an address", args)
	}
	return address
}

// playlists asks the fake itself for the user's playlists.
func playlists(t *testing.T, fake string) (total int, names []string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, fake+"/v1/me/playlists?limit=50", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer any")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var page struct {
		Total int
		Items []struct{ Name string }
	}
	if err := json.NewDecoder(resp.Body).Decode(&page); err != nil {
		t.Fatal(err)
	}
	for _, p := range page.Items {
		names = append(names, p.Name)
	}
	return page.Total, names
}

// A page of another origin logs in with PKCE, lists playlists and renames one, by fetch. The
// browser asks the fake for permission (CORS) and lets the page read the responses, Retry-After
// included.
func TestPageOfAnotherOrigin(t *testing.T) {
	b := openBrowser(t)
	page := httptest.NewServer(http.FileServer(http.Dir("testdata/page")))
	t.Cleanup(page.Close)
	for _, surface := range []string{"development", "older-development", "extended"} {
		t.Run(surface, func(t *testing.T) {
			b.t = t
			fake := startFake(t, "-surface", surface, "-rate-limit", "5", "-rate-window", "1h")
			total, names := playlists(t, fake) // the first of 5 calls
			b.open(page.URL + "/?spotify=" + url.QueryEscape(fake))
			b.click("#login")
			b.reads("Let playlists-page use your account?")
			b.click("button[value=agree]")
			b.sees("#playlists li") // after GET /me and GET /me/playlists
			shown := eval[[]string](b, `[...document.querySelectorAll("#playlists li")].map(li => li.firstChild.data)`)
			if total == 0 || !slices.Equal(shown, names) || eval[int](b, `+playlists.dataset.total`) != total {
				t.Errorf("the page lists %q, the fake has %d: %q", shown, total, names)
			}
			if at := eval[string](b, `location.href`); at != page.URL+"/" {
				t.Errorf("the browser is at %s: the code stays in its history", at)
			}
			b.looks("page-" + surface)

			run(b, chromedp.SendKeys(chromedp.CSS("input"), "Renamed by a page"))
			b.click("#rename") // PUT, and GET /me/playlists
			b.until(`playlists.innerText.includes("Renamed by a page")`)
			b.clean()
			for _, want := range []string{"GET /v1/me", "GET /v1/me/playlists", "PUT /v1/playlists/"} {
				method, path, _ := strings.Cut(want, " ")
				if !slices.ContainsFunc(b.preflights(), func(asked string) bool {
					return strings.HasPrefix(asked, method+" "+fake+path)
				}) {
					t.Errorf("the browser did not ask for permission to %s; it asked for %q", want, b.preflights())
				}
			}

			b.click("#reload") // the sixth call
			b.until(`/^rate limited: retry in [0-9]+ s$/.test(problem.textContent)`)
			b.forget()
		})
	}
}
