// Package route finds the operation that a request is for, and the most similar ones where there is
// none.
package route

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// BasePath is the prefix of all paths of the API reference.
const BasePath = "/v1"

// Route is an operation of the Web API or an endpoint of the Accounts service.
type Route struct {
	Method, Path string                // as in the API reference: "/albums/{id}"
	Segments     []string              // of Path
	Op           *operations.Operation // nil for the Accounts service
}

func (r *Route) String() string { return r.Method + " " + r.Path }

// node is a node of the tree of all paths: one segment.
type node struct {
	fixed  map[string]*node
	any    *node    // for a segment that is a path parameter
	routes []*Route // the routes that end here, one per method
}

// Table holds all routes. It never changes.
type Table struct {
	root   node
	Routes []*Route
}

// Load returns the routes of the API reference and of the Accounts service.
var Load = sync.OnceValue(func() *Table {
	ref := &Table{}
	for _, op := range operations.All() {
		ref.add(&Route{Method: op.Method, Path: op.Path, Op: &op})
	}
	for _, at := range []Route{
		{Method: http.MethodGet, Path: "/authorize"}, {Method: http.MethodPost, Path: "/authorize"},
		{Method: http.MethodPost, Path: "/api/token"},
	} {
		ref.add(&at)
	}
	return ref
})

func (ref *Table) add(r *Route) {
	at := &ref.root
	r.Segments = Segments(r.Path)
	for _, s := range r.Segments {
		at = at.enter(s)
	}
	at.routes = append(at.routes, r)
	ref.Routes = append(ref.Routes, r)
}

func (c *node) enter(segment string) *node {
	if IsParameter(segment) {
		if c.any == nil {
			c.any = &node{}
		}
		return c.any
	}
	if c.fixed == nil {
		c.fixed = map[string]*node{}
	}
	next := c.fixed[segment]
	if next == nil {
		next = &node{}
		c.fixed[segment] = next
	}
	return next
}

// Find returns the route of a path given in unescaped segments, or nil.
func (ref *Table) Find(method string, segs []string) *Route {
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
		if r.Method == method {
			return r
		}
	}
	return nil
}

// Variables returns the values of the path's parameters by name.
func (r *Route) Variables(segs []string) map[string]string {
	var vars map[string]string
	for i, s := range r.Segments {
		if IsParameter(s) {
			if vars == nil {
				vars = make(map[string]string, 1)
			}
			vars[s[1:len(s)-1]] = segs[i]
		}
	}
	return vars
}

// IsParameter reports whether a segment stands for any value: "{id}".
func IsParameter(segment string) bool { return strings.HasPrefix(segment, "{") }

// Segments splits a path ("/albums/{id}") at its slashes.
func Segments(path string) []string {
	return strings.Split(strings.TrimPrefix(path, "/"), "/")
}

// slashless are the paths that have no response with a slash at their end: Spotify responds 404 to
// the first one since July 2026, and the others belong to the Accounts service.
var slashless = []string{"/me/player/recently-played/", "/authorize/", "/api/token/"}

// Unescape splits an escaped path at its slashes and unescapes each segment, so that an escaped
// slash stays inside its segment. One slash at the end of the path is ignored, as Spotify does
// ("/me/", "/search/"), except for the slashless paths.
func Unescape(escaped string) []string {
	if len(escaped) > 1 && !slices.Contains(slashless, escaped) {
		escaped = strings.TrimSuffix(escaped, "/")
	}
	segs := Segments(escaped)
	if strings.Contains(escaped, "%") {
		for i, s := range segs {
			if plain, err := url.PathUnescape(s); err == nil {
				segs[i] = plain
			}
		}
	}
	return segs
}

// Nearest returns the three routes most similar to a method and a path, the most similar first.
func (ref *Table) Nearest(method, path string) string {
	const names = 3
	asked := Segments(path)
	type ranked struct {
		route    *Route
		distance int
	}
	all := make([]ranked, len(ref.Routes))
	for i, r := range ref.Routes {
		d := apart(asked, r.Segments) * 2
		if r.Method != method {
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

// apart returns the number of letters by which two paths differ, segment by segment. A parameter is
// similar to every segment.
func apart(a, b []string) int {
	n := 0
	for i := range max(len(a), len(b)) {
		switch {
		case i >= len(a):
			n += max(2, len(b[i])/2)
		case i >= len(b):
			n += max(2, len(a[i])/2)
		case IsParameter(b[i]) && a[i] != "":
			n++
		case IsParameter(a[i]):
			n += 3
		default:
			n += EditDistance(a[i], b[i])
		}
	}
	return n
}

// EditDistance returns the Levenshtein distance of two words, in bytes.
func EditDistance(a, b string) int {
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
