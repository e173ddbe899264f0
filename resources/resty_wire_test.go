package resources

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// bodiless are calls without a request body. Spotify responds with 411 to a PUT or POST without a
// length.
var bodiless = map[string]func(context.Context, *Services) error{
	"PUT":    func(ctx context.Context, s *Services) error { return s.Library.Save(ctx, trackURI) },
	"POST":   func(ctx context.Context, s *Services) error { return s.Do(ctx, "POST", "/me/new-thing", nil, nil, nil) },
	"DELETE": func(ctx context.Context, s *Services) error { return s.Playlists.Unfollow(ctx, playlistA) },
}

func TestNoBodyOverHTTP1(t *testing.T) {
	for method, call := range bodiless {
		heads := make(chan string, 1)
		s := services(t, "http://"+listen(t, heads), http.DefaultClient)
		if err := call(t.Context(), s); err != nil {
			t.Fatal(method, err)
		}
		head := <-heads
		if !strings.HasPrefix(head, method+" ") || strings.Contains(head, "Transfer-Encoding") ||
			strings.Contains(head, "Content-Length: 0\r\n") != (method != "DELETE") {
			t.Errorf("sent\n%s", head)
		}
	}
}

// listen responds to one request and sends its head to heads.
func listen(t *testing.T, heads chan<- string) (address string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		var head strings.Builder
		for lines := bufio.NewScanner(conn); lines.Scan() && lines.Text() != ""; {
			head.WriteString(lines.Text() + "\r\n")
		}
		heads <- head.String()
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
	}()
	return l.Addr().String()
}

func TestNoBodyOverHTTP2(t *testing.T) {
	seen := make(chan *http.Request, 1)
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen <- r }))
	srv.EnableHTTP2 = true
	srv.StartTLS()
	defer srv.Close()
	for method, call := range bodiless {
		if err := call(t.Context(), services(t, srv.URL, srv.Client())); err != nil {
			t.Fatal(method, err)
		}
		if r := <-seen; r.ProtoMajor != 2 || r.Method != method || r.ContentLength != 0 {
			t.Errorf("%s %s: length %d", r.Proto, r.Method, r.ContentLength)
		}
	}
}

// A request with a body has a length and a type, also a DELETE.
func TestBodiesOnTheWire(t *testing.T) {
	type got struct {
		length            int64
		contentType, body string
	}
	seen := make(chan got, 1)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		seen <- got{r.ContentLength, r.Header.Get("Content-Type"), string(body)}
		_, _ = io.WriteString(w, newVersion)
	}))
	defer srv.Close()
	s := services(t, srv.URL, srv.Client())
	for name, tc := range map[string]struct {
		call func(context.Context) error
		want got
	}{
		"clear": {func(ctx context.Context) error {
			_, err := s.Playlists.ReplaceItems(ctx, playlistA, []string{})
			return err
		}, got{11, "application/json", `{"uris":[]}`}},
		"remove": {func(ctx context.Context) error {
			_, err := s.Playlists.RemoveItems(ctx, playlistA, []string{trackURI}, nil)
			return err
		}, got{58, "application/json", `{"items":[{"uri":"` + trackURI + `"}]}`}},
		"upload": {func(ctx context.Context) error {
			return s.Playlists.UploadCoverImage(ctx, playlistA, []byte(smallJPEG))
		}, got{16, "image/jpeg", "/9j/4AAQSkZJRgA="}},
	} {
		if err := tc.call(t.Context()); err != nil {
			t.Fatal(name, err)
		}
		if got := <-seen; got != tc.want {
			t.Errorf("%s: %+v, want %+v", name, got, tc.want)
		}
	}
}

func services(t *testing.T, baseURL string, hc *http.Client) *Services {
	t.Helper()
	s, err := New(hc, Config{BaseURL: baseURL})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
