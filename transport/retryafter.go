package transport

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxRetryAfter bounds RetryAfter, so that no sum with a point in time can overflow.
const maxRetryAfter = 365 * 24 * time.Hour

// RetryAfter returns how long a response asks to back off (RFC 9110 section 10.2.3), or 0 if it
// does not say, says something unreadable, or names a moment that has passed. Seconds may have a
// fraction; a date is measured against the response's own Date, so that a wrong clock on this side
// does no harm. More than a year is a year.
func RetryAfter(header http.Header) time.Duration {
	value := strings.TrimSpace(header.Get("Retry-After"))
	if value == "" {
		return 0
	}
	if digits := strings.Trim(value, "0123456789"); digits == "" || digits == "." {
		seconds, err := strconv.ParseFloat(value, 64)
		switch {
		case seconds >= maxRetryAfter.Seconds(): // also a number out of a float's range
			return maxRetryAfter
		case err != nil:
			return 0
		}
		return time.Duration(seconds * float64(time.Second))
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return min(max(at.Sub(now), 0), maxRetryAfter)
}
