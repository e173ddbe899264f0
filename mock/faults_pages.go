package mock

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/seed-2147f1a9/spotify/mock/internal/wire"
)

// response returns the response that is sent in place of the fake's own one, if there is any: an
// error, an error in a 200, or a redirect.
func (f *fault) response(in *request) (r wire.Response, ok bool) {
	switch {
	case f.status != 0:
		return errorResponse(f.status), true
	case f.errorIn200:
		r = apiError(http.StatusBadGateway, "Bad gateway.", "")
		r.Status = http.StatusOK
		return r, true
	case f.redirect != 0 && !strings.HasSuffix(in.path, "/") && in.path != "/me/player/recently-played":
		to := in.base + in.path + "/"
		if in.url.RawQuery != "" {
			to += "?" + in.url.RawQuery
		}
		return wire.Response{Status: f.redirect, Header: http.Header{"Location": {to}}}, true
	}
	return wire.Response{}, false
}

// pageEnd matches the members at the end of a page, in the order in which package api writes them.
// The quotes in a JSON string are escaped, so that it matches nothing within a string.
var pageEnd = regexp.MustCompile(
	`"limit":(\d+),"next":(null|"[^"]*"),"offset":(\d+),"previous":(?:null|"[^"]*"),"total":(\d+)`)

// falsify returns the body of a list with a wrong total, or a wrong link to the next page, in each
// of its pages.
func (f *fault) falsify(in *request, body []byte) []byte {
	if f.wrongTotal == 0 && !f.wrongNext {
		return body
	}
	out := make([]byte, 0, len(body)+64)
	end := 0
	for _, m := range pageEnd.FindAllSubmatchIndex(body, -1) {
		number := func(group int) int {
			n, _ := strconv.Atoi(string(body[m[2*group]:m[2*group+1]]))
			return n
		}
		limit, offset, total := number(1), number(3), number(4)
		out = append(out, body[end:m[4]]...)
		switch hasNext := body[m[4]] != 'n'; {
		case !f.wrongNext:
			out = append(out, body[m[4]:m[5]]...)
		case hasNext:
			out = append(out, "null"...)
		default:
			out = strconv.AppendQuote(out, in.pageURL(offset+limit))
		}
		out = append(out, body[m[5]:m[8]]...)
		out = strconv.AppendInt(out, int64(wrongTotal(total, f.wrongTotal)), 10)
		end = m[9]
	}
	return append(out, body[end:]...)
}

// wrongTotal returns total if luck is 0, and otherwise 0, a total that is too small or one that is
// too large.
func wrongTotal(total int, luck float64) int {
	switch {
	case luck == 0:
		return total
	case luck < 1./3:
		return 0
	case luck < 2./3:
		return total / 2
	}
	return total + 1 + int(luck*100)
}

// pageURL returns the URL of the request with another offset.
func (in *request) pageURL(offset int) string {
	query := in.url.Query()
	query.Set("offset", strconv.Itoa(offset))
	return in.base + in.path + "?" + query.Encode()
}
