package auth

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

// LocalConfig configures AuthorizeLocal. The zero value opens the user's browser and waits 5
// minutes.
type LocalConfig struct {
	// OpenURL opens the login's URL, which is valid for this login only. It is called in a
	// goroutine of its own.
	//
	// Nil opens the user's browser with an address on loopback that redirects to the login's URL
	// once, on Linux only for this user. The login's URL is then on no command line, which other
	// users of the machine can read.
	OpenURL func(url string) error
	// Prompt asks the user for the callback's address if OpenURL returns an error, such as on a
	// machine without a browser: see ManualConfig.Prompt. The redirect or the address completes the
	// login, whichever comes first. Nil is PromptTerminal(os.Stdin, os.Stderr) if standard input is
	// a terminal; otherwise AuthorizeLocal returns OpenURL's error.
	Prompt Prompt
	// Timeout bounds the whole login. Zero means 5 minutes, negative no limit besides the context.
	Timeout time.Duration
	// Options change parameters of the login's URL, as for AuthURL.
	Options []AuthOption
}

// EnsureAuthorized logs the user in with AuthorizeLocal unless a stored login can be used: it calls
// Token, and AuthorizeLocal if Token's error matches ErrReauthorize. Other errors of Token, such as
// one of the network, are returned. Call it at the start of a program, before the first call:
//
//	if err := user.EnsureAuthorized(ctx, auth.LocalConfig{}); err != nil {
//		return err
//	}
func (l *Login) EnsureAuthorized(ctx context.Context, c LocalConfig) error {
	_, err := l.Token(ctx)
	if errors.Is(err, ErrReauthorize) {
		return l.AuthorizeLocal(ctx, c)
	}
	return err
}

// AuthorizeLocal logs in the user of this machine: it opens a browser and waits on loopback for the
// redirect. It returns when the login has succeeded, failed or timed out, and closes its listener.
//
// Config.RedirectURL must be http on 127.0.0.1 or [::1]. AuthorizeLocal listens on its port, or on
// a free one if it names none: Spotify accepts any port for a loopback URL that was registered
// without one (RFC 8252 section 7.3). A request that does not belong to this login gets an error
// page and does not end the login.
//
// The error matches ErrDenied if the user declined, context.DeadlineExceeded after Timeout, and
// ErrInvalidArgument if RedirectURL is not on loopback. Other errors are those of the listener, of
// OpenURL and Prompt, and of Exchange.
func (l *Login) AuthorizeLocal(ctx context.Context, c LocalConfig) error {
	redirect, err := url.Parse(l.config.RedirectURL)
	if err != nil || redirect.Scheme != "http" || !isLoopbackLiteral(redirect) {
		return argument.Errorf("RedirectURL", l.config.RedirectURL,
			"http on 127.0.0.1 or [::1]: AuthorizeLocal waits for the redirect on this machine")
	}
	if err := l.checkStore(ctx); err != nil { // before the user is asked
		return err
	}
	ctx, cancel := withLoginTimeout(ctx, c.Timeout)
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
	closed := make(chan struct{})
	server := &callbackServer{
		host: redirect.Host, path: cmp.Or(redirect.Path, "/"), state: state,
		startPath: "/login/" + NewState(), loginURL: authURL,
		results: make(chan callbackResult), closed: closed,
	}
	stop := serve(listener, server)
	defer stop()
	defer close(closed)

	open, target := c.OpenURL, authURL
	if open == nil {
		open, target = browser.OpenURL, "http://"+redirect.Host+server.startPath
	}
	opened, pasted, panicked := make(chan error, 1), make(chan callbackResult, 1), make(chan any, 1)
	background := func(f func()) { // a panic of OpenURL or Prompt comes out in the caller's goroutine
		defer func() {
			if value := recover(); value != nil {
				panicked <- value
			}
		}()
		f()
	}
	go background(func() { opened <- open(target) })
	for {
		var a callbackResult
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
				return fmt.Errorf("opening the browser to log in (set LocalConfig.OpenURL to show the URL instead, "+
					"or LocalConfig.Prompt to have the user paste the address): %w", withoutURL(err))
			default:
				go background(func() { pasted <- l.promptUser(ctx, prompt, authURL, state) })
			}
			continue
		case value := <-panicked:
			panic(value)
		case a = <-server.results:
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

// withLoginTimeout bounds the login. Zero means 5 minutes, negative no limit besides ctx.
func withLoginTimeout(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	if timeout < 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, cmp.Or(timeout, 5*time.Minute))
}

// checkStore returns the error that a login's save would meet.
func (l *Login) checkStore(ctx context.Context) error {
	if err := l.lock(ctx); err != nil {
		return err
	}
	defer l.unlock()
	_, err := l.load(ctx)
	return err
}

// withoutURL replaces an opener's error that contains the login's URL.
func withoutURL(err error) error {
	if strings.Contains(err.Error(), "state=") || strings.Contains(err.Error(), "/login/") {
		return errors.New("failed with an error that contains the login's URL")
	}
	return err
}
