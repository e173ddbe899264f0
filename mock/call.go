package mock

// call.go remembers what was sent.

import (
	"bytes"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"
)

// Call is one request that reached the fake. It is a copy: the caller may change it.
type Call struct {
	// Method is the HTTP method.
	Method string
	// Path is what stood below the base URL, with its escapes: "/albums/4aawyAB9vmqN3uQ7FjRGTy".
	Path string
	// Route is the path as the API reference writes it: "/albums/{id}". It is empty for a request that nothing answers.
	Route string
	// Query holds the query parameters.
	Query url.Values
	// Header holds the headers as sent, Authorization included.
	Header http.Header
	// Body is the whole body, nil if there was none.
	Body []byte
	// At is when the request arrived.
	At time.Time
	// Status is what the fake answered: 0 while it has not, and if it cut the connection instead.
	Status int
	// Applied reports whether the request took effect. A fault can hide that from the sender: this is how a test knows.
	Applied bool
}

// recorder keeps calls, all of them or the newest.
type recorder struct {
	mu    sync.Mutex
	most  int // 0 keeps all, negative none
	calls []*Call
	next  int // where the next call goes once most are there
}

func (r *recorder) add(c *Call) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.most < 0:
	case r.most == 0 || len(r.calls) < r.most:
		r.calls = append(r.calls, c)
	default:
		r.calls[r.next] = c
		r.next = (r.next + 1) % r.most
	}
}

func (r *recorder) finish(c *Call, status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c.Status = status
}

func (r *recorder) apply(c *Call) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c.Applied = true
}

func (r *recorder) copy(c *Call) Call {
	r.mu.Lock()
	defer r.mu.Unlock()
	return c.copy()
}

func (r *recorder) reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls, r.next = nil, 0
}

// all returns copies of the calls that a pattern matches, oldest first.
func (r *recorder) all(match func(*Call) bool) []Call {
	r.mu.Lock()
	defer r.mu.Unlock()
	var found []Call
	for i := range r.calls {
		if c := r.calls[(r.next+i)%len(r.calls)]; match(c) {
			found = append(found, c.copy())
		}
	}
	return found
}

func (c *Call) copy() Call {
	d := *c
	d.Header = c.Header.Clone()
	d.Body = bytes.Clone(c.Body)
	d.Query = maps.Clone(c.Query)
	for k, v := range d.Query {
		d.Query[k] = slices.Clone(v)
	}
	return d
}
