package conformance

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

// comparison counts the values of a JSON document that a Go value has too, and names the lost ones.
type comparison struct {
	compared int
	lost     []loss
}

// loss is a member that the Go value lacks.
type loss struct {
	// member is the Go type and the JSON name, "Album.label"; place is its path in the document.
	member, place, detail string
}

// value compares a value of the document with the Go value decoded from it. Null is never lost.
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
	if got.Kind() != reflect.Struct { // an object with one member, which the method returns
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

// list compares lists. A list of plain values leaves null elements out; a list of pointers keeps
// them as nil.
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

// unfold follows pointers, interfaces and unions such as Playable. It returns the zero Value for
// nil.
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
	case resources.Actions: // the definition omits this level
		return reflect.ValueOf(it.Disallows)
	}
	return v
}

// formerly has the members with two names: the definition declares both, Spotify sends one, the
// model has one.
var formerly = map[string]string{
	"Playlist.tracks":           "items",
	"SimplifiedPlaylist.tracks": "items",
	"PlaylistItem.track":        "item",
}

// plain returns a Go value in its JSON form.
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

// number returns a JSON number in the form that plain returns.
func number(v any) any {
	switch n := v.(type) {
	case int64:
		return float64(n)
	case json.Number:
		f, _ := n.Float64() // exact: n is a whole number
		return f
	}
	return v
}

// fieldOf returns the field for a JSON member, also one of an embedded struct.
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
