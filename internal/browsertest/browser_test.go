package browsertest

// A browser drives one Chromium window for the tests.

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"
)

// browser is one window. It records the errors on the console and the origins that pages load from.
type browser struct {
	t   *testing.T
	ctx context.Context

	mu         sync.Mutex
	complaints []string
	elsewhere  []string
	asked      []string // permissions that the browser asked other origins for (CORS)
}

// openBrowser opens a window, or skips the test if there is no browser.
func openBrowser(t *testing.T) *browser {
	t.Helper()
	path := ""
	for _, name := range []string{
		os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
	} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("there is no Chromium on this machine; install one or point CHROMIUM at it")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.WindowSize(1200, 800))
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox) // the sandbox does not work for root
	}
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, closeWindow := chromedp.NewContext(allocator)
	t.Cleanup(closeWindow)
	b := &browser{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, b.hear); err != nil { // this starts the browser
		t.Fatal(err)
	}
	call(b, network.Enable, network.EnableParams{})
	call(b, log.Enable, cdp.Empty{})
	return b
}

func (b *browser) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *log.EventEntryAdded:
		b.complaints = append(b.complaints, e.Entry.Text+" "+e.Entry.URL)
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(e.Request.URL); err == nil && u.Scheme != "data" && u.Hostname() != "127.0.0.1" {
			b.elsewhere = append(b.elsewhere, u.Redacted())
		}
		if e.Request.Method == http.MethodOptions { // no page here sends one itself
			method, _ := e.Request.Headers["Access-Control-Request-Method"].(string)
			b.asked = append(b.asked, method+" "+e.Request.URL)
		}
	}
}

// clean checks that no page so far has loaded anything from another origin or logged an error, such
// as a violation of its Content-Security-Policy.
func (b *browser) clean() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, complaint := range b.complaints {
		// The pages of failed logins have the status codes 400 and 403.
		if !strings.Contains(complaint, "status of 403") && !strings.Contains(complaint, "status of 400") {
			b.t.Errorf("error on the console: %s", complaint)
		}
	}
	if len(b.elsewhere) > 0 {
		b.t.Errorf("loaded from other origins: %v", b.elsewhere)
	}
}

// preflights returns the method and URL of every request that the browser asked permission for.
func (b *browser) preflights() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.asked)
}

// forget forgets errors on the console, which a test expects, and preflights.
func (b *browser) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.complaints, b.asked = nil, nil
}

const patience = time.Minute

func run[T any](b *browser, action chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, action)
	if err != nil {
		b.t.Fatal(err)
	}
	return value
}

func call[P, R any](b *browser, command cdp.Command[P, R], params P) R {
	b.t.Helper()
	result, err := chromedp.Call(b.ctx, command, params)
	if err != nil {
		b.t.Fatal(err)
	}
	return result
}

func eval[T any](b *browser, script string) T {
	b.t.Helper()
	return run(b, chromedp.Evaluate[T](script))
}

func (b *browser) open(target string) { b.t.Helper(); run(b, chromedp.Navigate(target)) }

func (b *browser) click(selector string) {
	b.t.Helper()
	run(b, chromedp.Click(chromedp.CSS(selector)))
}

// sees waits until the page shows an element that matches the selector.
func (b *browser) sees(selector string) {
	b.t.Helper()
	run(b, chromedp.WaitVisible(chromedp.CSS(selector)))
}

func (b *browser) cookies() []*network.Cookie {
	b.t.Helper()
	return call(b, storage.GetCookies, storage.GetCookiesParams{}).Cookies
}

// until waits until a JavaScript condition is true.
func (b *browser) until(condition string) {
	b.t.Helper()
	if !eventually(func() bool { return eval[bool](b, condition) }) {
		b.t.Fatalf("the condition did not become true: %s", condition)
	}
}

// reads waits until the page has the given heading, after any number of redirects.
func (b *browser) reads(heading string) {
	b.t.Helper()
	var at string
	if !eventually(func() bool {
		at, _ = chromedp.Run(b.ctx, chromedp.Evaluate[string](
			`document.readyState === "complete" ? document.querySelector("h1")?.innerText.trim() ?? "" : ""`,
		))
		return at == heading
	}) {
		b.t.Fatalf("the page reads %q, want %q", at, heading)
	}
}

// eventually reports whether the condition becomes true in time.
func eventually(is func() bool) bool {
	again, late := time.NewTicker(20*time.Millisecond), time.After(patience)
	defer again.Stop()
	for !is() {
		select {
		case <-again.C:
		case <-late:
			return false
		}
	}
	return true
}

// looks checks that the page fits the window in light and dark mode and on a phone, and saves
// pictures if SCREENSHOTS names a directory.
func (b *browser) looks(name string) {
	b.t.Helper()
	for _, view := range []struct {
		name, scheme  string
		width, height int64
	}{{"", "light", 1200, 800}, {"-dark", "dark", 1200, 800}, {"-phone", "light", 360, 740}, {
		"-phone-dark", "dark", 360, 740,
	}} {
		call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: view.scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
		}})
		run(b, chromedp.EmulateViewport(view.width, view.height))
		picture := run(b, chromedp.CaptureScreenshot())
		if wide := eval[int64](b, `document.documentElement.scrollWidth`); wide > view.width {
			b.t.Errorf("%s%s: %d pixels wide, the window has %d", name, view.name, wide, view.width)
		}
		if dir := os.Getenv("SCREENSHOTS"); dir != "" {
			if err := os.MkdirAll(dir, 0o755); err != nil {
				b.t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, name+view.name+".png"), picture, 0o644); err != nil {
				b.t.Fatal(err)
			}
		}
	}
	run(b, chromedp.EmulateViewport(1200, 800))
}
