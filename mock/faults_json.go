package mock

import (
	"bytes"
	"strconv"
	"strings"
)

// reshape returns a JSON body with its integers written as floats, and with a null at the head of
// every list of items. Strings stay as they are.
func reshape(body []byte, floats, nulls bool) []byte {
	out := make([]byte, 0, len(body)+len(body)/16)
	for i := 0; i < len(body); {
		switch c := body[i]; {
		case c == '"':
			end := stringEnd(body, i)
			word := body[i:end]
			out = append(out, word...)
			i = end
			if nulls && string(word) == `"items"` && bytes.HasPrefix(body[i:], []byte(":[{")) {
				out = append(out, ":[null,"...)
				i += len(":[")
			}
		case c == '-' || c >= '0' && c <= '9':
			end := i + 1
			for end < len(body) && strings.IndexByte("0123456789.eE+-", body[end]) >= 0 {
				end++
			}
			if floats {
				out = append(out, asFloat(string(body[i:end]))...)
			} else {
				out = append(out, body[i:end]...)
			}
			i = end
		default:
			out = append(out, c)
			i++
		}
	}
	return out
}

// stringEnd returns the index after the string that starts at i.
func stringEnd(body []byte, i int) int {
	for i++; i < len(body) && body[i] != '"'; i++ {
		if body[i] == '\\' {
			i++
		}
	}
	return min(i+1, len(body))
}

// asFloat returns an integer as a float of the same value is written: 640.0, and 4.9E7 if that is
// shorter.
func asFloat(number string) string {
	if strings.ContainsAny(number, ".eE") {
		return number
	}
	digits := strings.TrimRight(strings.TrimPrefix(number, "-"), "0")
	exponent := len(strings.TrimPrefix(number, "-")) - 1
	if exponent < 7 || len(digits) > exponent/2 {
		return number + ".0"
	}
	if len(digits) == 1 {
		digits += "0"
	}
	sign := strings.Repeat("-", strings.Count(number, "-"))
	return sign + digits[:1] + "." + digits[1:] + "E" + strconv.Itoa(exponent)
}
