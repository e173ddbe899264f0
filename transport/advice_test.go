package transport

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// get returns the error of a GET with a base transport, with advice.
func get(t *testing.T, address string, base *http.Transport) error {
	t.Helper()
	defer base.CloseIdleConnections()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := base.RoundTrip(req)
	if err == nil {
		_ = resp.Body.Close()
		t.Fatal("no error")
	}
	return Advise(err)
}

// trustingAt returns a base that trusts a server, at a time.
func trustingAt(server *httptest.Server, now func() time.Time) *http.Transport {
	base := NewBase()
	base.TLSClientConfig.RootCAs = x509.NewCertPool()
	base.TLSClientConfig.RootCAs.AddCert(server.Certificate())
	base.TLSClientConfig.Time = now
	return base
}

func TestAdvise(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	proxied := NewBase()
	proxied.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: closed.Addr().String()})
	other := trustingAt(server, nil)
	other.TLSClientConfig.ServerName = "api.spotify.com"
	_, port, _ := net.SplitHostPort(plain.Listener.Addr().String())

	for _, c := range []struct {
		name, says string
		err        error
		same       func(error) bool // whether the cause is still found
	}{
		{
			"a proxy that is not there", "the proxy cannot be reached: check HTTPS_PROXY",
			get(t, "https://example.com", proxied), NotSent,
		},
		{"a clock that is slow", "this machine's clock shows ", get(t, server.URL, trustingAt(server, func() time.Time {
			return time.Date(1969, 1, 1, 0, 0, 0, 0, time.UTC)
		})), is[x509.CertificateInvalidError]},
		{"a certificate of another host", "captive portal", get(t, server.URL, other), is[x509.HostnameError]},
		{"a certificate that nobody knows", "SSL_CERT_FILE", get(t, server.URL, NewBase()), is[x509.UnknownAuthorityError]},
		{"no TLS", "the response is not TLS", get(t, "https://127.0.0.1:"+port, NewBase()), is[tls.RecordHeaderError]},
		{
			"a name that does not exist", "check the network connection",
			Advise(&net.DNSError{Err: "no such host", Name: "x", IsNotFound: true}), is[*net.DNSError],
		},
	} {
		if !strings.Contains(c.err.Error(), c.says) || !c.same(c.err) ||
			c.name != "a proxy that is not there" && IsTransient(c.err) {
			t.Errorf("%s: %v", c.name, c.err)
		}
		if again := Advise(fmt.Errorf("x: %w", c.err)); strings.Count(again.Error(), c.says) != 1 {
			t.Errorf("%s, twice: %v", c.name, again)
		}
	}
	if err := Advise(io.ErrUnexpectedEOF); err != io.ErrUnexpectedEOF {
		t.Errorf("got %v", err)
	}
	if err := Advise(nil); err != nil {
		t.Errorf("got %v", err)
	}
}
