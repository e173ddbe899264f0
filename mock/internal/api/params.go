package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"mime"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
	"github.com/seed-2147f1a9/spotify/resources"
)

// hasScope reports whether the token has one of these scopes. Nil scopes of a token are all scopes.
func (req *Request) hasScope(scopes ...string) bool {
	return req.Scopes == nil || len(scopes) == 0 ||
		slices.ContainsFunc(scopes, func(s string) bool { return slices.Contains(req.Scopes, s) })
}

// defaultLimit returns the number of items of a page without a limit, for pages of at most so many
// items.
func defaultLimit(most int) int {
	if most <= 10 {
		return 5
	}
	return 20
}

// pageParams reads the parameters limit and offset.
func (req *Request) pageParams(s AppAccess) (pageSpan, *Response) {
	most := s.maxLimit(req.Op)
	limit, refused := req.intParam("limit", defaultLimit(most), 1, most, "Invalid limit")
	if refused != nil {
		return pageSpan{}, refused
	}
	offset, refused := req.intParam("offset", 0, 0, 100_000, "Invalid offset")
	return pageSpan{offset, limit}, refused
}

// intParam reads an integer parameter between two bounds.
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

// oneOf refuses a parameter whose value is none of the allowed ones.
func (req *Request) oneOf(name, message string, allowed ...string) *Response {
	if given := req.Query.Get(name); given != "" && !slices.Contains(allowed, given) {
		resp := badRequest(message)
		return &resp
	}
	return nil
}

// idsParam reads the parameter ids, a comma-separated list.
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

// url returns the URL of the request without its query.
func (req *Request) url() string {
	path := req.Op.Path
	for name, value := range req.Vars {
		path = strings.Replace(path, "{"+name+"}", escape(value), 1)
	}
	return apiBase + path
}

// requiredInt reads an integer parameter that is required.
func (req *Request) requiredInt(name string, least, most int) (int, *Response) {
	if req.Query.Get(name) == "" {
		return 0, new(badRequest("Missing required field: " + name))
	}
	return req.intParam(name, 0, least, most, "Invalid "+name)
}

// timeParam reads a time in milliseconds since 1970.
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

// takesEpisodes reports whether the client accepts episodes besides tracks (parameter
// additional_types).
func (req *Request) takesEpisodes() bool {
	return slices.Contains(strings.Split(req.Query.Get("additional_types"), ","), string(resources.KindEpisode))
}

const (
	msgInvalidJSON = "Error parsing JSON."
	msgWrongJSON   = "JSON body does not adhere to the defined endpoint parameters"
)

// decodeBody fills v from a JSON body. Members without a field in v are ignored. Without a body v
// stays as it is.
func (req *Request) decodeBody(v any) *Response {
	if len(req.Body) == 0 {
		return nil
	}
	if given := req.Header.Get("Content-Type"); given != "" {
		if kind, _, err := mime.ParseMediaType(given); err != nil || kind != "application/json" {
			return new(badRequest(msgInvalidJSON))
		}
	}
	var mistyped *json.UnmarshalTypeError
	switch err := json.Unmarshal(req.Body, v); {
	case errors.As(err, &mistyped):
		return new(badRequest(msgWrongJSON))
	case err != nil:
		return new(badRequest(msgInvalidJSON))
	}
	return nil
}

// isArray reports whether the body is a JSON array.
func (req *Request) isArray() bool { return bytes.HasPrefix(bytes.TrimSpace(req.Body), []byte("[")) }

// requireBody is decodeBody for requests that need a body.
func (req *Request) requireBody(v any) *Response {
	if len(req.Body) == 0 {
		return new(badRequest(msgInvalidJSON))
	}
	return req.decodeBody(v)
}
