package resources

import (
	"slices"
	"strings"
)

// selection is a parsed fields filter: "total,items(added_by.id,item(!album))" selects total, and
// items with a selection of its own.
type selection []selected

type selected struct {
	name string
	not  bool      // "!name": all members but this one
	of   selection // the selected members of it, nil for all
	dot  bool      // whether the text is "name.member", not "name(member)"
}

// parseFields parses a filter. A filter that it cannot parse is not ok and is sent unchanged, so
// that Spotify responds with the error.
func parseFields(text string) (s selection, ok bool) {
	s, rest, ok := parseSelection(text, 0)
	return s, ok && rest == ""
}

// deepestFields is the number of levels that the parentheses of a filter may nest.
const deepestFields = 32

func parseSelection(text string, depth int) (s selection, rest string, ok bool) {
	for {
		one, after, ok := parseSelected(strings.TrimLeft(text, " "), depth)
		if !ok {
			return nil, "", false
		}
		s = append(s, one)
		if after, ok = strings.CutPrefix(strings.TrimLeft(after, " "), ","); !ok {
			return s, after, true
		}
		text = after
	}
}

func parseSelected(text string, depth int) (one selected, rest string, ok bool) {
	text, one.not = strings.CutPrefix(text, "!")
	end := strings.IndexAny(text+",", " ,.()!")
	if one.name = text[:end]; end == 0 || depth > deepestFields {
		return one, "", false
	}
	rest = text[end:]
	switch {
	case strings.HasPrefix(rest, "."):
		inner, after, ok := parseSelected(rest[1:], depth+1)
		one.of, one.dot = selection{inner}, true
		return one, after, ok
	case strings.HasPrefix(rest, "("):
		of, after, ok := parseSelection(rest[1:], depth+1)
		one.of = of
		after, closed := strings.CutPrefix(strings.TrimLeft(after, " "), ")")
		return one, after, ok && closed
	}
	return one, rest, true
}

func (s selection) String() string {
	var parts []string
	for _, one := range s {
		text := one.name
		if one.not {
			text = "!" + text
		}
		switch {
		case one.dot && len(one.of) == 1:
			text += "." + one.of.String()
		case one.of != nil:
			text += "(" + one.of.String() + ")"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ",")
}

// with returns the selection with more members. A selection that only excludes members includes
// them already.
func (s selection) with(names ...string) selection {
	if !slices.ContainsFunc(s, func(one selected) bool { return !one.not }) {
		return s
	}
	for _, name := range names {
		if !slices.ContainsFunc(s, func(one selected) bool { return one.name == name }) {
			s = append(s, selected{name: name})
		}
	}
	return s
}

// mapped applies do to the selections of the members with these names, and selects the result under
// each of the names, because the app decides which of two names Spotify uses in a playlist.
func (s selection) mapped(do func(selection) selection, names ...string) selection {
	var all selection
	for _, one := range s {
		if one.not || !slices.Contains(names, one.name) {
			all = append(all, one)
			continue
		}
		if one.of != nil {
			one.of = do(one.of)
		}
		for _, name := range names {
			twin := selected{name: name, of: one.of, dot: one.dot}
			if name == one.name || !slices.ContainsFunc(s, func(other selected) bool { return other.name == name }) {
				all = append(all, twin)
			}
		}
	}
	return all
}

// entryFields adds type and uri to the filter of a playlist's items, by which the decoder tells
// tracks from episodes.
func entryFields(s selection) selection {
	return s.mapped(func(of selection) selection { return of.with("type", "uri") }, "item", "track")
}

// pageFields applies entryFields to the filter of a page of items.
func pageFields(s selection) selection { return s.mapped(entryFields, "items") }

// completed returns a filter with the members that complete adds.
func completed(fields string, complete func(selection) selection) string {
	s, ok := parseFields(fields)
	if !ok {
		return fields
	}
	return complete(s).String()
}
