package resources

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/seed-2147f1a9/spotify/internal/argument"
)

// ErrInvalidArgument is matched by every error about an argument that was refused before anything was sent.
var ErrInvalidArgument = argument.ErrInvalid

// ErrNotFound says that something is not there.
var ErrNotFound = errors.New("not found")

// ArgumentError names the argument that was refused, what was given and what is allowed.
type ArgumentError = argument.Error

// Reasons why an answer could not be used; an AnswerError wraps one of them or the decoder's error.
var (
	// ErrTooLarge says that an answer's body is larger than Config.MaxBody.
	ErrTooLarge = errors.New("the body is larger than allowed")
	// ErrEmpty says that a body was expected and none came.
	ErrEmpty = errors.New("the body is empty")
	// ErrForeignLink says that a page links to another origin than the API's. The link was not followed.
	ErrForeignLink = errors.New("the next page is on another origin")
)

// StatusError is an answer with a status of 300 or more that no DecodeErrors step of the chain turned into an error of its own.
// With the client of package spotify it is never seen: errors are *spotify.Error there.
type StatusError struct {
	// Operation, Method and Path say what was called.
	Operation, Method, Path string
	// Status is the answer's status code.
	Status int
	// Header is the answer's header.
	Header http.Header
	// Body is the beginning of the answer's body, at most 4 KiB.
	Body []byte
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("resources: %s %s: %d %s (the chain has no DecodeErrors step): %.200q", e.Method, e.Path, e.Status, http.StatusText(e.Status), e.Body)
}

// Is reports whether target is ErrNotFound and the status 404.
func (e *StatusError) Is(target error) bool {
	return target == ErrNotFound && e.Status == http.StatusNotFound
}

// StatusCode returns Status: it is what errors for an answered request have in common.
func (e *StatusError) StatusCode() int { return e.Status }

// AnswerError is a successful answer that could not be used. The operation was carried out.
type AnswerError struct {
	// Operation, Method and Path say what was called.
	Operation, Method, Path string
	// Status is the answer's status code.
	Status int
	// Pointer is where in the JSON the trouble is (RFC 6901), if it is there.
	Pointer string
	// Err is what is wrong: ErrTooLarge, ErrEmpty, the decoder's error, or that of reading the body.
	Err error
}

func (e *AnswerError) Error() string {
	where := ""
	if e.Pointer != "" {
		where = " at " + clip(e.Pointer)
	}
	return fmt.Sprintf("resources: %s %s answered %d%s: %s", e.Method, e.Path, e.Status, where, clip(e.Err.Error()))
}

func (e *AnswerError) Unwrap() error { return e.Err }

// clip leaves out the middle of a text too long for a log: a decoder's error names every level of what it read.
func clip(text string) string {
	const longest = 400
	if len(text) <= longest {
		return text
	}
	return strings.ToValidUTF8(text[:longest/2]+"…"+text[len(text)-longest/2:], "")
}

// CallError is a call to which there is no answer: an argument was refused, a limiter or a context ended it, or the network failed.
type CallError struct {
	// Operation, Method and Path say what was called.
	Operation, Method, Path string
	// Err is the reason.
	Err error
}

func (e *CallError) Error() string { return fmt.Sprintf("%s %s: %v", e.Method, e.Path, e.Err) }

// Unwrap returns Err.
func (e *CallError) Unwrap() error { return e.Err }

// Timeout reports whether the reason was a timeout, as net.Error does.
func (e *CallError) Timeout() bool {
	timeout, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](e.Err)
	return ok && timeout.Timeout()
}

// named adds the operation to an error that does not tell of it. One that has an HTTP status comes from a step of the chain that knows the operation.
func (o *Operation) named(err error) error {
	if err == nil || statusOf(err) != 0 {
		return err
	}
	return &CallError{o.Name, o.Method, o.Path, err}
}
