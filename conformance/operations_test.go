package conformance

import (
	"testing"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// TestOperations compares the table of operations with the definition, calls every method, and
// compares the requests with the definition.
func TestOperations(t *testing.T) {
	d := load(t)
	all := operations.All()
	declared := 0
	book := newExceptionList(requestExceptions)
	for _, op := range all {
		if book.enter(d.entry(op)...) == 0 {
			declared++
		}
	}
	if len(all) != len(d.byName) {
		t.Errorf("there are %d operations in the table, %d in the definition", len(all), len(d.byName))
	}
	seen := coverage{}
	off := 0
	for surface, quota := range map[string]bool{extended: true, development: false} {
		for _, full := range []bool{true, false} {
			for _, c := range calls {
				end := &sender{definition: d, style: style{name: "full"}}
				if _, err := c.do(t.Context(), services(t, end, quota), full); err != nil {
					t.Errorf("%s (full: %v): %v", c.method, full, err)
				}
				for i := range end.findings {
					end.findings[i].place = surface + ": " + end.findings[i].place
				}
				off += book.enter(end.findings...)
				seen.add(end.sent)
			}
		}
	}
	for _, op := range all {
		if seen[op.Name] == nil {
			t.Errorf("no method calls %s %s (%s)", op.Method, op.Path, op.Name)
		}
		book.enter(seen.unsent(d.byName[op.Name])...)
	}
	book.settle(t)
	t.Logf(
		"%d of %d operations declared, %d called, %d requests off the definition",
		declared,
		len(d.byName),
		len(seen),
		off,
	)
	t.Logf("%d requests; %d differences excused by %d exceptions", seen.requests(), book.excused(), len(requestExceptions))
}
