package auth

import (
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/clock"
	"github.com/seed-2147f1a9/spotify/internal/redact"
	"github.com/seed-2147f1a9/spotify/transport"
)

// ErrReauthorize matches errors that only a new login resolves: there is no stored login, its
// refresh token has expired or was revoked, or it lacks a scope.
var ErrReauthorize = errors.New("the user has to log in again")

// ErrClosed matches the errors of a source that was closed.
var ErrClosed = errors.New("token source is closed")

// ErrDenied matches the error of a login that the user declined.
var ErrDenied = errors.New("the user declined")

// ErrState matches the error of a callback whose state is missing or is not the state of this
// login.
var ErrState = errors.New("the callback does not belong to this login")

// ErrNoStoredToken is returned by TokenStore.Load for an account that was never saved.
var ErrNoStoredToken = errors.New("no login is stored for the account")

// ErrConflict is returned by TokenStore.Save if the stored generation is not the expected one:
// another goroutine or process has saved since the load. The caller loads again and decides anew.
var ErrConflict = errors.New("the stored login was changed since it was loaded")

// dashboard has a page for each app, with its client id and its client secret.
const dashboard = "https://developer.spotify.com/dashboard"

// errCodeUsed matches the error of an authorization code that was exchanged before.
var errCodeUsed = errors.New("the login was completed before")

// Error is an error response of the token endpoint, or a response that holds no usable token (RFC
// 6749 section 5.2). It matches ErrReauthorize if Code is "invalid_grant", and ErrCredentials if it
// is "invalid_client" or "unauthorized_client".
type Error struct {
	// Status is the status code of the response. It is 200 if the body of a successful response
	// holds no token.
	Status int
	// Code is the OAuth error code, such as "invalid_grant"; empty if the response has none.
	Code string
	// Description is the endpoint's description of the error, at most 200 characters and without
	// secrets, or the library's own for a response that could not be read.
	Description string
	// RetryAfter is the delay that the endpoint asks for before the next request; zero if it asks
	// for none.
	RetryAfter time.Duration
	// ClockSkew is how far this machine's clock is ahead of the endpoint's, on a 4xx: negative if
	// it is behind, 0 if the two are at most 2 minutes apart or the response has no Date.
	ClockSkew time.Duration
}

// Error returns the status code, the code and the description; the time to wait; and advice if the
// credentials are refused or the clock is wrong.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "token endpoint: status %d", e.Status)
	for _, part := range []string{e.Code, e.Description} {
		if part != "" {
			b.WriteString(": " + part)
		}
	}
	if e.RetryAfter > 0 {
		fmt.Fprintf(&b, " (retry in %v)", e.RetryAfter)
	}
	if e.Code == "invalid_client" {
		b.WriteString("; compare the client id and the client secret with the app's page at " + dashboard)
	}
	if advice := clock.Advice(e.ClockSkew); advice != "" {
		b.WriteString("; " + advice)
	}
	return b.String()
}

// Is reports whether target is ErrReauthorize or ErrCredentials and Code is one of its codes.
func (e *Error) Is(target error) bool {
	switch target {
	case ErrReauthorize:
		return e.Code == "invalid_grant"
	case ErrCredentials:
		return e.Code == "invalid_client" || e.Code == "unauthorized_client"
	}
	return false
}

// IsTransient reports whether the same request may succeed later: the status code is transient and
// Code is neither "invalid_grant" nor "invalid_client".
func (e *Error) IsTransient() bool {
	return e.Code != "invalid_grant" && e.Code != "invalid_client" && transport.IsTransientStatus(e.Status)
}

// RetryDelay returns RetryAfter, the shortest delay of middleware.Retry before its next attempt.
func (e *Error) RetryDelay() time.Duration { return e.RetryAfter }

// ScopeError reports a stored login without some of Config.Scopes. It matches ErrReauthorize: the
// user grants them by logging in again.
type ScopeError struct {
	// Account is the name of the login in the store.
	Account string
	// Missing are the scopes of Config.Scopes that the login lacks, Granted the scopes that it has.
	Missing, Granted Scopes
}

func (e *ScopeError) Error() string {
	granted := "no scopes"
	if len(e.Granted) > 0 {
		granted = e.Granted.String()
	}
	return fmt.Sprintf("the login of account %q lacks the scopes %s (it has %s): %v",
		e.Account, e.Missing, granted, ErrReauthorize)
}

// Unwrap returns ErrReauthorize.
func (e *ScopeError) Unwrap() error { return ErrReauthorize }

// CallbackError reports a callback without a usable authorization code. It matches ErrDenied if the
// user declined, and ErrState if the callback belongs to another login or to none.
type CallbackError struct {
	// Code is the OAuth error code (RFC 6749 section 4.1.2.1), such as "access_denied"; empty if
	// the callback is malformed, belongs to another login, or was used before.
	Code string
	// Problem is a sentence for people: what is wrong and how to go on.
	Problem string

	is error
}

func (e *CallbackError) Error() string { return "login callback: " + e.Problem }

// Unwrap returns ErrDenied, ErrState or nil.
func (e *CallbackError) Unwrap() error { return e.is }

// StoreError reports a stored login that cannot be used. The store is unchanged, and the error
// holds nothing of the stored login.
type StoreError struct {
	// Where is the path of the file, or the account.
	Where string
	// Problem describes the fault in one line; Advice describes the repair.
	Problem, Advice string
	// Err is the cause, nil if there is none.
	Err error
}

func (e *StoreError) Error() string {
	text := fmt.Sprintf("stored login in %s: %s", e.Where, e.Problem)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text + "; " + e.Advice
}

// Unwrap returns Err.
func (e *StoreError) Unwrap() error { return e.Err }

// PanicError reports a panic of a TokenStore or of Config.OnSaveError. The login turns it into an
// error and goes on with the tokens that it holds in memory.
type PanicError struct {
	// Where is the function that panicked, such as "TokenStore.Save".
	Where string
	// Text is the panic's value as text, at most 200 characters and without the known secrets.
	Text string
	// Stack is the stack of the goroutine that panicked.
	Stack []byte
}

func (e *PanicError) Error() string { return e.Where + " panicked: " + e.Text }

func newPanicError(where string, value any, secrets *redact.Secrets) *PanicError {
	return &PanicError{Where: where, Text: printable(secrets.Remove(fmt.Sprint(value))), Stack: debug.Stack()}
}
