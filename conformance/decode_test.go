package conformance

// decode_test.go holds what the services read to the definition.

import (
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/resources"
)

// styles are the answers that every operation is given.
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

// TestDecode gives every method answers that the definition allows and looks for everything in them in what it returns.
func TestDecode(t *testing.T) {
	d := load(t)
	book := newLedger(unmodelled)
	fields, stored, answers, lost := 0, 0, 0, 0
	for _, style := range styles {
		for _, c := range calls {
			if strings.Contains(c.method, ".All") {
				continue // a walk reads the pages that the method beside it reads
			}
			end := &sender{definition: d, style: style}
			got, err := c.do(t.Context(), services(t, end, true), true)
			if err != nil && !onlyMissing(err) {
				t.Errorf("%s, %s: %v", c.method, style.name, err)
			}
			if len(end.answers) != 1 || end.answers[0] == nil {
				continue
			}
			op := end.sent[0].route.Operation.OperationID
			answers++
			var seen, again comparison
			want := within(op, end.answers[0])
			seen.value(c.method, "", want, reflect.ValueOf(got))
			again.value(c.method, "", want, store(t, got))
			fields += seen.compared
			stored += again.compared
			for _, l := range append(seen.lost, again.lost...) {
				lost += book.enter(finding{op, l.member, "lost", style.name + ": " + l.place + ": " + l.detail})
			}
		}
	}
	book.settle(t)
	report(t, "%d answers decoded, %s fields compared, %d lost", answers, thousands(fields), lost)
	report(t, "written with encoding/json and read again: %s fields compared", thousands(stored))
}

// store writes a result as a program would that keeps it, and reads it again.
func store(t *testing.T, got any) reflect.Value {
	t.Helper()
	text, err := json.Marshal(got)
	again := reflect.New(reflect.TypeOf(got))
	if err == nil {
		err = json.Unmarshal(text, again.Interface())
	}
	if err != nil {
		t.Errorf("%T cannot be kept as JSON: %v", got, err)
	}
	return again.Elem()
}

// within is what the answer's one member holds, where the operation says that it is all there is to it.
func within(name string, answer any) any {
	for _, op := range resources.Operations() {
		if op.Name == name && op.Member != "" {
			return answer.(map[string]any)[op.Member]
		}
	}
	return answer
}

// onlyMissing reports whether the error only names elements that were null.
func onlyMissing(err error) bool {
	var many *resources.ManyError
	if !errors.As(err, &many) || many.Stopped != nil {
		return false
	}
	for _, f := range many.Failures {
		if !errors.Is(f.Err, resources.ErrNotFound) {
			return false
		}
	}
	return true
}

// thousands writes a number with commas.
func thousands(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return thousands(n/1000) + "," + strconv.Itoa(1000 + n%1000)[1:]
}
