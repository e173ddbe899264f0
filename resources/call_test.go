package resources

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/seed-2147f1a9/spotify/transport"
)

// over returns services whose requests go to a server over a real socket.
func over(t *testing.T, conf Config, handler http.HandlerFunc) *Services {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	conf.BaseURL = server.URL + "/v1"
	s, err := New(&http.Client{Transport: counting{transport.NewBase()}}, conf)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// counting counts the bytes that are read from each response body in the *atomic.Int64 of the
// request's context.
type counting struct{ base http.RoundTripper }

type countKey struct{}

func (c counting) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := c.base.RoundTrip(req)
	if n, ok := req.Context().Value(countKey{}).(*atomic.Int64); ok && err == nil {
		resp.Body = &countingBody{resp.Body, n}
	}
	return resp, err
}

type countingBody struct {
	io.ReadCloser
	n *atomic.Int64
}

func (b *countingBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.n.Add(int64(n))
	return n, err
}

// spaces is an endless reader of spaces, which are valid JSON before a value.
type spaces struct{}

func (spaces) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// Reading stops at MaxBody when 100 kB on the wire become 100 MB.
func TestMaxBodyAfterDecompression(t *testing.T) {
	s := over(t, Config{}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		packed := gzip.NewWriter(w)
		_, _ = io.Copy(packed, io.LimitReader(spaces{}, 100<<20))
		_ = packed.Close()
	})
	var read atomic.Int64
	_, err := s.Albums.Get(context.WithValue(t.Context(), countKey{}, &read), albumA, nil)
	bad, ok := errors.AsType[*ResponseError](err)
	if !ok || !errors.Is(err, ErrTooLarge) || bad.Status != 200 || bad.Path != "/albums/{id}" {
		t.Errorf("got %v", err)
	}
	if n := read.Load(); n < 8<<20 || n > 9<<20 {
		t.Errorf("%d bytes were read", n)
	}
}

func TestMaxBody(t *testing.T) {
	body := `{"name":"seen"}`
	for name, tc := range map[string]struct {
		max     int64
		chunked bool
		fits    bool
	}{
		"exactly":               {int64(len(body)), false, true},
		"one less":              {int64(len(body)) - 1, false, false},
		"exactly, in chunks":    {int64(len(body)), true, true},
		"one less, in chunks":   {int64(len(body)) - 1, true, false},
		"8 MiB where not given": {0, true, true},
	} {
		s := over(t, Config{MaxBody: tc.max}, func(w http.ResponseWriter, _ *http.Request) {
			if tc.chunked {
				_ = http.NewResponseController(w).Flush()
			}
			_, _ = io.WriteString(w, body)
		})
		var read atomic.Int64
		got, err := s.Albums.Get(context.WithValue(t.Context(), countKey{}, &read), albumA, nil)
		if !tc.fits && !tc.chunked && read.Load() > 0 {
			t.Errorf("%s: %d bytes were read, though their number was announced", name, read.Load())
		}
		if tc.fits && (err != nil || got.Name != "seen") || !tc.fits && !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// An empty response is an error only for an operation that returns something.
func TestEmptyResponses(t *testing.T) {
	for _, status := range []int{200, 201, 202, 204} {
		s, _ := record(t, Config{}, always(status, ""))
		if err := s.Player.Pause(t.Context(), nil); err != nil {
			t.Errorf("%d for a command: %v", status, err)
		}
		_, err := s.Albums.Get(t.Context(), albumA, nil)
		if bad, ok := errors.AsType[*ResponseError](err); !ok || !errors.Is(err, ErrEmpty) || bad.Status != status ||
			bad.Operation != "get-an-album" {
			t.Errorf("%d for an album: %v", status, err)
		}
	}
	for _, text := range []string{"null", " \n", "\r\nnull\r\n"} {
		s, _ := record(t, Config{}, always(200, text))
		if _, err := s.Albums.Get(t.Context(), albumA, nil); !errors.Is(err, ErrEmpty) {
			t.Errorf("%q for an album: %v", text, err)
		}
		if got, err := s.Player.State(t.Context(), nil); got != nil || err != nil {
			t.Errorf("%q for a state: %v, %v", text, got, err)
		}
	}
	s, _ := record(t, Config{}, always(200, `{"albums":null}`))
	if page, err := s.Browse.NewReleases(t.Context(), nil); err != nil || page.Items != nil {
		t.Errorf("no page: %+v, %v", page, err)
	}
}

// The error of a response that cannot be decoded names the place.
func TestUndecodableResponses(t *testing.T) {
	for text, pointer := range map[string]string{
		`<html>`:                          "",
		`OK`:                              "",
		`[]`:                              "",
		`"x"`:                             "",
		`{"name":"x"`:                     "",
		`{"name":"x"} {}`:                 "",
		`{"tracks":{"items":[{"name":}]}`: "/tracks/items/0/name",
	} {
		s, _ := record(t, Config{}, always(200, text))
		_, err := s.Albums.Get(t.Context(), albumA, nil)
		bad, ok := errors.AsType[*ResponseError](err)
		if !ok || bad.Pointer != pointer || !strings.Contains(err.Error(), "GET /albums/{id}: unusable 200 response") ||
			statusOf(err) != 0 {
			t.Errorf("%s: %v, at %q, want %q", text, err, bad.Pointer, pointer)
		}
		if call, ok := errors.AsType[*CallError](err); ok {
			t.Errorf("%s: a CallError, which is for calls without a response: %v", text, call)
		}
	}
}

// breakOff sends the beginning of a response and closes the connection.
func breakOff(w http.ResponseWriter, header, body string) {
	conn, buf, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	_, _ = buf.WriteString("HTTP/1.1 200 OK\r\n" + header + "\r\n\r\n" + body)
	_ = buf.Flush()
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(-1)
	}
	_ = conn.Close()
}

// A response that is cut short is an error and is not retried here, because the pipeline retries.
func TestResponsesCutShort(t *testing.T) {
	var gzipped strings.Builder
	packed := gzip.NewWriter(&gzipped)
	_, _ = io.WriteString(packed, `{"name":"`+strings.Repeat("seen", 100)+`"}`)
	_ = packed.Close()
	for name, tc := range map[string]struct{ header, body string }{
		"with a length":      {"Content-Length: 100", `{"name":"se`},
		"chunked":            {"Transfer-Encoding: chunked", "b\r\n" + `{"name":"se` + "\r\n"},
		"packed":             {"Content-Length: 1000\r\nContent-Encoding: gzip", gzipped.String()[:20]},
		"packed, as if done": {"Connection: close\r\nContent-Encoding: gzip", gzipped.String()[:gzipped.Len()-9]},
		"as if done":         {"Connection: close", `{"name":"se`},
	} {
		t.Run(name, func(t *testing.T) {
			var calls atomic.Int32
			s := over(t, Config{}, func(w http.ResponseWriter, _ *http.Request) {
				calls.Add(1)
				breakOff(w, tc.header, tc.body)
			})
			_, err := s.Albums.Get(t.Context(), albumA, nil)
			if bad, ok := errors.AsType[*ResponseError](err); !ok || bad.Status != 200 || calls.Load() != 1 {
				t.Errorf("a GET: %d calls, %v", calls.Load(), err)
			}
			calls.Store(0)
			var out Raw
			if err := s.Do(t.Context(), "PUT", "/x", nil, nil, &out); err == nil || calls.Load() != 1 {
				t.Errorf("a PUT: %d calls, %v", calls.Load(), err)
			}
			if err := s.Player.Pause(t.Context(), nil); err != nil {
				t.Errorf("a command whose response is cut short: %v", err)
			}
		})
	}
}

// Over a pipeline without DecodeErrors, a response of 300 or more is a *StatusError.
func TestStatusError(t *testing.T) {
	for _, status := range []int{300, 304, 400, 401, 403, 404, 429, 500, 503} {
		s, r := record(t, Config{}, always(status, "<html>"+strings.Repeat("x", 10_000)))
		var seen transport.Captured
		_, err := s.Albums.Get(transport.WithCall(t.Context(), &transport.Call{Capture: &seen}), albumA, nil)
		got, ok := errors.AsType[*StatusError](err)
		if !ok || got.Status != status || got.StatusCode() != status || got.Operation != "get-an-album" ||
			got.Method != "GET" ||
			got.Path != "/albums/{id}" ||
			len(r.sent()) != 1 {
			t.Fatalf("%d: %#v", status, err)
		}
		if len(got.Body) != 4<<10 || got.Header.Get("Content-Type") == "" || len(err.Error()) > 400 ||
			strings.Contains(err.Error(), "DecodeErrors") != (status >= 400) {
			t.Errorf("%d: %d bytes of body, %v", status, len(got.Body), err)
		}
		if errors.Is(err, ErrNotFound) != (status == 404) {
			t.Errorf("%d is ErrNotFound: %v", status, errors.Is(err, ErrNotFound))
		}
		if seen.Status != status || len(seen.Body) != len(got.Body) {
			t.Errorf("%d: captured %d with %d bytes", status, seen.Status, len(seen.Body))
		}
	}
}

func TestCapture(t *testing.T) {
	s, _ := record(t, Config{}, always(201, `{"name":"seen","new":1}`))
	for name, call := range map[string]func(context.Context) error{
		"an item":   func(ctx context.Context) error { _, err := s.Albums.Get(ctx, albumA, nil); return err },
		"a command": func(ctx context.Context) error { return s.Player.Pause(ctx, nil) },
		"Do":        func(ctx context.Context) error { return s.Do(ctx, "GET", "/x", nil, nil, nil) },
	} {
		var seen transport.Captured
		if err := call(transport.WithCall(t.Context(), &transport.Call{Capture: &seen})); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if seen.Status != 201 || string(seen.Body) != `{"name":"seen","new":1}` ||
			seen.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: captured %d %s", name, seen.Status, seen.Body)
		}
		seen.Header.Set("Content-Type", "changed") // the caller's copy
	}
	// A response that cannot be decoded is captured.
	s, _ = record(t, Config{}, always(200, `<html>`))
	var seen transport.Captured
	if _, err := s.Albums.Get(transport.WithCall(t.Context(), &transport.Call{Capture: &seen}), albumA, nil); err == nil ||
		string(seen.Body) != `<html>` {
		t.Errorf("captured %q, %v", seen.Body, err)
	}
}

func TestDo(t *testing.T) {
	s, r := record(t, Config{Market: "DE"}, always(200, `{"Name":"seen","n":4.0E1,"list":[1]}`))
	ctx := t.Context()
	var own struct {
		Name string
		N    int
	}
	var anything any
	var text Raw
	for name, tc := range map[string]struct {
		want, body string
		err        error
	}{
		"a type of one's own": {
			"GET /me/new%20thing?a=1&a=2&b=c+d",
			"",
			s.Do(ctx, "GET", "/me/new%20thing", url.Values{"a": {"1", "2"}, "b": {"c d"}}, nil, &own),
		},
		"anything": {"PATCH /x", `{"y":[]}`, s.Do(ctx, "PATCH", "/x", nil, map[string][]int{"y": {}}, &anything)},
		"the text": {"DELETE /x", `[1]`, s.Do(ctx, "DELETE", "/x", nil, []int{1}, &text)},
		"nothing":  {"PUT /x", "", s.Do(ctx, "PUT", "/x", nil, nil, nil)},
	} {
		if tc.err != nil {
			t.Errorf("%s: %v", name, tc.err)
		}
		found := false
		for _, sent := range r.sent() {
			found = found || sent.line() == tc.want && sent.Body == tc.body
		}
		if !found {
			t.Errorf("%s: sent %+v, and not %s with %s", name, r.sent(), tc.want, tc.body)
		}
	}
	if own.Name != "seen" || own.N != 40 || anything.(map[string]any)["Name"] != "seen" ||
		!strings.HasPrefix(string(text), `{"Name"`) {
		t.Errorf("got %+v, %v and %s", own, anything, text)
	}
	before := len(r.sent())
	var wrong []int
	err := s.Do(ctx, "GET", "/x", nil, nil, &wrong)
	if err == nil || !strings.Contains(err.Error(), "GET /x") || len(r.sent()) != before+1 {
		t.Errorf("an object for a list: %v", err)
	}
	for name, tc := range map[string]struct {
		argument string
		err      error
	}{
		"method":      {"method", s.Do(ctx, "FETCH", "/x", nil, nil, nil)},
		"small":       {"method", s.Do(ctx, "get", "/x", nil, nil, nil)},
		"relative":    {"path", s.Do(ctx, "GET", "x", nil, nil, nil)},
		"another":     {"path", s.Do(ctx, "GET", "https://evil/x", nil, nil, nil)},
		"host":        {"path", s.Do(ctx, "GET", "//evil/x", nil, nil, nil)},
		"up":          {"path", s.Do(ctx, "GET", "/a/../../x", nil, nil, nil)},
		"hidden up":   {"path", s.Do(ctx, "GET", "/a/%2E%2e/x", nil, nil, nil)},
		"query":       {"path", s.Do(ctx, "GET", "/x?y=1", nil, nil, nil)},
		"braces":      {"path", s.Do(ctx, "GET", "/{id}", nil, nil, nil)},
		"line":        {"path", s.Do(ctx, "GET", "/x\r\nEvil: 1", nil, nil, nil)},
		"no pointer":  {"out", s.Do(ctx, "GET", "/x", nil, nil, own)},
		"nil pointer": {"out", s.Do(ctx, "GET", "/x", nil, nil, (*int)(nil))},
	} {
		if bad, ok := errors.AsType[*ArgumentError](tc.err); !ok || bad.Name != tc.argument {
			t.Errorf("%s: %v", name, tc.err)
		}
	}
	if n := len(r.sent()); n != before+1 {
		t.Errorf("%d calls were sent that should not be", n-before-1)
	}
}

func TestConfig(t *testing.T) {
	for name, tc := range map[string]struct {
		conf     Config
		argument string
	}{
		"not an address": {Config{BaseURL: "://"}, "BaseURL"},
		"no host":        {Config{BaseURL: "https:///v1"}, "BaseURL"},
		"plain":          {Config{BaseURL: "http://api.spotify.com/v1"}, "BaseURL"},
		"user":           {Config{BaseURL: "https://u:s3cr3t@api.spotify.com"}, "BaseURL"},
		"query":          {Config{BaseURL: "https://x/v1?y"}, "BaseURL"},
		"braces":         {Config{BaseURL: "https://x/{v}"}, "BaseURL"},
		"market":         {Config{Market: "germany"}, "Market"},
		"body":           {Config{MaxBody: -1}, "MaxBody"},
		"window":         {Config{Window: -1}, "Window"},
		"concurrency":    {Config{Concurrency: -1}, "Concurrency"},
		"language":       {Config{Language: "de\r\nX: y"}, "Language"},
		"user agent":     {Config{UserAgent: "a\nb"}, "UserAgent"},
		"good": {
			Config{BaseURL: "https://proxy.example/spotify/v1/", Market: "DE", MaxBody: 1, Window: 1, Concurrency: 1},
			"",
		},
		"loopback":         {Config{BaseURL: "http://127.0.0.1:1/v1"}, ""},
		"loopback, in six": {Config{BaseURL: "http://[::1]:1/v1"}, ""},
		"nothing":          {Config{}, ""},
	} {
		_, err := New(http.DefaultClient, tc.conf)
		if bad, ok := errors.AsType[*ArgumentError](err); ok != (tc.argument != "") || ok && bad.Name != tc.argument ||
			err != nil && strings.Contains(err.Error(), "s3cr3t") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := New(nil, Config{}); !errors.Is(err, ErrInvalidArgument) {
		t.Errorf("no client: %v", err)
	}
	full, err := Config{}.WithDefaults()
	if err != nil || full.BaseURL != DefaultBaseURL || full.MaxBody != 8<<20 || full.Window != 8 ||
		full.Concurrency != 64 ||
		full.UserAgent == "" {
		t.Errorf("defaults %+v, %v", full, err)
	}
}

// New does not change the client, accepts one without a transport, and sends the headers of Config
// with every request.
func TestHeaders(t *testing.T) {
	var header http.Header
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) { header = req.Header }))
	defer server.Close()
	hc := &http.Client{}
	s, err := New(hc, Config{BaseURL: server.URL, Language: "de, en;q=0.5", UserAgent: "mine/1"})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Player.Pause(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if header.Get("Accept-Language") != "de, en;q=0.5" || header.Get("User-Agent") != "mine/1" ||
		header.Get("Accept") != "application/json" ||
		header.Get("Content-Type") != "" {
		t.Errorf("sent %v", header)
	}
	if hc.Transport != nil || hc.Jar != nil || hc.CheckRedirect != nil || hc.Timeout != 0 {
		t.Errorf("the caller's client was changed: %+v", hc)
	}
}
