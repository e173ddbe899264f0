//go:build clients

package clients

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// call is a call of a client's method, its outcome, and the requests that it sent.
type call struct {
	Method string // of the client: "albums.get"
	Note   string // tells calls of the same method apart
	Local  bool   // sends nothing

	OK     bool            // the client reported success
	Error  string          // otherwise: one line
	Result json.RawMessage // of a success, null if the client returns nothing
	Typed  bool            // the result is of the client's own types, not the response's JSON

	exchanges []exchange
}

func (c *call) name() string {
	if c.Note == "" {
		return c.Method
	}
	return c.Method + " (" + c.Note + ")"
}

// exchange is a request and its response.
type exchange struct {
	method, path, query string
	request, response   []byte
	status              int
	at                  time.Time
}

// recorder is a proxy between the clients and a fake. A client's driver reports the start
// and the outcome of each call to it, below /-/, and makes one call at a time.
type recorder struct {
	url    string // of the recorder
	begin  func(*call)
	expire func() // expires the access tokens of the fake

	mu      sync.Mutex
	target  string // the fake's address
	limit   int    // of requests in a call, 0 for none; beyond it the connection is broken
	calls   []*call
	open    bool // the last call has no outcome yet
	methods []string
}

func newRecorder(t *testing.T, target string) *recorder {
	r := &recorder{target: target}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	r.url = server.URL
	return r
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if what, ok := strings.CutPrefix(req.URL.Path, "/-/"); ok {
		if err := r.control(what, body); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
		return
	}
	r.forward(w, req, body)
}

// control handles a report or a command of a driver.
func (r *recorder) control(what string, body []byte) error {
	switch what {
	case "methods":
		r.mu.Lock()
		defer r.mu.Unlock()
		return json.Unmarshal(body, &r.methods)
	case "expire":
		r.expire()
	case "begin":
		c := &call{}
		if err := json.Unmarshal(body, c); err != nil {
			return err
		}
		r.start(c)
	case "end":
		r.mu.Lock()
		defer r.mu.Unlock()
		r.open = false
		return json.Unmarshal(body, r.calls[len(r.calls)-1])
	}
	return nil
}

func (r *recorder) start(c *call) {
	if r.begin != nil {
		r.begin(c)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls, r.open = append(r.calls, c), true
}

// finish is the outcome of a call that was made in this process.
func (r *recorder) finish(result any, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.calls[len(r.calls)-1]
	c.Typed, c.OK, r.open = true, err == nil, false
	c.Result = json.RawMessage("null")
	if err != nil {
		c.Error = strings.Join(strings.Fields(err.Error()), " ")
		return
	}
	if text, err := json.Marshal(result); err == nil {
		c.Result = text
	}
}

// forward sends a request on to the fake. The Host header stays, so links in the responses lead
// here.
func (r *recorder) forward(w http.ResponseWriter, req *http.Request, body []byte) {
	r.mu.Lock()
	target, limit := r.target, r.limit
	var sent int
	if r.open {
		sent = len(r.calls[len(r.calls)-1].exchanges)
	}
	r.mu.Unlock()
	if limit > 0 && sent >= limit {
		panic(http.ErrAbortHandler)
	}
	out, err := http.NewRequestWithContext(
		req.Context(),
		req.Method,
		target+req.URL.RequestURI(),
		bytes.NewReader(body),
	)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	out.Header, out.Host = req.Header.Clone(), req.Host
	if out.ContentLength = req.ContentLength; len(body) == 0 {
		out.Body = http.NoBody
	}
	resp, err := direct.RoundTrip(out)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	r.record(exchange{
		req.Method, req.URL.EscapedPath(), req.URL.RawQuery, body, text, resp.StatusCode, time.Now(),
	})
	for name, values := range resp.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(resp.StatusCode)
	_, _ = w.Write(text)
}

var direct = &http.Transport{DisableCompression: true, Proxy: nil}

func (r *recorder) record(e exchange) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.open {
		c := r.calls[len(r.calls)-1]
		c.exchanges = append(c.exchanges, e)
	}
}

// result returns the calls, and the names of all methods of the client.
func (r *recorder) result() ([]*call, []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.calls, r.methods
}
