package conformance

import (
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/resources"
)

// styles are the kinds of responses that every operation gets.
var styles = []style{
	{name: "full"},
	{name: "the other choice", second: true},
	{name: "the newer names", latter: true},
	{name: "the older names", former: true},
	{name: "only what is required", required: true},
	{name: "null values", nulls: true},
	{name: "null things", nulls: true, hollow: true},
	{name: "whole numbers as floats", floats: true},
	{name: "unheard-of members", unheard: true},
}

// decoding is the result of TestDecode.
type decoding struct {
	book                            *exceptionList
	responses, fields, stored, lost int
}

// TestDecode gives every method responses that the definition allows, and looks for each of their
// values in the result.
func TestDecode(t *testing.T) {
	d := load(t)
	found := &decoding{book: newExceptionList(unmodelled)}
	read := map[string]bool{}
	for _, style := range styles {
		clear(read)
		for _, c := range calls {
			if strings.Contains(c.method, ".All") {
				continue // an iterator reads the pages that the method beside it reads
			}
			end := &sender{definition: d, style: style}
			got, err := c.do(t.Context(), services(t, end, true), true)
			if errors.Is(err, resources.ErrUnexpected) && onlyEmpty(end.responses) {
				// the definition requires no member: an empty object has nothing to compare
				read[end.sent[0].route.Operation.OperationID] = true
				continue
			}
			if err != nil && !onlyMissing(err) {
				t.Errorf("%s, %s: %v", c.method, style.name, err)
				continue
			}
			op := end.sent[0].route.Operation.OperationID
			read[op] = len(end.responses) == 1
			if read[op] && end.responses[0] != nil {
				found.compare(
					t,
					finding{operation: op, place: c.method, what: "lost", detail: style.name},
					within(op, end.responses[0]),
					got,
				)
			}
		}
		for name := range d.byName {
			if !read[name] {
				t.Errorf("%s: no response of %s was decoded", style.name, name)
			}
		}
	}
	found.book.settle(t)
	t.Logf(
		"%d operations in %d styles: %d responses decoded, %s fields compared, %d lost",
		len(read),
		len(styles),
		found.responses,
		thousands(found.fields),
		found.lost,
	)
	t.Logf("encoded and decoded with encoding/json: %s fields compared", thousands(found.stored))
}

// compare looks for everything that was sent in a method's result, and in the result after encoding
// and decoding it.
func (d *decoding) compare(t *testing.T, f finding, want, got any) {
	t.Helper()
	var seen, again comparison
	seen.value(f.place, "", want, reflect.ValueOf(got))
	again.value(f.place, "", want, store(t, got))
	d.responses, d.fields, d.stored = d.responses+1, d.fields+seen.compared, d.stored+again.compared
	for _, l := range append(seen.lost, again.lost...) {
		d.lost += d.book.enter(finding{f.operation, l.member, f.what, f.detail + ": " + l.place + ": " + l.detail})
	}
}

// store encodes a result with encoding/json, as a program that keeps it does, and decodes it.
func store(t *testing.T, got any) reflect.Value {
	t.Helper()
	text, err := json.Marshal(got)
	again := reflect.New(reflect.TypeOf(got))
	if err == nil {
		err = json.Unmarshal(text, again.Interface())
	}
	if err != nil {
		t.Errorf("%T is not encoded: %v", got, err)
	}
	return again.Elem()
}

// within returns the only member of the response where the method returns just that member.
func within(name string, response any) any {
	for _, op := range operations.All() {
		if op.Name == name && op.Member != "" {
			return response.(map[string]any)[op.Member]
		}
	}
	return response
}

// onlyEmpty reports whether every response was an empty object.
func onlyEmpty(responses []any) bool {
	for _, a := range responses {
		if object, ok := a.(map[string]any); !ok || len(object) > 0 {
			return false
		}
	}
	return true
}

// onlyMissing reports whether the error only names null elements.
func onlyMissing(err error) bool {
	var many *resources.BatchError
	if !errors.As(err, &many) || many.Stopped != nil {
		return false
	}
	for _, f := range many.Items {
		if !errors.Is(f.Err, resources.ErrNotFound) {
			return false
		}
	}
	return true
}

// thousands formats a number with commas.
func thousands(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return thousands(n/1000) + "," + strconv.Itoa(1000 + n%1000)[1:]
}
