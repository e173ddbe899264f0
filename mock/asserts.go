package mock

import (
	"strings"
	"testing"
)

// Calls returns the requests that were sent, oldest first, including those that got an error.
// Method and path are the same as for On; an empty one matches all. A path that is neither in the
// API reference nor was ever sent fails the test, because it is misspelt.
func (tr *Transport) Calls(method, path string) []Call {
	tr.report.helper()
	calls, err := tr.find(method, path)
	if err != nil {
		tr.report.errorf("mock: Calls: %v", err)
	}
	return calls
}

func (tr *Transport) find(method, path string) ([]Call, error) {
	if method == "" || path == "" {
		return tr.recorder.all(func(c *Call) bool {
			p := unlisted(c.Method, path)
			return (method == "" || method == c.Method) && (path == "" || path == c.Route || p.matchesCall(c))
		}), nil
	}
	p, err := patternFor(method, path)
	calls := tr.recorder.all(p.matchesCall)
	if len(calls) > 0 || tr.rules.knows(&p) {
		err = nil
	}
	return calls, err
}

// AssertCalled fails t unless a call like "PUT /me/library" was sent. The path is as for On.
func (tr *Transport) AssertCalled(t testing.TB, call string) {
	t.Helper()
	if n, ok := tr.count(t, call); ok && n == 0 {
		t.Errorf("mock: %s was not called; what was: %s", call, tr.summary())
	}
}

// AssertNotCalled fails t if a call like "PUT /me/library" was sent.
func (tr *Transport) AssertNotCalled(t testing.TB, call string) {
	t.Helper()
	if n, ok := tr.count(t, call); ok && n != 0 {
		t.Errorf("mock: %s was called %d times, want none", call, n)
	}
}

// AssertCallCount fails t unless a call like "PUT /me/library" was sent n times, retries included.
func (tr *Transport) AssertCallCount(t testing.TB, call string, n int) {
	t.Helper()
	if got, ok := tr.count(t, call); ok && got != n {
		t.Errorf("mock: %s was called %d times, want %d", call, got, n)
	}
}

func (tr *Transport) count(t testing.TB, call string) (int, bool) {
	t.Helper()
	method, path, ok := strings.Cut(call, " ")
	if !ok || method == "" || path == "" {
		t.Errorf("mock: invalid call %q: want a method and a path such as \"GET /albums/{id}\"", call)
		return 0, false
	}
	calls, err := tr.find(method, path)
	if err != nil {
		t.Errorf("mock: %v", err)
		return 0, false
	}
	return len(calls), true
}

// AssertNothingUnexpected fails t if a request had no route. Such a request has already failed the
// test that New was given, so this is for other tests.
func (tr *Transport) AssertNothingUnexpected(t testing.TB) {
	t.Helper()
	if list := tr.Unexpected(); len(list) > 0 {
		t.Errorf("mock: unexpected requests: %s", strings.Join(list, ", "))
	}
}

// Unexpected returns the requests without a route, such as "GET /album/1", in the order of their
// arrival.
func (tr *Transport) Unexpected() []string {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	return append([]string(nil), tr.unexpected...)
}

// summary lists the calls, each once, in order.
func (tr *Transport) summary() string {
	var list []string
	seen := map[string]bool{}
	for _, c := range tr.recorder.all(func(*Call) bool { return true }) {
		what := c.Method + " " + c.Path
		if !seen[what] {
			seen[what] = true
			list = append(list, what)
		}
	}
	if len(list) == 0 {
		return "nothing"
	}
	return strings.Join(list, ", ")
}
