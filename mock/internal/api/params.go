package api

// world_ask.go reads what an exchange asks for. Each reading returns the answer to give instead, nil if all is well.

import (
	"slices"
	"strconv"
	"strings"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
	"github.com/seed-2147f1a9/spotify/resources"
)

// has reports whether the token was granted one of these scopes. A token of which nothing is known was granted all.
func (req *Request) hasScope(scopes ...string) bool {
	return req.Scopes == nil || len(scopes) == 0 || slices.ContainsFunc(scopes, func(s string) bool { return slices.Contains(req.Scopes, s) })
}

// usually is how many items come where no limit is given, for pages of at most so many.
func defaultLimit(most int) int {
	if most <= 10 {
		return 5
	}
	return 20
}

// mostFor is the greatest limit of the exchange's operation on a surface.
func (req *Request) maxLimit(s Access) int {
	if s == DevelopmentMode && req.Op.DevelopmentMaxLimit > 0 {
		return req.Op.DevelopmentMaxLimit
	}
	return req.Op.MaxLimit
}

// span reads limit and offset.
func (req *Request) pageParams(s Access) (pageSpan, *Response) {
	most := req.maxLimit(s)
	limit, refused := req.intParam("limit", defaultLimit(most), 1, most, "Invalid limit")
	if refused != nil {
		return pageSpan{}, refused
	}
	offset, refused := req.intParam("offset", 0, 0, 100_000, "Invalid offset")
	return pageSpan{offset, limit}, refused
}

// number reads a whole number between two.
func (req *Request) intParam(name string, usual, least, most int, message string) (int, *Response) {
	given := req.Query.Get(name)
	if given == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(given)
	if err != nil || n < least || n > most {
		resp := badRequest(message)
		return 0, &resp
	}
	return n, nil
}

// word refuses a parameter that is given and not among those allowed.
func (req *Request) oneOf(name, message string, allowed ...string) *Response {
	if given := req.Query.Get(name); given != "" && !slices.Contains(allowed, given) {
		resp := badRequest(message)
		return &resp
	}
	return nil
}

// ids reads a comma-separated list of ids from the query.
func (req *Request) idsParam() ([]string, *Response) {
	given := req.Query.Get("ids")
	if given == "" {
		resp := badRequest("Missing required field: ids")
		return nil, &resp
	}
	return req.checkIDs(strings.Split(given, ","))
}

func (req *Request) checkIDs(given []string) ([]string, *Response) {
	no := func(message string) ([]string, *Response) {
		resp := badRequest(message)
		return nil, &resp
	}
	if req.Op.MaxItems > 0 && len(given) > req.Op.MaxItems {
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
func (req *Request) url() string {
	path := req.Op.Path
	for name, value := range req.Vars {
		path = strings.Replace(path, "{"+name+"}", escape(value), 1)
	}
	return apiBase + path
}

// must reads a whole number that has to be there.
func (req *Request) requiredInt(name string, least, most int) (int, *Response) {
	if req.Query.Get(name) == "" {
		return 0, new(badRequest("Missing required field: " + name))
	}
	return req.intParam(name, 0, least, most, "Invalid "+name)
}

// moment reads a point in time, in milliseconds since 1970.
func (req *Request) timeParam(name string, usual int64) (int64, *Response) {
	given := req.Query.Get(name)
	if given == "" {
		return usual, nil
	}
	at, err := strconv.ParseInt(given, 10, 64)
	if err != nil || at < 0 {
		return 0, new(badRequest("Invalid " + name))
	}
	return at, nil
}

// takesEpisodes reports whether the sender knows that not everything is a track (parameter additional_types).
func (req *Request) takesEpisodes() bool {
	return slices.Contains(strings.Split(req.Query.Get("additional_types"), ","), string(resources.KindEpisode))
}
