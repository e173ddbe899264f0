//go:build clients

package clients

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// verdict is the judgement of a call.
type verdict int

const (
	passes  verdict = iota
	refused         // the error that the surface has for the operation, reported by the client
	fault           // the client's own, or the fake's
)

// judge returns the verdict of a call, and for a fault its description.
func judge(s surface, c *call) (verdict, string) {
	last, sent := c.last()
	switch {
	case c.Local && sent:
		return fault, "sends " + last.line()
	case c.Local && c.OK:
		return passes, ""
	case !sent && c.OK:
		return fault, "sends nothing"
	case !sent:
		return fault, "sends nothing: " + c.Error
	case last.status >= http.StatusBadRequest && c.OK:
		return fault, fmt.Sprintf("%s: reports success: %s", last.line(), last.response)
	case last.status >= http.StatusBadRequest && last.status == surfaceError(s, last):
		return refused, ""
	case last.status >= http.StatusBadRequest:
		return fault, fmt.Sprintf("%s %s: %s", last.line(), last.request, last.response)
	case !c.OK:
		return fault, last.line() + ": " + c.Error
	}
	return c.judgeResult(last)
}

// judgeResult compares the result of a successful call with the response.
func (c *call) judgeResult(last exchange) (verdict, string) {
	op := last.operation()
	if len(last.response) == 0 || op == nil || op.NoContent || op.Method != http.MethodGet {
		return passes, ""
	}
	if string(c.Result) == "null" {
		return fault, last.line() + ": returns nothing"
	}
	var got, want any
	if json.Unmarshal(c.Result, &got) != nil || json.Unmarshal(last.response, &want) != nil {
		return fault, last.line() + ": not JSON"
	}
	if c.Typed {
		return judgeMembers(last, got, want)
	}
	for _, candidate := range []any{want, onlyMember(want)} {
		if reflect.DeepEqual(got, candidate) || reflect.DeepEqual(member(got, "body"), candidate) {
			return passes, ""
		}
	}
	return fault, last.line() + ": returns something else than the response"
}

// judgeMembers compares the members of a client's own type that identify the result with those of
// the response, or of an object in it.
func judgeMembers(last exchange, got, want any) (verdict, string) {
	candidates := []any{want}
	if object, ok := want.(map[string]any); ok {
		candidates = slices.AppendSeq(candidates, maps.Values(object))
	}
	for _, name := range []string{"id", "name", "uri", "total", "offset"} {
		result := member(got, name)
		found := slices.ContainsFunc(candidates, func(c any) bool { return member(c, name) == result })
		if result != nil && !found {
			return fault, fmt.Sprintf("%s: returns %q %v", last.line(), name, result)
		}
	}
	return passes, ""
}

// onlyMember returns the value of an object's only member.
func onlyMember(value any) any {
	if object, ok := value.(map[string]any); ok && len(object) == 1 {
		for _, value := range object {
			return value
		}
	}
	return value
}

func member(value any, name string) any {
	object, _ := value.(map[string]any)
	return object[name]
}

// last returns the last request of a call.
func (c *call) last() (exchange, bool) {
	if len(c.exchanges) == 0 {
		return exchange{}, false
	}
	return c.exchanges[len(c.exchanges)-1], true
}

func (e exchange) line() string {
	path := strings.TrimPrefix(e.path, "/v1")
	if e.query != "" {
		path += "?" + e.query
	}
	return fmt.Sprintf("%s %s: %d", e.method, path, e.status)
}

// operation returns the operation of a request, nil if the Web API has none.
func (e exchange) operation() *operations.Operation {
	path, ok := strings.CutPrefix(e.path, "/v1")
	if !ok {
		return nil
	}
	return operations.Lookup(e.method, path)
}

// surfaceError returns the status code that a surface has for a request of an operation that it
// lacks, 0 if it has the operation.
func surfaceError(s surface, e exchange) int {
	op := e.operation()
	if op == nil || s == extended {
		return 0
	}
	switch {
	case op.Access == operations.Legacy, op.Access == operations.ExtendedQuota && s == development:
		if op == operations.Recommendations || op == operations.GenreSeeds {
			return http.StatusNotFound
		}
		return http.StatusForbidden
	}
	return 0
}
