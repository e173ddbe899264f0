package operations

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/seed-2147f1a9/spotify/transport"
)

// Describe returns the description of a request for the operation with this query and body. The
// Call is shared; callers do not change it.
func (o *Operation) Describe(query string, body []byte) *transport.Call {
	if o.isNotIdempotent(query, body) {
		return o.notIdempotent
	}
	return o.idempotent
}

// maxBody bounds how much of a request's body is read to decide whether the request is idempotent.
const maxBody = 64 << 10

// isNotIdempotent reports whether a request has one of the members of NotIdempotentWith. It returns
// true for a query that cannot be parsed, and for a body that is longer than 64 KiB or not JSON.
func (o *Operation) isNotIdempotent(query string, body []byte) bool {
	if len(o.NotIdempotentWith) == 0 {
		return false
	}
	if query != "" {
		values, err := url.ParseQuery(query)
		if err != nil {
			return true
		}
		for name := range values {
			if o.has(name) {
				return true
			}
		}
	}
	switch {
	case len(body) > maxBody:
		return true
	case len(bytes.TrimSpace(body)) == 0:
		return false
	}
	var document any
	return json.Unmarshal(body, &document) != nil || o.within(document)
}

func (o *Operation) has(name string) bool {
	return slices.ContainsFunc(o.NotIdempotentWith, func(member string) bool {
		return strings.EqualFold(member, name)
	})
}

func (o *Operation) within(document any) bool {
	switch value := document.(type) {
	case map[string]any:
		for name, member := range value {
			if o.has(name) || o.within(member) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(value, o.within)
	}
	return false
}

// Lookup returns the operation of a method and an escaped path below the base URL
// ("/albums/4aawyAB9vmqN3uQ7FjRGTy"), nil if the table has none. Spotify accepts one trailing
// slash, and so does Lookup. An empty method is GET.
func Lookup(method, path string) *Operation {
	if method == "" {
		method = http.MethodGet
	}
	at := routes()
	rest, rooted := strings.CutPrefix(strings.TrimSuffix(path, "/"), "/")
	for more := rooted; more; {
		var segment string
		segment, rest, more = strings.Cut(rest, "/")
		if at = at.next(segment); at == nil {
			return nil
		}
	}
	for _, op := range at.operations {
		if op.Method == method {
			return op
		}
	}
	return nil
}

// node is one segment of the paths in the table.
type node struct {
	fixed      map[string]*node
	parameter  *node
	operations []*Operation // those whose path ends here, one for each method
}

// routes is built at its first use, after declare has filled the table.
var routes = sync.OnceValue(func() *node {
	root := &node{}
	for _, op := range operations {
		at := root
		for segment := range strings.SplitSeq(op.Path[1:], "/") {
			at = at.add(segment)
		}
		at.operations = append(at.operations, op)
	}
	return root
})

func (n *node) add(segment string) *node {
	if strings.HasPrefix(segment, "{") {
		if n.parameter == nil {
			n.parameter = &node{}
		}
		return n.parameter
	}
	if n.fixed == nil {
		n.fixed = map[string]*node{}
	}
	if n.fixed[segment] == nil {
		n.fixed[segment] = &node{}
	}
	return n.fixed[segment]
}

// next returns the node below n for an escaped segment, nil if there is none.
func (n *node) next(segment string) *node {
	if strings.Contains(segment, "%") {
		if plain, err := url.PathUnescape(segment); err == nil && n.fixed[plain] != nil {
			return n.fixed[plain]
		}
	}
	if below := n.fixed[segment]; below != nil {
		return below
	}
	if segment == "" {
		return nil
	}
	return n.parameter
}

// Describer returns a function for middleware.Describe that looks requests up in the table, by
// method, path, query and body. basePath is the path of the base URL, such as "/v1".
//
// A body is read through GetBody, 64 KiB at most. A request whose body decides whether it is
// idempotent, and whose body cannot be read that way, is not idempotent.
func Describer(basePath string) func(*http.Request) *transport.Call {
	basePath = strings.TrimSuffix(basePath, "/")
	return func(req *http.Request) *transport.Call {
		path, query := target(req)
		path, ok := strings.CutPrefix(path, basePath)
		if !ok {
			return nil
		}
		return describe(req, path, query)
	}
}

// DescribeBelow looks a request up as Describer does, for a base URL of which only the last
// segments of the path are known, such as "/v1".
func DescribeBelow(end string, req *http.Request) *transport.Call {
	path, query := target(req)
	for {
		_, below, ok := strings.Cut(path, end+"/")
		if !ok {
			return nil
		}
		path = "/" + below
		if call := describe(req, path, query); call != nil {
			return call
		}
	}
}

// target returns the escaped path and the query of a request on the wire.
func target(req *http.Request) (path, query string) {
	u := req.URL
	if u != nil && u.Opaque != "" { // Opaque replaces the path on the wire
		u, _ = url.Parse(u.RequestURI())
	}
	if u == nil {
		return "", ""
	}
	return u.EscapedPath(), u.RawQuery
}

// describe returns the table's description of a request; nil if the table lacks the operation.
func describe(req *http.Request, path, query string) *transport.Call {
	op := Lookup(req.Method, path)
	switch {
	case op == nil:
		return nil
	case len(op.NotIdempotentWith) == 0:
		return op.idempotent
	}
	body, ok := bodyOf(req)
	if !ok {
		return op.notIdempotent
	}
	return op.Describe(query, body)
}

// bodyOf returns a copy of the first maxBody+1 bytes of a request's body, or false if the body
// cannot be read twice.
func bodyOf(req *http.Request) ([]byte, bool) {
	again, err := transport.Rewind(req)
	switch {
	case err != nil:
		return nil, false
	case again.Body == nil:
		return nil, true
	}
	defer again.Body.Close()
	data, err := io.ReadAll(io.LimitReader(again.Body, maxBody+1))
	return data, err == nil
}
