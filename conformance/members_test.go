package conformance

import (
	"encoding/json"
	"maps"
	"slices"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
)

// members are the members that the fake has sent, by operation: a member that it never sends cannot
// be tested with it. It is safe for concurrent use.
type members struct {
	surface string
	mu      sync.Mutex
	sent    map[string]map[string]bool
}

// newMembers counts for apps with extended quota only: exceptions already list the members that
// other apps do not get.
func newMembers(surface string) *members {
	if surface != extended {
		return nil
	}
	return &members{surface: surface, sent: map[string]map[string]bool{}}
}

// add adds the members of a successful response.
func (m *members) add(route *routers.Route, body []byte) {
	_, schema := success(route.Operation)
	var response any
	if m == nil || schema == nil || json.Unmarshal(body, &response) != nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	name := route.Operation.OperationID
	if m.sent[name] == nil {
		m.sent[name] = map[string]bool{}
	}
	visit(schema, response, "", m.sent[name])
}

func visit(schema *openapi3.Schema, value any, at string, sent map[string]bool) {
	switch value := value.(type) {
	case map[string]any:
		for name, v := range value {
			if member := kindOf(schema, value).Properties[name]; member != nil && v != nil {
				sent[at+"/"+name] = true
				visit(member.Value, v, at+"/"+name, sent)
			}
		}
	case []any:
		for _, v := range value {
			visit(schema.Items.Value, v, at+"/*", sent)
		}
	}
}

// kindOf returns the schema of a union that an object belongs to.
func kindOf(schema *openapi3.Schema, value map[string]any) *openapi3.Schema {
	if schema.Discriminator == nil {
		return schema
	}
	kind, _ := value[schema.Discriminator.PropertyName].(string)
	want := schema.Discriminator.Mapping[kind].Ref
	for _, choice := range schema.OneOf {
		if choice.Ref == want {
			return choice.Value
		}
	}
	return schema
}

// unsent returns the members of an operation's response that the fake never sent. The members of an
// unsent object are not listed.
func (m *members) unsent(route *routers.Route) []finding {
	_, schema := success(route.Operation)
	if m == nil || schema == nil {
		return nil
	}
	name := route.Operation.OperationID
	var all []finding
	var look func(*openapi3.Schema, string)
	look = func(schema *openapi3.Schema, at string) {
		if schema.Items != nil {
			look(schema.Items.Value, at+"/*")
		}
		for _, choice := range schema.OneOf {
			look(choice.Value, at)
		}
		for _, member := range slices.Sorted(maps.Keys(schema.Properties)) {
			if place := at + "/" + member; m.sent[name][place] {
				look(schema.Properties[member].Value, place)
			} else {
				all = append(all, finding{name, m.surface + ": " + place, "unsent", "the fake never sends it"})
			}
		}
	}
	look(schema, "")
	return all
}
