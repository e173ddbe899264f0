package conformance

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/routers"

	"github.com/seed-2147f1a9/spotify/resources"
)

// sender is a base transport that responds with JSON allowed by the definition, and keeps requests
// and responses.
type sender struct {
	definition *definition
	style      style

	mu        sync.Mutex
	sent      []sentRequest
	findings  []finding
	responses []any
}

// sentRequest is one request that was sent, and its operation; nil if there is none.
type sentRequest struct {
	route *routers.Route
	req   *http.Request
	body  []byte
}

func (s *sender) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		body, _ = io.ReadAll(req.Body)
		_ = req.Body.Close()
	}
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	route, found := s.definition.request(req, body)
	status, response := s.respond(route)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = append(s.sent, sentRequest{route, req, body})
	s.findings = append(s.findings, found...)
	s.responses = append(s.responses, response)
	resp := &http.Response{
		StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{},
		Body: http.NoBody, Request: req,
	}
	if response != nil {
		text, err := json.Marshal(response)
		if err != nil {
			return nil, err
		}
		resp.Header.Set("Content-Type", "application/json")
		resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	}
	return resp, nil
}

// respond makes up an operation's response body; nil if it has none.
func (s *sender) respond(route *routers.Route) (int, any) {
	if route == nil {
		return http.StatusNotFound, nil
	}
	status, schema := success(route.Operation)
	if schema == nil {
		return status, nil
	}
	style := s.style
	style.batch = len(schema.Properties) == 1
	return status, style.invent(schema, "")
}

// services returns services over a sender, for an app with extended quota or without.
func services(t *testing.T, rt http.RoundTripper, extended bool) *resources.Services {
	t.Helper()
	s, err := resources.New(&http.Client{Transport: rt}, resources.Config{ExtendedQuota: extended})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
