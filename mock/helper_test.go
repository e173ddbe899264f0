package mock

// helper_test.go holds what the tests of this package share.

import (
	"fmt"
	"strings"
	"testing"
)

// tattler is a test that writes down its failures instead of failing.
type tattler struct {
	testing.TB
	errors   []string
	cleanups []func()
}

func (t *tattler) Helper()                      {}
func (t *tattler) Cleanup(f func())             { t.cleanups = append(t.cleanups, f) }
func (t *tattler) Errorf(f string, args ...any) { t.errors = append(t.errors, fmt.Sprintf(f, args...)) }
func (t *tattler) Fatalf(f string, args ...any) { t.Errorf(f, args...) }
func (t *tattler) said() string                 { return strings.Join(t.errors, "\n") }
