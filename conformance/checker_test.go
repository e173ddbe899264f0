package conformance

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
)

// checker stands between the services and the fake and compares every response with the definition.
// It is safe for concurrent use.
type checker struct {
	surface    string // the kind of app; the first word of every place
	definition *definition
	fake       http.RoundTripper
	book       *exceptionList
	tally      *tally
	members    *members

	mu   sync.Mutex
	sent []sentRequest
}

// tally counts responses by operation. It is safe for concurrent use.
type tally struct {
	mu                sync.Mutex
	succeeded, failed map[string]int
	off               int // differences from the definition
}

func newTally() *tally { return &tally{succeeded: map[string]int{}, failed: map[string]int{}} }

func (c *tally) count(operation string, status, off int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if status < 300 {
		c.succeeded[operation]++
	} else {
		c.failed[operation]++
	}
	c.off += off
}

func sum(of map[string]int) int {
	n := 0
	for _, times := range of {
		n += times
	}
	return n
}

// RoundTrip adds a token to the request, and keeps the request for the tests that spoil it.
func (j *checker) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		body, _ = io.ReadAll(req.Body)
		_ = req.Body.Close()
	}
	route, _ := j.definition.find(req)
	if route == nil {
		return nil, fmt.Errorf("%s %s is not in the definition", req.Method, req.URL.Path)
	}
	s := sentRequest{route, req.Clone(context.WithoutCancel(req.Context())), body}
	s.req.Header.Set("Authorization", "Bearer token")
	j.mu.Lock()
	j.sent = append(j.sent, s)
	j.mu.Unlock()
	return j.ask(s)
}

// ask sends a request to the fake.
func (j *checker) ask(s sentRequest) (*http.Response, error) {
	req := s.req.Clone(s.req.Context())
	req.Body, req.ContentLength = http.NoBody, 0
	if len(s.body) > 0 {
		req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(s.body)), int64(len(s.body))
	}
	resp, err := j.fake.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	found := j.definition.response(s.route, req, resp, body)
	for i := range found {
		found[i].place = j.surface + inMarket(req) + ": " + found[i].place
	}
	if resp.StatusCode < 300 {
		j.members.add(s.route, body)
	}
	j.tally.count(s.route.Operation.OperationID, resp.StatusCode, j.book.enter(found...))
	return resp, nil
}

// inMarket returns the part of a place that names the market.
func inMarket(req *http.Request) string {
	if req.URL.Query().Get("market") != "" {
		return ", in a market"
	}
	return ""
}
