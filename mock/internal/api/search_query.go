package api

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/seed-2147f1a9/spotify/resources"
)

// query is a parsed search query in lower case: plain words, and filters such as artist:"Some Band"
// or year:1990-1999.
type query struct {
	words   []string
	filters map[string]string
}

var term = regexp.MustCompile(`(?:(\w+):)?(?:"([^"]*)"|(\S+))`)

// filterNames are the names of the filters.
var filterNames = []string{"album", "artist", "genre", "isrc", "tag", "track", "upc", "year"}

func parseQuery(q string) query {
	parsed := query{filters: map[string]string{}}
	for _, m := range term.FindAllStringSubmatch(strings.ToLower(q), -1) {
		value := m[2] + m[3]
		switch {
		case value == "":
		case slices.Contains(filterNames, m[1]):
			parsed.filters[m[1]] = value
		case m[1] != "":
			parsed.words = append(parsed.words, m[1], value)
		default:
			parsed.words = append(parsed.words, strings.Fields(value)...)
		}
	}
	return parsed
}

// matches reports whether an entry matches. text is the entry's searched text.
func (q query) matches(e entry, text string) bool {
	for _, w := range q.words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	for name, value := range q.filters {
		if !filter(e, name, value) {
			return false
		}
	}
	return true
}

// filter reports whether a field of an entry has a value. An entry without the field does not
// match.
func filter(e entry, name, value string) bool {
	has := func(in ...string) bool {
		return slices.ContainsFunc(in, func(s string) bool { return strings.Contains(strings.ToLower(s), value) })
	}
	var on *album
	var by []*artist
	switch e := e.(type) {
	case *track:
		if name == "track" {
			return has(e.Name)
		}
		if name == "isrc" {
			return strings.EqualFold(e.ISRC, value)
		}
		on, by = e.album, e.artists
	case *album:
		if name == "upc" {
			return e.UPC == value
		}
		on, by = e, e.artists
	case *artist:
		by = []*artist{e}
	}
	switch name {
	case "artist":
		return has(names(by)...)
	case "genre":
		return e.kind() != resources.KindAlbum && slices.ContainsFunc(by, func(a *artist) bool { return has(a.Genres...) })
	case "album":
		return on != nil && has(on.Name)
	case "year":
		return on != nil && between(on.ReleaseDate[:4], value)
	case "tag":
		twoWeeks := historyEnd.AddDate(0, 0, -14).Format(time.DateOnly)
		return e.kind() == resources.KindAlbum &&
			(value == "hipster" && on.Popularity <= 10 || value == "new" && on.ReleaseDate >= twoWeeks)
	}
	return false
}

// between reports whether a year is a given one, or in a range such as 1990-1999.
func between(year, value string) bool {
	from, to, ranged := strings.Cut(value, "-")
	if !ranged {
		return year == value
	}
	return from <= year && year <= to
}
