package conformance

import (
	"maps"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// flattenAll flattens every schema of a definition in place: each object lists all of its members
// and allows no others. The definition's "additionalProperties" is ignored: it stands for members
// that nobody wrote down, and the tests report those.
func flattenAll(doc *openapi3.T) error {
	done := map[*openapi3.Schema]bool{}
	if err := doc.WalkSchemas(
		func(_ string, s *openapi3.SchemaRef) error { flatten(s.Value, done); return nil },
	); err != nil {
		return err
	}
	for s := range done {
		discriminate(s)
	}
	return nil
}

func flatten(s *openapi3.Schema, done map[*openapi3.Schema]bool) {
	if done[s] {
		return
	}
	done[s] = true
	parts := s.AllOf
	s.AllOf = nil
	s.Properties = maps.Clone(s.Properties)
	for _, part := range parts {
		flatten(part.Value, done)
		fold(s, part.Value)
	}
	if len(s.Properties) > 0 {
		no := false
		s.AdditionalProperties = openapi3.AdditionalProperties{Has: &no}
	}
}

// fold adds to a schema another one of its allOf.
func fold(s, also *openapi3.Schema) {
	if s.Properties == nil {
		s.Properties = openapi3.Schemas{}
	}
	maps.Copy(s.Properties, also.Properties)
	s.Required = append(slices.Clone(s.Required), also.Required...)
	s.OneOf = append(s.OneOf, also.OneOf...)
	s.Nullable = s.Nullable || also.Nullable
	if also.Type != nil {
		s.Type, s.Format, s.Enum, s.Items, s.Min, s.Max = also.Type, also.Format, also.Enum, also.Items, also.Min, also.Max
	}
}

// discriminate maps each kind of a union to its schema, so that an error names the member and not
// "none of them fits".
func discriminate(s *openapi3.Schema) {
	if s.Discriminator == nil {
		return
	}
	s.Discriminator.Mapping = map[string]openapi3.MappingRef{}
	for _, choice := range s.OneOf {
		for _, kind := range choice.Value.Properties[s.Discriminator.PropertyName].Value.Enum {
			s.Discriminator.Mapping[kind.(string)] = openapi3.MappingRef{Ref: choice.Ref}
		}
	}
}
