// Package argument has the error that every package of the library returns for invalid input: it
// names the argument, the value that was given and the values that are allowed.
package argument

import (
	"errors"
	"fmt"
	"strconv"
)

// ErrInvalid is matched by every Error with errors.Is; the packages re-export it as
// ErrInvalidArgument.
var ErrInvalid = errors.New("invalid argument")

// Error reports an invalid argument. Nothing was sent.
type Error struct {
	// Name is the argument, parameter or configuration field, as the caller spells it.
	Name string
	// Given is the value, printable; for a secret it only says what is wrong with the value.
	Given string
	// Allowed describes the values that are accepted.
	Allowed string
	// Also is a further sentinel that the error matches; nil for none.
	Also error
}

// Errorf returns an Error; given is printed with %q if it is a string and with %v otherwise.
func Errorf(name string, given any, allowed string, args ...any) *Error {
	text := fmt.Sprint(given)
	if s, ok := given.(string); ok {
		text = quote(s)
	}
	return &Error{Name: name, Given: text, Allowed: fmt.Sprintf(allowed, args...)}
}

// Secret returns an Error about a value that must not be printed; what describes it ("empty", "has
// a line break").
func Secret(name, what, allowed string) *Error {
	return &Error{Name: name, Given: what, Allowed: allowed}
}

// Because adds a sentinel that the error matches besides ErrInvalid, and returns e.
func (e *Error) Because(sentinel error) *Error {
	e.Also = sentinel
	return e
}

func (e *Error) Error() string {
	return fmt.Sprintf("invalid argument %s: given %s, allowed: %s", e.Name, e.Given, e.Allowed)
}

// Unwrap returns ErrInvalid and the sentinel of Because.
func (e *Error) Unwrap() []error {
	if e.Also == nil {
		return []error{ErrInvalid}
	}
	return []error{ErrInvalid, e.Also}
}

// IsTransient returns false: the same argument would be refused again.
func (e *Error) IsTransient() bool { return false }

// longest is the number of characters of a given value that an error prints: enough for a link.
const longest = 320

func quote(s string) string {
	if len(s) <= longest {
		if quoted := strconv.Quote(s); len(quoted) <= longest {
			return quoted
		}
	}
	return fmt.Sprintf("%q… (%d bytes)", s[:min(len(s), longest/4)], len(s))
}
