package middleware

import (
	"context"
	"fmt"
	"time"
)

// TimeoutError is the error of an attempt that took longer than Timeout allows. It matches
// context.DeadlineExceeded with errors.Is.
type TimeoutError struct {
	// After is the timeout.
	After time.Duration
}

func (e *TimeoutError) Error() string { return fmt.Sprintf("no complete response within %v", e.After) }

// Unwrap returns context.DeadlineExceeded.
func (e *TimeoutError) Unwrap() error { return context.DeadlineExceeded }

// Timeout returns true, see net.Error.
func (e *TimeoutError) Timeout() bool { return true }

// Temporary returns true: the next attempt may be faster.
func (e *TimeoutError) Temporary() bool { return true }
