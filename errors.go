package spotify

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/clock"
	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/internal/redact"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/resources"
	"github.com/seed-2147f1a9/spotify/transport"
)

// The sentinel errors that errors.Is finds in the errors of this package.
var (
	// ErrBadRequest matches a response of 400.
	ErrBadRequest = errors.New("bad request")
	// ErrAuthentication matches a response of 401, after a replay with a new token if there is one.
	ErrAuthentication = errors.New("not authenticated")
	// ErrForbidden matches a response of 403: a scope is missing, the user has no Premium, or the
	// app may not call the operation.
	ErrForbidden = errors.New("forbidden")
	// ErrNotFound matches a response of 404, and an item that GetMany did not find.
	ErrNotFound = resources.ErrNotFound
	// ErrRateLimited matches a response of 429, and a call that the limiter refused.
	ErrRateLimited = middleware.ErrLimited
	// ErrQuotaExceeded matches a 429 with the reason QUOTA_EXCEEDED: a quota of hours or days is
	// used up. ErrRateLimited matches it, too. Until the quota is renewed, further calls fail with
	// it and are not sent, except one probe at a time; see Client.ClearBackoff.
	ErrQuotaExceeded = middleware.ErrExhausted
	// ErrServer matches a response of 500 or more.
	ErrServer = errors.New("server error")
	// ErrCredentials matches an error about credentials: none, more than one, or unusable ones.
	ErrCredentials = auth.ErrCredentials
	// ErrReauthorize matches an error of a login that has expired or was revoked: the user has to
	// log in again.
	ErrReauthorize = auth.ErrReauthorize
	// ErrInvalidArgument matches an *ArgumentError: an argument was refused, and nothing was sent.
	ErrInvalidArgument = resources.ErrInvalidArgument
	// ErrTooLarge matches the error of a response whose body is larger than WithMaxBody allows.
	ErrTooLarge = resources.ErrTooLarge
	// ErrClosed matches the error of a call after Close.
	ErrClosed = errors.New("the client is closed")
)

// ArgumentError is an argument that was refused: its Name, the value Given and the values Allowed.
type ArgumentError = resources.ArgumentError

// CallError is the error of a call without a response: an argument was refused, the limiter refused
// the call, its context ended, or the network failed.
type CallError = resources.CallError

// Error is a response with a status code of 400 or more.
type Error struct {
	// Status is the status code.
	Status int
	// Message is the error message of the response.
	Message string
	// Reason is Spotify's code of the error, which the player and quotas have: NO_ACTIVE_DEVICE,
	// PREMIUM_REQUIRED, QUOTA_EXCEEDED and others.
	Reason string
	// Operation is the operation's name in the API reference. If the reference does not have it, it
	// is the method and path of Client.Do, or else empty. Path has its parameters in braces, as in
	// "/albums/{id}".
	Operation, Method, Path string
	// RetryAfter is the value of Retry-After, 0 if there is none.
	RetryAfter time.Duration
	// Attempts counts the attempts of the call; Elapsed is the time from the first one to the end
	// of the last.
	Attempts int
	Elapsed  time.Duration
	// Notice is a restriction of the operation, such as "apps made after 27 November 2024 cannot
	// call it", on a 403, and on a 404 that Spotify sends in place of a 403.
	Notice string
	// Scopes are the scopes that the operation needs, Granted those of the token if they are known,
	// on a 403.
	Scopes, Granted []string
	// ClockSkew is how far this machine's clock is ahead of the server's, on a 401: negative if it
	// is behind, 0 if the two are at most 2 minutes apart or the response has no Date.
	ClockSkew time.Duration

	page      bool      // whether the response's body is an HTML page
	token     tokenKind // of the request's token, 0 if it is another or not known
	editorial bool      // whether the request was for a playlist that Spotify itself has made
}

// tokenKind is a kind of access token, where the kind explains an error.
type tokenKind uint8

const (
	appToken   tokenKind = iota + 1 // of client credentials: it belongs to no user
	fixedToken                      // given by the caller, and not refreshed
)

// Error returns the request, the status code, the message and the reason; the time to wait and the
// number of attempts; and advice where the cause is certain: a scope that the token lacks, a token
// that belongs to no user or has expired, a page size that an app in development mode may not have,
// no active device, a clock that is wrong, a proxy, a login page of the network.
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
		fmt.Fprintf(&b, "; retry in %v", e.RetryAfter.Round(time.Second))
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&b, "; after %d attempts in %v", e.Attempts, e.Elapsed.Round(10*time.Millisecond))
	}
	for _, part := range e.advice() {
		fmt.Fprintf(&b, "; %s", part)
	}
	return b.String()
}

// StatusCode returns Status.
func (e *Error) StatusCode() int { return e.Status }

// Is reports whether target is the sentinel error of the status code.
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

// maxErrorBody bounds how much of an error's body is read.
const maxErrorBody = 64 << 10

// Describe returns the Call of a request to the Web API, by method, path and body, or nil for an
// unknown one. The API's path begins after "/v1", on any host and below any other path. Use it in a
// chain of your own:
//
//	middleware.Describe(spotify.Describe)
func Describe(req *http.Request) *transport.Call { return operations.DescribeBelow("/v1", req) }

// Classify returns the message and reason of an error response of the Web API. body is its body
// after decompression. A 2xx response whose body is an error object gets the status code in it, or
// 500 if there is none. Use it in a chain of your own:
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
// unread. Use it in a chain of your own:
//
//	middleware.DecodeErrors(spotify.DecodeError)
func DecodeError(resp *http.Response) error {
	if e := readError(resp); e != nil {
		return e
	}
	return nil
}

// decodeError is DecodeError with the scopes and the kind of the client's token.
func (c *Client) decodeError(resp *http.Response) error {
	e := readError(resp)
	if e == nil {
		return nil
	}
	token := c.source.last.Load()
	if token == nil || e.token == fixedToken { // none was sent, or one of the caller's
		return e
	}
	e.token = c.source.kindOf(token)
	if granted, known := auth.GrantedScopes(token); known && len(e.Scopes) > 0 {
		e.Granted = strings.Fields(granted.String())
	}
	return e
}

// readError makes the error, nil if there is none. Its texts are free of the secrets of the request
// that the response may repeat: those that the Report knows and, in a chain without
// middleware.Auth, those in the request's header.
func readError(resp *http.Response) *Error {
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
		e.editorial = resp.Request.URL != nil && strings.Contains(resp.Request.URL.Path, "/playlists/"+editorialPrefix)
	}
	switch e.Status {
	case http.StatusForbidden:
		e.Notice, e.Scopes = call.Notice, call.Scopes
	case http.StatusNotFound:
		e.Notice = missingNotice(call)
	case http.StatusUnauthorized:
		e.ClockSkew = clock.Skew(resp.Header)
	}
	if call.Token != "" || call.Header.Get("Authorization") != "" {
		e.token = fixedToken
	}
	if call.Capture != nil {
		call.Capture.SetResponse(resp.StatusCode, resp.Header, body)
	}
	_, e.page = redact.Title(body, maxErrorBody)
	sent := redact.OfRequest(resp.Request)
	sent.Keep(string(call.Token))
	e.Message = short(sent.Remove(call.Report.Redact(class.Message)))
	e.Reason = short(sent.Remove(call.Report.Redact(class.Reason)))
	return e
}

// classOf returns the class and the body of a response as the pipeline has found them, or as they
// are found here for a chain of one's own without Classify.
func classOf(report *transport.Report, resp *http.Response) (transport.Class, []byte) {
	if report != nil {
		if class, body, ok := report.Classified(resp); ok && (body != nil || class.Status < 400) {
			return class, body
		}
	}
	if resp.StatusCode < 400 {
		return transport.Class{Status: resp.StatusCode}, nil
	}
	body := transport.Plain(resp.Header, transport.PeekBody(resp, maxErrorBody, time.Second), maxErrorBody)
	class := Classify(resp, body)
	class.RetryAfter = transport.RetryAfter(resp.Header)
	return class, body
}

// routeOf returns a request's path with its parameters in braces, or the path as it is if the
// operation is not known. It leaves the query out: that may have secrets.
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

// textOf returns the message of a body that is not JSON: the title of an HTML page, or the text.
func textOf(body []byte) string {
	if title, isPage := redact.Title(body, maxErrorBody); isPage {
		return title
	}
	return printable(string(body))
}

// printable returns the server's text without control characters. It is not shortened before
// secrets are removed, because a part of a secret would not be found.
func printable(text string) string { return redact.Text(text, maxErrorBody) }

// short returns a message of at most 300 bytes in one line.
func short(message string) string { return redact.Text(message, 300) }
