package browsertest

// browser_test.go is a browser and what its user can see.

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
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

// browser is one window. It notes what pages complain of, and where they get things from.
type browser struct {
	t   *testing.T
	ctx context.Context

	mu         sync.Mutex
	complaints []string
	elsewhere  []string
}

// openBrowser skips the test where there is no browser.
func openBrowser(t *testing.T) *browser {
	t.Helper()
	path := ""
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"} {
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
	}
}

// clean checks that the pages so far loaded nothing from elsewhere and met no rule that they break, their own policies among them.
func (b *browser) clean() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, complaint := range b.complaints {
		if !strings.Contains(complaint, "status of 403") && !strings.Contains(complaint, "status of 400") { // what the pages of failed logins are sent with
			b.t.Errorf("the browser complains: %s", complaint)
		}
	}
	if len(b.elsewhere) > 0 {
		b.t.Errorf("loaded from elsewhere: %v", b.elsewhere)
	}
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

// sees waits until the page shows what the selector matches.
func (b *browser) sees(selector string) {
	b.t.Helper()
	run(b, chromedp.WaitVisible(chromedp.CSS(selector)))
}

func (b *browser) cookies() []*network.Cookie {
	b.t.Helper()
	return call(b, storage.GetCookies, storage.GetCookiesParams{}).Cookies
}

// until waits for a condition of the page.
func (b *browser) until(condition string) {
	b.t.Helper()
	if !eventually(func() bool { return eval[bool](b, condition) }) {
		b.t.Fatalf("it is not so: %s", condition)
	}
}

// reads waits until the page has a heading that says so, however many pages are gone through on the way.
func (b *browser) reads(heading string) {
	b.t.Helper()
	var at string
	if !eventually(func() bool {
		at, _ = chromedp.Run(b.ctx, chromedp.Evaluate[string](`document.readyState === "complete" ? document.querySelector("h1")?.innerText.trim() ?? "" : ""`))
		return at == heading
	}) {
		b.t.Fatalf("the page reads %q, want %q", at, heading)
	}
}

// eventually reports whether something comes true in time.
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

// looks takes the page's picture, by day and night and on a phone, if SCREENSHOTS names a directory, and checks that it fits.
func (b *browser) looks(name string) {
	b.t.Helper()
	for _, view := range []struct {
		name, scheme  string
		width, height int64
	}{{"", "light", 1200, 800}, {"-dark", "dark", 1200, 800}, {"-phone", "light", 360, 740}, {"-phone-dark", "dark", 360, 740}} {
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
