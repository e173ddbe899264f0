package auth

// A manual login needs no browser on this machine: the user opens the login's URL anywhere, and
// pastes the address that the browser ends on.

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

// Prompt shows the user the login's URL and returns the address that the user pasted. problem is
// nil at first, and then what was wrong with the address before. An error ends the login.
type Prompt func(ctx context.Context, loginURL string, problem error) (callback string, err error)

// mostPrompts is how often the user is asked, so that a Prompt that returns the same text forever
// ends.
const mostPrompts = 5

// ManualConfig sets up AuthorizeManual. The zero value prompts on the terminal and waits five
// minutes.
type ManualConfig struct {
	// Prompt shows the URL and reads the address; nil is PromptTerminal(os.Stdin, os.Stderr).
	Prompt Prompt
	// Timeout is how long the user may take; zero is five minutes, negative as long as the context
	// lasts.
	Timeout time.Duration
	// Options change what the user is asked, as for AuthURL.
	Options []AuthOption
}

// AuthorizeManual logs in a user whose browser is on another machine, as over SSH or in a
// container: it shows the login's URL, which can be opened anywhere, and takes the address that the
// browser ends on, which begins with RedirectURL and need not load. It returns when the user has
// logged in, or declined, or the time is up. An address that belongs to another login, or to none,
// is asked for again, five times at most. The error matches ErrDenied if the user declined and
// context.DeadlineExceeded if the time is up; otherwise it is Prompt's or one of Exchange's.
func (l *Login) AuthorizeManual(ctx context.Context, c ManualConfig) error {
	if err := l.ready(ctx); err != nil { // before the user takes the trouble
		return err
	}
	ctx, cancel := withPatience(ctx, c.Timeout)
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
	a := l.ask(ctx, prompt, loginURL, state)
	switch {
	case a.err != nil && ctx.Err() != nil:
		return fmt.Errorf("waiting for the user to log in: %w", context.Cause(ctx))
	case a.err != nil:
		return a.err
	}
	return l.Exchange(ctx, a.code)
}

// ask prompts until the address is one that ends the login.
func (l *Login) ask(ctx context.Context, prompt Prompt, loginURL, state string) answered {
	var problem error
	for range mostPrompts {
		text, err := guarded(ctx, 0, func() (string, error) { return prompt(ctx, loginURL, problem) }, nil)
		if err != nil {
			return answered{err: err}
		}
		code, err := l.ParseCallback(text, state)
		callback, isCallback := errors.AsType[*CallbackError](err)
		switch {
		case argument.Pasted(text) == "":
			problem = errors.New("nothing was pasted")
		case strings.HasPrefix(argument.Pasted(text), l.config.AuthURL):
			problem = errors.New("this is the login's own address: open it, log in, and paste the address that the browser is on afterwards")
		case err == nil || isCallback && callback.Code != "":
			return answered{code: code, err: err}
		default:
			problem = err
		}
	}
	return answered{err: fmt.Errorf("no address of this login in %d attempts: %w", mostPrompts, problem)}
}

// PromptTerminal returns a Prompt that writes to out and reads a line from in. As a terminal cannot
// be read with a context, a login that ends early, such as by its timeout, leaves one read of in
// under way, which takes the next line.
func PromptTerminal(in io.Reader, out io.Writer) Prompt {
	lines := bufio.NewReaderSize(in, 64<<10)
	return func(_ context.Context, loginURL string, problem error) (string, error) {
		text := fmt.Sprintf("\nThat did not work: %v\n", problem)
		if problem == nil {
			text = fmt.Sprintf(`To log in, open this address in a browser, on any device:

  %s

Then paste here the address that the browser is on afterwards. It begins with
%s and its page may not load: that is expected.

`, loginURL, redirectOf(loginURL))
		}
		if _, err := io.WriteString(out, text+"Address: "); err != nil {
			return "", fmt.Errorf("showing the login's URL: %w", err)
		}
		line, err := lines.ReadString('\n')
		line = strings.NewReplacer("\x1b[200~", "", "\x1b[201~", "").Replace(line) // a terminal's marks of a paste
		if err != nil && (!errors.Is(err, io.EOF) || strings.TrimSpace(line) == "") {
			return "", fmt.Errorf("reading the address: %w", err)
		}
		return line, nil
	}
}

// redirectOf returns the address that a login ends on.
func redirectOf(loginURL string) string {
	if u, err := url.Parse(loginURL); err == nil {
		return u.Query().Get("redirect_uri")
	}
	return ""
}

// isTerminal reports whether somebody may be typing into the file.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}
