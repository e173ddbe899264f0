package resources

// The lines of text that fmt and log/slog print for the models are made here.

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/redact"
)

// FormatDuration returns a length or a position as players show it, in whole seconds rounded down:
// "3:45", and "1:02:03" from one hour on. A negative duration begins with "-".
func FormatDuration(d time.Duration) string {
	sign := ""
	if d <= -time.Second {
		sign = "-"
	}
	s := int64(d / time.Second)
	s = max(s, -s)
	if s >= 3600 {
		return fmt.Sprintf("%s%d:%02d:%02d", sign, s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%s%d:%02d", sign, s/60, s%60)
}

// joined returns the names of a list, separated by commas.
func joined[T any](list []T, name func(*T) string) string {
	names := make([]string, 0, len(list))
	for i := range list {
		if n := name(&list[i]); n != "" {
			names = append(names, n)
		}
	}
	return strings.Join(names, ", ")
}

// linkTo returns the address that Spotify has sent, or the one that follows from the id: a filter
// may have left out the address.
func linkTo(kind Kind, id string, sent ExternalURLs) string {
	if sent.Spotify != "" || id == "" {
		return sent.Spotify
	}
	return Link(kind, id)
}

// longestLine is the length in characters up to which a line shows a text of Spotify's.
const longestLine = 120

// line returns one line about an item: its name or else its URI, who made it, and a detail, of
// which the last two may be empty.
func line(name, uri, by, detail string) string {
	var b strings.Builder
	b.WriteString(cmp.Or(redact.Text(name, longestLine), redact.Text(uri, longestLine), "(no name)"))
	if by = redact.Text(by, longestLine); by != "" {
		b.WriteString(" – " + by)
	}
	if detail != "" {
		b.WriteString(" (" + detail + ")")
	}
	return b.String()
}
