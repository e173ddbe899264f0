package auth_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/accounts"
)

// pasting returns a Prompt whose user logs in and pastes the address as paste changes it.
func pasting(w *testService, t *testing.T,
	paste ...func(callback, loginURL string) string) (prompt auth.Prompt, problems *[]error) {
	problems = &[]error{}
	return func(_ context.Context, loginURL string, problem error) (string, error) {
		n := min(len(*problems), len(paste)-1)
		*problems = append(*problems, problem)
		return paste[n](w.visit(t, loginURL), loginURL), nil
	}, problems
}

func TestAuthorizeManual(t *testing.T) {
	asIs := func(callback, _ string) string { return callback }
	for name, c := range map[string]struct {
		paste []func(callback, loginURL string) string
		asked int
		want  error
	}{
		"unchanged": {[]func(string, string) string{asIs}, 1, nil},
		"quoted":    {[]func(string, string) string{func(c, _ string) string { return " '" + c + "' \r\n" }}, 1, nil},
		"the query alone": {
			[]func(string, string) string{func(c, _ string) string { _, q, _ := strings.Cut(c, "?"); return q }}, 1, nil,
		},
		"another one first": {
			[]func(string, string) string{func(string, string) string { return "https://example.com/?code=x&state=y" }, asIs},
			2, nil,
		},
		"nothing first":   {[]func(string, string) string{func(string, string) string { return "\n" }, asIs}, 2, nil},
		"the login's own": {[]func(string, string) string{func(_, l string) string { return l }, asIs}, 2, nil},
		"never the right": {
			[]func(string, string) string{func(string, string) string { return "what?" }}, 5, auth.ErrState,
		},
		"declined": {[]func(string, string) string{func(c, _ string) string {
			u, _ := url.Parse(c)
			return "http://127.0.0.1/callback?error=access_denied&state=" + u.Query().Get("state")
		}}, 1, auth.ErrDenied},
	} {
		for flow := range flows {
			t.Run(flow+" "+name, func(t *testing.T) {
				w := online(t, noConfig)
				l := open(t, flow, w.config())
				prompt, problems := pasting(w, t, c.paste...)
				err := l.AuthorizeManual(t.Context(), auth.ManualConfig{Prompt: prompt})
				if !errors.Is(err, c.want) || c.want == nil && err != nil || len(*problems) != c.asked ||
					(*problems)[0] != nil ||
					c.asked > 1 && (*problems)[1] == nil {
					t.Errorf("%v after %v", err, *problems)
				}
				if c.want == nil {
					w.renewed(t, l)
				}
				if name == "the login's own" &&
					!strings.Contains((*problems)[1].Error(), "this is the login's own address") {
					t.Errorf("problem %v", (*problems)[1])
				}
				for _, err := range append(*problems, err) {
					if err != nil && secrets.HeldBy(err) != "" {
						t.Errorf("%v contains %s", err, secrets.HeldBy(err))
					}
				}
			})
		}
	}
	w := online(t, noConfig)
	t.Run("the prompt fails", func(t *testing.T) {
		broken := errors.New("no terminal")
		err := open(t, "PKCE", w.config()).AuthorizeManual(t.Context(),
			auth.ManualConfig{Prompt: func(context.Context, string, error) (string, error) { return "", broken }})
		if !errors.Is(err, broken) {
			t.Error(err)
		}
	})
	t.Run("timeout", func(t *testing.T) {
		stuck := make(chan struct{})
		defer close(stuck)
		err := open(t, "PKCE", w.config()).AuthorizeManual(t.Context(), auth.ManualConfig{
			Timeout: 10 * time.Millisecond,
			Prompt:  func(context.Context, string, error) (string, error) { <-stuck; return "", nil },
		})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
	t.Run("the prompt panics", func(t *testing.T) {
		defer func() {
			if got := recover(); got != "!" {
				t.Errorf("recovered %v", got)
			}
		}()
		_ = open(t, "PKCE", w.config()).AuthorizeManual(t.Context(),
			auth.ManualConfig{Prompt: func(context.Context, string, error) (string, error) { panic("!") }})
	})
}

// PromptTerminal: the text that the user sees, and the line that is read.
func TestPromptTerminal(t *testing.T) {
	w := online(t, noConfig)
	l := open(t, "PKCE", w.config())
	typed, keyboard := io.Pipe()
	var screen bytes.Buffer
	show := auth.PromptTerminal(typed, &screen)
	asked := 0
	err := l.AuthorizeManual(
		t.Context(),
		auth.ManualConfig{Prompt: func(ctx context.Context, loginURL string, problem error) (string, error) {
			asked++
			line := "https://example.com/\n"
			if asked == 2 {
				line = "\x1b[200~" + w.visit(t, loginURL) + "\x1b[201~\n"
			}
			go func() { _, _ = io.WriteString(keyboard, line) }()
			return show(ctx, loginURL, problem)
		}},
	)
	must(t, err)
	seen := regexp.MustCompile(`https?://\S+/authorize\S+`).ReplaceAllString(screen.String(), "LOGIN-URL")
	const want = `To log in, open this address in a browser, on any device:

  LOGIN-URL

Then paste here the address that the browser shows afterwards. It begins with
http://127.0.0.1:4711/callback and its page may not load: that is expected.

Address: 
That did not work: login callback: its state is missing or belongs to another login; log in again
Address: `
	if seen != want {
		t.Errorf("the user sees\n%s", seen)
	}
	for given, want := range map[string]error{"": io.EOF, "\n": nil, "last line without an end": nil} {
		line, err := auth.PromptTerminal(strings.NewReader(given), io.Discard)(t.Context(), "", nil)
		if !errors.Is(err, want) || err == nil && line != strings.TrimSpace(given) {
			t.Errorf("%q: %q, %v", given, line, err)
		}
	}
}

// If no browser opens, the pasted address or the redirect completes the login, whichever comes
// first.
func TestAuthorizeLocalPrompts(t *testing.T) {
	none := func(string) error { return errors.New("no browser here") }
	for _, flow := range []string{"code", "PKCE"} {
		w := online(t, noConfig)
		c := w.config()
		c.RedirectURL = "http://127.0.0.1/callback"
		l := open(t, flow, c)
		prompt, _ := pasting(w, t, func(callback, _ string) string { return callback })
		must(t, l.AuthorizeLocal(t.Context(), auth.LocalConfig{OpenURL: none, Prompt: prompt}))
		w.renewed(t, l)

		stuck := make(chan struct{})
		must(t, l.AuthorizeLocal(t.Context(), auth.LocalConfig{
			OpenURL: none,
			Prompt: func(_ context.Context, loginURL string, _ error) (string, error) {
				go func() { // over a forwarded port
					resp, err := http.Get(w.visit(t, loginURL))
					if err == nil {
						_ = resp.Body.Close()
					}
				}()
				<-stuck
				return "", nil
			},
		}))
		close(stuck)
		w.renewed(t, l)
	}
}

// The address on the browser's command line redirects to the login once and contains nothing of it.
func TestSecurity35LoginURLOnNoCommandLine(t *testing.T) {
	w := online(t, accounts.Config{})
	c := w.config()
	c.RedirectURL = "http://127.0.0.1/callback"
	opened := make(chan string, 1)
	browserOpens(t, func(address string) { opened <- address })
	l := open(t, "PKCE", c)
	done := make(chan error, 1)
	go func() { done <- l.AuthorizeLocal(t.Context(), auth.LocalConfig{}) }()
	address := <-opened
	u, err := url.Parse(address)
	must(t, err)
	if u.Hostname() != "127.0.0.1" || u.RawQuery != "" || strings.Contains(address, "state") ||
		strings.Contains(address, "challenge") {
		t.Errorf("the command line contains %s", address)
	}
	browser := &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	if resp, _ := get(t, browser, "http://"+u.Host+"/login/guess"); resp.StatusCode != 404 {
		t.Errorf("a guessed address: %d", resp.StatusCode)
	}
	stealFrom(t, address)
	resp, body := get(t, browser, address)
	loginURL := resp.Header.Get("Location")
	if resp.StatusCode != 303 || !strings.HasPrefix(loginURL, w.url+"/authorize?") ||
		resp.Header.Get("Cache-Control") != "no-store" ||
		resp.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Fatalf("%d %v %s", resp.StatusCode, resp.Header, body)
	}
	if resp, _ := get(t, browser, address); resp.StatusCode != 400 || resp.Header.Get("Location") != "" {
		t.Errorf("the address works a second time: %d", resp.StatusCode)
	}
	if resp, _ := get(t, browser, w.visit(t, loginURL)); resp.StatusCode != 200 {
		t.Errorf("%d", resp.StatusCode)
	}
	must(t, <-done)
	w.renewed(t, l)
}
