package middleware

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

func TestDecodeErrors(t *testing.T) {
	refused := errors.New("refused")
	reading := func(resp *http.Response) error {
		data, err := io.ReadAll(resp.Body)
		if err != nil || string(data) != "the body" {
			t.Errorf("decode read %q, %v", data, err)
		}
		return refused
	}
	peeking := func(resp *http.Response) error {
		if got := string(transport.PeekBody(resp, 3, time.Minute)); got != "the" {
			t.Errorf("decode saw %q", got)
		}
		return nil
	}
	for _, test := range []struct {
		name   string
		status int
		decode func(*http.Response) error
		want   error
	}{
		{"a 399 is not decoded", 399, reading, nil},
		{"a 200 is not decoded", 200, reading, nil},
		{"a 400 is decoded", 400, reading, refused},
		{"a 503 is decoded", 503, reading, refused},
		{"decode returns nil: the response is returned unread", 404, peeking, nil},
		{"nil decode", 404, nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			closed := 0
			base := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: test.status, Header: http.Header{}, Request: req, Body: struct {
					io.Reader
					io.Closer
				}{strings.NewReader("the body"), closerFunc(func() { closed++ })}}, nil
			})
			resp, body, err := send(t, DecodeErrors(test.decode)(base),
				newRequest(t, t.Context(), "GET", "https://api.example.com/x", ""))
			if !errors.Is(err, test.want) || err == nil && (resp.StatusCode != test.status || body != "the body") {
				t.Errorf("got %v, %q, %v, want %d or %v", resp, body, err, test.status, test.want)
			}
			if closed != 1 {
				t.Errorf("the body was closed %d times", closed)
			}
		})
	}
}

func TestDecodeErrorsReturnsTransportErrors(t *testing.T) {
	broken := errors.New("broken")
	base := transport.RoundTripperFunc(func(*http.Request) (*http.Response, error) { return nil, broken })
	decode := func(*http.Response) error { t.Error("decode was called without a response"); return nil }
	if _, err := DecodeErrors(decode)(base).RoundTrip(newRequest(t, t.Context(), "GET", "https://api.example.com/x",
		"")); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

type closerFunc func()

func (f closerFunc) Close() error { f(); return nil }
