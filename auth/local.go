package auth

// local.go logs in the user who sits at this machine: it opens their browser and waits on loopback for the answer.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/cli/browser"

	"github.com/seed-2147f1a9/spotify/internal/argument"
)

// LocalConfig sets up AuthorizeLocal. The zero value opens the user's browser and waits five minutes.
type LocalConfig struct {
	// OpenURL has the user open the URL, which is good for this one login; nil opens their browser. Where there is none, as over SSH,
	// it can print the URL. It is called in a goroutine of its own; an error ends the login.
	OpenURL func(url string) error
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
	if c.Timeout >= 0 {
		limited, cancel := context.WithTimeout(ctx, cmp.Or(c.Timeout, 5*time.Minute))
		defer cancel()
		ctx = limited
	}
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
	wait := &waiter{host: redirect.Host, path: cmp.Or(redirect.Path, "/"), state: state, answers: make(chan answered), over: over}
	stop := serve(listener, wait)
	defer stop()
	defer close(over)

	open := c.OpenURL
	if open == nil {
		open = browser.OpenURL
	}
	opened, panicked := make(chan error, 1), make(chan any, 1)
	go func() {
		defer func() {
			if value := recover(); value != nil { // OpenURL's panic belongs to the caller
				panicked <- value
			}
		}()
		opened <- open(authURL)
	}()
	for {
		select {
		case err := <-opened:
			if err != nil {
				return fmt.Errorf("opening the browser to log in (set LocalConfig.OpenURL to show the URL instead): %w", withoutURL(err))
			}
			opened = nil
		case value := <-panicked:
			panic(value)
		case a := <-wait.answers:
			err := a.err
			if err == nil {
				a.code.redirect = redirect.String()
				err = l.Exchange(ctx, a.code)
			}
			a.outcome <- err
			return err
		case <-ctx.Done():
			return fmt.Errorf("waiting for the user to log in: %w", context.Cause(ctx))
		}
	}
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
	if strings.Contains(err.Error(), "state=") {
		return errors.New("it failed, with an error that holds the login's URL")
	}
	return err
}
