package conformance

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
)

// coverage counts the calls of each operation, and of each of its parameters: "query limit", "body
// /uris".
type coverage map[string]map[string]int

const total = ""

func (c coverage) add(sent []sentRequest) {
	for _, s := range sent {
		if s.route == nil {
			continue
		}
		name := s.route.Operation.OperationID
		if c[name] == nil {
			c[name] = map[string]int{}
		}
		c[name][total]++
		for parameter := range s.req.URL.Query() {
			c[name]["query "+parameter]++
		}
		var body map[string]any
		if json.Unmarshal(s.body, &body) == nil {
			for member := range body {
				c[name]["body /"+member]++
			}
		}
	}
}

func (c coverage) requests() int {
	n := 0
	for _, with := range c {
		n += with[total]
	}
	return n
}

// unsent returns the query parameters and body members of an operation that no request had, or
// nothing if the operation was not called.
func (c coverage) unsent(route *routers.Route) []finding {
	if route == nil || c[route.Operation.OperationID] == nil {
		return nil
	}
	var places []string
	for _, p := range route.Operation.Parameters {
		if p.Value.In == openapi3.ParameterInQuery {
			places = append(places, "query "+p.Value.Name)
		}
	}
	if b := route.Operation.RequestBody; b != nil {
		if media := b.Value.Content.Get("application/json"); media != nil {
			for _, member := range slices.Sorted(maps.Keys(media.Schema.Value.Properties)) {
				places = append(places, "body /"+member)
			}
		}
	}
	var all []finding
	for _, place := range places {
		if c[route.Operation.OperationID][place] == 0 {
			all = append(all, finding{route.Operation.OperationID, place, "unsent", "no method sends it"})
		}
	}
	return all
}
