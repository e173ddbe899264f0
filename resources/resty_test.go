package resources

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/seed-2147f1a9/spotify/transport"
)

// A server gets a length of 0 for a request without a body, and no part of another request.
func TestRequestBodies(t *testing.T) {
	type arrived struct {
		length            int64
		chunked           bool
		contentType, body string
	}
	var got arrived
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = arrived{r.ContentLength, len(r.TransferEncoding) > 0, r.Header.Get("Content-Type"), string(body)}
		if (r.Method == http.MethodPut || r.Method == http.MethodPost) && r.Header.Get("Content-Length") == "" {
			t.Errorf("%s: no Content-Length", r.Method)
		}
		if r.Header.Get("Accept") != typeJSON || r.Header.Get("User-Agent") != "agent" ||
			r.Header.Get("Accept-Language") != "de" {
			t.Errorf("headers %v", r.Header)
		}
	}))
	defer server.Close()
	client, wire := server.Client(), server.Client().Transport
	client.Transport = transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		if req.GetBody == nil && req.Body != nil && req.Body != http.NoBody {
			t.Error("the body cannot be read again")
		}
		return wire.RoundTrip(req)
	})
	conf, err := Config{BaseURL: server.URL, UserAgent: "agent", Language: "de"}.WithDefaults()
	if err != nil {
		t.Fatal(err)
	}
	send := newSender(client, conf)
	for _, test := range []struct {
		method, contentType string
		payload             []byte
		want                arrived
	}{
		{http.MethodGet, "", nil, arrived{}},
		{http.MethodPut, "", nil, arrived{}},
		{http.MethodPost, "", nil, arrived{}},
		{http.MethodDelete, "", nil, arrived{}},
		{http.MethodPut, typeJSON, []byte(`{"a":1}`), arrived{7, false, typeJSON, `{"a":1}`}},
		{http.MethodDelete, typeJSON, []byte(`{}`), arrived{2, false, typeJSON, `{}`}},
		{http.MethodPut, "image/jpeg", []byte("/9j/"), arrived{4, false, "image/jpeg", "/9j/"}},
		{
			http.MethodPost,
			typeJSON,
			bytes.Repeat([]byte(" "), 1<<20),
			arrived{1 << 20, false, typeJSON, string(bytes.Repeat([]byte(" "), 1<<20))},
		},
		{http.MethodPut, "", nil, arrived{}},
	} {
		resp, err := send.do(t.Context(), test.method, "/x", test.payload, test.contentType, nil)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if got != test.want {
			t.Errorf("%s with %d bytes: %d bytes arrive as %+.80v", test.method, len(test.payload), len(got.body), got)
		}
	}
}

// Concurrent requests share the client and its headers; the race detector finds a change to them.
func TestConcurrentRequests(t *testing.T) {
	services, recorder := record(t, Config{}, always(http.StatusOK, `{}`))
	var calls sync.WaitGroup
	for range 50 {
		for _, call := range []func(context.Context) error{
			func(ctx context.Context) error { return services.Do(ctx, "GET", "/me", nil, nil, nil) },
			func(ctx context.Context) error { return services.Do(ctx, "PUT", "/me/x", nil, nil, nil) },
			func(ctx context.Context) error {
				return services.Do(ctx, "PUT", "/me/y", nil, map[string]int{"a": 1}, nil)
			},
		} {
			calls.Go(func() {
				if err := call(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
	}
	calls.Wait()
	for _, sent := range recorder.sent() {
		if (sent.Body != "") != (sent.ContentType != "") {
			t.Errorf("%s with the body %q and the type %q", sent.line(), sent.Body, sent.ContentType)
		}
	}
}
