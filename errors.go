package spotify

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/seed-2147f1a9/spotify/auth"
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
	// further calls fail with it without being sent; Client.Resume tries anyway.
	ErrQuotaExceeded = errors.New("quota exceeded")
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

// errorBody is how much of an error's body is read.
const errorBody = 64 << 10

// DecodeError makes an *Error of an answer of 400 or more, reading its body; of any other answer it makes nil and leaves it alone.
// It is for a chain of one's own: middleware.DecodeErrors(spotify.DecodeError).
func DecodeError(resp *http.Response) error {
	if resp == nil || resp.StatusCode < 400 {
		return nil
	}
	return readError(resp, "")
}

// decodeError also knows the token and its scopes.
func (c *Client) decodeError(resp *http.Response) error {
	if resp == nil || resp.StatusCode < 400 {
		return nil
	}
	token := c.source.last.Load()
	if token == nil {
		return readError(resp, "")
	}
	e := readError(resp, token.AccessToken)
	if len(e.Scopes) > 0 && transport.CallFrom(resp.Request.Context()).Token == "" {
		if granted, known := auth.GrantedScopes(token); known {
			e.Granted = strings.Fields(granted.String())
		}
	}
	return e
}

// readError makes the error. What it says is free of the token, should the answer repeat what was sent.
func readError(resp *http.Response, token string) *Error {
	body := middleware.Peek(resp, errorBody)
	e := &Error{Status: resp.StatusCode, RetryAfter: middleware.RetryAfter(resp.Header)}
	e.Attempts, e.Elapsed = middleware.Tried(resp)
	call := &transport.Call{}
	if resp.Request != nil {
		call = transport.CallFrom(resp.Request.Context())
		e.Operation, e.Method, e.Path = call.Operation, resp.Request.Method, routeOf(resp.Request)
	}
	if resp.StatusCode == http.StatusForbidden {
		e.Notice, e.Scopes = call.Notice, call.Scopes
	}
	if call.Capture != nil {
		*call.Capture = transport.Captured{Status: resp.StatusCode, Header: resp.Header.Clone(), Body: body}
	}
	e.Message, e.Reason = messageOf(without(body, token, string(call.Token)))
	return e
}

// without takes secrets out of a text; what it returns may be the text itself.
func without(text []byte, secrets ...string) []byte {
	for _, secret := range secrets {
		if secret != "" {
			text = bytes.ReplaceAll(text, []byte(secret), []byte("[redacted]"))
		}
	}
	return text
}

// routeOf is a request's path with its parameters in braces, or as it is for a call outside the services. It has no query: that may hold secrets.
func routeOf(req *http.Request) string {
	if route := transport.CallFrom(req.Context()).Route; route != "" {
		return route
	}
	return req.URL.Path
}

// messageOf finds message and reason in the body of an error. The API sends {"error":{"status":…,"message":…,"reason":…}}, and has been seen to send the inner object alone,
// OAuth's {"error":…,"error_description":…}, plain text, HTML and nothing.
func messageOf(body []byte) (message, reason string) {
	type plain struct {
		Message     string `json:"message"`
		Reason      string `json:"reason"`
		Description string `json:"error_description"`
	}
	var outer struct {
		plain
		Error json.RawMessage `json:"error"`
	}
	if json.Unmarshal(body, &outer) != nil {
		return textOf(body), ""
	}
	var inner plain
	if json.Unmarshal(outer.Error, &inner) == nil && inner.Message != "" {
		return short(inner.Message), short(inner.Reason)
	}
	var code string
	if json.Unmarshal(outer.Error, &code) == nil && code != "" {
		if outer.Description != "" {
			code += ": " + outer.Description
		}
		return short(code), short(inner.Reason)
	}
	return short(outer.Message), short(cmp.Or(inner.Reason, outer.Reason))
}

var title = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)

// textOf is the message of a body that is not JSON: an HTML page's title, or the text.
func textOf(body []byte) string {
	text := strings.TrimSpace(string(body))
	if strings.HasPrefix(text, "<") {
		match := title.FindStringSubmatch(text)
		if match == nil {
			return ""
		}
		text = match[1]
	}
	return short(text)
}

// short keeps a message to one line of bearable length.
func short(message string) string {
	message = strings.Join(strings.Fields(strings.ToValidUTF8(message, "?")), " ")
	if runes := []rune(message); len(runes) > 300 {
		return string(runes[:300]) + "…"
	}
	return message
}

// isQuotaExceeded reports whether an answer says that the app's quota is used up, leaving the body as it was.
func isQuotaExceeded(resp *http.Response) bool {
	if resp.StatusCode != http.StatusTooManyRequests {
		return false
	}
	_, reason := messageOf(middleware.Peek(resp, errorBody))
	return reason == reasonQuotaExceeded
}
