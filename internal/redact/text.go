package redact

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// cut marks the place where a text was shortened.
const cut = "…"

// Text returns foreign text as one printable line of at most limit characters: runs of white space
// become one space; control characters, bidirectional controls and other invisible characters
// (terminal escapes among them) and bytes that are not UTF-8 become U+FFFD. Longer text ends in
// "…".
func Text(text string, limit int) string {
	var b strings.Builder
	n, space := 0, false
	for _, r := range text {
		if unicode.IsSpace(r) {
			space = n > 0
			continue
		}
		if n+1 > limit || space && n+2 > limit {
			return b.String() + cut
		}
		if space {
			b.WriteByte(' ')
			n, space = n+1, false
		}
		if !unicode.IsPrint(r) {
			r = utf8.RuneError
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}

var title = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)

// Title returns the title of an HTML page as Text does, empty if it has none, and reports whether
// body is a page at all.
func Title(body []byte, limit int) (text string, isPage bool) {
	start := strings.TrimSpace(string(body[:min(len(body), 64<<10)]))
	if !strings.HasPrefix(start, "<") {
		return "", false
	}
	if match := title.FindStringSubmatch(start); match != nil {
		return Text(match[1], limit), true
	}
	return "", true
}

// Ends returns text as Text does, shortened to about limit bytes by leaving out its middle.
func Ends(text string, limit int) string {
	text = Text(text, len(text))
	if len(text) <= limit {
		return text
	}
	return strings.ToValidUTF8(text[:limit/2]+cut+text[len(text)-limit/2:], "")
}
