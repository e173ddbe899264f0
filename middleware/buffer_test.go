package middleware

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/transport"
)

// A connection that is closed in the middle of a body of unknown length looks like the end of the
// body: Buffer detects that by the JSON. A body that is complete, or invalid in another way, is not
// cut short, and a retry would get the same one.
func TestFaultsBufferAndBodiesCutShort(t *testing.T) {
	for name, c := range map[string]struct {
		body   string
		closed bool // the body ends with the connection
		cut    bool
	}{
		"complete":                      {`{"a":{"b":1}}`, true, false},
		"a list":                        {`[{"a":1},{"a":2}]`, true, false},
		"cut in a name":                 {`{"a":{"b`, true, true},
		"cut after an object in it":     {`{"a":{"b":1}`, true, true},
		"cut after an object in a list": {`{"items":[{"a":1},{"a":2}`, true, true},
		"cut in a chunk":                {`{"a":{"b`, false, true},
		"followed by a comment":         {"{\"a\":1}\n<!-- served by cache-7 -->", false, false},
		"followed by a comment, closed": {"{\"a\":1}\n<!-- served by cache-7 -->", true, false},
		"not JSON":                      {`{a: 1}`, true, false},
		"not JSON, cut short":           {`{a: 1`, true, false},
		"HTML":                          {`<html>`, true, false},
		"empty":                         {``, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			base := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(c.body)),
					ContentLength: -1, Close: c.closed, Request: req}, nil
			})
			_, got, err := send(t, returning(Buffer(BufferConfig{}))(base),
				newRequest(t, t.Context(), "GET", thing, ""))
			cut, _ := errors.AsType[*transport.BodyError](err)
			if (cut != nil) != c.cut || (err != nil) != c.cut || !c.cut && got != c.body {
				t.Errorf("got %q, %v; cut short is %v", got, err, c.cut)
			}
		})
	}
}
