package auth

// error.go holds the errors of the token endpoint: what went wrong and what to do about it, never a secret.

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// ErrReauthorize is matched by errors that only a new login by the user mends: the refresh token was revoked, has ended, or there is none.
var ErrReauthorize = errors.New("the user has to log in again")

// ErrClosed is returned by a source that was closed.
var ErrClosed = errors.New("token source is closed")

// ScopeError reports a stored login that lacks scopes which the program asks for now. It matches
// ErrReauthorize: the user grants them by logging in again.
type ScopeError struct {
	// Account is the login's.
	Account string
	// Missing are the scopes of Config.Scopes that the login lacks, Granted those that it has.
	Missing, Granted Scopes
}

func (e *ScopeError) Error() string {
	granted := "no scopes"
	if len(e.Granted) > 0 {
		granted = e.Granted.String()
	}
	return fmt.Sprintf("the login of account %q lacks the scopes %s (it has %s): %v", e.Account, e.Missing, granted, ErrReauthorize)
}

// Unwrap returns ErrReauthorize.
func (e *ScopeError) Unwrap() error { return ErrReauthorize }

// Error is a refusal by the token endpoint, or an answer from it that is not a token (RFC 6749 section 5.2).
// It matches ErrReauthorize if the grant is no longer valid and ErrCredentials if the client was not recognised.
type Error struct {
	// Status is the HTTP status of the answer. It can be a 200 whose body is not a token.
	Status int
	// Code is OAuth's word for the error, such as "invalid_grant"; empty where the answer had none.
	Code string
	// Description says more, in the endpoint's words or, for an answer that could not be read, in ours.
	Description string
	// RetryAfter is how long the endpoint asked to be left alone; zero if it did not.
	RetryAfter time.Duration
}

func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "token endpoint answered %d", e.Status)
	for _, part := range []string{e.Code, e.Description} {
		if part != "" {
			b.WriteString(": " + part)
		}
	}
	if e.RetryAfter > 0 {
		fmt.Fprintf(&b, " (try again in %v)", e.RetryAfter)
	}
	return b.String()
}

// Is lets errors.Is find what to do about the error.
func (e *Error) Is(target error) bool {
	switch target {
	case ErrReauthorize:
		return e.Code == "invalid_grant"
	case ErrCredentials:
		return e.Code == "invalid_client" || e.Code == "unauthorized_client"
	}
	return false
}

// IsTransient reports whether the same request may succeed a little later.
func (e *Error) IsTransient() bool {
	return e.Code != "invalid_grant" && e.Code != "invalid_client" && transport.IsTransientStatus(e.Status)
}

// RetryDelay returns RetryAfter; middleware.Retry waits for as long at least.
func (e *Error) RetryDelay() time.Duration { return e.RetryAfter }
