package conformance

// compare_test.go looks for every value of a JSON document in what the library made of it.

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/seed-2147f1a9/spotify/resources"
)

// comparison counts the values that were found again, and names those that were not.
type comparison struct {
	compared int
	lost     []loss
}

// loss is a member that did not come through.
type loss struct {
	// member is the Go type and the JSON name, "Album.label"; place is where it stood.
	member, place, detail string
}

// value compares a value of the document, which stands at a place, with the Go value that came of it. Null is nothing that could be lost.
func (c *comparison) value(member, at string, want any, got reflect.Value) {
	if want == nil {
		return
	}
	got = unfold(got)
	if !got.IsValid() {
		c.lose(member, at, "it is not there")
		return
	}
	switch want := want.(type) {
	case map[string]any:
		c.object(at, want, got)
	case []any:
		c.list(member, at, want, got)
	default:
		c.compared++
		if have := plain(got); have != number(want) {
			c.lose(member, at, fmt.Sprintf("sent %v, got %v", want, have))
		}
	}
}

func (c *comparison) lose(member, at, detail string) {
	c.lost = append(c.lost, loss{member, at, detail})
}

// object compares the members of an object.
func (c *comparison) object(at string, want map[string]any, got reflect.Value) {
	if got.Kind() != reflect.Struct { // the answer's one member
		for name, v := range want {
			if name != unheardOf {
				c.value(name, at+"/"+name, v, got)
			}
		}
		return
	}
	for name, v := range want {
		if name == unheardOf || v == nil {
			continue
		}
		member := got.Type().Name() + "." + name
		if generic, _, ok := strings.Cut(got.Type().Name(), "["); ok {
			member = generic + "." + name
		}
		field, ok := fieldOf(got, cmp.Or(formerly[member], name))
		if !ok {
			c.lose(member, at+"/"+name, "there is no field for it")
			continue
		}
		c.value(member, at+"/"+name, v, field)
	}
}

// list compares lists. One of plain values has no room for null, so that what was null is left out of it; a list of pointers keeps its place.
func (c *comparison) list(member, at string, want []any, got reflect.Value) {
	if got.Kind() != reflect.Slice {
		c.lose(member, at, "it is no list")
		return
	}
	if got.Type().Elem().Kind() != reflect.Pointer {
		want = slices.DeleteFunc(slices.Clone(want), func(v any) bool { return v == nil })
	}
	if len(want) != got.Len() {
		c.lose(member, at, fmt.Sprintf("sent %d elements, got %d", len(want), got.Len()))
		return
	}
	for i, v := range want {
		c.value(member, fmt.Sprintf("%s/%d", at, i), v, got.Index(i))
	}
}

// unfold follows pointers and interfaces, and goes on to what stands in place of a choice; it returns the zero Value for nothing.
func unfold(v reflect.Value) reflect.Value {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if !v.IsValid() {
		return v
	}
	switch it := v.Interface().(type) {
	case resources.Playable:
		if it.Track != nil {
			return reflect.ValueOf(*it.Track)
		}
		return unfold(reflect.ValueOf(it.Episode))
	case resources.Actions: // the definition leaves a level out
		return reflect.ValueOf(it.Disallows)
	}
	return v
}

// formerly are members that go by two names: the definition has both, Spotify sends one, and the library has one.
var formerly = map[string]string{"Playlist.tracks": "items", "SimplifiedPlaylist.tracks": "items", "PlaylistItem.track": "item"}

// plain is a Go value in the words of JSON.
func plain(v reflect.Value) any {
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		return v.Interface().(time.Time).UTC().Format(time.RFC3339)
	case v.Kind() == reflect.String:
		return v.String()
	case v.Kind() == reflect.Bool:
		return v.Bool()
	case v.CanInt():
		return float64(v.Int())
	case v.CanFloat():
		return v.Float()
	}
	return v.Interface()
}

// number is a value of a document, in the same words.
func number(v any) any {
	switch n := v.(type) {
	case int64:
		return float64(n)
	case json.Number:
		f, _ := n.Float64() // it was made of a whole number
		return f
	}
	return v
}

// fieldOf finds the field that holds a JSON member, in embedded structs too.
func fieldOf(v reflect.Value, name string) (reflect.Value, bool) {
	t := v.Type()
	for i := range t.NumField() {
		tag, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if tag == name {
			return v.Field(i), true
		}
	}
	for i := range t.NumField() {
		if t.Field(i).Anonymous && t.Field(i).Type.Kind() == reflect.Struct {
			if found, ok := fieldOf(v.Field(i), name); ok {
				return found, true
			}
		}
	}
	return reflect.Value{}, false
}
