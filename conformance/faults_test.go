package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/resources"
)

// keeper keeps the fake's responses.
type keeper struct {
	fake   http.RoundTripper
	routes definition
	bodies [][]byte
	op     string
}

func (k *keeper) RoundTrip(req *http.Request) (*http.Response, error) {
	if route, _ := k.routes.find(req); route != nil {
		k.op = route.Operation.OperationID
	}
	req = req.Clone(req.Context())
	req.Header.Set("Authorization", "Bearer token")
	resp, err := k.fake.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if resp.StatusCode < 300 && len(body) > 0 {
		k.bodies = append(k.bodies, body)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, err
}

// TestFaultsK3EncodingJSON decodes the fake's response to every operation, for every kind of app,
// with encoding/json and with Decode to the value that the method returns. The encoded value
// decodes to the same value and has everything that was sent.
func TestFaultsK3EncodingJSON(t *testing.T) {
	d := load(t)
	read := map[string]bool{}
	for _, kind := range fakes {
		for _, c := range calls {
			if strings.Contains(c.method, ".All") {
				continue // an iterator reads the pages that the method beside it reads
			}
			for _, full := range []bool{true, false} {
				k := &keeper{fake: fake(t, kind.option), routes: *d}
				got, err := c.do(t.Context(), services(t, k, true), full)
				value := reflect.ValueOf(got)
				if err != nil || len(k.bodies) != 1 || value.Kind() != reflect.Pointer || value.IsNil() ||
					value.Elem().Kind() != reflect.Struct {
					continue
				}
				body := k.bodies[0]
				for _, op := range operations.All() {
					var members map[string]json.RawMessage
					if op.Name == k.op && op.Member != "" && json.Unmarshal(body, &members) == nil {
						body = members[op.Member]
					}
				}
				decoded, own := reflect.New(value.Type().Elem()), reflect.New(value.Type().Elem())
				if err := errors.Join(
					json.Unmarshal(body, decoded.Interface()),
					resources.Decode(body, own.Interface()),
				); err != nil {
					t.Errorf("%s, %s: %v", kind.name, c.method, err)
				}
				if !reflect.DeepEqual(decoded.Interface(), got) || !reflect.DeepEqual(own.Interface(), got) {
					t.Errorf("%s, %s: %s\nis %+v\nwith encoding/json %+v", kind.name, c.method, body, got, decoded.Interface())
				}
				again := store(t, got)
				if !reflect.DeepEqual(again.Interface(), got) {
					t.Errorf("%s, %s: %+v was encoded and decoded to %+v", kind.name, c.method, got, again.Interface())
				}
				var sent any
				if err := json.Unmarshal(body, &sent); err != nil {
					t.Fatal(err)
				}
				text, _ := json.Marshal(got)
				var written any
				if err := json.Unmarshal(text, &written); err != nil {
					t.Fatal(err)
				}
				for _, lost := range missing("", sent, written) {
					t.Errorf("%s, %s: %s was sent and is not encoded", kind.name, c.method, lost)
				}
				read[k.op] = true
			}
		}
	}
	if len(read) < 40 {
		t.Errorf("only %d operations: %v", len(read), read)
	}
	t.Logf("%d operations", len(read))
}

// missing returns the paths of booleans and lists that only the first document has.
func missing(at string, want, got any) (places []string) {
	switch want := want.(type) {
	case map[string]any:
		object, _ := got.(map[string]any)
		for name, value := range want {
			other, there := object[name]
			if former := map[string]string{"tracks": "items", "track": "item"}[name]; !there && former != "" {
				other = object[former]
			}
			if _, isFlag := value.(bool); isFlag && (name == "track" || name == "episode") || strings.HasSuffix(at, "/actions") {
				continue // flags that repeat the type, and a level that the reference omits
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
	case bool:
		if got != want {
			places = append(places, at)
		}
	}
	return places
}
