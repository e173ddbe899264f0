package middleware

import (
	"errors"
	"fmt"
	"time"
)

// ErrExhausted matches the error of a call that was not sent because a quota of hours or days is
// used up.
var ErrExhausted = errors.New("quota exceeded")

// ErrLimited matches the error of a call that a limiter did not allow; errors.Is finds it in every
// *LimitError.
var ErrLimited = errors.New("rate limited")

// LimitError is the error of a call that was not sent because it would have to wait for too long.
// errors.Is finds ErrLimited in it.
type LimitError struct {
	// Operation and Bucket are those of the request. An empty Bucket is the general limit.
	Operation, Bucket string
	// Until is the earliest moment at which the call could go, as far as is known; now if that is
	// not known.
	Until time.Time
	// Wait is the time until then, when the error was made.
	Wait time.Duration
	// Exhausted reports that a quota of hours or days is used up; ErrExhausted matches the error,
	// too.
	Exhausted bool
}

func (e *LimitError) Error() string {
	text := "rate limited"
	if e.Exhausted {
		text = "quota exceeded"
	}
	if e.Bucket != "" {
		text += fmt.Sprintf(" (limit %q)", e.Bucket)
	}
	if e.Wait <= 0 {
		return text + ": not sent: the call's time is over"
	}
	precision := time.Millisecond
	if e.Wait > time.Minute {
		precision = time.Second
	}
	return fmt.Sprintf("%s: not sent; retry in %v (at %s)", text, e.Wait.Round(precision), e.Until.Format(time.RFC3339))
}

// Is matches ErrLimited, and ErrExhausted if Exhausted is true.
func (e *LimitError) Is(target error) bool {
	return target == ErrLimited || target == ErrExhausted && e.Exhausted
}

// IsTransient returns false: Retry does not wait where the limiter would not.
func (e *LimitError) IsTransient() bool { return false }
