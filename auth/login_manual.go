package auth

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/argument"
)

// Prompt shows the user the login's URL and returns the callback address that the user pasted.
// problem is nil the first time, and afterwards the error of the address before. An error of Prompt
// ends the login.
type Prompt func(ctx context.Context, loginURL string, problem error) (callback string, err error)

// maxPrompts bounds a Prompt that returns the same wrong text every time.
const maxPrompts = 5

// ManualConfig configures AuthorizeManual. The zero value prompts on the terminal and waits 5
// minutes.
type ManualConfig struct {
	// Prompt shows the login's URL and reads the callback's address. Nil is
	// PromptTerminal(os.Stdin, os.Stderr).
	Prompt Prompt
	// Timeout bounds the whole login. Zero means 5 minutes, negative no limit besides the context.
	Timeout time.Duration
	// Options change parameters of the login's URL, as for AuthURL.
	Options []AuthOption
}

// AuthorizeManual logs in a user whose browser is on another machine, such as over SSH or in a
// container. It shows the login's URL, which can be opened on any device, and reads the address
// that the browser shows afterwards, which begins with RedirectURL and whose page need not load.
//
// AuthorizeManual prompts at most 5 times for an address of this login. The error matches ErrDenied
// if the user declined and context.DeadlineExceeded after Timeout; otherwise it is Prompt's, or an
// error of Exchange.
func (l *Login) AuthorizeManual(ctx context.Context, c ManualConfig) error {
	if err := l.checkStore(ctx); err != nil { // before the user is asked
		return err
	}
	ctx, cancel := withLoginTimeout(ctx, c.Timeout)
	defer cancel()
	state := NewState()
	loginURL, err := l.AuthURL(state, c.Options...)
	if err != nil {
		return err
	}
	prompt := c.Prompt
	if prompt == nil {
		prompt = PromptTerminal(os.Stdin, os.Stderr)
	}
	a := l.promptUser(ctx, prompt, loginURL, state)
	switch {
	case a.err != nil && ctx.Err() != nil:
		return fmt.Errorf("waiting for the user to log in: %w", context.Cause(ctx))
	case a.err != nil:
		return a.err
	}
	return l.Exchange(ctx, a.code)
}

// promptUser prompts until the address is a callback of this login.
func (l *Login) promptUser(ctx context.Context, prompt Prompt, loginURL, state string) callbackResult {
	var problem error
	for range maxPrompts {
		text, err := guarded(ctx, 0, func() (string, error) { return prompt(ctx, loginURL, problem) }, nil)
		if err != nil {
			return callbackResult{err: err}
		}
		code, err := l.ParseCallback(text, state)
		callback, isCallback := errors.AsType[*CallbackError](err)
		switch {
		case argument.Pasted(text) == "":
			problem = errors.New("nothing was pasted")
		case strings.HasPrefix(argument.Pasted(text), l.config.AuthURL):
			problem = errors.New("this is the login's own address: " +
				"open it, log in, and paste the address that the browser shows afterwards")
		case err == nil || isCallback && callback.Code != "":
			return callbackResult{code: code, err: err}
		default:
			problem = err
		}
	}
	return callbackResult{err: fmt.Errorf("no callback address of this login in %d attempts: %w", maxPrompts, problem)}
}

// PromptTerminal returns a Prompt that writes to out and reads a line from in. A read of a terminal
// cannot be canceled: after a login that ends early, such as by its timeout, one read of in is
// still in flight and consumes the next line.
func PromptTerminal(in io.Reader, out io.Writer) Prompt {
	lines := bufio.NewReaderSize(in, 64<<10)
	return func(_ context.Context, loginURL string, problem error) (string, error) {
		text := fmt.Sprintf("\nThat did not work: %v\n", problem)
		if problem == nil {
			text = fmt.Sprintf(`To log in, open this address in a browser, on any device:

  %s

Then paste here the address that the browser shows afterwards. It begins with
%s and its page may not load: that is expected.

`, loginURL, redirectOf(loginURL))
		}
		if _, err := io.WriteString(out, text+"Address: "); err != nil {
			return "", fmt.Errorf("showing the login's URL: %w", err)
		}
		line, err := lines.ReadString('\n')
		line = strings.NewReplacer("\x1b[200~", "", "\x1b[201~", "").Replace(line) // bracketed paste
		if err != nil && (!errors.Is(err, io.EOF) || strings.TrimSpace(line) == "") {
			return "", fmt.Errorf("reading the address: %w", err)
		}
		return strings.TrimSpace(line), nil
	}
}

// redirectOf returns the redirect URI of a login's URL.
func redirectOf(loginURL string) string {
	if u, err := url.Parse(loginURL); err == nil {
		return u.Query().Get("redirect_uri")
	}
	return ""
}

// isTerminal reports whether f is a character device other than the null device.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}
