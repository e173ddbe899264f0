package mock

import (
	"fmt"

	"github.com/seed-2147f1a9/spotify/mock/internal/route"
)

// pattern is a method and a path: of the API reference ("/albums/{id}"), with values in place of
// parameters, or of no known route.
type pattern struct {
	method   string
	path     string
	segments []string
	route    *route.Route // set if the pattern matches all requests of a route
}

// patternFor returns the pattern, or an error if there is no such route. A parameter's name does
// not matter.
func patternFor(method, path string) (pattern, error) {
	p := unlisted(method, path)
	r := route.Load().Find(method, p.segments)
	if r == nil {
		return p, fmt.Errorf(
			"there is no operation %s %s; the nearest are %s",
			method,
			path,
			route.Load().Nearest(method, path),
		)
	}
	for i, s := range r.Segments {
		if route.IsParameter(s) && !route.IsParameter(p.segments[i]) {
			return p, nil
		}
	}
	p.route = r
	return p, nil
}

func unlisted(method, path string) pattern {
	return pattern{method: method, path: path, segments: route.Unescape(path)}
}

func (p *pattern) String() string { return p.method + " " + p.path }

func (p *pattern) matches(f *request) bool {
	if p.route != nil {
		return p.route == f.route
	}
	return p.method == f.method && p.fits(f.segments)
}

func (p *pattern) matchesCall(c *Call) bool {
	if p.route != nil {
		return p.route.Method == c.Method && p.route.Path == c.Route
	}
	return p.method == c.Method && p.fits(route.Unescape(c.Path))
}

func (p *pattern) fits(segs []string) bool {
	if len(segs) != len(p.segments) {
		return false
	}
	for i, s := range p.segments {
		if s != segs[i] && (!route.IsParameter(s) || segs[i] == "") {
			return false
		}
	}
	return true
}
