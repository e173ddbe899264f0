package e2e_test

// These tests read raw requests from the connection, because an HTTP server hides chunked encoding
// and missing lengths.

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"io"
	"net"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/http2/hpack"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/resources"
	"github.com/seed-2147f1a9/spotify/transport"
)

const aTrack = "spotify:track:4uLU6hMCjMI75M1A2tKUQC"

// bodiless are commands without a body. Spotify has responded 411 to chunked ones, and to ones
// without a Content-Length.
var bodiless = map[string]func(context.Context, *spotify.Client) error{
	"PUT /v1/me/player/play":  func(ctx context.Context, c *spotify.Client) error { return c.Player.Play(ctx, nil) },
	"PUT /v1/me/player/pause": func(ctx context.Context, c *spotify.Client) error { return c.Player.Pause(ctx, nil) },
	"POST /v1/me/player/next": func(ctx context.Context, c *spotify.Client) error { return c.Player.Next(ctx, nil) },
	"PUT /v1/me/player/volume": func(ctx context.Context, c *spotify.Client) error {
		return c.Player.SetVolume(ctx, 50, nil)
	},
	"POST /v1/me/player/queue": func(ctx context.Context, c *spotify.Client) error {
		return c.Player.AddToQueue(ctx, aTrack, nil)
	},
	"PUT /v1/me/library": func(ctx context.Context, c *spotify.Client) error { return c.Library.Save(ctx, aTrack) },
	"POST /v1/me/player/new": func(ctx context.Context, c *spotify.Client) error {
		return c.Do(ctx, "POST", "/me/player/new", nil, nil, nil)
	},
	"PUT /v1/me/player/retried": func(ctx context.Context, c *spotify.Client) error {
		return c.Do(ctx, "PUT", "/me/player/retried", nil, nil, nil)
	},
	"DELETE /v1/me/player/queue": func(ctx context.Context, c *spotify.Client) error {
		return c.Do(ctx, "DELETE", "/me/player/queue", nil, nil, nil)
	},
}

// onWire is a request as received: request line, headers, and the bytes after them.
type onWire struct {
	line   string
	header map[string]string
	body   string
	ended  bool // the headers declare an empty body
}

func (r onWire) path() string {
	path, _, _ := strings.Cut(r.line, "?")
	return path
}

// listen accepts connections one after another and passes them to serve, which returns the request.
func listen(t *testing.T, conf *tls.Config, serve func(net.Conn) onWire) (address string, came <-chan onWire) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address = listener.Addr().String()
	if conf != nil {
		listener = tls.NewListener(listener, conf)
	}
	all, done := make(chan onWire, 16), make(chan struct{})
	t.Cleanup(func() { _ = listener.Close(); <-done })
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			if req := serve(conn); req.line != "" { // net/http may open a connection and not use it
				all <- req
			}
			_ = conn.Close()
		}
	}()
	return address, all
}

func TestBodilessCommandsHaveALengthHTTP1(t *testing.T) {
	address, came := listen(t, nil, func(conn net.Conn) onWire {
		in := bufio.NewReader(conn)
		line, _ := in.ReadString('\n')
		req := onWire{line: strings.TrimSuffix(line, " HTTP/1.1\r\n"), header: map[string]string{}}
		for {
			line, err := in.ReadString('\n')
			name, value, ok := strings.Cut(strings.TrimRight(line, "\r\n"), ": ")
			if err != nil || !ok {
				break
			}
			req.header[strings.ToLower(name)] = value
		}
		status := "204 No Content"
		if strings.HasSuffix(req.path(), "/retried") && in.Buffered() == 0 {
			status = "503 Service Unavailable\r\nContent-Length: 0"
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 "+status+"\r\nConnection: close\r\n\r\n")
		rest, _ := io.ReadAll(in) // until the other side closes
		req.body = string(rest)
		return req
	})
	client := wireClient(
		t,
		"http://"+address+"/v1",
		spotify.WithRetry(middleware.RetryConfig{MaxRetries: 1, InitialDelay: 1}),
	)
	for want, call := range bodiless {
		err := call(t.Context(), client)
		tries := 1
		if strings.HasSuffix(want, "/retried") { // a retry sends the same
			tries = 2
		} else if err != nil {
			t.Fatalf("%s: %v", want, err)
		}
		for range tries {
			req := next(t, came)
			length, has := req.header["content-length"]
			if wantsLength := !strings.HasPrefix(want, "DELETE"); req.path() != want || req.body != "" || has != wantsLength ||
				has && length != "0" {
				t.Errorf("%s was sent as %+v", want, req)
			}
			for _, name := range []string{"transfer-encoding", "content-type", "expect"} {
				if value, ok := req.header[name]; ok {
					t.Errorf("%s was sent with %s: %s", want, name, value)
				}
			}
		}
	}
}

func TestBodilessCommandsHaveALengthHTTP2(t *testing.T) {
	template := httptest.NewTLSServer(nil) // for its certificate
	defer template.Close()
	address, came := listen(
		t,
		&tls.Config{Certificates: template.TLS.Certificates, NextProtos: []string{"h2"}},
		serveHTTP2,
	)
	base := transport.NewBase()
	base.TLSClientConfig = &tls.Config{RootCAs: x509.NewCertPool()}
	base.TLSClientConfig.RootCAs.AddCert(template.Certificate())
	client := wireClient(t, "https://"+address+"/v1", spotify.WithTransport(base), spotify.WithMaxRetries(0))
	for want, call := range bodiless {
		if err := call(t.Context(), client); err != nil {
			t.Fatalf("%s: %v", want, err)
		}
		req := next(t, came)
		length, has := req.header["content-length"]
		if wantsLength := !strings.HasPrefix(want, "DELETE"); req.path() != want || !req.ended || has != wantsLength ||
			has && length != "0" {
			t.Errorf("%s was sent as %+v", want, req)
		}
		base.CloseIdleConnections()
	}
}

// serveHTTP2 responds to one request with 204 (RFC 9113). A header frame with END_STREAM is a
// request without a body.
func serveHTTP2(conn net.Conn) (req onWire) {
	tunnel := conn.(*tls.Conn)
	const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
	got, err := io.ReadAll(io.LimitReader(conn, int64(len(preface))))
	switch {
	case len(got) == 0:
		return onWire{}
	case err != nil || string(got) != preface:
		return onWire{line: "no HTTP/2: " + string(got)}
	}
	const data, headers, settings, goAway = 0, 1, 4, 7
	const ack, endStream, endHeaders, padded, priority = 1, 1, 4, 8, 32
	_, _ = conn.Write(frame(settings, 0, 0, nil))
	for head := make([]byte, 9); ; {
		if _, err := io.ReadFull(conn, head); err != nil {
			return req
		}
		kind, flags, stream := head[3], head[4], binary.BigEndian.Uint32(head[5:])
		payload := make([]byte, int(head[0])<<16|int(head[1])<<8|int(head[2]))
		if _, err := io.ReadFull(conn, payload); err != nil {
			return req
		}
		switch {
		case kind == settings && flags&ack == 0:
			_, _ = conn.Write(frame(settings, ack, 0, nil))
		case kind == data:
			req.body += string(payload)
		case kind == headers && flags&(endHeaders|padded|priority) == endHeaders: // as net/http sends them
			fields, err := hpack.NewDecoder(4096, nil).DecodeFull(payload)
			if err != nil {
				return onWire{line: err.Error()}
			}
			req = onWire{header: map[string]string{}, ended: flags&endStream != 0}
			for _, field := range fields {
				req.header[field.Name] = field.Value
			}
			req.line = req.header[":method"] + " " + req.header[":path"]
			const status204 = "\x89" // the ninth entry of HPACK's static table
			_, _ = conn.Write(frame(headers, endStream|endHeaders, stream, []byte(status204)))
			_, _ = conn.Write(frame(goAway, 0, 0, binary.BigEndian.AppendUint64(nil, uint64(stream)<<32)))
			_ = tunnel.CloseWrite() // the other side closes too; everything that it has sent is read
		}
	}
}

// frame is an HTTP/2 frame (RFC 9113 section 4.1).
func frame(kind, flags byte, stream uint32, payload []byte) []byte {
	head := []byte{byte(len(payload) >> 16), byte(len(payload) >> 8), byte(len(payload)), kind, flags}
	return append(binary.BigEndian.AppendUint32(head, stream), payload...)
}

// TestBodiesHaveALength: a request with a body has a Content-Length.
func TestBodiesHaveALength(t *testing.T) {
	address, came := listen(t, nil, func(conn net.Conn) onWire {
		in := bufio.NewReader(conn)
		var lines []string
		for line := "x"; line != ""; {
			text, _ := in.ReadString('\n')
			line = strings.TrimRight(text, "\r\n")
			lines = append(lines, strings.ToLower(line))
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
		body, _ := io.ReadAll(in)
		return onWire{line: strings.Join(lines, "\n"), body: string(body)}
	})
	client := wireClient(t, "http://"+address+"/v1")
	if err := client.Player.Play(t.Context(), &resources.PlayParams{URIs: []string{aTrack}}); err != nil {
		t.Fatal(err)
	}
	req := next(t, came)
	lines := strings.Split(req.line, "\n")
	if req.body != `{"uris":["`+aTrack+`"]}` || !slices.Contains(lines, "content-length: 49") ||
		!slices.Contains(lines, "content-type: application/json") ||
		strings.Contains(req.line, "transfer-encoding") {
		t.Errorf("was sent with %q and %s", lines, req.body)
	}
}

// next returns the next request.
func next(t *testing.T, came <-chan onWire) onWire {
	t.Helper()
	select {
	case req := <-came:
		return req
	case <-time.After(30 * time.Second):
		t.Fatal("no request was sent")
		return onWire{}
	}
}

func wireClient(t *testing.T, baseURL string, opts ...spotify.Option) *spotify.Client {
	t.Helper()
	client, err := spotify.New(
		append(
			[]spotify.Option{spotify.WithBaseURL(baseURL), spotify.WithAccessToken("token"), spotify.WithLimiter(nil)},
			opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}
