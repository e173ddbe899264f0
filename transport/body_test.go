package transport

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// stream is a body that counts what is read of it.
type stream struct {
	io.Reader
	read   int
	closed bool
}

func (s *stream) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	s.read += n
	return n, err
}

func (s *stream) Close() error { s.closed = true; return nil }

func TestRewind(t *testing.T) {
	failed := errors.New("the file is gone")
	again := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("body")), nil }
	for name, c := range map[string]struct {
		body    io.ReadCloser
		getBody func() (io.ReadCloser, error)
		can     bool
		err     error
		want    string
	}{
		"no body":           {nil, nil, true, nil, ""},
		"NoBody":            {http.NoBody, nil, true, nil, ""},
		"NoBody, made anew": {http.NoBody, again, true, nil, ""},
		"a body made anew":  {&stream{}, again, true, nil, "body"},
		"a body read once":  {&stream{}, nil, false, ErrNotReplayable, ""},
		"a body lost":       {&stream{}, func() (io.ReadCloser, error) { return nil, nil }, true, ErrNotReplayable, ""},
		"a body that fails": {&stream{}, func() (io.ReadCloser, error) { return nil, failed }, true, failed, ""},
	} {
		t.Run(name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, "https://api.example.com/x", nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("X-Kept", "yes")
			req.Body, req.GetBody = c.body, c.getBody
			if Replayable(req) != c.can {
				t.Errorf("Replayable is %v", !c.can)
			}
			next, err := Rewind(req)
			if !errors.Is(err, c.err) || (err != nil) != (c.err != nil) {
				t.Fatalf("%v, want %v", err, c.err)
			}
			if err != nil {
				return
			}
			if next == req || next.URL.String() != req.URL.String() || next.Header.Get("X-Kept") != "yes" ||
				next.Method != req.Method ||
				req.Body != c.body {
				t.Errorf("%+v of %+v", next, req)
			}
			var text []byte
			if next.Body != nil {
				text, _ = io.ReadAll(next.Body)
			}
			if string(text) != c.want {
				t.Errorf("the body is %q, want %q", text, c.want)
			}
		})
	}
}

func TestCloseRequest(t *testing.T) {
	CloseRequest(&http.Request{})
	body := &stream{}
	CloseRequest(&http.Request{Body: body})
	if !body.closed {
		t.Error("left the body open")
	}
}

// endless never ends, and failing fails at once.
type (
	endless struct{}
	failing struct{}
)

func (endless) Read(p []byte) (int, error) { return len(p), nil }
func (failing) Read([]byte) (int, error)   { return 0, io.ErrUnexpectedEOF }

func TestDiscardIsBounded(t *testing.T) {
	Drain(nil)
	Drain(&http.Response{})
	for name, c := range map[string]struct {
		body io.Reader
		read int
	}{
		"empty": {strings.NewReader(""), 0}, "short": {strings.NewReader("gone"), 4},
		"endless": {endless{}, 64 << 10}, "broken": {failing{}, 0},
	} {
		body := &stream{Reader: c.body}
		Drain(&http.Response{Body: body})
		if body.read != c.read || !body.closed {
			t.Errorf("%s: read %d bytes, want %d; closed: %v", name, body.read, c.read, body.closed)
		}
	}
}
