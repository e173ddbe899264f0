package mock

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify/mock/internal/mocktest"
	"github.com/seed-2147f1a9/spotify/mock/internal/wire"
)

// servers are the protocols of a server.
var servers = map[string][]Option{"HTTP/1.1": nil, "HTTP/1.1 over TLS": {WithTLS()}, "HTTP/2": {WithHTTP2()}}

// fetch sends a request over a socket; path is below the base URL.
func fetch(t *testing.T, s *Server, method, path, body string) mocktest.Result {
	t.Helper()
	return mocktest.Send(s.Client().Transport, mocktest.Request(t, method, s.BaseURL+path, body))
}

func TestServerAnswers(t *testing.T) {
	for name, opts := range servers {
		t.Run(name, func(t *testing.T) {
			s := NewServer(t, opts...)
			resp, err := s.Client().Transport.RoundTrip(mocktest.Request(t, "GET", s.BaseURL+trackPath, ""))
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			if err != nil || resp.StatusCode != 200 || !strings.Contains(string(body), `"`+s.BaseURL+"/") ||
				strings.Contains(string(body), "api.spotify.com") {
				t.Errorf("%d %s %v", resp.StatusCode, body, err)
			}
			if two := name == "HTTP/2"; two != (resp.ProtoMajor == 2) ||
				strings.HasPrefix(s.URL, "https:") != (resp.TLS != nil) {
				t.Errorf("spoke %s", resp.Proto)
			}
			if calls := s.Calls("GET", "/tracks/{id}"); len(calls) != 1 || calls[0].Status != 200 ||
				calls[0].Header.Get("Authorization") != "Bearer token" {
				t.Errorf("%+v", calls)
			}
			if (s.CertPool() == nil) != (resp.TLS == nil) {
				t.Error("certificate pool")
			}
			if pool := s.CertPool(); pool != nil {
				own := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
				defer own.CloseIdleConnections()
				if r := mocktest.Send(own, mocktest.Request(t, "GET", s.BaseURL+trackPath, "")); r.Status != 200 {
					t.Errorf("%+v", r)
				}
			}
		})
	}
}

func TestServerFaults(t *testing.T) {
	for name, opts := range servers {
		t.Run(name, func(t *testing.T) {
			s := NewServer(t, opts...)
			s.On("GET", "/tracks/{id}").Fail(nil)
			r := fetch(t, s, "GET", trackPath, "")
			if r.Err == nil || name == "HTTP/1.1" && !errors.Is(r.Err, syscall.ECONNRESET) {
				t.Errorf("reset: %+v", r)
			}
			s.Reset()
			if r = fetch(t, s, "GET", trackPath, ""); r.Status != 200 || r.Err != nil {
				t.Errorf("after the reset: %+v", r)
			}
			cut := NewServer(t, append([]Option{WithFaults(Faults{CutRate: 1})}, opts...)...)
			if r = fetch(t, cut, "GET", trackPath, ""); r.Status != 200 || r.Err == nil {
				t.Errorf("cut: %+v", r)
			}
			packed := NewServer(t, append([]Option{WithFaults(Faults{Gzip: true})}, opts...)...)
			if r = fetch(t, packed, "GET", trackPath, ""); r.Status != 200 || !strings.HasPrefix(r.Body, "{") {
				t.Errorf("compressed: %+v", r)
			}
			wrong := NewServer(t, append([]Option{WithFaults(Faults{Gzip: true, CutRate: 1})}, opts...)...)
			if r = fetch(t, wrong, "GET", trackPath, ""); r.Err == nil {
				t.Errorf("compressed and cut: %+v", r)
			}
		})
	}
}

func TestServerDelayEnds(t *testing.T) {
	for name, opts := range servers {
		s := NewServer(t, opts...)
		arrived := make(chan bool)
		s.On("GET", "/tracks/{id}").Delay(time.Hour).When(func(Call) bool { close(arrived); return true })
		done := make(chan mocktest.Result)
		go func() { done <- fetch(t, s, "GET", trackPath, "") }()
		<-arrived
		s.Close()
		s.Close()
		if r := <-done; r.Err == nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// pauseHead begins a request that pauses the player.
const pauseHead = "PUT /v1/me/player/pause HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer t\r\nConnection: close\r\n"

// The fake checks the framing of a request, as Spotify does.
func TestServerSeesTheFraming(t *testing.T) {
	for name, c := range map[string]struct {
		head string
		want int64
	}{
		"no length":   {pauseHead + "\r\n", -1},
		"length 0":    {pauseHead + "Content-Length: 0\r\n\r\n", 0},
		"chunked":     {pauseHead + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", -1},
		"GET":         {"GET /v1/me/player HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer t\r\nConnection: close\r\n\r\n", 0},
		"with a body": {pauseHead + "Content-Length: 2\r\n\r\n{}", 2},
	} {
		s := NewServer(t)
		var got int64 = -2
		s.OnAny().respond = func(f *request) wire.Response { got = f.length; return wire.Response{Status: 204} }
		if status := raw(t, s, c.head); status != 204 || got != c.want {
			t.Errorf("%s: %d, length %d, want %d", name, status, got, c.want)
		}
	}
	s := NewServer(t)
	if status := raw(t, s,
		pauseHead+"\r\n"); status != 411 {
		t.Errorf("a bodiless PUT without a length: %d", status)
	}
}

// raw writes a request to the socket as it is and returns the status code of the response.
func raw(t *testing.T, s *Server, head string) int {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = fmt.Fprint(conn, head)
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

func TestServerTokens(t *testing.T) {
	s := NewServer(t, WithStrictTokens())
	resp, err := s.Client().PostForm(
		s.TokenURL,
		url.Values{"grant_type": {"client_credentials"}, "client_id": {"id"}, "client_secret": {"secret"}},
	)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if resp.StatusCode != 200 || !strings.Contains(string(body), "fake-access-") {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	login := s.AuthURL + "?client_id=app&response_type=code&redirect_uri=http%3A%2F%2F127.0.0.1%2Fcallback"
	if resp, err = s.Client().Get(login); err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != 200 || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		t.Errorf("the page: %d %v", resp.StatusCode, resp.Header)
	}
}

// Closing a server leaves no goroutine running, also without a test.
func TestServerWithoutATest(t *testing.T) {
	s := NewServer(nil)
	if r := fetch(t, s, "GET", trackPath, ""); r.Status != 200 {
		t.Errorf("%+v", r)
	}
	s.Close()
	if r := fetch(t, s, "GET", trackPath, ""); r.Err == nil {
		t.Errorf("a response after Close: %+v", r)
	}
}

func BenchmarkServerGetTrack(b *testing.B) {
	s := NewServer(b)
	for b.Loop() {
		if r := mocktest.Send(s.Client().Transport, mocktest.Request(b, "GET", s.BaseURL+trackPath, "")); r.Status != 200 {
			b.Fatal(r)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
}
