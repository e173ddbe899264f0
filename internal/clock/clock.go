// Package clock compares this machine's clock with a server's.
package clock

import (
	"fmt"
	"net/http"
	"time"
)

// toleratedSkew is the largest difference of the clocks that is not reported. A response may have
// been on its way for up to 30 s, and servers are a few seconds apart.
const toleratedSkew = 2 * time.Minute

// Skew returns how far this machine's clock is ahead of the clock of the server that sent a
// response just now, by the header's Date (RFC 9110 section 6.6.1): negative if it is behind, and 0
// if the two are at most 2 minutes apart, if there is no readable Date, or if a cache has kept the
// response (Age). A clock that is wrong makes tokens expire too early or too late.
func Skew(header http.Header) time.Duration {
	sent, err := http.ParseTime(header.Get("Date"))
	if err != nil || header.Get("Age") != "" {
		return 0
	}
	skew := time.Now().Truncate(time.Second).Sub(sent)
	if skew.Abs() <= toleratedSkew {
		return 0
	}
	return skew
}

// Advice returns the advice for a clock that is skew ahead of the server's, empty if skew is 0.
func Advice(skew time.Duration) string {
	const day = 24 * time.Hour
	apart := skew.Abs().String()
	if skew.Abs() >= 2*day {
		apart = fmt.Sprintf("%d days", skew.Abs()/day)
	}
	switch {
	case skew > 0:
		return "this machine's clock is " + apart + " ahead of the server's: set it"
	case skew < 0:
		return "this machine's clock is " + apart + " behind the server's: set it"
	}
	return ""
}
