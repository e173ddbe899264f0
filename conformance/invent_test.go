package conformance

import (
	"encoding/json"
	"hash/fnv"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-2147f1a9/spotify/resources"
)

// unheardOf is a member name that no schema has.
const unheardOf = "something_new"

// style is the kind of JSON to invent.
type style struct {
	name string
	// required omits optional members.
	required bool
	// second takes the second alternative of a union: an episode where a track is possible.
	second bool
	// former omits the newer of a member's two names, latter the older one.
	former, latter bool
	// nulls puts null in place of nullable single values and lists, and as an element of lists of
	// objects.
	nulls bool
	// hollow puts null in place of nullable objects too.
	hollow bool
	// batch is for responses to several ids, page for values inside a page: Spotify sends null in
	// such lists for items that are gone.
	batch, page bool
	// floats writes whole numbers with a fraction of zero.
	floats bool
	// unheard adds an unknown member to every object.
	unheard bool
}

// invent makes up a value that a schema allows; at is its path. No value is zero and few repeat, so
// that a lost or swapped value shows.
func (s style) invent(schema *openapi3.Schema, at string) any {
	switch {
	case len(schema.OneOf) > 0:
		return s.invent(s.choose(schema.OneOf, at), at)
	case len(schema.Enum) > 0:
		return pick(schema.Enum, at)
	case schema.Type.Is("object") || len(schema.Properties) > 0:
		return s.object(schema, at)
	case schema.Type.Is("array"):
		list := []any{s.invent(schema.Items.Value, at+"/0"), s.invent(schema.Items.Value, at+"/1")}
		switch {
		case !s.nulls || !isItem(schema.Items.Value):
		case s.page && strings.HasSuffix(at, "/items"):
			list = append(list, nil)
		case s.batch && strings.Count(at, "/") == 1:
			list[1] = nil // as many elements as ids
		}
		return list
	case schema.Type.Is("boolean"):
		return true
	case schema.Type.Is("integer") && s.floats:
		return json.Number(strconv.FormatInt(integer(schema, at), 10) + ".0")
	case schema.Type.Is("integer"):
		return integer(schema, at)
	case schema.Type.Is("number"):
		return float64(1+hash(at)%996) / 1000
	case schema.Format == "date-time":
		return time.Unix(int64(1_000_000_000+hash(at)%500_000_000), 0).UTC().Format(time.RFC3339)
	}
	return at
}

// choose takes one alternative of a union. A list gets both.
func (s style) choose(choices openapi3.SchemaRefs, at string) *openapi3.Schema {
	i := 0
	if s.second != strings.HasSuffix(at, "/1") {
		i = 1
	}
	return choices[i%len(choices)].Value
}

func (s style) object(schema *openapi3.Schema, at string) map[string]any {
	made := map[string]any{}
	s.page = s.page || schema.Properties["items"] != nil && schema.Properties["limit"] != nil
	for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
		member := schema.Properties[name].Value
		switch {
		case s.leavesOut(schema, name):
		case s.nulls && mayBeNull(name, member) && (s.hollow || !isItem(member)):
			made[name] = nil
		case name == "next" || name == "previous": // a link of the API, which a client may follow
			made[name] = resources.DefaultBaseURL + at + "/" + name
		default:
			made[name] = s.invent(member, at+"/"+alias(name))
		}
	}
	if s.unheard {
		made[unheardOf] = map[string]any{"id": 1, "items": []any{"x"}}
	}
	return made
}

func (s style) leavesOut(schema *openapi3.Schema, name string) bool {
	newer, older := schema.Properties[former[name]] != nil, alias(name) != name && schema.Properties[alias(name)] != nil
	return s.required && !slices.Contains(schema.Required, name) || s.former && newer || s.latter && older
}

// former maps the newer names of a playlist's contents to the older ones.
var former = map[string]string{"items": "tracks", "item": "track"}

// alias copies a member to its other name, if the object has both.
func alias(name string) string {
	for latter, old := range former {
		if name == old {
			return latter
		}
	}
	return name
}

func isItem(schema *openapi3.Schema) bool {
	return len(schema.Properties) > 0 || len(schema.OneOf) > 0
}

// mayBeNull reports whether a member can be null: by the schema, by its description, or by
// observation.
func mayBeNull(name string, schema *openapi3.Schema) bool {
	return schema.Nullable || strings.Contains(schema.Description, "`null`") || slices.Contains(seenAsNull, name)
}

// seenAsNull are members that Spotify has sent as null against the schema.
var seenAsNull = []string{
	"added_at", "added_by", "album_type", "context", "cursors", "height", "href", "id", "images", "item",
	"progress_ms", "track", "uri", "volume_percent", "width",
}

// pick returns a value that is not zero.
func pick(from []any, at string) any {
	from = slices.DeleteFunc(slices.Clone(from), func(v any) bool { return v == 0.0 || v == "" })
	return from[hash(at)%uint64(len(from))]
}

func integer(schema *openapi3.Schema, at string) int64 {
	least, most := int64(1), int64(1_000_000)
	if schema.Min != nil && *schema.Min > 1 {
		least = int64(*schema.Min)
	}
	if schema.Max != nil {
		most = int64(*schema.Max)
	}
	return least + int64(hash(at)%uint64(most-least+1))
}

func hash(s string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(s + strconv.Itoa(len(s))))
	return h.Sum64() >> 1
}
