package mock

import (
	"bytes"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"
)

// Call is one request that reached the fake. It is a copy: the caller may change it.
type Call struct {
	// Method is the HTTP method.
	Method string
	// Path is the path below the base URL, with its escapes: "/albums/4aawyAB9vmqN3uQ7FjRGTy".
	Path string
	// Route is the path as the API reference writes it: "/albums/{id}". It is empty for a request
	// without a route.
	Route string
	// Query holds the query parameters.
	Query url.Values
	// Header holds the headers as sent, Authorization included.
	Header http.Header
	// Body is the whole body, nil if there was none.
	Body []byte
	// At is when the request arrived.
	At time.Time
	// Status is the status code of the response: 0 before there is one, and if the connection was
	// broken.
	Status int
	// Applied reports whether the request took effect. A fault can hide that from the client, not
	// from a test.
	Applied bool
}

// recorder keeps all calls or the newest.
type recorder struct {
	mu    sync.Mutex
	limit int // 0 keeps all, negative none
	calls []*Call
	next  int // the index of the oldest call once limit calls are kept
}

func (r *recorder) add(c *Call) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.limit < 0:
	case r.limit == 0 || len(r.calls) < r.limit:
		r.calls = append(r.calls, c)
	default:
		r.calls[r.next] = c
		r.next = (r.next + 1) % r.limit
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

// all returns copies of the calls for which match is true, oldest first.
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

// keepOutsideTests is the number of calls that a program or a benchmark keeps, so that they do not
// fill the memory.
const keepOutsideTests = 10_000

// callLimit returns the number of calls to keep, as the recorder counts them.
func callLimit(t testing.TB, asked *int) int {
	_, benchmark := t.(*testing.B)
	switch {
	case asked == nil && (t == nil || benchmark):
		return keepOutsideTests
	case asked == nil || *asked < 0:
		return 0
	case *asked == 0:
		return -1
	}
	return *asked
}
