package resources

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/seed-2147f1a9/spotify/internal/redact"
)

// checkExpected returns an error that is ErrUnexpected if out, which data was decoded into, is still
// empty and data is an object with none of the members that out's type has: an empty album is not
// what a caller asked for. An empty result with a known member ({"items": []}) is one.
func checkExpected(data []byte, out any) error {
	result := reflect.ValueOf(out).Elem()
	if result.Kind() != reflect.Struct || !result.IsZero() || !bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		return nil
	}
	var members map[string]json.RawMessage
	if !json.Valid(data) { // lenient decoding has taken it all the same
		return nil
	}
	if err := json.Unmarshal(data, &members); err != nil {
		return err
	}
	known := memberNames(result.Type())
	for name := range members {
		if slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(k, name) }) {
			return nil
		}
	}
	return fmt.Errorf("%w: an object with the members [%s]", ErrUnexpected, redact.Text(strings.Join(slices.Sorted(maps.Keys(members)), " "), 200))
}

// memberNames returns the names of the JSON members that a struct has, those of embedded structs included.
func memberNames(t reflect.Type) []string {
	var names []string
	for _, field := range reflect.VisibleFields(t) {
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" && name != "-" {
			names = append(names, name)
		}
	}
	return names
}
