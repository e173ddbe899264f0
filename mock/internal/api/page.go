package api

// world_page.go cuts lists into pages.

import (
	"net/url"
	"strconv"
)

// mostPerPage is how many items the first page within another object holds.
const firstPageLimit = 50

// pageShape is a page within another object.
type pageJSON struct {
	Href     string  `json:"href"`
	Items    []any   `json:"items"`
	Limit    int     `json:"limit"`
	Next     *string `json:"next"`
	Offset   int     `json:"offset"`
	Previous *string `json:"previous"`
	Total    int     `json:"total"`
}

func firstPage(address, market string, items []any, total int) pageJSON {
	s := pageSpan{limit: firstPageLimit}
	keep := url.Values{}
	if market != "" {
		keep.Set("market", market)
	}
	p := pageJSON{Href: s.url(address, keep), Items: items, Limit: s.limit, Total: total}
	if total > s.limit {
		next := pageSpan{limit: s.limit, offset: s.limit}.url(address, keep)
		p.Next = &next
	}
	return p
}

// span is which part of a list is asked for.
type pageSpan struct{ offset, limit int }

// address is where the span of a list is, other query parameters kept.
func (s pageSpan) url(list string, keep url.Values) string {
	b := make([]byte, 0, len(list)+48)
	b = append(b, list...)
	b = append(b, "?offset="...)
	b = strconv.AppendInt(b, int64(s.offset), 10)
	b = append(b, "&limit="...)
	b = strconv.AppendInt(b, int64(s.limit), 10)
	rest := url.Values{}
	for name, values := range keep {
		if name != "offset" && name != "limit" {
			rest[name] = values
		}
	}
	if len(rest) > 0 {
		b = append(b, '&')
		b = append(b, rest.Encode()...)
	}
	return string(b)
}

// of cuts the span out of a list of n.
func (s pageSpan) bounds(n int) (from, to int) {
	from = min(s.offset, n)
	return from, min(from+s.limit, n)
}

// write makes the page's JSON of items that are JSON already.
func (s pageSpan) json(list string, keep url.Values, items [][]byte, total int) []byte {
	size := 256
	for _, item := range items {
		size += len(item) + 1
	}
	b := make([]byte, 0, size)
	b = append(b, `{"href":`...)
	b = append(b, quote(s.url(list, keep))...)
	b = append(b, `,"items":[`...)
	b = appendList(b, items)
	b = append(b, `],"limit":`...)
	b = strconv.AppendInt(b, int64(s.limit), 10)
	b = append(b, `,"next":`...)
	if next := s.offset + s.limit; next < total {
		b = append(b, quote(pageSpan{next, s.limit}.url(list, keep))...)
	} else {
		b = append(b, "null"...)
	}
	b = append(b, `,"offset":`...)
	b = strconv.AppendInt(b, int64(s.offset), 10)
	b = append(b, `,"previous":`...)
	if s.offset > 0 {
		b = append(b, quote(pageSpan{max(0, s.offset-s.limit), s.limit}.url(list, keep))...)
	} else {
		b = append(b, "null"...)
	}
	b = append(b, `,"total":`...)
	b = strconv.AppendInt(b, int64(total), 10)
	return append(b, '}')
}
