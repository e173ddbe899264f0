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

// Error is an argument that was refused. Nothing was sent.
type Error struct {
	// Name is the argument, parameter or configuration field, as the caller spells it.
	Name string
	// Given is the value, printable; for a secret it is only a description.
	Given string
	// Allowed describes the values that are valid.
	Allowed string
	// Also is a further sentinel that the error matches; nil for none.
	Also error

	text string // in place of the text that the fields make
}

// Errorf returns an Error. given is printed with %q if it is a string, and with %v otherwise.
//
//	invalid Market "Germany": want an ISO 3166-1 alpha-2 code, "from_token" or ""
func Errorf(name string, given any, allowed string, args ...any) *Error {
	text := fmt.Sprint(given)
	if s, ok := given.(string); ok {
		text = quote(s)
	}
	return &Error{Name: name, Given: text, Allowed: fmt.Sprintf(allowed, args...)}
}

// Described returns an Error about a value that is not printed, because it is a secret or too long,
// with a description of it.
//
//	invalid access token (an empty string): want visible ASCII characters
func Described(name, description, allowed string, args ...any) *Error {
	allowed = fmt.Sprintf(allowed, args...)
	text := fmt.Sprintf("invalid %s (%s): want %s", name, description, allowed)
	return &Error{Name: name, Given: description, Allowed: allowed, text: text}
}

// Missing returns an Error about a value that was not given.
//
//	no ClientID: pass one, or set SPOTIFY_CLIENT_ID
func Missing(name, advice string) *Error {
	return &Error{Name: name, Given: "nothing", Allowed: advice, text: "no " + name + ": " + advice}
}

// Exclusive returns an Error about two arguments that cannot be given together.
//
//	URIs and ContextURI are mutually exclusive
func Exclusive(name, other string) *Error {
	text := name + " and " + other + " are mutually exclusive"
	return &Error{Name: name, Given: "both", Allowed: name + " or " + other, text: text}
}

// Because adds a sentinel that errors.Is finds beside ErrInvalid, and returns e.
func (e *Error) Because(sentinel error) *Error {
	e.Also = sentinel
	return e
}

// Error returns the name, the value and the valid values.
func (e *Error) Error() string {
	if e.text != "" {
		return e.text
	}
	return fmt.Sprintf("invalid %s %s: want %s", e.Name, e.Given, e.Allowed)
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
