package conformance

// These tests decode with encoding/json the fake's response to every operation that returns
// something, for both kinds of apps.

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/resources"
)

// kept is a response of the fake.
type kept struct {
	op     *operations.Operation
	req    *http.Request
	status int
	body   []byte
	given  []byte // the response that the services got in its place
}

// keeper keeps the responses of a fake.
type keeper struct {
	fake http.RoundTripper
	// change changes the bodies of successful responses before the services see them; nil changes
	// nothing.
	change func([]byte) []byte
	mu     sync.Mutex
	all    []kept
}

func (k *keeper) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.Header.Set("Authorization", "Bearer token")
	resp, err := k.fake.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil {
		return nil, err
	}
	op := operations.Lookup(req.Method, strings.TrimPrefix(req.URL.EscapedPath(), "/v1"))
	if op == nil {
		return nil, fmt.Errorf("%s %s is no operation", req.Method, req.URL.Path)
	}
	given := body
	if k.change != nil && resp.StatusCode < 300 && len(body) > 0 {
		given = k.change(body)
		resp.ContentLength = int64(len(given))
	}
	k.mu.Lock()
	k.all = append(k.all, kept{op, req, resp.StatusCode, body, given})
	k.mu.Unlock()
	resp.Body = io.NopCloser(bytes.NewReader(given))
	return resp, nil
}

// decoders decode a response without the services.
var decoders = map[string]func([]byte, any) error{"encoding/json": unmarshal, "Decode": resources.Decode}

func unmarshal(data []byte, out any) error { return json.Unmarshal(data, out) }

// encoders encode a method's result. Version 2 of encoding/json encodes a nil list as an empty one,
// or with an option as null, as version 1 does.
var encoders = map[string]func(any) ([]byte, error){
	"encoding/json":    json.Marshal,
	"encoding/json/v2": func(v any) ([]byte, error) { return jsonv2.Marshal(v, jsonv2.FormatNilSliceAsNull(true)) },
}

// TestFaultsEncodingJSON: the fake's response to every operation that returns something, for
// every kind of app, decodes with encoding/json and with Decode to the value that the method
// returns: a model, a page or cursor page, an unwrapped list or booleans, the first item of an
// iterator. The encoded value decodes to the same value and has everything that was sent, except
// null.
func TestFaultsEncodingJSON(t *testing.T) {
	for _, kind := range fakes {
		t.Run(kind.name, func(t *testing.T) {
			compared := map[string]int{}
			for _, full := range []bool{true, false} {
				for _, quota := range []bool{true, false} {
					shared := fake(t, kind.option)
					for _, c := range calls {
						k := &keeper{fake: shared}
						got, err := c.do(t.Context(), services(t, k, quota), full)
						if err != nil {
							if !refusedByTable(k.all, kind.access) && !unheardOfVersion(err, full) {
								t.Errorf("%s: %v", c.method, err)
							}
							continue
						}
						used := compareValues(t, c.method, got, succeeded(k.all))
						comparePieces(t, c.method, got, used)
						for _, r := range used {
							compared[r.op.Name]++
						}
					}
				}
			}
			returning, values := 0, 0
			for _, op := range operations.All() {
				values += compared[op.Name]
				switch {
				case op.NoContent && compared[op.Name] > 0:
					t.Errorf("%s returns nothing, and a value of it was compared", op.Name)
				case op.NoContent || !kind.access(op.Access):
				case compared[op.Name] == 0:
					t.Errorf("%s: no method's value was compared with encoding/json", op.Name)
				default:
					returning++
				}
			}
			t.Logf("%d operations that return something, %d values", returning, values)
		})
	}
}

// refusedByTable reports whether an operation was refused that the app may not call by the table.
func refusedByTable(all []kept, access func(operations.Access) bool) bool {
	for _, r := range all {
		if r.status >= 400 && !access(r.op.Access) {
			return true
		}
	}
	return false
}

// unheardOfVersion reports whether a playlist was changed with a snapshot id that it never had,
// which is among the full parameters.
func unheardOfVersion(err error, full bool) bool {
	return full && strings.Contains(err.Error(), "Invalid snapshot id")
}

// succeeded returns the responses that have a result.
func succeeded(all []kept) (found []kept) {
	for _, r := range all {
		if r.status < 300 && !r.op.NoContent {
			found = append(found, r)
		}
	}
	return found
}

// compareValues compares a method's result with the decoders' values, and returns the responses
// that the result was decoded from.
func compareValues(t *testing.T, method string, got any, responses []kept) (compared []kept) {
	t.Helper()
	if got == nil {
		for _, r := range responses {
			if items := itemsIn(r.body); string(items) != "[]" {
				t.Errorf("%s returned nothing of %s", method, r.body)
			}
		}
		return nil
	}
	if len(responses) == 0 {
		t.Errorf("%s returned %+v of no response", method, got)
		return nil
	}
	for name, decode := range decoders {
		want, used, err := decodedAs(method, reflect.TypeOf(got), responses, decode)
		if err != nil {
			t.Errorf("%s, with %s: %v", method, name, err)
			continue
		}
		if !equalValues(got, want) {
			t.Errorf("%s: %s\nis %+v\nwith %s %+v", method, used[0].body, got, name, want)
		}
		compared = slices.DeleteFunc(slices.Clone(used), func(r kept) bool { return len(r.body) == 0 }) // nothing is playing
	}
	for name, encode := range encoders {
		text, err := encode(got)
		again := reflect.New(reflect.TypeOf(got))
		if err == nil {
			err = json.Unmarshal(text, again.Interface())
		}
		if err != nil || !sameButEscapes(again.Elem(), reflect.ValueOf(got)) {
			t.Errorf("%s: %+v\nwas encoded by %s to %s, which is\n%+v, %v", method, got, name, text, again.Elem(), err)
		}
	}
	return compared
}

// sameButEscapes reports whether two values are equal except for escapes in raw JSON, in which
// encoders differ.
func sameButEscapes(a, b reflect.Value) bool {
	if a.Type() == reflect.TypeFor[resources.Raw]() {
		var first, second bytes.Buffer
		json.HTMLEscape(&first, a.Bytes())
		json.HTMLEscape(&second, b.Bytes())
		return bytes.Equal(first.Bytes(), second.Bytes())
	}
	switch a.Kind() {
	case reflect.Pointer:
		return a.IsNil() == b.IsNil() && (a.IsNil() || sameButEscapes(a.Elem(), b.Elem()))
	case reflect.Slice:
		if a.IsNil() != b.IsNil() || a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !sameButEscapes(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Struct:
		if a.Type() != reflect.TypeFor[time.Time]() {
			for i := range a.NumField() {
				if !sameButEscapes(a.Field(i), b.Field(i)) {
					return false
				}
			}
			return true
		}
	}
	return reflect.DeepEqual(a.Interface(), b.Interface())
}

// equalValues compares values; unordered lists are compared without regard to order.
func equalValues(got, want any) bool {
	unordered, ok := want.(anyOrder)
	if !ok {
		return reflect.DeepEqual(got, want)
	}
	list := reflect.ValueOf(got)
	if list.Len() != len(unordered) {
		return false
	}
	taken := map[int]bool{}
	for i := range list.Len() {
		found := false
		for j, thing := range unordered {
			if !found && !taken[j] && reflect.DeepEqual(list.Index(i).Interface(), thing) {
				taken[j], found = true, true
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// anyOrder are items that were fetched concurrently with one request each.
type anyOrder []any

// decodedAs decodes responses into the type of a method's result, and returns the responses that it
// has used.
func decodedAs(method string, t reflect.Type, responses []kept, decode func([]byte, any) error) (any, []kept, error) {
	first := responses[0]
	switch {
	case strings.Contains(method, ".All"):
		return firstItem(t, responses, decode)
	case t.Kind() == reflect.String: // a playlist's version
		var snapshot struct {
			ID string `json:"snapshot_id"`
		}
		err := decode(first.body, &snapshot)
		return snapshot.ID, responses[:1], err
	case t.Kind() == reflect.Bool: // whether the token's user follows a playlist: a list of one
		var truths []bool
		if err := decode(first.body, &truths); err != nil || len(truths) != 1 {
			return nil, nil, fmt.Errorf("%s: %w", first.body, err)
		}
		return truths[0], responses[:1], nil
	case t.Kind() == reflect.Slice && first.op.Member == "" && t.Elem().Kind() == reflect.Pointer:
		var things anyOrder
		for _, r := range responses {
			thing := reflect.New(t.Elem())
			if err := decode(r.body, thing.Interface()); err != nil {
				return nil, nil, err
			}
			things = append(things, thing.Elem().Interface())
		}
		return things, responses, nil
	case len(responses) != 1:
		return nil, nil, fmt.Errorf("%d responses", len(responses))
	}
	body, err := resultOf(first)
	if err != nil {
		return nil, nil, err
	}
	out := reflect.New(t)
	switch {
	case len(body) == 0: // nothing is playing
	case t.Kind() == reflect.Slice && (t.Elem().Kind() == reflect.Struct || t.Elem().Kind() == reflect.String):
		err = decodeWithoutNulls(t.Elem(), body, out.Elem(), decode)
	default:
		err = decode(body, out.Interface())
	}
	return out.Elem().Interface(), responses, err
}

// decodeWithoutNulls decodes the elements of a list that are not null; encoding/json would decode
// null to zero values.
func decodeWithoutNulls(elem reflect.Type, body []byte, list reflect.Value, decode func([]byte, any) error) error {
	all := reflect.New(reflect.SliceOf(reflect.PointerTo(elem)))
	if err := decode(body, all.Interface()); err != nil {
		return err
	}
	if all.Elem().IsNil() {
		return nil
	}
	list.Set(reflect.MakeSlice(list.Type(), 0, all.Elem().Len()))
	for _, element := range all.Elem().Seq2() {
		if !element.IsNil() {
			list.Set(reflect.Append(list, element.Elem()))
		}
	}
	return nil
}

// resultOf returns the JSON of the result: the response, or its only member.
func resultOf(r kept) ([]byte, error) {
	if r.op.Member == "" {
		return r.body, nil
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(r.body, &members); err != nil {
		return nil, err
	}
	if members[r.op.Member] == nil {
		return nil, fmt.Errorf("%s has no %q", r.body, r.op.Member)
	}
	return members[r.op.Member], nil
}

// firstItem decodes the first item of the first page.
func firstItem(t reflect.Type, responses []kept, decode func([]byte, any) error) (any, []kept, error) {
	first := responses[0]
	offset := func(r kept) int {
		n, _ := strconv.Atoi(r.req.URL.Query().Get("offset"))
		return n
	}
	for _, r := range responses {
		if offset(r) < offset(first) {
			first = r
		}
	}
	items := reflect.New(reflect.SliceOf(reflect.PointerTo(t)))
	if err := decode(itemsIn(first.body), items.Interface()); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", first.body, err)
	}
	for _, item := range items.Elem().Seq2() {
		if !item.IsNil() {
			return item.Elem().Interface(), []kept{first}, nil
		}
	}
	return nil, nil, errors.New("no items")
}

// itemsIn returns the items of the page in a response, which may be a level deep.
func itemsIn(body []byte) []byte {
	var members map[string]json.RawMessage
	if json.Unmarshal(body, &members) != nil {
		return nil
	}
	if items := members["items"]; items != nil {
		return items
	}
	for _, inner := range members {
		if items := itemsIn(inner); items != nil {
			return items
		}
	}
	return nil
}

// comparePieces looks for every value and every list of a response in the encoded value.
func comparePieces(t *testing.T, method string, got any, used []kept) {
	t.Helper()
	if len(used) != 1 || reflect.TypeOf(got).Kind() == reflect.String || strings.Contains(method, ".All") {
		return
	}
	body, err := resultOf(used[0])
	if err != nil || len(body) == 0 {
		return
	}
	text, err := json.Marshal(got)
	var sent, written any
	if err = errors.Join(err, json.Unmarshal(body, &sent), json.Unmarshal(text, &written)); err != nil {
		t.Errorf("%s: %v", method, err)
	}
	if truths, isList := sent.([]any); isList && reflect.TypeOf(got).Kind() == reflect.Bool {
		sent = truths[0]
	}
	for _, lost := range missing("", sent, written) {
		t.Errorf("%s: %s was sent and is not encoded", method, path.Clean("/"+lost))
	}
}

// missing returns the paths of values and lists that only the first document has.
func missing(at string, want, got any) (places []string) {
	switch want := want.(type) {
	case map[string]any:
		object, _ := got.(map[string]any)
		for name, value := range want {
			other, there := object[name]
			if former := map[string]string{"tracks": "items", "track": "item"}[name]; !there && former != "" {
				other = object[former]
			}
			if _, isFlag := value.(bool); isFlag && (name == "track" || name == "episode") {
				continue // flags that repeat the type
			}
			places = append(places, missing(at+"/"+name, value, other)...)
		}
	case []any:
		list, isList := got.([]any)
		if !isList || len(list) != len(want) {
			return []string{at}
		}
		for i := range want {
			places = append(places, missing(at+"/0", want[i], list[i])...)
		}
	case nil:
	default:
		if got != want && !sameMoment(got, want) {
			places = append(places, at)
		}
	}
	return places
}

// sameMoment reports whether both are times and equal: 01:02:03.120Z is encoded as 01:02:03.12Z.
func sameMoment(a, b any) bool {
	first, second := fmt.Sprint(a), fmt.Sprint(b)
	when, err := time.Parse(time.RFC3339Nano, first)
	other, otherErr := time.Parse(time.RFC3339Nano, second)
	return err == nil && otherErr == nil && when.Equal(other)
}
