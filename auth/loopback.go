package auth

// The loopback server waits for the end of a local login: it takes the one redirect that belongs to
// the login and turns all other requests away.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
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

// serve answers on the listener until stop is called, which lets a response under way get out
// first.
func serve(listener net.Listener, h http.Handler) (stop func()) {
	c := &crowd{Listener: listener}
	server := &http.Server{
		Handler: c.handler(h), MaxHeaderBytes: 16 << 10,
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: time.Minute, IdleTimeout: time.Second,
		ConnContext: func(ctx context.Context, conn net.Conn) context.Context {
			return context.WithValue(ctx, connKey{}, conn)
		},
		ErrorLog: log.New(io.Discard, "", 0), // strangers must not write to the program's log
	}
	server.SetKeepAlivesEnabled(false)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(c)
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

// mostWaiting is how many connections may be open whose request has not come, or has been served.
// It takes about 10 MB for them, and no more descriptors than a program has to spare.
const mostWaiting = 512

// crowd is a listener that closes the connection that has waited the longest when there are too
// many. A browser sends its request at once, and is served before 512 others have connected;
// connections that are opened to keep the server busy go first.
type crowd struct {
	net.Listener

	mu      sync.Mutex
	waiting []*guest // the oldest first
}

type connKey struct{}

// guest is a connection of a crowd.
type guest struct {
	net.Conn
	crowd *crowd
}

func (c *crowd) Accept() (net.Conn, error) {
	conn, err := c.Listener.Accept()
	if err != nil {
		return nil, err
	}
	g := &guest{conn, c}
	c.wait(g)
	return g, nil
}

func (c *crowd) wait(g *guest) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.waiting = append(c.waiting, g); len(c.waiting) > mostWaiting {
		_ = c.waiting[0].Conn.Close()
		c.waiting = slices.Delete(c.waiting, 0, 1)
	}
}

func (c *crowd) leave(g *guest) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if i := slices.Index(c.waiting, g); i >= 0 {
		c.waiting = slices.Delete(c.waiting, i, i+1)
	}
}

func (g *guest) Close() error {
	g.crowd.leave(g)
	return g.Conn.Close()
}

// handler keeps a connection from being closed while its request is served.
func (c *crowd) handler(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g, ok := r.Context().Value(connKey{}).(*guest); ok {
			c.leave(g)
			defer c.wait(g) // until the rest of a body is read, or the connection closed
		}
		h.ServeHTTP(w, r)
	})
}

// waiter takes the one redirect that belongs to the login and turns all other requests away.
type waiter struct {
	host, path, state string
	start, to         string // the path that the browser is opened with, and the login's URL behind it
	answers           chan answered
	over              <-chan struct{}
	started, taken    atomic.Bool
}

type answered struct {
	code    Code
	err     error
	outcome chan error // nil where nobody waits for it
}

func (wait *waiter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.TrimSuffix(r.Host, ":80") != strings.TrimSuffix(wait.host, ":80"): // a page on the web that had its name point here
		writePage(w, pageHost)
		return
	case r.URL.Path != wait.path && r.URL.Path != wait.start:
		writePage(w, pageNothing)
		return
	case r.Method != http.MethodGet:
		w.Header().Set("Allow", http.MethodGet)
		writePage(w, pageMethod)
		return
	case r.URL.Path == wait.start:
		wait.serveStart(w, r)
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

// serveStart sends the browser that was opened on to the login's URL. The address is on a command
// line, where others can read it: it works once, and not for another user of the machine.
func (wait *waiter) serveStart(w http.ResponseWriter, r *http.Request) {
	if local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok && isAnotherUser(r.RemoteAddr, local.String()) || wait.started.Swap(true) {
		writePage(w, pageStray)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, wait.to, http.StatusSeeOther)
}
