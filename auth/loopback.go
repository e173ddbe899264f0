package auth

// loopback.go is the server that waits for the end of a local login: it takes the one answer that belongs to it, and turns all else away.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

func listen(ctx context.Context, redirect *url.URL) (net.Listener, error) {
	port := cmp.Or(redirect.Port(), "0")
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(redirect.Hostname(), port))
	if err != nil {
		return nil, fmt.Errorf("listening for the login's answer (if the port is taken, register and use a RedirectURL without one): %w", err)
	}
	return listener, nil
}

// serve answers on the listener until stop is called, which lets an answer under way get out first.
func serve(listener net.Listener, h http.Handler) (stop func()) {
	server := &http.Server{
		Handler: h, MaxHeaderBytes: 16 << 10,
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: time.Minute, IdleTimeout: time.Second,
	}
	server.SetKeepAlivesEnabled(false)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(listener)
	}()
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
		defer cancel()
		if server.Shutdown(ctx) != nil { // a browser that connected in advance and sent nothing
			_ = server.Close()
		}
		<-ended
	}
}

// waiter takes the one answer that belongs to the login and turns all else away.
type waiter struct {
	host, path, state string
	answers           chan answered
	over              <-chan struct{}
	taken             atomic.Bool
}

type answered struct {
	code    Code
	err     error
	outcome chan error
}

func (wait *waiter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.TrimSuffix(r.Host, ":80") != strings.TrimSuffix(wait.host, ":80"): // a page on the web that had its name point here
		writePage(w, pageHost)
		return
	case r.URL.Path != wait.path:
		writePage(w, pageNothing)
		return
	case r.Method != http.MethodGet:
		w.Header().Set("Allow", http.MethodGet)
		writePage(w, pageMethod)
		return
	}
	code, err := parseCallback(r.URL, wait.state)
	var callback *CallbackError
	switch {
	case errors.As(err, &callback) && callback.Code == "": // not Spotify's answer to this login
		writePage(w, pageStray)
		return
	case wait.taken.Swap(true):
		writePage(w, pageUsed)
		return
	}
	a := answered{code, err, make(chan error, 1)}
	select {
	case wait.answers <- a:
		if err := <-a.outcome; err != nil {
			writePage(w, failure(err))
			return
		}
		writePage(w, pageDone)
	case <-wait.over:
		writePage(w, pageStray)
	}
}
