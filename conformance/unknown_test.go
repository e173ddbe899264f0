package conformance

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/resources"
	"github.com/seed-2147f1a9/spotify/transport"
)

// withUnknown adds a member that no model knows to every object of a JSON text.
func withUnknown(text []byte) []byte {
	return edited(
		text,
		func(object map[string]any) { object[unheardOf] = map[string]any{"id": 1, "items": []any{"x", false}} },
	)
}

// edited returns a JSON text with every object changed, the inner ones first.
func edited(text []byte, change func(object map[string]any)) []byte {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) != nil {
		return text // of a command, which has no meaning
	}
	edit(v, change)
	changed, err := json.Marshal(v)
	if err != nil {
		return text
	}
	return changed
}

func edit(v any, change func(object map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		for _, inner := range v {
			edit(inner, change)
		}
		change(v)
	case []any:
		for _, inner := range v {
			edit(inner, change)
		}
	}
}

// TestFaultsUnknownMembers: an unknown member in every object of every operation's response
// changes no value that a method returns. Capture has the response as received, and Do decodes it
// into Raw.
func TestFaultsUnknownMembers(t *testing.T) {
	for _, kind := range fakes {
		t.Run(kind.name, func(t *testing.T) {
			shared := fake(t, kind.option)
			compared, seen := map[string]bool{}, map[string]bool{}
			var requests []kept
			for _, c := range calls {
				k := &keeper{fake: shared, change: withUnknown}
				var captured transport.Captured
				ctx := transport.WithCall(t.Context(), &transport.Call{Capture: &captured})
				got, err := c.do(ctx, services(t, k, kind.name != development), false)
				if err != nil {
					if !refusedByTable(k.all, kind.access) {
						t.Errorf("%s: %v", c.method, err)
					}
					continue
				}
				responses := succeeded(k.all)
				requests = append(requests, responses...)
				for _, r := range compareValues(t, c.method, got, responses) {
					compared[r.op.Name] = true
				}
				if len(responses) == 1 && captured.Status > 0 {
					if want := withUnknown(responses[0].body); len(responses[0].body) > 0 && !bytes.Equal(captured.Body, want) {
						t.Errorf("%s: captured %s, want %s", c.method, captured.Body, want)
					}
					seen[responses[0].op.Name] = true
				}
			}
			for _, r := range requests {
				if r.req.Method == http.MethodGet {
					seen[r.op.Name] = doRaw(t, &keeper{fake: shared, change: withUnknown}, r) || seen[r.op.Name]
				}
			}
			for _, op := range operations.All() {
				if !op.NoContent && kind.access(op.Access) && (!compared[op.Name] || !seen[op.Name]) {
					t.Errorf(
						"%s: values were compared: %v, the response as it came was seen: %v",
						op.Name,
						compared[op.Name],
						seen[op.Name],
					)
				}
			}
		})
	}
}

// doRaw resends a request with Do and compares the decoded Raw with the response. It reports
// whether there was one.
func doRaw(t *testing.T, k *keeper, r kept) bool {
	t.Helper()
	var raw resources.Raw
	err := services(
		t,
		k,
		true,
	).Do(t.Context(), r.req.Method, strings.TrimPrefix(r.req.URL.EscapedPath(), "/v1"), r.req.URL.Query(), nil, &raw)
	if err != nil {
		t.Errorf("%s: %v", r.op.Name, err)
		return false
	}
	body := k.all[len(k.all)-1].body
	if len(body) == 0 { // nothing is playing
		return false
	}
	if want := withUnknown(body); !bytes.Equal(raw, want) {
		t.Errorf("%s: Do decoded %s, want %s", r.op.Name, raw, want)
	}
	return true
}
