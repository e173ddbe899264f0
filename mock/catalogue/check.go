package catalogue

import (
	"slices"
	"strings"
	"time"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
	"github.com/seed-2147f1a9/spotify/resources"
)

func need(kind resources.Kind, name string) {
	if name == "" {
		refuse("the %s has no name", kind)
	}
}

func oneOf(field, given string, allowed ...string) string {
	if !slices.Contains(allowed, given) {
		refuse("invalid %s %q: want one of %s", field, given, strings.Join(allowed, ", "))
	}
	return given
}

func checkDate(date string) string {
	for _, layout := range []string{"2006", "2006-01", time.DateOnly} {
		if _, err := time.Parse(layout, date); err == nil {
			return date
		}
	}
	refuse("invalid release date %q: want a year, month or day such as 1994, 1994-03 or 1994-03-07", date)
	return ""
}

// inventedDate returns a day between 1990 and 2025, derived from the words.
func inventedDate(words ...string) string {
	day := 1 + ids.Roll(35*365, append(words, "date")...)
	return time.Date(1990, 1, day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

func checkMarkets(list []string) {
	for _, m := range list {
		if !ids.IsMarket(m) {
			refuse("invalid market %q: want two capital letters", m)
		}
	}
}
