package auth

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
		return nil, fmt.Errorf("listening for the login's callback "+
			"(if the port is in use, register and use a RedirectURL without a port): %w", err)
	}
	return listener, nil
}

// serve serves h on the listener until stop is called. stop waits up to 500 ms for responses in
// flight.
func serve(listener net.Listener, h http.Handler) (stop func()) {
	c := &boundedListener{Listener: listener}
	server := &http.Server{
		Handler: c.handler(h), MaxHeaderBytes: 16 << 10,
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second,
		WriteTimeout: time.Minute, IdleTimeout: time.Second,
		ConnContext: func(ctx context.Context, conn net.Conn) context.Context {
			return context.WithValue(ctx, connKey{}, conn)
		},
		ErrorLog: log.New(io.Discard, "", 0), // requests of other programs must not write to this program's log
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
		if server.Shutdown(ctx) != nil { // a browser opened a connection in advance and sent no request
			_ = server.Close()
		}
		<-ended
	}
}

// maxWaiting is the largest number of open connections without a request in progress. They take
// about 10 MB of memory.
const maxWaiting = 512

// boundedListener closes the connection that has waited longest for its request when more than
// maxWaiting wait. A browser sends its request at once, before 512 others have connected;
// connections that were opened to exhaust the server are closed.
type boundedListener struct {
	net.Listener

	mu      sync.Mutex
	waiting []*boundedConn // oldest first
}

type connKey struct{}

// boundedConn is a connection of a boundedListener.
type boundedConn struct {
	net.Conn
	boundedListener *boundedListener
}

func (c *boundedListener) Accept() (net.Conn, error) {
	conn, err := c.Listener.Accept()
	if err != nil {
		return nil, err
	}
	g := &boundedConn{conn, c}
	c.wait(g)
	return g, nil
}

func (c *boundedListener) wait(g *boundedConn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.waiting = append(c.waiting, g); len(c.waiting) > maxWaiting {
		_ = c.waiting[0].Conn.Close()
		c.waiting = slices.Delete(c.waiting, 0, 1)
	}
}

func (c *boundedListener) leave(g *boundedConn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if i := slices.Index(c.waiting, g); i >= 0 {
		c.waiting = slices.Delete(c.waiting, i, i+1)
	}
}

func (g *boundedConn) Close() error {
	g.boundedListener.leave(g)
	return g.Conn.Close()
}

// handler keeps the listener from closing a connection while its request is served.
func (c *boundedListener) handler(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g, ok := r.Context().Value(connKey{}).(*boundedConn); ok {
			c.leave(g)
			defer c.wait(g) // while net/http reads the rest of the body or closes the connection
		}
		h.ServeHTTP(w, r)
	})
}

// callbackServer accepts the one redirect that belongs to the login. Every other request gets an
// error page and does not end the login.
type callbackServer struct {
	host, path, state   string
	startPath, loginURL string // the browser is opened with startPath, which redirects to loginURL once
	results             chan callbackResult
	closed              <-chan struct{}
	opened, received    atomic.Bool
}

type callbackResult struct {
	code    Code
	err     error
	outcome chan error // the login's error, for the page; nil after a Prompt
}

func (s *callbackServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.TrimSuffix(r.Host, ":80") != strings.TrimSuffix(s.host, ":80"):
		// DNS rebinding: a website's name that resolves to this machine.
		writePage(w, pageHost)
		return
	case r.URL.Path != s.path && r.URL.Path != s.startPath:
		writePage(w, pageNotFound)
		return
	case r.Method != http.MethodGet:
		w.Header().Set("Allow", http.MethodGet)
		writePage(w, pageMethod)
		return
	case r.URL.Path == s.startPath:
		s.serveStart(w, r)
		return
	}
	code, err := parseCallback(r.URL, s.state)
	var callback *CallbackError
	switch {
	case errors.As(err, &callback) && callback.Code == "": // not Spotify's redirect for this login
		writePage(w, pageOtherLogin)
		return
	case s.received.Swap(true):
		writePage(w, pageUsed)
		return
	}
	a := callbackResult{code, err, make(chan error, 1)}
	select {
	case s.results <- a:
		if err := <-a.outcome; err != nil {
			writePage(w, failurePage(err))
			return
		}
		writePage(w, pageDone)
	case <-s.closed:
		writePage(w, pageOtherLogin)
	}
}

// serveStart redirects the opened browser to the login's URL, once and not for another user of the
// machine: startPath was on a command line, which other users can read.
func (s *callbackServer) serveStart(w http.ResponseWriter, r *http.Request) {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if ok && isAnotherUser(r.RemoteAddr, local.String()) || s.opened.Swap(true) {
		writePage(w, pageOtherLogin)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, s.loginURL, http.StatusSeeOther)
}
