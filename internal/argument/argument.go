// Package argument holds the one error that every package of the library returns for bad input,
// so that all of them name the argument, what was given and what is allowed in the same words.
package argument

import (
	"errors"
	"fmt"
	"strconv"
)

// ErrInvalid is what every Error matches with errors.Is; the packages re-export it as ErrInvalidArgument.
var ErrInvalid = errors.New("invalid argument")

// Error reports an argument that was refused before anything was sent.
type Error struct {
	// Name is the argument, parameter or configuration field, as the caller spells it.
	Name string
	// Given is what was passed, printable; for a secret it says only what is wrong with it.
	Given string
	// Allowed says what would have been accepted.
	Allowed string
	// Also is a further sentinel that the error matches, nil for none.
	Also error
}

// Errorf makes an Error; given is printed with %q if it is a string and with %v otherwise.
func Errorf(name string, given any, allowed string, args ...any) *Error {
	text := fmt.Sprint(given)
	if s, ok := given.(string); ok {
		text = quote(s)
	}
	return &Error{Name: name, Given: text, Allowed: fmt.Sprintf(allowed, args...)}
}

// Secret makes an Error about a value that must not be printed; what describes it ("empty", "has a line break").
func Secret(name, what, allowed string) *Error {
	return &Error{Name: name, Given: what, Allowed: allowed}
}

// Because adds a sentinel that errors.Is finds beside ErrInvalid, and returns e.
func (e *Error) Because(sentinel error) *Error {
	e.Also = sentinel
	return e
}

func (e *Error) Error() string {
	return fmt.Sprintf("invalid argument %s: given %s, allowed: %s", e.Name, e.Given, e.Allowed)
}

// Unwrap lets errors.Is find ErrInvalid and the sentinel set by Because.
func (e *Error) Unwrap() []error {
	if e.Also == nil {
		return []error{ErrInvalid}
	}
	return []error{ErrInvalid, e.Also}
}

// IsTransient returns false: the same argument is refused again.
func (e *Error) IsTransient() bool { return false }

// longest is how much of a given value an error prints, as it is quoted: a whole link, too little to flood a log.
const longest = 320

func quote(s string) string {
	if len(s) <= longest {
		if quoted := strconv.Quote(s); len(quoted) <= longest {
			return quoted
		}
	}
	return fmt.Sprintf("%q… (%d bytes)", s[:min(len(s), longest/4)], len(s))
}
