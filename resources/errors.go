package resources

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/internal/redact"
	"github.com/seed-2147f1a9/spotify/transport"
)

// ErrInvalidArgument matches every *ArgumentError. Nothing was sent.
var ErrInvalidArgument = argument.ErrInvalid

// ErrNotFound matches every error about something that does not exist (404, or null in a batch).
var ErrNotFound = errors.New("not found")

// ArgumentError is an argument that was refused before anything was sent. Its fields, all of them
// texts but the last, are
//   - Name: the argument, parameter or configuration field, as the caller spells it
//   - Given: its value, made printable; for a secret only a description
//   - Allowed: the values that are valid
//   - Also: an error that errors.Is finds besides ErrInvalidArgument; nil if there is none
type ArgumentError = argument.Error

// A ResponseError wraps one of these errors, or the decoder's.
var (
	// ErrTooLarge matches the error of a response whose body is larger than Config.MaxBody, that
	// takes more than 12 times Config.MaxBody to decode, or that nests deeper than 64 levels.
	ErrTooLarge = transport.ErrTooLarge
	// ErrEmpty matches the error of a response without a body, where a body is the result.
	ErrEmpty = errors.New("the body is empty")
	// ErrUnexpected matches the error of a response that has nothing of the result in it: an HTML
	// page, or a JSON object with none of the members that the result has.
	ErrUnexpected = errors.New("nothing expected in the body")
	// ErrForeignLink matches the error of a link to another origin than the API's. The link was not
	// followed.
	ErrForeignLink = errors.New("the link leads to another origin than the API's")
	// ErrIncomplete matches the error of an iterator that could not fetch all pages of a list,
	// because a page links to one that was read before or that cannot be requested. The items
	// before the error are right; the list may have others.
	ErrIncomplete = errors.New("the list may be incomplete")
)

// incompleteError says why a list may have more items than were fetched.
type incompleteError struct{ why string }

// Error returns the reason, after the text of ErrIncomplete.
func (e *incompleteError) Error() string { return ErrIncomplete.Error() + ": " + e.why }

// Is reports whether target is ErrIncomplete.
func (e *incompleteError) Is(target error) bool { return target == ErrIncomplete }

// StatusError is a response with a status code of 300 or more that the pipeline has not turned into
// an error: a redirect that was not followed, a 304, or any error response over a pipeline without
// middleware.DecodeErrors.
type StatusError struct {
	// Operation, Method and Path name the operation that was called.
	Operation, Method, Path string
	// Status is the response's status code.
	Status int
	// Header is the response's header.
	Header http.Header
	// Body is the beginning of the response's body, at most 4 KiB.
	Body []byte
}

// Error returns the request, the status code and the likely reason.
func (e *StatusError) Error() string {
	return fmt.Sprintf("spotify: %s %s: %d %s: %s", e.Method, e.Path, e.Status, http.StatusText(e.Status), e.reason())
}

func (e *StatusError) reason() string {
	location := e.Header.Get("Location")
	switch {
	case e.Status >= 400:
		return fmt.Sprintf("%q (the pipeline has no DecodeErrors)", redact.Text(string(e.Body), 200))
	case location == "":
		return "want a 2xx response"
	case e.Method == http.MethodGet || e.Method == http.MethodHead:
		return "a redirect that was not followed"
	}
	to := ""
	if u, err := url.Parse(location); err == nil && u.Host != "" {
		to = " to " + redact.Text(u.Host, 100)
	}
	return "a redirect" + to + ", which is followed for GET and HEAD only; nothing was changed"
}

// Is reports whether target is ErrNotFound and the status code 404.
func (e *StatusError) Is(target error) bool {
	return target == ErrNotFound && e.Status == http.StatusNotFound
}

// StatusCode returns Status, as every error of a response does.
func (e *StatusError) StatusCode() int { return e.Status }

// ResponseError is a successful response (2xx) that could not be used. Spotify has carried the
// operation out.
type ResponseError struct {
	// Operation, Method and Path name the operation that was called.
	Operation, Method, Path string
	// Status is the response's status code.
	Status int
	// Pointer is the place of the error in the JSON text (RFC 6901), empty if the error has none.
	Pointer string
	// Err is the reason: ErrTooLarge, ErrEmpty, ErrUnexpected, the decoder's error, or the error of
	// reading the body (a *transport.BodyError).
	Err error
}

// Error returns the request, the status code and the reason.
func (e *ResponseError) Error() string {
	where := ""
	if e.Pointer != "" {
		where = " at " + clip(e.Pointer)
	}
	return fmt.Sprintf("spotify: %s %s: unusable %d response%s: %s",
		e.Method, e.Path, e.Status, where, clip(e.Err.Error()))
}

// Unwrap returns Err.
func (e *ResponseError) Unwrap() error { return e.Err }

// Timeout reports whether reading the body timed out, as net.Error does.
func (e *ResponseError) Timeout() bool { return transport.IsTimeout(e.Err) }

// clip shortens a text to about 400 bytes. A decoder's error names every level of the document that
// it was in, so the ends say most.
func clip(text string) string { return redact.Ends(text, 400) }

// CallError is a call without a response: an argument was refused, a limiter or the context ended
// the call, or the network failed. A *ResponseError is never inside a CallError.
type CallError struct {
	// Operation, Method and Path name the operation that was called.
	Operation, Method, Path string
	// Err is the reason.
	Err error
}

// Error returns the request and the reason.
func (e *CallError) Error() string { return fmt.Sprintf("spotify: %s %s: %v", e.Method, e.Path, e.Err) }

// Unwrap returns Err.
func (e *CallError) Unwrap() error { return e.Err }

// Timeout reports whether the reason was a timeout, as net.Error does.
func (e *CallError) Timeout() bool { return transport.IsTimeout(e.Err) }

// named adds the operation to an error that does not name it. An error with a status code comes
// from a middleware, which has named it.
func named(op *operations.Operation, err error) error {
	if err == nil || statusOf(err) != 0 || as[*CallError](err) || as[*ResponseError](err) {
		return err
	}
	return &CallError{op.Name, op.Method, op.Path, err}
}

func as[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// statusOf returns the status code of the response that an error is about, or 0.
func statusOf(err error) int {
	responded, ok := errors.AsType[interface {
		error
		StatusCode() int
	}](err)
	if !ok {
		return 0
	}
	return responded.StatusCode()
}
