package mock

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

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/mock/internal/route"
	"github.com/seed-2147f1a9/spotify/mock/internal/wire"
)

// Server is the fake on a loopback socket: HTTP/1.1, or HTTP/2 over TLS with WithHTTP2. Resets, cut
// bodies and delays are real. Real sockets do not work in synctest bubbles: use the Transport
// there.
type Server struct {
	*Transport
	// URL is the server's address: "http://127.0.0.1:49152".
	URL string
	// BaseURL is the base URL of the Web API: URL + "/v1".
	BaseURL string
	// AuthURL and TokenURL are the endpoints of the Accounts service, whose base URL
	// (auth.Config.AccountsURL) is URL.
	AuthURL, TokenURL string

	server *httptest.Server
	leave  context.CancelFunc // ends the delays of responses
	once   sync.Once
}

// NewServer starts a server that is closed at the end of the test; with a nil t the caller closes
// it. It fails t, or panics without a test, if it cannot listen on the loopback interface.
func NewServer(t testing.TB, opts ...Option) *Server {
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		newReporter(t).fatal("mock: NewServer: %v", err)
		return nil
	}
	return NewServerOn(t, listener, opts...)
}

// NewServerOn is NewServer on the caller's listener, which the server closes.
func NewServerOn(t testing.TB, listener net.Listener, opts ...Option) *Server {
	tr, settings := build(t, opts)
	ctx, leave := context.WithCancel(context.Background())
	s := &Server{Transport: tr, leave: leave}
	s.server = &httptest.Server{Listener: listener, EnableHTTP2: settings.http2, Config: &http.Server{
		Handler:     http.HandlerFunc(s.serve),
		BaseContext: func(net.Listener) context.Context { return ctx },
		ErrorLog:    log.New(io.Discard, "", 0), // injected faults are not worth a log line
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

// Close closes the server and all its connections. It may be called again.
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

// confine makes the server's client connect to the server only.
func (s *Server) confine() {
	home := s.server.Listener.Addr().String()
	base := s.server.Client().Transport.(*http.Transport)
	base.Proxy = nil
	base.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		if addr != home {
			return nil, fmt.Errorf(
				"mock: the server's client connects to %s only, not to %s: pass the tested program "+
					"spotify.WithEndpoints(server.Endpoints()) or auth.Config{AccountsURL: server.URL}",
				home,
				addr,
			)
		}
		return new(net.Dialer).DialContext(ctx, network, addr)
	}
}

// CertPool returns a pool that trusts the server's certificate, nil if the server speaks plain
// HTTP.
func (s *Server) CertPool() *x509.CertPool {
	if s.server.Certificate() == nil {
		return nil
	}
	pool := x509.NewCertPool()
	pool.AddCert(s.server.Certificate())
	return pool
}

// serve responds to a request as the Transport does.
func (s *Server) serve(w http.ResponseWriter, req *http.Request) {
	body, err := wire.ReadBody(req)
	if err != nil {
		return // the client is gone
	}
	scheme := "http"
	if req.TLS != nil {
		scheme = "https"
	}
	in := parse(req.Context(), req, scheme, req.Host, body, framing(req))
	s.respond(in).Send(w, req)
}

// framing returns the Content-Length that was sent, -1 for a chunked body and for a PUT or POST
// over HTTP/1.1 without a Content-Length.
func framing(req *http.Request) int64 {
	if req.ProtoMajor == 1 && req.ContentLength == 0 && req.Header.Get("Content-Length") == "" &&
		(req.Method == http.MethodPut || req.Method == http.MethodPost) {
		return -1
	}
	return req.ContentLength
}

// NewClient returns a client that reaches the fake over the server's socket. See
// Transport.NewClient.
func (s *Server) NewClient(opts ...spotify.Option) *spotify.Client {
	s.report.helper()
	own := []spotify.Option{spotify.WithTransport(s.Client().Transport), spotify.WithEndpoints(s.Endpoints())}
	return s.report.client(append(own, opts...))
}
