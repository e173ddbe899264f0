package api

import (
	"bytes"
	"encoding/json"
	"strings"
)

// selection is the parsed parameter fields: the members that a client wants of an object and of
// each object in a list, such as "total,items(added_by.id,track(!album))". Nil selects everything.
type selection struct {
	wanted   map[string]*selection
	unwanted map[string]bool
}

// fieldReader parses a selection from left to right.
type fieldReader struct {
	rest string
	deep int
}

const maxDepth = 50

// parseFields parses the whole parameter. A nil selection selects everything.
func parseFields(s string) (*selection, bool) {
	if s == "" {
		return nil, true
	}
	r := &fieldReader{rest: s}
	sel, ok := r.list()
	return sel, ok && r.rest == ""
}

// list parses "a,b.c,!d" up to the end or a closing parenthesis.
func (r *fieldReader) list() (*selection, bool) {
	if r.deep++; r.deep > maxDepth {
		return nil, false
	}
	defer func() { r.deep-- }()
	sel := &selection{wanted: map[string]*selection{}, unwanted: map[string]bool{}}
	for {
		if !r.item(sel) {
			return nil, false
		}
		if !r.skip(",") {
			return sel, true
		}
	}
}

// item parses one name with the selection of its members.
func (r *fieldReader) item(sel *selection) bool {
	r.space()
	excluded := r.skip("!")
	name := r.name()
	if name == "" {
		return false
	}
	if excluded {
		sel.unwanted[name] = true
		return true
	}
	var of *selection
	switch {
	case r.skip("."):
		of = &selection{wanted: map[string]*selection{}, unwanted: map[string]bool{}}
		if r.deep++; r.deep > maxDepth || !r.item(of) {
			return false
		}
		r.deep--
	case r.skip("("):
		var ok bool
		if of, ok = r.list(); !ok || !r.skip(")") {
			return false
		}
	}
	r.space()
	sel.want(name, of)
	return true
}

// want adds a member to the selection. A member that is named twice has both selections.
func (s *selection) want(name string, of *selection) {
	old, named := s.wanted[name]
	switch {
	case !named:
		s.wanted[name] = of
	case old == nil || of == nil:
		s.wanted[name] = nil
	default:
		for n, part := range of.wanted {
			old.want(n, part)
		}
		for n := range of.unwanted {
			old.unwanted[n] = true
		}
	}
}

func (r *fieldReader) skip(s string) bool {
	rest, ok := strings.CutPrefix(r.rest, s)
	r.rest = rest
	return ok
}

func (r *fieldReader) space() { r.rest = strings.TrimLeft(r.rest, " ") }

func (r *fieldReader) name() string {
	end := strings.IndexFunc(r.rest, func(c rune) bool {
		return c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9')
	})
	if end < 0 {
		end = len(r.rest)
	}
	name := r.rest[:end]
	r.rest = r.rest[end:]
	return name
}

// of returns the selected part of a JSON document.
func (s *selection) of(body []byte) []byte {
	if s == nil {
		return body
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var tree any
	if err := dec.Decode(&tree); err != nil {
		panic(err) // the fake's own JSON
	}
	return encode(s.pick(tree))
}

func (s *selection) pick(from any) any {
	if s == nil {
		return from
	}
	switch from := from.(type) {
	case []any:
		for i := range from {
			from[i] = s.pick(from[i])
		}
	case map[string]any:
		for name, value := range from {
			of, wanted := s.wanted[name]
			if s.unwanted[name] || !wanted && len(s.wanted) > 0 {
				delete(from, name)
				continue
			}
			from[name] = of.pick(value)
		}
	}
	return from
}
