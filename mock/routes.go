package mock

// routes.go finds the operation that a request is for, and the nearest ones where there is none.

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// basePath is what the paths of the API reference are below.
const basePath = "/v1"

// route is one thing the fake answers: an operation of the Web API, or an endpoint of the Accounts service.
type route struct {
	method, path string   // as in the API reference: "/albums/{id}"
	segments     []string // of the path
	index        int
	op           *operations.Operation // nil for the Accounts service
	request      *http.Request         // stands for every request of the route where httpmock dispatches
}

func (r *route) String() string { return r.method + " " + r.path }

// crossing is a node of the tree: one segment of a path.
type crossing struct {
	fixed  map[string]*crossing
	any    *crossing // the segment is a path parameter
	routes []*route  // those that end here, one for each method
}

// reference is the whole table, which never changes.
type reference struct {
	root   crossing
	routes []*route
}

var loadReference = sync.OnceValue(func() *reference {
	ref := &reference{}
	for _, op := range operations.All() {
		ref.add(&route{method: op.Method, path: op.Path, op: &op})
	}
	for _, at := range []route{{method: http.MethodGet, path: "/authorize"}, {method: http.MethodPost, path: "/authorize"}, {method: http.MethodPost, path: "/api/token"}} {
		ref.add(&at)
	}
	return ref
})

func (ref *reference) add(r *route) {
	at := &ref.root
	r.segments = segments(r.path)
	for _, s := range r.segments {
		at = at.enter(s)
	}
	at.routes = append(at.routes, r)
	r.index = len(ref.routes)
	ref.routes = append(ref.routes, r)
	r.request = &http.Request{Method: r.method, URL: &url.URL{Path: r.path}}
}

func (c *crossing) enter(segment string) *crossing {
	if isParameter(segment) {
		if c.any == nil {
			c.any = &crossing{}
		}
		return c.any
	}
	if c.fixed == nil {
		c.fixed = map[string]*crossing{}
	}
	next := c.fixed[segment]
	if next == nil {
		next = &crossing{}
		c.fixed[segment] = next
	}
	return next
}

// find returns the route of a path given in unescaped segments, or nil.
func (ref *reference) find(method string, segs []string) *route {
	at := &ref.root
	for _, s := range segs {
		next := at.fixed[s]
		if next == nil && s != "" {
			next = at.any
		}
		if next == nil {
			return nil
		}
		at = next
	}
	for _, r := range at.routes {
		if r.method == method {
			return r
		}
	}
	return nil
}

// variables names what stands in a path's parameters.
func (r *route) variables(segs []string) map[string]string {
	var vars map[string]string
	for i, s := range r.segments {
		if isParameter(s) {
			if vars == nil {
				vars = make(map[string]string, 1)
			}
			vars[s[1:len(s)-1]] = segs[i]
		}
	}
	return vars
}

func isParameter(segment string) bool { return strings.HasPrefix(segment, "{") }

// segments splits a path ("/albums/{id}") at its slashes.
func segments(path string) []string {
	return strings.Split(strings.TrimPrefix(path, "/"), "/")
}

// unescape splits an escaped path and takes the escapes off each segment, so that an escaped slash stays inside its own.
func unescape(escaped string) []string {
	segs := segments(escaped)
	if strings.Contains(escaped, "%") {
		for i, s := range segs {
			if plain, err := url.PathUnescape(s); err == nil {
				segs[i] = plain
			}
		}
	}
	return segs
}

// nearest names the routes that look most like what was asked for, the likeliest first.
func (ref *reference) nearest(method, path string) string {
	const names = 3
	asked := segments(path)
	type ranked struct {
		route    *route
		distance int
	}
	all := make([]ranked, len(ref.routes))
	for i, r := range ref.routes {
		d := apart(asked, r.segments) * 2
		if r.method != method {
			d++
		}
		all[i] = ranked{r, d}
	}
	slices.SortStableFunc(all, func(a, b ranked) int { return cmp.Compare(a.distance, b.distance) })
	var list []string
	for _, r := range all[:names] {
		list = append(list, r.route.String())
	}
	return strings.Join(list, ", ")
}

// apart counts the letters that two paths differ by, segment by segment; a parameter is like anything.
func apart(a, b []string) int {
	n := 0
	for i := range max(len(a), len(b)) {
		switch {
		case i >= len(a):
			n += max(2, len(b[i])/2)
		case i >= len(b):
			n += max(2, len(a[i])/2)
		case isParameter(b[i]) && a[i] != "":
			n++
		case isParameter(a[i]):
			n += 3
		default:
			n += letters(a[i], b[i])
		}
	}
	return n
}

// letters is the edit distance between two words.
func letters(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
