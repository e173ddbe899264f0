package conformance

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
)

// exception is a place where Spotify differs from the definition, and the library follows Spotify.
type exception struct {
	// operations are names, separated by spaces; "*" is all of them.
	operations string
	// place and what are those of a finding. "**" in a place matches anything.
	place, what string
	// why is the evidence, for the reader.
	why string
}

func (e exception) covers(f finding) bool {
	if e.what != f.what || e.operations != "*" && !slices.Contains(strings.Fields(e.operations), f.operation) {
		return false
	}
	return matches(strings.Split(e.place, "**"), f.place)
}

// matches reports whether a place consists of these parts in this order, with anything between
// them.
func matches(parts []string, place string) bool {
	rest, ok := strings.CutPrefix(place, parts[0])
	if !ok || len(parts) == 1 {
		return ok && rest == ""
	}
	for _, part := range parts[1 : len(parts)-1] {
		if _, rest, ok = strings.Cut(rest, part); !ok {
			return false
		}
	}
	return strings.HasSuffix(rest, parts[len(parts)-1])
}

// exceptionList separates findings that an exception covers from the others. It is safe for
// concurrent use.
type exceptionList struct {
	exceptions []exception

	mu    sync.Mutex
	used  map[int]int
	wrong map[finding]int
}

func newExceptionList(exceptions ...[]exception) *exceptionList {
	return &exceptionList{exceptions: slices.Concat(exceptions...), used: map[int]int{}, wrong: map[finding]int{}}
}

// enter adds findings, and returns how many no exception covers.
func (l *exceptionList) enter(all ...finding) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, f := range all {
		i := slices.IndexFunc(l.exceptions, func(e exception) bool { return e.covers(f) })
		if i < 0 {
			l.wrong[f]++
			n++
		} else {
			l.used[i]++
		}
	}
	return n
}

// excused returns how many findings the exceptions cover.
func (l *exceptionList) excused() int {
	n := 0
	for _, times := range l.used {
		n += times
	}
	return n
}

// settle fails the test for every finding without an exception and every exception without a
// finding.
func (l *exceptionList) settle(t *testing.T) {
	t.Helper()
	for _, f := range slices.SortedFunc(
		maps.Keys(l.wrong),
		func(a, b finding) int { return strings.Compare(a.String(), b.String()) },
	) {
		t.Errorf("%v, %d times", f, l.wrong[f])
	}
	for _, i := range l.unused() {
		e := l.exceptions[i]
		t.Errorf(
			"no finding matches this exception any more; remove it: %s: %s: %s (%s)",
			e.operations,
			e.place,
			e.what,
			e.why,
		)
	}
}

// unused returns the indices of exceptions that have covered nothing.
func (l *exceptionList) unused() []int {
	var all []int
	for i := range l.exceptions {
		if l.used[i] == 0 {
			all = append(all, i)
		}
	}
	return all
}
