package mock

// server.go puts the fake behind a real socket.

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/seed-2147f1a9/spotify/mock/internal/route"

	"github.com/seed-2147f1a9/spotify/mock/internal/wire"

	"github.com/seed-2147f1a9/spotify"
)

// Server is the fake on a loopback socket: HTTP/1.1, or HTTP/2 over TLS with the option HTTP2. Besides what the Transport does, it sees how a request
// was framed, and resets, cuts and delays for real. Real sockets do not work in synctest bubbles: use the Transport there.
type Server struct {
	*Transport
	// URL is where the server listens: "http://127.0.0.1:49152".
	URL string
	// BaseURL is where the Web API begins: URL + "/v1".
	BaseURL string
	// AuthURL and TokenURL are the Accounts service's endpoints; both are below URL, which is what
	// auth.Config's AccountsURL takes.
	AuthURL, TokenURL string

	server *httptest.Server
	leave  context.CancelFunc // ends the waits of answers under way
	once   sync.Once
}

// NewServer starts a server that ends with the test; with a nil t the caller closes it. It panics, or fails t, if there is no loopback to listen on.
func NewServer(t testing.TB, opts ...Option) *Server {
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		newReporter(t).fatal("mock: NewServer: %v", err)
		return nil
	}
	return NewServerOn(t, listener, opts...)
}

// NewServerOn is NewServer on a listener of the caller's, which the server closes.
func NewServerOn(t testing.TB, listener net.Listener, opts ...Option) *Server {
	tr, settings := build(t, opts)
	ctx, leave := context.WithCancel(context.Background())
	s := &Server{Transport: tr, leave: leave}
	s.server = &httptest.Server{Listener: listener, EnableHTTP2: settings.http2, Config: &http.Server{
		Handler:     http.HandlerFunc(s.serve),
		BaseContext: func(net.Listener) context.Context { return ctx },
		ErrorLog:    log.New(io.Discard, "", 0), // what breaks on purpose is no news
	}}
	if settings.tls {
		s.server.StartTLS()
	} else {
		s.server.Start()
	}
	s.confine()
	s.URL = s.server.URL
	s.BaseURL = s.URL + route.BasePath
	s.AuthURL, s.TokenURL = s.URL+"/authorize", s.URL+"/api/token"
	if t != nil {
		t.Cleanup(s.Close)
	}
	return s
}

// Close ends the server and the answers under way. It may be called again.
func (s *Server) Close() {
	s.once.Do(func() {
		s.leave()
		s.server.CloseClientConnections()
		s.server.Close()
	})
}

// Endpoints returns the server's addresses, for spotify.WithEndpoints.
func (s *Server) Endpoints() spotify.Endpoints {
	return spotify.Endpoints{API: s.BaseURL, Accounts: s.URL}
}

// Client returns an HTTP client that trusts the server's certificate. It connects to the server and
// nowhere else: a request to another host is an error, so that credentials never leave the fake.
func (s *Server) Client() *http.Client { return s.server.Client() }

// confine keeps the server's client from all other hosts.
func (s *Server) confine() {
	home := s.server.Listener.Addr().String()
	base := s.server.Client().Transport.(*http.Transport)
	base.Proxy = nil
	base.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		if addr != home {
			return nil, fmt.Errorf("mock: the server's client connects to %s only, not to %s: point what you test at the fake with spotify.WithEndpoints(server.Endpoints()) or auth.Config{AccountsURL: server.URL}", home, addr)
		}
		return new(net.Dialer).DialContext(ctx, network, addr)
	}
}

// CertPool returns what trusts the server's certificate, nil if it speaks plain HTTP.
func (s *Server) CertPool() *x509.CertPool {
	if s.server.Certificate() == nil {
		return nil
	}
	pool := x509.NewCertPool()
	pool.AddCert(s.server.Certificate())
	return pool
}

// serve answers one request as the Transport would.
func (s *Server) serve(w http.ResponseWriter, req *http.Request) {
	body, err := wire.ReadBody(req)
	if err != nil {
		return // the client has left
	}
	origin := "http://"
	if req.TLS != nil {
		origin = "https://"
	}
	f := board(req.Context(), req, origin+req.Host, body, framing(req))
	s.answer(f).Send(w, req)
}

// framing is the Content-Length that was sent: -1 where the body came in chunks, or where HTTP/1.1 was left to guess that a PUT or POST has none.
func framing(req *http.Request) int64 {
	if req.ProtoMajor == 1 && req.ContentLength == 0 && req.Header.Get("Content-Length") == "" && (req.Method == http.MethodPut || req.Method == http.MethodPost) {
		return -1
	}
	return req.ContentLength
}
