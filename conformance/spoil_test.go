package conformance

import (
	"net/http"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/mock/catalogue"
)

// nobody is an id that does not exist.
const nobody = "0000000000000000000000"

// spoiling is one way to make a good request fail.
type spoiling struct {
	name string
	// options configure a fake on which every request fails.
	options []mock.Option
	// token replaces the request's token, such as with another user's.
	token func(*testing.T, *mock.Transport) string
	// spoil makes a request wrong, or reports that it cannot.
	spoil func(*sentRequest) bool
}

var spoilings = []spoiling{
	{name: "no scopes", options: []mock.Option{mock.WithScopes()}},
	{
		name:    "too many requests",
		options: []mock.Option{mock.WithFaults(mock.Faults{ErrorRate: 1, ErrorStatuses: []int{http.StatusTooManyRequests}})},
	},
	{name: "quota exceeded", options: []mock.Option{mock.WithQuota(0)}},
	{name: "server errors", options: []mock.Option{mock.WithFaults(mock.Faults{ErrorRate: 1})}},
	{
		name:    "token expired",
		options: []mock.Option{mock.WithFaults(mock.Faults{ErrorRate: 1, ErrorStatuses: []int{http.StatusUnauthorized}})},
	},
	{name: "nothing there", options: []mock.Option{mock.WithCatalogue(catalogue.New())}},
	{name: "somebody else", token: func(_ *testing.T, tr *mock.Transport) string { return tr.TokenOf(otto) }},
	{name: "somebody who does not pay", token: func(_ *testing.T, tr *mock.Transport) string { return tr.TokenOf(freda) }},
	{name: "nobody, but the app", token: appToken},
	{name: "no token", spoil: func(s *sentRequest) bool { s.req.Header.Del("Authorization"); return true }},
	{
		name:  "other authorization",
		spoil: func(s *sentRequest) bool { s.req.Header.Set("Authorization", "Basic YTpi"); return true },
	},
	{name: "unknown id", spoil: func(s *sentRequest) bool { return s.rename(nobody) }},
	{name: "malformed id", spoil: func(s *sentRequest) bool { return s.rename("-") }},
	{name: "unknown among several", spoil: func(s *sentRequest) bool {
		return s.req.URL.Query().Has("ids") && s.ask("ids", nobody+","+s.req.URL.Query().Get("ids"))
	}},
	{name: "the first item", spoil: func(s *sentRequest) bool { s.ask("offset", "0"); return s.ask("limit", "1") }},
	{name: "the second item", spoil: func(s *sentRequest) bool { return s.ask("limit", "1") && s.ask("offset", "1") }},
	{name: "page too small", spoil: func(s *sentRequest) bool { return s.ask("limit", "0") }},
	{name: "page too large", spoil: func(s *sentRequest) bool { return s.ask("limit", "1000") }},
	{name: "page before the first", spoil: func(s *sentRequest) bool { return s.ask("offset", "-1") }},
	{name: "no such market", spoil: func(s *sentRequest) bool { return s.ask("market", "Atlantis") }},
	{
		name:  "query missing",
		spoil: func(s *sentRequest) bool { had := s.req.URL.RawQuery != ""; s.req.URL.RawQuery = ""; return had },
	},
	{name: "query empty", spoil: (*sentRequest).blank},
	{name: "body missing", spoil: func(s *sentRequest) bool { had := len(s.body) > 0; s.body = nil; return had }},
	{name: "body empty", spoil: func(s *sentRequest) bool { had := len(s.body) > 0; s.body = []byte("{}"); return had }},
	{
		name:  "body broken",
		spoil: func(s *sentRequest) bool { had := len(s.body) > 0; s.body = []byte(`{"uris":`); return had },
	},
}

// appToken returns a token without a user.
func appToken(t *testing.T, tr *mock.Transport) string {
	t.Helper()
	source, err := auth.NewClientCredentials(auth.Config{ClientID: "app", ClientSecret: "secret", Transport: tr})
	if err != nil {
		t.Fatal(err)
	}
	token, err := source.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return token.AccessToken
}

// again returns a copy of a request to spoil.
func (s sentRequest) again() *sentRequest {
	s.req = s.req.Clone(s.req.Context())
	return &s
}

// rename puts another id into the path.
func (s *sentRequest) rename(id string) bool {
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
func (s *sentRequest) ask(name, value string) bool {
	if s.route.Operation.Parameters.GetByInAndName(openapi3.ParameterInQuery, name) == nil {
		return false
	}
	q := s.req.URL.Query()
	q.Set(name, value)
	s.req.URL.RawQuery = q.Encode()
	return true
}

// blank empties the values of all query parameters.
func (s *sentRequest) blank() bool {
	q := s.req.URL.Query()
	for name := range q {
		q.Set(name, "")
	}
	s.req.URL.RawQuery = q.Encode()
	return len(q) > 0
}
