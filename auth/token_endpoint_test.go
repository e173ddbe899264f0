package auth

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/redact"
	"github.com/seed-2147f1a9/spotify/transport"
)

type closing struct {
	io.Reader
	closed *bool
}

func (c closing) Close() error { *c.closed = true; return nil }

// A caller's transport that breaks the contract of http.RoundTripper is an error, and every body is
// closed.
func TestFaultsTokenEndpointOverABrokenTransport(t *testing.T) {
	closed := false
	for name, respond := range map[string]func() (*http.Response, error){
		"neither": func() (*http.Response, error) { return nil, nil },
		"both": func() (*http.Response, error) {
			return &http.Response{
				StatusCode: 200, Body: closing{strings.NewReader("{}"), &closed},
			}, errors.New("the user's error")
		},
		"a nil body and a length": func() (*http.Response, error) {
			return &http.Response{StatusCode: 200, ContentLength: 9}, nil
		},
		"a nil body": func() (*http.Response, error) { return &http.Response{StatusCode: 200}, nil },
	} {
		base := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			transport.CloseRequest(req)
			return respond()
		})
		source, err := NewClientCredentials(Config{ClientID: "id", ClientSecret: "secret", Transport: base})
		if err != nil {
			t.Fatal(err)
		}
		if token, err := source.Token(t.Context()); err == nil || token != nil {
			t.Errorf("%s: %v, %v", name, token, err)
		}
		_ = source.Close()
	}
	if !closed {
		t.Error("a response beside an error was not closed")
	}
}

// The clocks are compared if the endpoint refuses a request: a 5xx may come from a proxy.
func TestClockSkewOfARefusal(t *testing.T) {
	date := time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat)
	for status, skewed := range map[int]bool{http.StatusBadRequest: true, http.StatusServiceUnavailable: false} {
		_, err := readToken(&http.Response{
			StatusCode: status, Header: http.Header{"Date": {date}}, Body: io.NopCloser(strings.NewReader("{}")),
		}, new(redact.Secrets))
		refused, ok := errors.AsType[*Error](err)
		if !ok || (refused.ClockSkew != 0) != skewed || strings.Contains(err.Error(), "clock") != skewed {
			t.Errorf("%d: %v", status, err)
		}
	}
}
