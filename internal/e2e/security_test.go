package e2e_test

import (
	"cmp"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/internal/testutil"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/resources"
	"github.com/seed-2147f1a9/spotify/transport"
)

const homeURL = "https://api.example.com/v1"

// wilds is a network with one honest server, at homeURL, and a hostile server at every other
// address.
type wilds struct {
	*http.Transport
	t      *testing.T
	home   http.HandlerFunc
	visits atomic.Int32 // to the hostile server
}

// inTheWilds runs a test over real sockets, with HTTP/1.1 and with HTTP/2.
func inTheWilds(t *testing.T, home http.HandlerFunc, test func(t *testing.T, w *wilds)) {
	t.Helper()
	for proto, major := range map[string]int{"HTTP/1.1": 1, "HTTP/2": 2} {
		t.Run(proto, func(t *testing.T) {
			w := &wilds{Transport: transport.NewBase(), t: t, home: home}
			serve := func(h http.HandlerFunc, start func(*httptest.Server)) *httptest.Server {
				server := httptest.NewUnstartedServer(h)
				server.EnableHTTP2 = major == 2
				start(server)
				t.Cleanup(server.Close)
				return server
			}
			honest := serve(func(rw http.ResponseWriter, r *http.Request) {
				if r.ProtoMajor != major {
					t.Errorf("came over %s", r.Proto)
				}
				w.home(rw, r)
			}, (*httptest.Server).StartTLS)
			hostile, plain := serve(w.steal, (*httptest.Server).StartTLS), serve(w.steal, (*httptest.Server).Start)
			w.TLSClientConfig.RootCAs = x509.NewCertPool()
			w.TLSClientConfig.RootCAs.AddCert(honest.Certificate())
			// The certificate is valid for every name: only the client's own checks are left.
			w.TLSClientConfig.ServerName = "example.com"
			w.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
				to := hostile
				if addr == "api.example.com:443" {
					to = honest
				} else if strings.HasSuffix(addr, ":80") {
					to = plain
				}
				return new(net.Dialer).DialContext(ctx, network, to.Listener.Addr().String())
			}
			t.Cleanup(w.CloseIdleConnections)
			test(t, w)
		})
	}
}

// steal looks for secrets in a request.
func (w *wilds) steal(rw http.ResponseWriter, r *http.Request) {
	w.visits.Add(1)
	body, _ := io.ReadAll(r.Body)
	if found := secrets.PrintedBy(fmt.Sprint(r.URL, r.Header, string(body))); found != "" {
		w.t.Errorf(
			"%q came to %s %s://%s%s",
			found,
			r.Method,
			map[bool]string{true: "https", false: "http"}[r.TLS != nil],
			r.Host,
			r.URL,
		)
	}
	_, _ = io.WriteString(rw, `{"name":"evil"}`)
}

func (w *wilds) client(opts ...spotify.Option) *spotify.Client {
	w.t.Helper()
	client, err := spotify.New(
		append(opts, spotify.WithBaseURL(homeURL), spotify.WithTransport(w), spotify.WithAccessToken("s3cr3t-token"))...)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = client.Close() })
	return client
}

func get(t *testing.T, hc *http.Client, ctx context.Context, address string, header ...string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := hc.Do(req)
	if err != nil {
		t.Errorf("%s: %v", address, err)
		return 0, ""
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body)
}

// elsewhere has addresses that resemble home and are not home.
var elsewhere = []string{
	"https://evil.example/v1/albums/x", "http://api.example.com/v1/albums/x",
	"https://api.example.com:8443/v1/albums/x", "https://sub.api.example.com/v1/albums/x",
	"https://example.com/v1/albums/x", "https://api.example.com.evil.example/v1/albums/x",
	"https://api.example.com@evil.example/v1/albums/x",
	"https://api.example.com:443@evil.example/v1", "//evil.example/v1/albums/x",
	`https://evil.example\@api.example.com/v1`,
}

// TestRedirectsTakeNoToken: a redirect to another host, port, scheme or subdomain carries no token,
// neither the client's nor the call's.
func TestRedirectsTakeNoToken(t *testing.T) {
	var arrived atomic.Int32
	inTheWilds(t, func(rw http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer s3cr3t-") {
			t.Errorf("home got %q", r.Header.Get("Authorization"))
		}
		arrived.Add(1)
		var to, status int
		_, _ = fmt.Sscanf(r.URL.Path, "/v1/%d/%d", &to, &status)
		rw.Header().Set("Location", elsewhere[to])
		rw.WriteHeader(status)
	}, func(t *testing.T, w *wilds) {
		client := w.client()
		own := spotify.WithCall(t.Context(), spotify.Token("s3cr3t-own"))
		arrived.Store(0)
		sent := 0
		for to := range elsewhere {
			for _, status := range []int{301, 302, 303, 307, 308} {
				path := fmt.Sprintf("/%d/%d", to, status)
				for _, ctx := range []context.Context{t.Context(), own} {
					_ = client.Do(ctx, http.MethodGet, path, nil, nil, nil)
					_ = client.Do(ctx, http.MethodPut, path, nil, map[string]string{"name": "x"}, nil)
					req, _ := http.NewRequestWithContext(ctx, http.MethodGet, homeURL+path, nil)
					if resp, err := client.HTTPClient().Do(req); err == nil {
						transport.Drain(resp)
					}
					sent += 3
				}
			}
		}
		t.Logf("%d calls redirected elsewhere, %d followed, no token with them", sent, w.visits.Load())
		if int(arrived.Load()) != sent || w.visits.Load() < int32(sent)/2 {
			t.Errorf(
				"of %d calls %d reached home, and %d the hostile server: the test proves nothing",
				sent,
				arrived.Load(),
				w.visits.Load(),
			)
		}
	})
}

// TestHostileLinks: an iterator never fetches a link to another origin. Code that follows such a
// link, or fetches an image, sends no token.
func TestHostileLinks(t *testing.T) {
	for _, address := range elsewhere {
		inTheWilds(t, func(rw http.ResponseWriter, _ *http.Request) {
			_ = json.NewEncoder(rw).
				Encode(
					map[string]any{
						"items": []any{map[string]any{"name": "x", "images": []any{map[string]any{"url": address}}}},
						"next":  address, "total": 100, "limit": 1,
					},
				)
		}, func(t *testing.T, w *wilds) {
			client := w.client()
			tracks, err := resources.Collect(client.Albums.AllTracks(t.Context(), albumID, nil), 0)
			if !errors.Is(err, resources.ErrIncomplete) || len(tracks) != 2 || w.visits.Load() != 0 {
				t.Errorf("next is %q: %d tracks, %v, %d requests to it", address, len(tracks), err, w.visits.Load())
			}
			if strings.HasPrefix(address, "//") || strings.Contains(address, `\`) {
				return // not a URL
			}
			if status, _ := get(t, client.HTTPClient(), t.Context(), address); status != 200 || w.visits.Load() != 1 {
				t.Errorf("fetching %q: %d", address, status)
			}
		})
	}
}

// TestOwnAuthorizationIsKept: a caller's Authorization header is sent unchanged, with one request
// only, and its response is cached for no other caller.
func TestOwnAuthorizationIsKept(t *testing.T) {
	inTheWilds(t, func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Cache-Control", "max-age=3600")
		if r.Header.Get("Authorization") == "Bearer s3cr3t-refused" {
			rw.WriteHeader(http.StatusUnauthorized)
		}
		_, _ = io.WriteString(rw, r.Header.Get("Authorization"))
	}, func(t *testing.T, w *wilds) {
		client := w.client(spotify.WithMiddleware(transport.PerCall, middleware.Cache(middleware.CacheConfig{})))
		for range 2 {
			for _, own := range []string{"Basic czNjcjN0", "Bearer s3cr3t-own", "Bearer s3cr3t-refused", ""} {
				var header []string
				if own != "" {
					header = []string{"Authorization", own}
				}
				if _, got := get(t, client.HTTPClient(), t.Context(), homeURL+"/me", header...); got != cmp.Or(
					own,
					"Bearer s3cr3t-token",
				) {
					t.Errorf("sent with %q, home got %q", own, got)
				}
			}
		}
	})
}

// TestHeadersCannotBeSplit: a value with a line break is refused before sending, and is not
// printed.
func TestHeadersCannotBeSplit(t *testing.T) {
	inTheWilds(
		t,
		func(_ http.ResponseWriter, r *http.Request) { t.Errorf("sent %v", r.Header) },
		func(t *testing.T, w *wilds) {
			client := w.client(spotify.WithMaxRetries(0))
			for _, bad := range []string{"s3cr3t-own\r\nX-Evil: 1", "s3cr3t-own\nX", "s3cr3t-own\x00", "\r\n\r\ns3cr3t-own"} {
				_, viaToken := client.Albums.Get(spotify.WithCall(t.Context(), spotify.Token(bad)), albumID, nil)
				req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, homeURL+"/me", nil)
				req.Header["Authorization"] = []string{"Bearer " + bad}
				_, viaHeader := client.HTTPClient().Do(req)
				for what, err := range map[string]error{"a call's token": viaToken, "a header": viaHeader} {
					if err == nil || secrets.PrintedBy(err) != "" || strings.ContainsAny(err.Error(), "\r\n\x00") {
						t.Errorf("%q as %s: %v", bad, what, err)
					}
				}
			}
		},
	)
}

// TestDrippingResponseEndsWithTheContext: a body that arrives byte by byte blocks a call only until
// its context ends.
func TestDrippingResponseEndsWithTheContext(t *testing.T) {
	for _, status := range []int{200, 400} {
		var leave atomic.Pointer[context.CancelFunc]
		inTheWilds(t, func(rw http.ResponseWriter, r *http.Request) {
			drops := time.NewTicker(time.Millisecond)
			defer drops.Stop()
			rw.WriteHeader(status)
			for n := 0; r.Context().Err() == nil; n++ {
				if _, err := io.WriteString(rw, " "); err != nil || http.NewResponseController(rw).Flush() != nil {
					return
				}
				if n == 20 {
					(*leave.Load())()
				}
				<-drops.C
			}
		}, func(t *testing.T, w *wilds) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			leave.Store(&cancel)
			done := make(chan error, 1)
			go func() {
				_, err := w.client(spotify.WithTimeout(time.Hour)).Albums.Get(ctx, albumID, nil)
				done <- err
			}()
			select {
			case err := <-done:
				if err == nil || status == 200 && !errors.Is(err, context.Canceled) {
					t.Errorf("%d: %v", status, err)
				}
			case <-time.After(30 * time.Second): // reading 64 KiB of an error body would take twice as long
				t.Errorf("%d: the call did not end with its context", status)
			}
		})
	}
}

// endless is an infinite body that counts the bytes read.
type endlessBody struct{ read atomic.Int64 }

func (e *endlessBody) Close() error { return nil }

func (e *endlessBody) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	e.read.Add(int64(len(p)))
	return len(p), nil
}

// TestErrorBodiesAreBounded: 64 KiB of an error body are read, and at most 64 KiB more are drained
// to keep the connection.
func TestErrorBodiesAreBounded(t *testing.T) {
	for _, status := range []int{400, 404, 429, 500} {
		body := &endlessBody{}
		client := newClient(t, roundTrip(func(req *http.Request) (*http.Response, error) {
			resp, err := testutil.Respond(status, "")(req)
			resp.Body = body
			return resp, err
		}), spotify.WithMaxRetries(0))
		var e *spotify.Error
		if _, err := client.Albums.Get(t.Context(), albumID, nil); !errors.As(err, &e) || e.Status != status ||
			len(err.Error()) > 1000 {
			t.Errorf("%v", err)
		}
		if n := body.read.Load(); n > 128<<10 {
			t.Errorf("%d: read %d KiB of the body", status, n>>10)
		}
	}
}
