package api

import (
	"net/url"
	"strconv"
)

// firstPageLimit is the number of items of a page within another object.
const firstPageLimit = 50

// pageJSON is a page within another object.
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

// pageSpan is a part of a list.
type pageSpan struct{ offset, limit int }

// url returns the URL of this part of a list, with all other query parameters kept.
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

// bounds returns the indexes of the part in a list of n items.
func (s pageSpan) bounds(n int) (from, to int) {
	from = min(s.offset, n)
	return from, min(from+s.limit, n)
}

// json returns the JSON of a page whose items are JSON already.
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
