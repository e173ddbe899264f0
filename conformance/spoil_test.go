package conformance

// spoil_test.go sends good requests again with something wrong, so that the fake has to say no.

import (
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-2147f1a9/spotify/mock"
)

// nobody is an id that nothing has.
const nobody = "0000000000000000000000"

// mishap is something that goes wrong.
type mishap struct {
	name string
	// options make a fake on which every request goes wrong.
	options []mock.Option
	// spoil makes a request wrong, or reports that it cannot be made so.
	spoil func(*sending) bool
}

var mishaps = []mishap{
	{"no scopes", []mock.Option{mock.WithScopes()}, nil},
	{"too many requests", []mock.Option{mock.ErrorRate(1, http.StatusTooManyRequests)}, nil},
	{"quota exceeded", []mock.Option{mock.QuotaExceeded(0)}, nil},
	{"server errors", []mock.Option{mock.ErrorRate(1)}, nil},
	{"token expired", []mock.Option{mock.ErrorRate(1, http.StatusUnauthorized)}, nil},
	{"no token", nil, func(s *sending) bool { s.req.Header.Del("Authorization"); return true }},
	{"other authorization", nil, func(s *sending) bool { s.req.Header.Set("Authorization", "Basic YTpi"); return true }},
	{"unknown id", nil, func(s *sending) bool { return s.rename(nobody) }},
	{"malformed id", nil, func(s *sending) bool { return s.rename("-") }},
	{"unknown among several", nil, func(s *sending) bool {
		return s.req.URL.Query().Has("ids") && s.ask("ids", nobody+","+s.req.URL.Query().Get("ids"))
	}},
	{"page too small", nil, func(s *sending) bool { return s.ask("limit", "0") }},
	{"page too large", nil, func(s *sending) bool { return s.ask("limit", "1000") }},
	{"page before the first", nil, func(s *sending) bool { return s.ask("offset", "-1") }},
	{"no such market", nil, func(s *sending) bool { return s.ask("market", "Atlantis") }},
	{"query missing", nil, func(s *sending) bool { had := s.req.URL.RawQuery != ""; s.req.URL.RawQuery = ""; return had }},
	{"query empty", nil, (*sending).blank},
	{"body missing", nil, func(s *sending) bool { had := len(s.body) > 0; s.body = nil; return had }},
	{"body empty", nil, func(s *sending) bool { had := len(s.body) > 0; s.body = []byte("{}"); return had }},
	{"body broken", nil, func(s *sending) bool { had := len(s.body) > 0; s.body = []byte(`{"uris":`); return had }},
}

// again is a copy to spoil.
func (s sending) again() *sending {
	s.req = s.req.Clone(s.req.Context())
	return &s
}

// rename puts another id into the path.
func (s *sending) rename(id string) bool {
	before, rest, ok := strings.Cut(s.route.Path, "{")
	if !ok {
		return false
	}
	_, after, _ := strings.Cut(rest, "}")
	s.req.URL.Path = "/v1" + before + id + after
	s.req.URL.RawPath = ""
	return true
}

// ask sets a query parameter that the operation has.
func (s *sending) ask(name, value string) bool {
	if s.route.Operation.Parameters.GetByInAndName(openapi3.ParameterInQuery, name) == nil {
		return false
	}
	q := s.req.URL.Query()
	q.Set(name, value)
	s.req.URL.RawQuery = q.Encode()
	return true
}

// blank leaves the names in the query and takes the values.
func (s *sending) blank() bool {
	q := s.req.URL.Query()
	for name := range q {
		q.Set(name, "")
	}
	s.req.URL.RawQuery = q.Encode()
	return len(q) > 0
}
