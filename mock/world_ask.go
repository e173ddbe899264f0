package mock

// world_ask.go reads what an exchange asks for. Each reading returns the answer to give instead, nil if all is well.

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
)

// has reports whether the token was granted one of these scopes. A token of which nothing is known was granted all.
func (x *exchange) has(scopes ...string) bool {
	return x.scopes == nil || len(scopes) == 0 || slices.ContainsFunc(scopes, func(s string) bool { return slices.Contains(x.scopes, s) })
}

// usually is how many items come where no limit is given, for pages of at most so many.
func usually(most int) int {
	if most <= 10 {
		return 5
	}
	return 20
}

// mostFor is the greatest limit of the exchange's operation on a surface.
func (x *exchange) mostFor(s surface) int {
	if s == developmentMode && x.op.DevelopmentMaxLimit > 0 {
		return x.op.DevelopmentMaxLimit
	}
	return x.op.MaxLimit
}

// span reads limit and offset.
func (x *exchange) span(s surface) (span, *answer) {
	most := x.mostFor(s)
	limit, no := x.number("limit", usually(most), 1, most, "Invalid limit")
	if no != nil {
		return span{}, no
	}
	offset, no := x.number("offset", 0, 0, 100_000, "Invalid offset")
	return span{offset, limit}, no
}

// number reads a whole number between two.
func (x *exchange) number(name string, usual, least, most int, message string) (int, *answer) {
	given := x.query.Get(name)
	if given == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(given)
	if err != nil || n < least || n > most {
		a := bad(message)
		return 0, &a
	}
	return n, nil
}

// word refuses a parameter that is given and not among those allowed.
func (x *exchange) word(name, message string, allowed ...string) *answer {
	if given := x.query.Get(name); given != "" && !slices.Contains(allowed, given) {
		a := bad(message)
		return &a
	}
	return nil
}

// market reads the market, which may be the user's country. It is empty if none is asked for.
func (w *world) market(x *exchange) (string, *answer) {
	given := x.query.Get("market")
	if given == "from_token" {
		if x.user == "" {
			a := unscoped() // Spotify's word for a token without a user
			return "", &a
		}
		return w.me(x).Country, nil
	}
	if given == "" || ids.IsMarket(given) {
		return given, nil
	}
	a := bad("Invalid market code")
	return "", &a
}

// ids reads a comma-separated list of ids from the query.
func (x *exchange) ids() ([]string, *answer) {
	given := x.query.Get("ids")
	if given == "" {
		a := bad("Missing required field: ids")
		return nil, &a
	}
	return x.checkIDs(strings.Split(given, ","))
}

func (x *exchange) checkIDs(given []string) ([]string, *answer) {
	no := func(message string) ([]string, *answer) {
		a := bad(message)
		return nil, &a
	}
	if x.op.MaxItems > 0 && len(given) > x.op.MaxItems {
		return no("too many ids requested")
	}
	for _, id := range given {
		if !ids.Valid(id) {
			return no("Invalid base62 id")
		}
	}
	return given, nil
}

// path is the address of what was asked for, with the values of its parameters.
func (x *exchange) path() string {
	path := x.op.Path
	for name, value := range x.vars {
		path = strings.Replace(path, "{"+name+"}", escape(value), 1)
	}
	return canonicalBase + path
}

func escape(segment string) string { return url.PathEscape(segment) }
