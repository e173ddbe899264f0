package conformance

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// entry returns the differences of a table's entry from the definition: name, scopes, page size,
// batch size and access.
func (d *definition) entry(op operations.Operation) []finding {
	route := d.byName[op.Name]
	if route == nil || route.Method != op.Method || route.Path != op.Path {
		return []finding{{op.Name, "table", "undeclared", op.Method + " " + op.Path}}
	}
	var all []finding
	differ := func(place string, got, want any) {
		if fmt.Sprint(got) != fmt.Sprint(want) {
			all = append(
				all,
				finding{op.Name, "table " + place, "differs", fmt.Sprintf("%v in the table, %v in the definition", got, want)},
			)
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

// mostOf returns the largest page size, or 0 if the operation does not paginate.
func mostOf(op *openapi3.Operation) int {
	if p := op.Parameters.GetByInAndName(openapi3.ParameterInQuery, "limit"); p != nil && p.Schema.Value.Max != nil {
		return int(*p.Schema.Value.Max)
	}
	return 0
}

var mostItems = regexp.MustCompile(`(?i)(?:maximum(?: of|:)?|up to)\s+(\d+)`)

// itemsOf returns how many ids or URIs the operation takes. Descriptions state it, schemas do not.
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
