package auth

// callback.go reads the redirect that ends a login, and trusts nothing in it before the state shows that it belongs to the login.

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strings"

	"github.com/seed-2147f1a9/spotify/internal/argument"
)

// ErrDenied is matched by the error of a login that the user declined.
var ErrDenied = errors.New("the user declined")

// ErrState is matched by the error of a callback that belongs to no login, or to another one than that which was begun.
var ErrState = errors.New("the answer does not belong to this login")

// CallbackError reports a callback that brought no code to use. It matches ErrDenied or ErrState where it is that.
type CallbackError struct {
	// Code is OAuth's word for what went wrong (RFC 6749 section 4.1.2.1), such as "access_denied"; empty if the callback itself is not as it should be.
	Code string
	// Problem says what is wrong and what to do.
	Problem string

	is error
}

func (e *CallbackError) Error() string { return "login callback: " + e.Problem }

// Unwrap returns what the error matches.
func (e *CallbackError) Unwrap() error { return e.is }

// Code is an authorization code together with the login it belongs to. It does not print.
type Code struct{ value, state, redirect string }

// String hides the code.
func (Code) String() string { return "[redacted]" }

// Format hides the code from every verb.
func (Code) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "[redacted]") }

// LogValue hides the code from structured logs.
func (Code) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// ParseCallback returns the code in the URL that the user was redirected to, of which only the
// query is read, if it carries the state with which the login was begun. A URL as people paste it,
// in quotes or as its query alone, is taken as well. Otherwise it returns a *CallbackError, or one
// that matches ErrInvalidArgument if there is no state to compare with.
func (l *Login) ParseCallback(callback, state string) (Code, error) {
	if err := checkState(state); err != nil {
		return Code{}, err
	}
	callback = argument.Pasted(callback)
	if !strings.Contains(callback, "?") && strings.Contains(callback, "state=") {
		callback = "?" + callback
	}
	u, err := url.Parse(callback)
	if err != nil {
		return Code{}, argument.Secret("callback", "a string that is not a URL", "the URL that the user was redirected to")
	}
	return parseCallback(u, state)
}

func parseCallback(u *url.URL, state string) (Code, error) {
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return Code{}, &CallbackError{Problem: "its query cannot be read; log in again"}
	}
	for _, name := range []string{"state", "code", "error"} {
		if len(q[name]) > 1 {
			return Code{}, &CallbackError{Problem: "it has the parameter " + name + " twice; log in again"}
		}
	}
	if subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(state)) != 1 {
		return Code{}, &CallbackError{Problem: "it carries another state, or none: it belongs to no login that was begun here; log in again", is: ErrState}
	}
	switch code := q.Get("error"); {
	case code == "access_denied":
		return Code{}, &CallbackError{Code: code, Problem: "the user declined", is: ErrDenied}
	case q.Has("error"):
		code = oauthWord(code)
		return Code{}, &CallbackError{Code: code, Problem: "Spotify refused with " + code + "; see that ClientID, RedirectURL and Scopes are those of the app's page"}
	case q.Get("code") == "":
		return Code{}, &CallbackError{Problem: "it brings neither a code nor an error; log in again"}
	}
	return Code{value: q.Get("code"), state: state}, nil
}

// oauthWord keeps a peer's word only if it looks like one of OAuth's.
func oauthWord(s string) string {
	if s == "" || len(s) > 40 || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz_") != "" {
		return "an unknown error"
	}
	return s
}
