package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/testutil/pipenet"
)

// trusting returns a base that trusts a test's server.
func trusting(t *testing.T, server *httptest.Server) *http.Transport {
	t.Helper()
	base := NewBase()
	base.TLSClientConfig.RootCAs = x509.NewCertPool()
	base.TLSClientConfig.RootCAs.AddCert(server.Certificate())
	t.Cleanup(base.CloseIdleConnections)
	return base
}

// onWire runs a test against a handler behind a socket, once over HTTP/1.1 and once over HTTP/2.
func onWire(t *testing.T, handler http.HandlerFunc, test func(t *testing.T, base *http.Transport, url string)) {
	t.Helper()
	for proto, major := range map[string]int{"HTTP/1.1": 1, "HTTP/2": 2} {
		t.Run(proto, func(t *testing.T) {
			server := httptest.NewUnstartedServer(handler)
			server.EnableHTTP2 = major == 2
			server.StartTLS()
			t.Cleanup(server.Close)
			test(t, trusting(t, server), server.URL)
		})
	}
}

func send(t *testing.T, base http.RoundTripper, ctx context.Context, url string) (*http.Response, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return base.RoundTrip(req)
}

// HTTP/2 is spoken where the server speaks it, over TLS 1.2 or newer in any case.
func TestBaseProtocol(t *testing.T) {
	onWire(
		t,
		func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) },
		func(t *testing.T, base *http.Transport, url string) {
			resp, err := send(t, base, t.Context(), url)
			if err != nil {
				t.Fatal(err)
			}
			defer Drain(resp)
			body, _ := io.ReadAll(resp.Body)
			if want := t.Name()[strings.Index(t.Name(), "/")+1:]; !strings.HasPrefix(string(body), want) ||
				resp.TLS.Version < tls.VersionTLS12 {
				t.Errorf("%s over TLS %#x, want %s", body, resp.TLS.Version, want)
			}
		},
	)
}

// A server that cannot do better than TLS 1.1 gets no request.
func TestBaseRefusesOldTLS(t *testing.T) {
	var requests atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { requests.Add(1) }))
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	base := trusting(t, server)
	if resp, err := send(t, base, t.Context(), server.URL); err == nil {
		Drain(resp)
		t.Fatalf("spoke TLS %#x", resp.TLS.Version)
	} else if requests.Load() != 0 || !strings.Contains(err.Error(), "version") {
		t.Errorf("%v, %d requests", err, requests.Load())
	}
	lax := trusting(t, server) // the server works: it is the base that refuses it
	lax.TLSClientConfig.MinVersion = tls.VersionTLS10
	resp, err := send(t, lax, t.Context(), server.URL)
	if err != nil || resp.TLS.Version != tls.VersionTLS11 {
		t.Fatal(err)
	}
	Drain(resp)
}

func TestBaseLimitsHeaders(t *testing.T) {
	onWire(t, func(w http.ResponseWriter, r *http.Request) {
		for i := range map[string]int{"/large": 240, "/too-large": 300}[r.URL.Path] {
			w.Header().
				Set(fmt.Sprintf("X-%d", i), strings.Repeat("x", 1<<10-50))
			// with its name and what HTTP/2 counts besides, 1 KiB at most
		}
	}, func(t *testing.T, base *http.Transport, url string) {
		resp, err := send(t, base, t.Context(), url+"/large")
		if err != nil {
			t.Fatalf("240 KiB of headers: %v", err)
		}
		Drain(resp)
		if resp, err := send(t, base, t.Context(), url+"/too-large"); err == nil {
			Drain(resp)
			t.Errorf("300 KiB of headers came through: %d of them", len(resp.Header))
		}
	})
}

// The connections of a busy client are used again: the standard library would keep 2 of them and
// open the others anew.
func TestBaseKeepsConnections(t *testing.T) {
	const calls = 32
	var opened, inside atomic.Int32
	var all sync.WaitGroup
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		inside.Add(1)
		all.Done()
		all.Wait() // all of them at once, so that each needs a connection
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.StartTLS()
	defer server.Close()
	base := trusting(t, server)
	for round := range 3 {
		all.Add(calls)
		var wg sync.WaitGroup
		for range calls {
			wg.Go(func() {
				resp, err := send(t, base, t.Context(), server.URL)
				if err != nil {
					t.Error(err)
					all.Done()
					return
				}
				Drain(resp)
			})
		}
		wg.Wait()
		if n := opened.Load(); n != calls {
			t.Fatalf("round %d: %d connections for %d calls at a time", round, n, calls)
		}
	}
	t.Logf("%d calls, %d at a time, over %d connections", inside.Load(), calls, opened.Load())
}

// A body that drips without end ends with the context.
func TestBaseDrippingBodyEndsWithTheContext(t *testing.T) {
	onWire(t, func(w http.ResponseWriter, r *http.Request) {
		drops := time.NewTicker(time.Millisecond)
		defer drops.Stop()
		for r.Context().Err() == nil {
			if _, err := w.Write([]byte(" ")); err != nil || http.NewResponseController(w).Flush() != nil {
				return
			}
			<-drops.C
		}
	}, func(t *testing.T, base *http.Transport, url string) {
		ctx, cancel := context.WithCancel(t.Context())
		resp, err := send(t, base, ctx, url)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if _, err := io.ReadFull(resp.Body, make([]byte, 10)); err != nil {
			t.Fatal(err)
		}
		cancel()
		if n, err := io.Copy(io.Discard, resp.Body); !errors.Is(err, context.Canceled) {
			t.Errorf("%d more bytes, then %v", n, err)
		}
	})
}

// An HTTP/2 connection that died without a word is found, and the call on it fails, although
// nothing else bounds the call.
func TestBaseFindsDeadConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		line := pipenet.Listen()
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/silent" {
				line.Cut()
				<-r.Context().Done()
			}
		}))
		_ = server.Listener.Close()
		server.Listener, server.EnableHTTP2 = line, true
		server.StartTLS()
		defer server.Close()
		defer server.CloseClientConnections()
		base := trusting(t, server)
		base.DialContext = line.DialContext
		resp, err := send(t, base, t.Context(), "https://127.0.0.1/")
		if err != nil || resp.ProtoMajor != 2 {
			t.Fatal(err)
		}
		Drain(resp)
		start := time.Now()
		if _, err := send(t, base, t.Context(), "https://127.0.0.1/silent"); err == nil || time.Since(start) > time.Minute {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		t.Logf("found after %v", time.Since(start))
	})
}
