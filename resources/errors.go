package resources

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/internal/redact"
	"github.com/seed-2147f1a9/spotify/transport"
)

// ErrInvalidArgument is matched by every error about an argument that was refused before anything was sent.
var ErrInvalidArgument = argument.ErrInvalid

// ErrNotFound says that something is not there.
var ErrNotFound = errors.New("not found")

// ArgumentError names the argument that was refused, what was given and what is allowed.
type ArgumentError = argument.Error

// Reasons why a response could not be used; an AnswerError wraps one of them or the decoder's error.
var (
	// ErrTooLarge says that a response's body is larger than Config.MaxBody, that decoding it would
	// take more than twelve times as much memory, or that it nests deeper than 64 levels.
	ErrTooLarge = transport.ErrTooLarge
	// ErrEmpty says that a body was expected and none came.
	ErrEmpty = errors.New("the body is empty")
	// ErrUnexpected says that a body has nothing in it that was expected: an HTML page, or a JSON
	// object with none of the members that the result has.
	ErrUnexpected = errors.New("nothing expected in the body")
	// ErrForeignLink says that a link leads to another origin than the API's. The link was not
	// followed.
	ErrForeignLink = errors.New("the link leads to another origin than the API's")
	// ErrIncomplete says that a list has more items than an All… iterator could fetch: its pages
	// lead in a circle, or to a page that cannot be asked for. The items before the error are
	// right, and there may be others.
	ErrIncomplete = errors.New("the list may be incomplete")
)

// incompleteError says why a list may have more items than were fetched.
type incompleteError struct{ why string }

func (e *incompleteError) Error() string { return ErrIncomplete.Error() + ": " + e.why }

func (e *incompleteError) Is(target error) bool { return target == ErrIncomplete }

// StatusError is a response with a status code of 300 or more that is not an error of the pipeline's:
// a redirect that was not followed, a 304, or, over a caller's own chain without
// middleware.DecodeErrors, any error response.
type StatusError struct {
	// Operation, Method and Path say what was called.
	Operation, Method, Path string
	// Status is the response's status code.
	Status int
	// Header is the response's header.
	Header http.Header
	// Body is the beginning of the response's body, at most 4 KiB.
	Body []byte
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("resources: %s %s: %d %s: %s", e.Method, e.Path, e.Status, http.StatusText(e.Status), e.reason())
}

func (e *StatusError) reason() string {
	location := e.Header.Get("Location")
	switch {
	case e.Status >= 400:
		return fmt.Sprintf("%q (the chain has no DecodeErrors)", redact.Text(string(e.Body), 200))
	case location == "":
		return "want a 2xx response"
	case e.Method == http.MethodGet || e.Method == http.MethodHead:
		return "a redirect that was not followed"
	}
	return "a redirect, which is followed for GET and HEAD only; nothing was changed"
}

// Is reports whether target is ErrNotFound and the status code 404.
func (e *StatusError) Is(target error) bool {
	return target == ErrNotFound && e.Status == http.StatusNotFound
}

// StatusCode returns Status, as every error of a response does.
func (e *StatusError) StatusCode() int { return e.Status }

// AnswerError is a successful response that could not be used. The operation was carried out.
type AnswerError struct {
	// Operation, Method and Path say what was called.
	Operation, Method, Path string
	// Status is the response's status code.
	Status int
	// Pointer is where in the JSON the trouble is (RFC 6901), if it is there.
	Pointer string
	// Err is what is wrong: ErrTooLarge, ErrEmpty, ErrUnexpected, the decoder's error, or that of
	// reading the body (a *transport.BodyError).
	Err error
}

func (e *AnswerError) Error() string {
	where := ""
	if e.Pointer != "" {
		where = " at " + clip(e.Pointer)
	}
	return fmt.Sprintf("resources: %s %s: unusable %d response%s: %s", e.Method, e.Path, e.Status, where, clip(e.Err.Error()))
}

func (e *AnswerError) Unwrap() error { return e.Err }

// Timeout reports whether reading the body timed out, as net.Error does.
func (e *AnswerError) Timeout() bool { return transport.IsTimeout(e.Err) }

// clip leaves out the middle of a text too long for a log: a decoder's error names every level of
// the document that it was in.
func clip(text string) string {
	const longest = 400
	text = redact.Text(text, len(text))
	if len(text) <= longest {
		return text
	}
	return strings.ToValidUTF8(text[:longest/2]+"…"+text[len(text)-longest/2:], "")
}

// CallError is a call without a response: an argument was refused, a limiter or a context ended it, or the network failed.
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
func (e *CallError) Timeout() bool { return transport.IsTimeout(e.Err) }

// named adds the operation to an error that does not name it.
func named(op *operations.Operation, err error) error {
	if err == nil || statusOf(err) != 0 {
		return err // an error with a status code comes from a middleware that knows the operation
	}
	if as[*CallError](err) || as[*AnswerError](err) {
		return err
	}
	return &CallError{op.Name, op.Method, op.Path, err}
}

func as[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}
