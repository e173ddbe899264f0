package conformance

// finding_test.go tells in comparable words where what was seen and the definition differ.

import (
	"errors"
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

// terse keeps errors from quoting schemas and values: the words here are our own.
var terse = []openapi3.SchemaValidationOption{openapi3.DisableSchemaErrorDetails()}

// finding is one difference.
type finding struct {
	// operation is its name in the API reference.
	operation string
	// place is where: "query limit", "body /uris/*", "200 /items/*/track/id". A star is any element of a list.
	place string
	// what is "undeclared", "missing", or the word of the schema that it goes against: "nullable", "type", "enum", "maximum".
	what string
	// detail is for people.
	detail string
}

func (f finding) String() string {
	return fmt.Sprintf("%s: %s: %s (%s)", f.operation, f.place, f.what, f.detail)
}

// findings takes a validator's error apart. where is what comes before the path of a body: "body", or a status.
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
		return append(all, finding{operation, request.Parameter.In + " " + request.Parameter.Name, word(request.Err), request.Error()})
	}
	if errors.As(err, &many) {
		for _, one := range many {
			all = append(all, findings(operation, where, one)...)
		}
		return all
	}
	return append(all, finding{operation, where, "invalid", err.Error()})
}

// fromSchema is a difference from a schema, or those that a choice between schemas met with.
func fromSchema(operation, where string, err *openapi3.SchemaError) []finding {
	var inner openapi3.MultiError
	if err.Origin != nil && errors.As(errors.Unwrap(err.Origin), &inner) {
		return findings(operation, where, inner)
	}
	path := err.JSONPointer()
	if _, member, ok := strings.Cut(err.Reason, `property "`); ok && err.SchemaField == "properties" { // the path is that of the object
		member, _, _ = strings.Cut(member, `"`)
		path = append(path, member)
	}
	return []finding{{operation, where + " " + pointer(path), word(err), err.Reason}}
}

// word names the rule that is broken.
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

// pointer writes a path with a star for each index.
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
