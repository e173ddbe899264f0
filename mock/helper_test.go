package mock

// helper_test.go holds what the tests of this package share.

import (
	"fmt"
	"strings"
	"testing"
)

// tattler is a test that writes down its failures instead of failing.
type failures struct {
	testing.TB
	errors   []string
	cleanups []func()
}

func (t *failures) Helper()          {}
func (t *failures) Cleanup(f func()) { t.cleanups = append(t.cleanups, f) }
func (t *failures) Errorf(f string, args ...any) {
	t.errors = append(t.errors, fmt.Sprintf(f, args...))
}
func (t *failures) Fatalf(f string, args ...any) { t.Errorf(f, args...) }
func (t *failures) said() string                 { return strings.Join(t.errors, "\n") }
