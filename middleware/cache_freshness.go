package middleware

// freshness.go is RFC 9111's arithmetic: for how long an answer is good, and how old it is.

import (
	"net/http"
	"net/textproto"
	"strings"
	"time"
)

// lifetime is how long an answer is good (RFC 9111 section 4.2.1), and 0 where it does not say: nothing is guessed.
func lifetime(h http.Header, control directives, received time.Time) time.Duration {
	if control.has("no-cache") {
		return 0
	}
	if value, ok := control["max-age"]; ok {
		return deltaSeconds(value)
	}
	expires := h.Values("Expires")
	if len(expires) == 0 {
		return 0
	}
	at, err := http.ParseTime(expires[0])
	if err != nil { // "0" is usual, and means that it has expired
		return 0
	}
	return max(0, at.Sub(dateOf(h, received)))
}

// birth is when an answer was made, in the terms of our clock (RFC 9111 section 4.2.3).
func birth(h http.Header, sent, received time.Time) time.Time {
	apparent := received.Sub(dateOf(h, received))
	corrected := deltaSeconds(h.Get("Age")) + received.Sub(sent)
	return received.Add(-max(apparent, corrected, 0))
}

func dateOf(h http.Header, received time.Time) time.Time {
	if at, err := http.ParseTime(h.Get("Date")); err == nil {
		return at
	}
	return received
}

// deltaSeconds reads a number of seconds (RFC 9111 section 1.2.2): 0 for what is none, and 2^31 s for what is more.
func deltaSeconds(s string) time.Duration {
	const most = 1 << 31
	seconds := int64(0)
	for _, digit := range []byte(s) {
		if digit < '0' || digit > '9' {
			return 0
		}
		seconds = min(seconds*10+int64(digit-'0'), most)
	}
	return time.Duration(seconds) * time.Second
}

// directives are those of Cache-Control, in lower case, the first of each name.
type directives map[string]string

func (d directives) has(name string) bool { _, ok := d[name]; return ok }

func parseDirectives(lines []string) directives {
	d := directives{}
	for _, line := range lines {
		for line != "" {
			var part string
			part, line = cutDirective(line)
			name, value, _ := strings.Cut(part, "=")
			name = strings.ToLower(textproto.TrimString(name))
			if name != "" && !d.has(name) {
				d[name] = strings.Trim(textproto.TrimString(value), `"`)
			}
		}
	}
	return d
}

// cutDirective cuts a list at its first comma that is not within quotes.
func cutDirective(list string) (first, rest string) {
	quoted := false
	for i := 0; i < len(list); i++ {
		switch list[i] {
		case '\\':
			if quoted {
				i++
			}
		case '"':
			quoted = !quoted
		case ',':
			if !quoted {
				return list[:i], list[i+1:]
			}
		}
	}
	return list, ""
}
