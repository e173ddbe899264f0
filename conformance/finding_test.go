package conformance

import (
	"errors"
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

// terse keeps schemas and values out of the validator's errors.
var terse = []openapi3.SchemaValidationOption{openapi3.DisableSchemaErrorDetails()}

// finding is one difference from the definition.
type finding struct {
	// operation is its name in the API reference.
	operation string
	// place is the path: "query limit", "body /uris/*", "200 /items/*/track/id". A star is any
	// element of a list.
	place string
	// what is "undeclared", "missing", or the schema keyword that is violated: "nullable", "type",
	// "enum", "maximum".
	what string
	// detail is a text for the reader; it is not compared.
	detail string
}

func (f finding) String() string {
	return fmt.Sprintf("%s: %s: %s (%s)", f.operation, f.place, f.what, f.detail)
}

// findings splits a validator's error into findings. where is the prefix of a body's path: "body"
// or a status code.
func findings(operation, where string, err error) []finding {
	var many openapi3.MultiError
	var request *openapi3filter.RequestError
	var schema *openapi3.SchemaError
	var all []finding
	switch {
	case err == nil:
		return nil
	case errors.As(err, &schema) && !errors.As(err, &many):
		return append(all, fromSchema(operation, where, schema)...)
	}
	if errors.As(err, &request) && request.Parameter != nil {
		return append(
			all,
			finding{operation, request.Parameter.In + " " + request.Parameter.Name, word(request.Err), request.Error()},
		)
	}
	if errors.As(err, &many) {
		for _, one := range many {
			all = append(all, findings(operation, where, one)...)
		}
		return all
	}
	return append(all, finding{operation, where, "invalid", err.Error()})
}

// fromSchema returns the differences from a schema, or from the alternatives of a union.
func fromSchema(operation, where string, err *openapi3.SchemaError) []finding {
	var inner openapi3.MultiError
	if err.Origin != nil && errors.As(errors.Unwrap(err.Origin), &inner) {
		return findings(operation, where, inner)
	}
	path := err.JSONPointer()
	if _, member, ok := strings.Cut(err.Reason, `property "`); ok &&
		err.SchemaField == "properties" { // the path is that of the object
		member, _, _ = strings.Cut(member, `"`)
		path = append(path, member)
	}
	return []finding{{operation, where + " " + pointer(path), word(err), err.Reason}}
}

// word returns the violated keyword.
func word(err error) string {
	var schema *openapi3.SchemaError
	switch {
	case errors.Is(err, openapi3filter.ErrInvalidRequired):
		return "missing"
	case !errors.As(err, &schema):
		return "invalid"
	case schema.SchemaField == "properties":
		return "undeclared"
	case schema.SchemaField == "required":
		return "missing"
	}
	return schema.SchemaField
}

// pointer formats a path with a star for each index.
func pointer(path []string) string {
	var b strings.Builder
	for _, step := range path {
		if strings.Trim(step, "0123456789") == "" {
			step = "*"
		}
		b.WriteString("/" + step)
	}
	return b.String()
}
