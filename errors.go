package spotify

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/internal/redact"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/resources"
	"github.com/seed-2147f1a9/spotify/transport"
)

// What errors.Is finds in the errors of this package and of the calls.
var (
	// ErrBadRequest is an answer of 400: the call is wrong.
	ErrBadRequest = errors.New("bad request")
	// ErrAuthentication is an answer of 401, after the token was refreshed if it can be.
	ErrAuthentication = errors.New("not authenticated")
	// ErrForbidden is an answer of 403: a scope is missing, the user has no Premium, or the app may not call the operation.
	ErrForbidden = errors.New("forbidden")
	// ErrNotFound is an answer of 404, or one of GetMany's things that is not there.
	ErrNotFound = resources.ErrNotFound
	// ErrRateLimited is an answer of 429, or a call that the limiter did not let go out.
	ErrRateLimited = middleware.ErrLimited
	// ErrQuotaExceeded is a 429 that says the app's quota is used up, a matter of hours or days; ErrRateLimited matches it too. Until it is over
	// further calls fail with it without being sent; Client.ClearBackoff tries anyway.
	ErrQuotaExceeded = middleware.ErrExhausted
	// ErrServer is an answer of 500 or more.
	ErrServer = errors.New("server error")
	// ErrCredentials says that credentials are missing, more than one, or unusable.
	ErrCredentials = auth.ErrCredentials
	// ErrReauthorize says that a user's login has ended: only logging in again helps.
	ErrReauthorize = auth.ErrReauthorize
	// ErrInvalidArgument says that an argument was refused before anything was sent; the error is an *ArgumentError.
	ErrInvalidArgument = resources.ErrInvalidArgument
	// ErrClosed says that the client was closed.
	ErrClosed = errors.New("the client is closed")
)

// ArgumentError names the argument that was refused, what was given and what is allowed.
type ArgumentError = resources.ArgumentError

// CallError is a call to which there is no answer: an argument was refused, the limiter or a context ended it, or the network failed.
type CallError = resources.CallError

// Error is an answer of 400 or more.
type Error struct {
	// Status is the answer's status code.
	Status int
	// Message is what Spotify says about it.
	Message string
	// Reason is Spotify's word for it, which the player and quotas have: NO_ACTIVE_DEVICE, PREMIUM_REQUIRED, QUOTA_EXCEEDED and others.
	Reason string
	// Operation is the operation's name in the API reference, empty for a call outside the services. Method and Path are what was called, parameters in braces.
	Operation, Method, Path string
	// RetryAfter is how long Spotify asks to stay away, 0 if it does not.
	RetryAfter time.Duration
	// Attempts is how often the call was sent, Elapsed the time that took.
	Attempts int
	Elapsed  time.Duration
	// Notice is what is known about who may call the operation, on a 403.
	Notice string
	// Scopes are those the operation needs, Granted those the token has as far as is known, on a 403.
	Scopes, Granted []string
}

func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "spotify: %s %s: %d %s", e.Method, e.Path, e.Status, http.StatusText(e.Status))
	if e.Message != "" && !strings.EqualFold(e.Message, http.StatusText(e.Status)) {
		fmt.Fprintf(&b, ": %s", e.Message)
	}
	if e.Reason != "" {
		fmt.Fprintf(&b, " (%s)", e.Reason)
	}
	if e.RetryAfter > 0 {
		fmt.Fprintf(&b, "; may be tried again in %v", e.RetryAfter.Round(time.Second))
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&b, "; after %d attempts in %v", e.Attempts, e.Elapsed.Round(10*time.Millisecond))
	}
	if e.Notice != "" {
		fmt.Fprintf(&b, "; %s", e.Notice)
	}
	if len(e.Scopes) > 0 {
		scope := "scope"
		if len(e.Scopes) > 1 {
			scope = "scopes"
		}
		fmt.Fprintf(&b, "; it takes the %s %s", scope, strings.Join(e.Scopes, ", "))
		if e.Granted != nil {
			fmt.Fprintf(&b, ", the token has %s", cmp.Or(strings.Join(e.Granted, ", "), "none"))
		}
	}
	return b.String()
}

// StatusCode returns Status.
func (e *Error) StatusCode() int { return e.Status }

// Is matches the sentinel of the status.
func (e *Error) Is(target error) bool {
	switch target {
	case ErrBadRequest:
		return e.Status == http.StatusBadRequest
	case ErrAuthentication:
		return e.Status == http.StatusUnauthorized
	case ErrForbidden:
		return e.Status == http.StatusForbidden
	case ErrNotFound:
		return e.Status == http.StatusNotFound
	case ErrRateLimited:
		return e.Status == http.StatusTooManyRequests
	case ErrQuotaExceeded:
		return e.Status == http.StatusTooManyRequests && e.Reason == reasonQuotaExceeded
	case ErrServer:
		return e.Status >= 500
	}
	return false
}

const reasonQuotaExceeded = "QUOTA_EXCEEDED"

// maxErrorBody is how much of an error's body is read.
const maxErrorBody = 64 << 10

// Describe returns what is known of a request to the Web API, by its method, path and body, or nil.
// The path of the API begins after "/v1", on any host and below any other path. It is for a chain of
// one's own:
//
//	middleware.Describe(spotify.Describe)
func Describe(req *http.Request) *transport.Call { return operations.DescribeBelow("/v1", req) }

// Classify returns what the body of an error response of the Web API says, body being its plain form.
// A 2xx response whose body is an error object gets the status code that is in it, or 500 if there is
// none. It is for a chain of one's own:
//
//	middleware.Classify(spotify.Classify)
func Classify(resp *http.Response, body []byte) transport.Class {
	status, message, reason := parseError(body)
	class := transport.Class{Status: resp.StatusCode, Message: message, Reason: reason}
	if resp.StatusCode < 400 {
		class.Status = http.StatusInternalServerError
		if 400 <= status && status <= 599 {
			class.Status = status
		}
	}
	class.Exhausted = class.Status == http.StatusTooManyRequests && reason == reasonQuotaExceeded
	return class
}

// DecodeError returns the *Error of a response of 400 or more, or of a 2xx response that
// middleware.Buffer has found to be an error; for any other response it returns nil and leaves it
// alone. It is for a chain of one's own:
//
//	middleware.DecodeErrors(spotify.DecodeError)
func DecodeError(resp *http.Response) error {
	if e := readError(resp, nil); e != nil {
		return e
	}
	return nil
}

// decodeError also knows the token and its scopes.
func (c *Client) decodeError(resp *http.Response) error {
	token := c.source.last.Load()
	if token == nil {
		return DecodeError(resp)
	}
	e := readError(resp, c.source.secrets)
	if e == nil {
		return nil
	}
	if len(e.Scopes) > 0 && transport.CallFrom(resp.Request.Context()).Token == "" {
		if granted, known := auth.GrantedScopes(token); known {
			e.Granted = strings.Fields(granted.String())
		}
	}
	return e
}

// readError makes the error, nil if there is none. Its texts are free of the secrets and of the
// call's own token, should the response repeat them.
func readError(resp *http.Response, secrets *redact.Secrets) *Error {
	if resp == nil {
		return nil
	}
	call := &transport.Call{}
	if resp.Request != nil {
		call = transport.CallFrom(resp.Request.Context())
	}
	class, body := classOf(call.Report, resp)
	if class.Status < 400 {
		return nil
	}
	e := &Error{Status: class.Status, RetryAfter: class.RetryAfter}
	if call.Report != nil {
		e.Attempts, e.Elapsed = call.Report.Attempts()
	}
	e.Attempts = max(e.Attempts, 1)
	if resp.Request != nil {
		e.Operation, e.Method, e.Path = call.Operation, resp.Request.Method, routeOf(resp.Request)
	}
	if e.Status == http.StatusForbidden {
		e.Notice, e.Scopes = call.Notice, call.Scopes
	}
	if call.Capture != nil {
		*call.Capture = transport.Captured{Status: resp.StatusCode, Header: resp.Header.Clone(), Body: bytes.Clone(body)}
	}
	own := redact.Of(string(call.Token))
	e.Message = short(own.Remove(secrets.Remove(class.Message)))
	e.Reason = short(own.Remove(secrets.Remove(class.Reason)))
	return e
}

// classOf returns the class and the body of a response as the pipeline has found them, or as they are
// found here for a chain of one's own without Classify.
func classOf(report *transport.Report, resp *http.Response) (transport.Class, []byte) {
	if report != nil {
		if class, body, ok := report.Classified(resp); ok && (body != nil || class.Status < 400) {
			return class, body
		}
	}
	if resp.StatusCode < 400 {
		return transport.Class{Status: resp.StatusCode}, nil
	}
	body := transport.Plain(resp.Header, transport.Peek(resp, maxErrorBody, time.Second), maxErrorBody)
	class := Classify(resp, body)
	class.RetryAfter = transport.RetryAfter(resp.Header)
	return class, body
}

// routeOf is a request's path with its parameters in braces, or as it is for a call outside the services. It has no query: that may hold secrets.
func routeOf(req *http.Request) string {
	if route := transport.CallFrom(req.Context()).Route; route != "" {
		return route
	}
	if req.URL == nil {
		return ""
	}
	return req.URL.Path
}

// parseError finds status, message and reason in the body of an error. The API sends
// {"error":{"status":…,"message":…,"reason":…}}, and has been seen to send the inner object alone,
// OAuth's {"error":…,"error_description":…}, plain text, HTML and nothing.
func parseError(body []byte) (status int, message, reason string) {
	type plain struct {
		Status      json.Number `json:"status"`
		Message     string      `json:"message"`
		Reason      string      `json:"reason"`
		Description string      `json:"error_description"`
	}
	var outer struct {
		plain
		Error json.RawMessage `json:"error"`
	}
	if json.Unmarshal(body, &outer) != nil {
		return 0, textOf(body), ""
	}
	var inner plain
	if json.Unmarshal(outer.Error, &inner) == nil && (inner.Message != "" || inner.Status != "") {
		status, _ := strconv.Atoi(inner.Status.String())
		return status, printable(inner.Message), printable(inner.Reason)
	}
	var code string
	if json.Unmarshal(outer.Error, &code) == nil && code != "" {
		if outer.Description != "" {
			code += ": " + outer.Description
		}
		return 0, printable(code), printable(inner.Reason)
	}
	return 0, printable(outer.Message), printable(cmp.Or(inner.Reason, outer.Reason))
}

// textOf is the message of a body that is not JSON: an HTML page's title, or the text.
func textOf(body []byte) string {
	if title, isPage := redact.Title(body, maxErrorBody); isPage {
		return title
	}
	return printable(string(body))
}

// printable makes the server's text printable, whole: it is shortened when secrets have been taken
// out of it, as half a secret could not be found any more.
func printable(text string) string { return redact.Text(text, maxErrorBody) }

// short keeps a message to one line of bearable length.
func short(message string) string { return redact.Text(message, 300) }
