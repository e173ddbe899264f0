package middleware

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/transport"
)

// A connection that is closed in the middle of a body without a length looks like the end of the
// body: Buffer finds out by the JSON. A body that is complete, or wrong in another way, is none that
// broke off, and sending the request again would not mend it.
func TestFaultsK4BufferAndBodiesThatEndEarly(t *testing.T) {
	for name, c := range map[string]struct {
		body   string
		closed bool // the connection's end is the body's
		cut    bool
	}{
		"whole":                            {`{"a":{"b":1}}`, true, false},
		"a list":                           {`[{"a":1},{"a":2}]`, true, false},
		"cut in a name":                    {`{"a":{"b`, true, true},
		"cut after an object in it":        {`{"a":{"b":1}`, true, true},
		"cut after an object in a list":    {`{"items":[{"a":1},{"a":2}`, true, true},
		"cut in a chunk":                   {`{"a":{"b`, false, true},
		"with something after it":          {"{\"a\":1}\n<!-- served by cache-7 -->", false, false},
		"with something after it, at last": {"{\"a\":1}\n<!-- served by cache-7 -->", true, false},
		"not JSON":                         {`{a: 1}`, true, false},
		"not JSON, without an end":         {`{a: 1`, true, false},
		"a page":                           {`<html>`, true, false},
		"nothing":                          {``, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			base := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(c.body)), ContentLength: -1, Close: c.closed, Request: req}, nil
			})
			_, got, err := send(t, returning(Buffer(BufferConfig{}))(base), newRequest(t, t.Context(), "GET", thing, ""))
			cut, _ := errors.AsType[*transport.BodyError](err)
			if (cut != nil) != c.cut || (err != nil) != c.cut || !c.cut && got != c.body {
				t.Errorf("got %q, %v, want that it broke off: %v", got, err, c.cut)
			}
		})
	}
}
