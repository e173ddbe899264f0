package auth

// A local login opens the browser of the user at this machine and waits on loopback for the
// redirect.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/cli/browser"

	"github.com/seed-2147f1a9/spotify/internal/argument"
)

// LocalConfig sets up AuthorizeLocal. The zero value opens the user's browser and waits five minutes.
type LocalConfig struct {
	// OpenURL opens the login's URL, which is good for this one login. Nil opens the user's
	// browser, with an address on loopback that leads to the login's URL once, and only for this
	// user where the system tells (Linux): the URL itself is then on no command line, which other
	// users of the machine can read. OpenURL is called in a goroutine of its own.
	OpenURL func(url string) error
	// Prompt is used when OpenURL returns an error, as where there is no browser: see ManualConfig.
	// The login then ends with the redirect or with what Prompt returns, whichever is first. Nil
	// prompts on the terminal if standard input is one; otherwise the login ends with OpenURL's
	// error.
	Prompt Prompt
	// Timeout is how long the user may take; zero is five minutes, negative as long as the context lasts.
	Timeout time.Duration
	// Options change what the user is asked, as for AuthURL.
	Options []AuthOption
}

// AuthorizeLocal logs in the user who sits at this machine and returns when they have, or declined, or the time is up; nothing is left listening then.
// RedirectURL must be http on 127.0.0.1 or [::1]. Its port is listened on; if it names none, a free one is chosen, which Spotify accepts for an
// address that was registered without a port. What does not belong to this login is answered with an error page and does not end it.
// The error matches ErrDenied if the user declined and context.DeadlineExceeded if the time is up; otherwise it is one of Exchange's.
func (l *Login) AuthorizeLocal(ctx context.Context, c LocalConfig) error {
	redirect, err := url.Parse(l.config.RedirectURL)
	if err != nil || redirect.Scheme != "http" || !isLoopbackLiteral(redirect) {
		return argument.Errorf("RedirectURL", l.config.RedirectURL, "http on 127.0.0.1 or [::1], as the login ends on this machine")
	}
	if err := l.ready(ctx); err != nil { // before the user takes the trouble
		return err
	}
	ctx, cancel := withPatience(ctx, c.Timeout)
	defer cancel()
	listener, err := listen(ctx, redirect)
	if err != nil {
		return err
	}
	defer listener.Close()
	if port := redirect.Port(); port == "" || port == "0" {
		redirect.Host = listener.Addr().String()
	}
	state := NewState()
	authURL, err := l.authURL(state, redirect.String(), c.Options)
	if err != nil {
		return err
	}
	over := make(chan struct{})
	wait := &waiter{
		host: redirect.Host, path: cmp.Or(redirect.Path, "/"), state: state, answers: make(chan answered), over: over,
		start: "/login/" + NewState(), to: authURL,
	}
	stop := serve(listener, wait)
	defer stop()
	defer close(over)

	open, target := c.OpenURL, authURL
	if open == nil {
		open, target = browser.OpenURL, "http://"+redirect.Host+wait.start
	}
	opened, pasted, panicked := make(chan error, 1), make(chan answered, 1), make(chan any, 1)
	background := func(f func()) { // a panic of OpenURL or Prompt belongs to the caller
		defer func() {
			if value := recover(); value != nil {
				panicked <- value
			}
		}()
		f()
	}
	go background(func() { opened <- open(target) })
	for {
		var a answered
		select {
		case err := <-opened:
			opened = nil
			prompt := c.Prompt
			if prompt == nil && isTerminal(os.Stdin) {
				prompt = PromptTerminal(os.Stdin, os.Stderr)
			}
			switch {
			case err == nil || ctx.Err() != nil:
			case prompt == nil:
				return fmt.Errorf("opening the browser to log in (set LocalConfig.OpenURL to show the URL instead, or LocalConfig.Prompt to have the user paste the address): %w", withoutURL(err))
			default:
				go background(func() { pasted <- l.ask(ctx, prompt, authURL, state) })
			}
			continue
		case value := <-panicked:
			panic(value)
		case a = <-wait.answers:
		case a = <-pasted:
		case <-ctx.Done():
			return fmt.Errorf("waiting for the user to log in: %w", context.Cause(ctx))
		}
		err := a.err
		if err == nil {
			a.code.redirect = redirect.String()
			err = l.Exchange(ctx, a.code)
		}
		if a.outcome != nil {
			a.outcome <- err
		}
		return err
	}
}

// withPatience bounds how long the user may take.
func withPatience(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	if timeout < 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, cmp.Or(timeout, 5*time.Minute))
}

// ready reports what would keep a login from being saved.
func (l *Login) ready(ctx context.Context) error {
	if err := l.take(ctx); err != nil {
		return err
	}
	defer l.give()
	_, err := l.load(ctx)
	return err
}

// withoutURL keeps an opener's error from printing the URL it was given.
func withoutURL(err error) error {
	if strings.Contains(err.Error(), "state=") || strings.Contains(err.Error(), "/login/") {
		return errors.New("it failed, with an error that holds the login's URL")
	}
	return err
}
