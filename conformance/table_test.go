package conformance

// table_test.go holds what the table of operations says of each to the definition: what it is called, its scopes, its greatest page, how many things it takes, who may call it.

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// entry returns where an entry of the table goes against the definition.
func (d *definition) entry(op operations.Operation) []finding {
	route := d.byName[op.Name]
	if route == nil || route.Method != op.Method || route.Path != op.Path {
		return []finding{{op.Name, "table", "undeclared", op.Method + " " + op.Path}}
	}
	var all []finding
	differ := func(place string, got, want any) {
		if fmt.Sprint(got) != fmt.Sprint(want) {
			all = append(all, finding{op.Name, "table " + place, "differs", fmt.Sprintf("%v in the table, %v in the definition", got, want)})
		}
	}
	differ("scopes", slices.Sorted(slices.Values(op.Scopes)), scopesOf(route.Operation))
	most := op.MaxLimit
	if op.DevelopmentMaxLimit > 0 {
		most = op.DevelopmentMaxLimit
	}
	differ("limit", most, mostOf(route.Operation))
	differ("items", op.MaxItems, itemsOf(route.Operation))
	differ("access", op.Access == operations.ExtendedQuota || op.Access == operations.Legacy, route.Operation.Deprecated)
	return all
}

func scopesOf(op *openapi3.Operation) []string {
	scopes := []string{}
	if op.Security != nil {
		for _, one := range *op.Security {
			for _, names := range one {
				scopes = append(scopes, names...)
			}
		}
	}
	slices.Sort(scopes)
	return scopes
}

// mostOf is the greatest page, zero where there are none.
func mostOf(op *openapi3.Operation) int {
	if p := op.Parameters.GetByInAndName(openapi3.ParameterInQuery, "limit"); p != nil && p.Schema.Value.Max != nil {
		return int(*p.Schema.Value.Max)
	}
	return 0
}

var mostItems = regexp.MustCompile(`(?i)(?:maximum(?: of|:)?|up to)\s+(\d+)`)

// itemsOf is how many ids or URIs it takes, which descriptions tell and schemas do not.
func itemsOf(op *openapi3.Operation) int {
	var texts []string
	for _, p := range op.Parameters {
		if p.Value.Name == "ids" || p.Value.Name == "uris" {
			texts = append(texts, p.Value.Description, p.Value.Schema.Value.Description)
		}
	}
	if op.RequestBody != nil {
		if media := op.RequestBody.Value.Content.Get("application/json"); media != nil {
			for _, member := range []string{"ids", "uris", "items", "tracks"} {
				if s := media.Schema.Value.Properties[member]; s != nil {
					texts = append(texts, s.Value.Description)
				}
			}
		}
	}
	if found := mostItems.FindStringSubmatch(strings.Join(texts, "\n")); found != nil {
		n, _ := strconv.Atoi(found[1]) // digits
		return n
	}
	return 0
}
