package conformance

// values_test.go decodes with encoding/json what the services decode: the fake's response to every
// operation that returns something, on both surfaces.

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"reflect"
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
}

// keeper keeps the responses of a fake.
type keeper struct {
	fake http.RoundTripper
	// add changes the bodies of successful responses before the services see them; nil is none.
	add func([]byte) []byte
	mu  sync.Mutex
	all []kept
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
	op := operations.Lookup(req.Method, strings.TrimPrefix(req.URL.EscapedPath(), "/v1"))
	if op == nil {
		return nil, fmt.Errorf("%s %s is no operation", req.Method, req.URL.Path)
	}
	k.mu.Lock()
	k.all = append(k.all, kept{op, req, resp.StatusCode, body})
	k.mu.Unlock()
	if k.add != nil && resp.StatusCode < 300 && len(body) > 0 {
		body = k.add(body)
		resp.ContentLength = int64(len(body))
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, err
}

// decoders decode what the API sent, apart from the services.
var decoders = map[string]func([]byte, any) error{"encoding/json": unmarshal, "Decode": resources.Decode}

func unmarshal(data []byte, out any) error { return json.Unmarshal(data, out) }

// encoders encode what a method returned. Version 2 of encoding/json encodes a nil list as null, as
// version 1 does, if it is asked to; else as an empty one.
var encoders = map[string]func(any) ([]byte, error){
	"encoding/json":    json.Marshal,
	"encoding/json/v2": func(v any) ([]byte, error) { return jsonv2.Marshal(v, jsonv2.FormatNilSliceAsNull(true)) },
}

// The fake's response to every operation that returns something, on every surface, decodes with
// encoding/json and with Decode to the value that the method returns: a model, a page or cursor
// page, the list or the truth values that it unwraps, the first item of an iterator. What is encoded
// decodes to the same, and has everything that was sent, null aside.
func TestFaultsK3EncodingJSON(t *testing.T) {
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
						for _, op := range compareValues(t, c.method, got, succeeded(k.all)) {
							compared[op]++
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

// refusedByTable reports whether an operation was refused that the table says an app may not call.
func refusedByTable(all []kept, access func(operations.Access) bool) bool {
	for _, r := range all {
		if r.status >= 400 && !access(r.op.Access) {
			return true
		}
	}
	return false
}

// unheardOfVersion reports whether a playlist was changed by a version that it never had, which is
// among the parameters if they are full.
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

// compareValues compares what a method returned with what the decoders make of the responses, and
// returns the operations of those.
func compareValues(t *testing.T, method string, got any, responses []kept) (compared []string) {
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
		compared = nil
		for _, r := range used {
			if len(r.body) > 0 { // else nothing is playing
				compared = append(compared, r.op.Name)
			}
		}
		comparePieces(t, method, got, used)
	}
	for name, encode := range encoders {
		text, err := encode(got)
		again := reflect.New(reflect.TypeOf(got))
		if err == nil {
			err = json.Unmarshal(text, again.Interface())
		}
		if err != nil || !reflect.DeepEqual(again.Elem().Interface(), got) {
			t.Errorf("%s: %+v\nwas encoded by %s and decoded to\n%+v, %v", method, got, name, again.Elem(), err)
		}
	}
	return compared
}

// equalValues compares values; a set of decoded things is compared without regard to their order.
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

// anyOrder are things that were fetched with one request each, several at a time.
type anyOrder []any

// decodedAs decodes responses into the type that a method returned, and returns the responses that
// the value was made of.
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
	if len(body) > 0 { // else nothing is playing
		err = decode(body, out.Interface())
	}
	return out.Elem().Interface(), responses, err
}

// resultOf returns the JSON of the result: the response, or its one member.
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
	if reflect.TypeOf(got).Kind() == reflect.String || len(used) != 1 || strings.Contains(method, ".All") {
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

// missing returns where a value or a list of a document is not in another.
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
				continue // flags that say again what the type says
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

// sameMoment reports whether both are times, and the same: 01:02:03.120Z is encoded as 01:02:03.12Z.
func sameMoment(a, b any) bool {
	first, second := fmt.Sprint(a), fmt.Sprint(b)
	when, err := time.Parse(time.RFC3339Nano, first)
	other, otherErr := time.Parse(time.RFC3339Nano, second)
	return err == nil && otherErr == nil && when.Equal(other)
}
