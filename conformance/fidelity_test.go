package conformance

import (
	"errors"
	"slices"
	"testing"

	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/resources"
)

// TestFidelity calls every method on every kind of fake, and then sends every request again with an
// error in it.
func TestFidelity(t *testing.T) {
	d := load(t)
	book := newExceptionList(responseExceptions)
	good, bad, off := 0, 0, 0
	for _, kind := range fakes {
		count, told := newTally(), newMembers(kind.name)
		sent := callAll(
			t,
			&checker{surface: kind.name, definition: d, fake: fake(t, kind.option), book: book, tally: count, members: told},
		)
		for _, m := range spoilings {
			tr := fake(t, append(m.options, kind.option)...)
			wrong := &checker{surface: kind.name, definition: d, fake: tr, book: book, tally: count, members: told}
			for _, s := range sent {
				again := s.again()
				if m.token != nil {
					again.req.Header.Set("Authorization", "Bearer "+m.token(t, tr))
				}
				if m.spoil != nil && !m.spoil(again) {
					continue
				}
				if _, err := wrong.ask(*again); err != nil {
					t.Errorf("%s: %s: %v", s.route.Operation.OperationID, m.name, err)
				}
			}
		}
		for _, op := range operations.All() {
			switch name := op.Name; {
			case kind.access(op.Access) && count.succeeded[name] == 0:
				t.Errorf("%s: %s never succeeds", kind.name, name)
			case count.failed[name] == 0:
				t.Errorf("%s: %s never fails", kind.name, name)
			}
			book.enter(told.unsent(d.byName[op.Name])...)
		}
		good, bad, off = good+sum(count.succeeded), bad+sum(count.failed), off+count.off
	}
	book.settle(t)
	t.Logf("%d operations on %d surfaces: %s responses, %s of them errors, %d off the definition",
		len(operations.All()), len(fakes), thousands(good+bad), thousands(bad), off)
	t.Logf("%s differences excused by %d exceptions", thousands(book.excused()), len(responseExceptions))
}

// callAll calls every method and returns the requests that were sent, without duplicates.
func callAll(t *testing.T, end *checker) []sentRequest {
	t.Helper()
	for _, full := range []bool{true, false} {
		for _, quota := range []bool{true, false} {
			for _, c := range calls {
				var unreadable *resources.ResponseError
				if _, err := c.do(t.Context(), services(t, end, quota), full); errors.As(err, &unreadable) {
					t.Errorf("%s: %v", c.method, err)
				}
			}
		}
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(end.sent, func(s sentRequest) bool {
		key := s.req.Method + " " + s.req.URL.String() + " " + string(s.body)
		again := seen[key]
		seen[key] = true
		return again
	})
}
