package e2e_test

// These tests check that bodies and errors are readable with a proxy or CDN between client and API.

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/resources"
	"github.com/seed-2147f1a9/spotify/transport"
)

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return b.String()
}

func packed(status int, text string) response {
	return response{status: status, body: gzipped(text), header: []string{"Content-Encoding", "gzip"}}
}

// TestFaultsGzipUnasked: a gzip body is decompressed although net/http did not request gzip.
func TestFaultsGzipUnasked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := over(t, responding(packed(200, album)))
		if got, err := client.Albums.Get(t.Context(), albumID, nil); err != nil || got.Name != "An album" {
			t.Errorf("a success: %+v, %v", got, err)
		}
		if _, body, err := send(t, client, "GET", "/albums/"+albumID, ""); err != nil || body != gzipped(album) {
			t.Errorf("HTTPClient: %q, %v", body, err)
		}
		var e *spotify.Error
		_, err := over(
			t,
			responding(packed(404, `{"error":{"status":404,"message":"Non existing id"}}`)),
		).Albums.Get(
			t.Context(),
			albumID,
			nil,
		)
		if !errors.As(err, &e) || e.Message != "Non existing id" {
			t.Errorf("an error: %v", err)
		}
		base := responding(packed(429, `{"error":{"status":429,"message":"Too many requests","reason":"QUOTA_EXCEEDED"}}`))
		if _, err := over(t, base).Albums.Get(t.Context(), albumID, nil); !errors.Is(err, spotify.ErrQuotaExceeded) ||
			base.count() != 1 {
			t.Errorf("an exhausted quota: %v after %d attempts", err, base.count())
		}
		base = responding(packed(200, `{"error":{"status":502,"message":"Bad gateway."}}`))
		if _, err := over(t, base).Albums.Get(t.Context(), albumID, nil); !errors.As(err, &e) || e.Status != 502 ||
			base.count() != 4 {
			t.Errorf("an error in a 200: %v after %d attempts", err, base.count())
		}
	})
}

// TestFaultsGzipBounds: MaxBody counts decompressed bytes; an error names a damaged or unknown
// encoding.
func TestFaultsGzipBounds(t *testing.T) {
	get := func(r response) error {
		_, err := over(t, responding(r), spotify.WithMaxRetries(0)).Albums.Get(t.Context(), albumID, nil)
		return err
	}
	if err := get(packed(200, `{"name":"`+strings.Repeat("x", 9<<20)+`"}`)); !errors.Is(err, resources.ErrTooLarge) {
		t.Errorf("a bomb: %v", err)
	}
	if err := get(packed(500, strings.Repeat(" ", 9<<20)+`{"error":{"message":"x"}}`)); !errors.Is(
		err,
		spotify.ErrServer,
	) ||
		len(err.Error()) > 500 {
		t.Errorf("a bomb in an error: %.200v", err)
	}
	if err := get(response{body: album, header: []string{"Content-Encoding", "br"}}); err == nil ||
		!strings.Contains(err.Error(), `"br"`) {
		t.Errorf("another encoding: %v", err)
	}
	if err := get(response{body: album, header: []string{"Content-Encoding", "gzip"}}); err == nil ||
		strings.Contains(err.Error(), "\x1f") {
		t.Errorf("no gzip at all: %v", err)
	}
	whole := gzipped(album)
	if err := get(response{body: whole[:len(whole)-9], header: []string{"Content-Encoding", "gzip"}}); err == nil {
		t.Error("a truncated gzip body was decoded without an error")
	}
	if err := get(response{body: album, header: []string{"Content-Encoding", "identity"}}); err != nil {
		t.Errorf("Content-Encoding: identity: %v", err)
	}
}

// TestFaultsProxy: the error names a proxy that refuses to connect. Only transient refusals are
// retried, for every method.
func TestFaultsProxy(t *testing.T) {
	for status, passes := range map[int]bool{403: false, 407: false, 404: false, 429: true, 502: true, 503: true} {
		var connects atomic.Int32
		proxy := connectProxy(t, status, &connects)
		base := transport.NewBase()
		base.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: proxy})
		client := over(t, base, spotify.WithRetry(middleware.RetryConfig{InitialDelay: 1, MaxDelay: 2}))
		err := client.Player.Next(t.Context(), nil) // not idempotent
		refused, ok := errors.AsType[*transport.ProxyError](err)
		if !ok || refused.Status != status || refused.Proxy != proxy || !strings.Contains(err.Error(), proxy) {
			t.Errorf("%d: %v", status, err)
		}
		want := int32(1)
		if passes {
			want = 4
		}
		if connects.Load() != want {
			t.Errorf("%d: %d attempts, want %d", status, connects.Load(), want)
		}
		base.CloseIdleConnections()
	}
}

// connectProxy is a proxy on loopback that responds to every CONNECT with the same status code.
func connectProxy(t *testing.T, status int, connects *atomic.Int32) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		connects.Add(1)
		w.WriteHeader(status)
	})}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return listener.Addr().String()
}

// TestFaultsControlCharacters: errors and logs have no control characters of foreign text.
func TestFaultsControlCharacters(t *testing.T) {
	const evil = "red\x1b[31m bell\a nul\x00 bidi\u202e csi\u009b2J zero\u200b\r\nnext"
	quoted := `red\u001b[31m bell\u0007 nul\u0000 bidi` + "\u202e csi\u009b2J zero\u200b" + `\r\nnext`
	for name, r := range map[string]response{
		"a message": {
			status: 400,
			body:   `{"error":{"status":400,"message":"` + quoted + `","reason":"` + quoted + `"}}`,
		},
		"plain text":      {status: 500, body: evil},
		"a title":         {status: 503, body: "<html><title>" + evil + "</title>"},
		"OAuth's shape":   {status: 401, body: `{"error":"` + quoted + `","error_description":"` + quoted + `"}`},
		"an error in 200": {body: `{"error":{"status":400,"message":"` + quoted + `"}}`},
		"a page in 200":   {body: "<html><title>" + evil + "</title>"},
		"member names":    {body: `{"` + quoted + `":1}`},
		"broken JSON":     {body: `{"name":` + evil + `}`},
	} {
		var log bytes.Buffer
		logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		_, err := over(
			t,
			responding(r),
			spotify.WithMaxRetries(0),
			spotify.WithLogger(logger),
		).Albums.Get(
			t.Context(),
			albumID,
			nil,
		)
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		if bad := strings.IndexFunc(err.Error(), hidden); bad >= 0 {
			t.Errorf("%s: %q has a control character", name, err.Error())
		}
		if e, ok := errors.AsType[*spotify.Error](err); ok && strings.IndexFunc(e.Message+e.Reason, hidden) >= 0 {
			t.Errorf("%s: %q", name, e.Message)
		}
		if bad := strings.IndexFunc(strings.ReplaceAll(log.String(), "\n", ""), hidden); bad >= 0 {
			t.Errorf("%s: the log has a control character: %q", name, log.String())
		}
	}
	// Also in the token endpoint's error description.
	base := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		return responding(
			response{status: 400, body: `{"error":"` + quoted + `","error_description":"` + quoted + `"}`},
		).RoundTrip(req)
	})
	client, err := spotify.NewFromClientCredentials("id", "a-client-secret", spotify.WithTransport(base))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if _, err := client.Albums.Get(t.Context(), albumID, nil); err == nil || strings.IndexFunc(err.Error(), hidden) >= 0 {
		t.Errorf("the token endpoint: %q", err)
	}
}

// hidden reports whether a text has control characters or invisible formatting characters.
func hidden(r rune) bool {
	return r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u202e' || r == '\u200b'
}

type noToken struct{}

func (noToken) Token(context.Context) (*oauth2.Token, error) { return nil, nil }

type noPermit struct{}

func (noPermit) Acquire(context.Context, middleware.LimitRequest) (middleware.Permit, error) {
	return nil, nil
}

// TestFaultsNeitherResultNorError: an error names the caller's component that returned neither a
// result nor an error.
func TestFaultsNeitherResultNorError(t *testing.T) {
	nothing := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		transport.CloseRequest(req)
		return nil, nil
	})
	mw := func(http.RoundTripper) http.RoundTripper { return nothing }
	lying := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, ContentLength: 10, Request: req}, nil
	})
	good := responding(response{body: album})
	for name, tc := range map[string]struct {
		base http.RoundTripper
		opt  spotify.Option
		want string
	}{
		"a transport":              {nothing, nil, "transport.RoundTripperFunc returned neither"},
		"a nil Body with a length": {lying, nil, "transport.RoundTripperFunc returned a response with a nil Body"},
		"a limiter": {
			good, spotify.WithLimiter(noPermit{}),
			"e2e_test.noPermit returned neither a permit nor an error",
		},
		"a middleware for calls": {
			good, spotify.WithMiddleware(transport.PerCall, mw),
			"WithMiddleware(transport.PerCall) returned neither",
		},
		"a middleware for attempts": {
			good, spotify.WithMiddleware(transport.PerAttempt, mw),
			"WithMiddleware(transport.PerAttempt) returned neither",
		},
		"a middleware above the wire": {
			good, spotify.WithMiddleware(transport.OnWire, mw),
			"WithMiddleware(transport.OnWire) returned neither",
		},
	} {
		opts := []spotify.Option{}
		if tc.opt != nil {
			opts = append(opts, tc.opt)
		}
		client := over(t, tc.base, opts...)
		if _, err := client.Albums.Get(t.Context(), albumID, nil); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %s", name, err, tc.want)
		}
		if _, _, err := send(t, client, "POST", "/me/playlists", "{}"); err == nil ||
			!strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s, HTTPClient: %v, want %s", name, err, tc.want)
		}
	}
	client, err := spotify.New(spotify.WithTransport(good), spotify.WithTokenSource(noToken{}))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if _, err := client.Albums.Get(t.Context(), albumID, nil); err == nil || !errors.Is(err, spotify.ErrCredentials) ||
		!strings.Contains(err.Error(), "e2e_test.noToken") {
		t.Errorf("a token source: %v", err)
	}
	// A nil Body without a length is an empty body, as for http.Client.
	empty := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Request: req}, nil
	})
	if _, err := over(t, empty).Albums.Get(t.Context(), albumID, nil); !errors.Is(err, resources.ErrEmpty) {
		t.Errorf("a nil Body: %v", err)
	}
}
