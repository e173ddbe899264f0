package middleware

// The retry matrix over real connections: the errors of net/http when a connection fails, and the
// requests that arrive when Retry resends.

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// countedAttempts counts the requests that base gets.
func countedAttempts(base http.RoundTripper, n *atomic.Int32) http.RoundTripper {
	return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		n.Add(1)
		return base.RoundTrip(req)
	})
}

// abort resets a connection, or the stream with HTTP/2.
func abort(w http.ResponseWriter) {
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		_ = conn.(*tls.Conn).NetConn().(*net.TCPConn).SetLinger(0)
		_ = conn.Close()
	}
	panic(http.ErrAbortHandler)
}

// A retry sends the whole body, over HTTP/1.1 and HTTP/2, however much of it the first attempt
// sent.
func TestRetryOnWire(t *testing.T) {
	quick := RetryConfig{InitialDelay: time.Millisecond}
	for _, tc := range []struct {
		name      string
		fail      func(w http.ResponseWriter, r *http.Request)
		put, post int32 // attempts of each
	}{
		{"429", func(w http.ResponseWriter, r *http.Request) { read(r); w.WriteHeader(429) }, 2, 2},
		{"429 before the body is read", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(429) }, 2, 2},
		{"500", func(w http.ResponseWriter, r *http.Request) { read(r); w.WriteHeader(500) }, 2, 1},
		{"503 before the body is read", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }, 2, 1},
		{"404", func(w http.ResponseWriter, r *http.Request) { read(r); w.WriteHeader(404) }, 1, 1},
		{"501", func(w http.ResponseWriter, r *http.Request) { read(r); w.WriteHeader(501) }, 1, 1},
		{"reset", func(w http.ResponseWriter, r *http.Request) { read(r); abort(w) }, 2, 1},
		{"reset before the body is read", func(w http.ResponseWriter, _ *http.Request) { abort(w) }, 2, 1},
		{"no response", func(w http.ResponseWriter, r *http.Request) { read(r); <-r.Context().Done() }, 2, 1},
	} {
		for size, body := range map[string]string{"small": `{"uris":[]}`,
			"large": strings.Repeat("0123456789abcdef", 1<<16)} {
			for method, want := range map[string]int32{"PUT": tc.put, "POST": tc.post} {
				t.Run(tc.name+"/"+method+"/"+size, func(t *testing.T) {
					t.Parallel() // a reset connection takes a while to close
					var arrived atomic.Int32
					wire, limit := onWire, time.Minute
					if tc.name == "no response" {
						wire, limit = inBubble, 300*time.Millisecond
					}
					wire(t, func(w http.ResponseWriter, r *http.Request) {
						if arrived.Add(1) == 1 {
							tc.fail(w, r)
							return
						}
						if got := read(r); got != body || r.ContentLength != int64(len(body)) {
							t.Errorf("%d of %d bytes arrive, Content-Length: %d", len(got), len(body), r.ContentLength)
						}
					}, func(t *testing.T, base http.RoundTripper, url string) {
						arrived.Store(0)
						var sent atomic.Int32
						rt := transport.Chain(countedAttempts(base, &sent), Retry(quick), Timeout(limit))
						resp, _, err := send(t, rt, newRequest(t, t.Context(), method, url, body))
						if sent.Load() != want {
							t.Errorf("%d attempts, want %d: %v", sent.Load(), want, err)
						}
						if want == 2 && (err != nil || resp.StatusCode != 200) {
							t.Errorf("after the retry: %v, %v", resp, err)
						}
					})
				})
			}
		}
	}
}

func read(r *http.Request) string {
	data, _ := io.ReadAll(r.Body)
	return string(data)
}

// A failure to connect is retried for every method, unless it is a permanent one.
func TestRetryWithoutConnection(t *testing.T) {
	gone := httptest.NewServer(nil)
	gone.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	speaking := func(newest uint16) *httptest.Server {
		server := httptest.NewUnstartedServer(http.NotFoundHandler())
		server.TLS = &tls.Config{MinVersion: tls.VersionTLS12, MaxVersion: newest}
		server.Config.ErrorLog = log.New(io.Discard, "", 0) // failed handshakes are expected
		server.StartTLS()
		t.Cleanup(server.Close)
		return server
	}
	secure, old := speaking(tls.VersionTLS13), speaking(tls.VersionTLS12)
	silent, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	nobody, failing := nameServer(t, 3), nameServer(t, 2)
	trusting := secure.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs

	for _, tc := range []struct {
		name  string
		url   string
		base  *http.Transport
		retry bool
	}{
		{"connection refused", gone.URL, &http.Transport{}, true},
		{"TLS handshake timeout", "https://" + silent.Addr().String(),
			&http.Transport{TLSHandshakeTimeout: 50 * time.Millisecond}, true},
		{"name server failure", "https://api.example.com", &http.Transport{DialContext: failing}, true},
		{"no such host", "https://api.example.com", &http.Transport{DialContext: nobody}, false},
		{"unknown authority", secure.URL, &http.Transport{}, false},
		{"wrong host", strings.Replace(secure.URL, "127.0.0.1", "localhost", 1),
			&http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusting, MinVersion: tls.VersionTLS12}}, false},
		{"no TLS", strings.Replace(plain.URL, "http:", "https:", 1), &http.Transport{}, false},
		{"no common version", old.URL, &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusting,
			MinVersion: tls.VersionTLS13}}, false},
		{"no common cipher suite", secure.URL,
			&http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusting, MinVersion: tls.VersionTLS12,
				MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_RSA_WITH_RC4_128_SHA}}}, false},
		{"no HTTP", "ftp://127.0.0.1", &http.Transport{}, false},
	} {
		for _, method := range []string{"GET", "POST"} {
			t.Run(tc.name+"/"+method, func(t *testing.T) {
				var sent atomic.Int32
				rt := transport.Chain(countedAttempts(tc.base, &sent),
					Retry(RetryConfig{InitialDelay: time.Millisecond, MaxRetries: 2}))
				_, _, err := send(t, rt, newRequest(t, t.Context(), method, tc.url, "the body"))
				want := int32(1)
				if tc.retry {
					want = 3
				}
				if err == nil || sent.Load() != want {
					t.Errorf("%d attempts, want %d: %v (%T)", sent.Load(), want, err, err)
				}
			})
		}
	}
}

// nameServer returns a dialer with a name server on loopback that responds to every query with the
// same RCODE (RFC 1035 section 4.1.1).
func nameServer(t *testing.T, code byte) func(context.Context, string, string) (net.Conn, error) {
	t.Helper()
	server, err := (&net.ListenConfig{}).ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	go func() {
		query := make([]byte, 1500)
		for {
			n, from, err := server.ReadFrom(query)
			if err != nil {
				return
			}
			response := bytes.Clone(query[:n])
			response[2] |= 0x80 // QR: a response
			response[3] = 0x80 | code
			_, _ = server.WriteTo(response, from)
		}
	}()
	dialer := &net.Dialer{Resolver: &net.Resolver{PreferGo: true,
		Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "udp", server.LocalAddr().String())
		}}}
	return dialer.DialContext
}

// A call ends with its context: during an attempt, during a backoff and while its response is read.
func TestContextEndsOnWire(t *testing.T) {
	inBubble(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/503":
			w.WriteHeader(503)
		case "/body":
			_, _ = io.WriteString(w, "half of i")
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		default:
			<-r.Context().Done()
		}
	}, func(t *testing.T, base http.RoundTripper, url string) {
		for _, path := range []string{"/503", "/body", "/headers"} {
			var sent atomic.Int32
			rt := transport.Chain(countedAttempts(base, &sent),
				Retry(RetryConfig{InitialDelay: time.Hour, MaxDelay: time.Hour}),
				RateLimit(NewPacer(PacerConfig{})), Timeout(time.Minute))
			ctx, cancel := context.WithCancelCause(t.Context())
			cause := fmt.Errorf("cancelled at %s", path)
			start := time.Now()
			time.AfterFunc(100*time.Millisecond, func() { cancel(cause) })
			_, _, err := send(t, rt, newRequest(t, ctx, "GET", url+path, ""))
			if took := time.Since(start); err == nil || took != 100*time.Millisecond || sent.Load() != 1 {
				t.Errorf("%s: %d attempts, %v after %v", path, sent.Load(), err, took)
			}
		}
	})
}
