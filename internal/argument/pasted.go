package argument

import "strings"

// pairs are the quotation marks around pasted text, each opening one before its closing one.
var pairs = [][2]string{{`"`, `"`}, {"'", "'"}, {"`", "`"}, {"<", ">"}, {"“", "”"}, {"„", "“"}, {"‘", "’"}, {"«", "»"}}

// Pasted returns text without surrounding blanks, line ends and invisible characters, and without a
// surrounding pair of quotation marks.
func Pasted(s string) string {
	for {
		trimmed := strings.TrimFunc(s, isBlank)
		for _, p := range pairs {
			if inner, ok := strings.CutPrefix(trimmed, p[0]); ok {
				if inner, ok := strings.CutSuffix(inner, p[1]); ok {
					trimmed = inner
					break
				}
			}
		}
		if trimmed == s {
			return s
		}
		s = trimmed
	}
}

// isBlank reports whether a character is invisible: every kind of space, and the marks that word
// processors and chats put around links.
func isBlank(r rune) bool {
	switch {
	case r == ' ',
		'\t' <= r && r <= '\r',
		r == 0x85,
		r == 0xa0,
		r == 0x1680,
		0x2000 <= r && r <= 0x200f,
		0x2028 <= r && r <= 0x202f,
		0x205f <= r && r <= 0x2064,
		0x2066 <= r && r <= 0x2069,
		r == 0x3000,
		r == 0xfeff:
		return true
	}
	return false
}
