package middleware

import (
	"net/http"
	"net/textproto"
	"strings"
	"time"
)

// freshnessLifetime returns how long a response is fresh (RFC 9111 section 4.2.1): by max-age, or
// else by Expires, or else 0. There is no heuristic lifetime.
func freshnessLifetime(h http.Header, control directives, received time.Time) time.Duration {
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
	if err != nil { // servers send "0" for a response that has expired
		return 0
	}
	return max(0, at.Sub(dateValue(h, received)))
}

// generatedAt returns when the server generated a response, by our clock (RFC 9111 section 4.2.3).
func generatedAt(h http.Header, sent, received time.Time) time.Time {
	apparent := received.Sub(dateValue(h, received))
	corrected := deltaSeconds(h.Get("Age")) + received.Sub(sent)
	return received.Add(-max(apparent, corrected, 0))
}

// dateValue returns the time of the Date header, or received if there is none.
func dateValue(h http.Header, received time.Time) time.Time {
	if at, err := http.ParseTime(h.Get("Date")); err == nil {
		return at
	}
	return received
}

// deltaSeconds parses a number of seconds (RFC 9111 section 1.2.2), at most 2^31. It returns 0 for
// anything else.
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

// directives are the directives of Cache-Control by name, in lower case. If a name comes twice, the
// first one counts.
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

// cutDirective cuts a list at its first comma outside quotes.
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
