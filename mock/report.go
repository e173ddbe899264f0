package mock

import (
	"fmt"
	"sync"
	"testing"
)

// reporter reports to a test from any goroutine, and to nobody after the test: a request that
// outlives its test must not make the test binary panic.
type reporter struct {
	mu sync.Mutex
	t  testing.TB // nil outside tests and after the test
}

func newReporter(t testing.TB) *reporter {
	r := &reporter{t: t}
	if t != nil {
		t.Cleanup(func() {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.t = nil
		})
	}
	return r
}

func (r *reporter) helper() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.t != nil {
		r.t.Helper()
	}
}

// cleanup calls f at the end of the test.
func (r *reporter) cleanup(f func()) {
	r.mu.Lock()
	t := r.t
	r.mu.Unlock()
	if t != nil {
		t.Cleanup(f)
	}
}

// errorf marks the test as failed and continues.
func (r *reporter) errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.t != nil {
		r.t.Helper()
		r.t.Errorf(format, args...)
	}
}

// fatal ends the test, or panics without a test: the fake is used wrongly.
func (r *reporter) fatal(format string, args ...any) {
	r.mu.Lock()
	t := r.t
	r.mu.Unlock()
	if t == nil {
		panic(fmt.Sprintf(format, args...))
	}
	t.Helper()
	t.Fatalf(format, args...)
}
