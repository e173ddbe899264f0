package resources

import (
	"strconv"
	"strings"
	"time"
)

// DatePrecision says how much of a date is known. Values beyond the constants come and mean as much as the date's text says.
type DatePrecision string

// The precisions of the reference.
const (
	PrecisionYear  DatePrecision = "year"
	PrecisionMonth DatePrecision = "month"
	PrecisionDay   DatePrecision = "day"
)

// Date is a day, a month or a year in which something was released. Month and Day are zero where they are not known.
type Date struct {
	Year, Month, Day int
	// Precision is what is known of the date, as its text tells: Spotify has been seen to announce more than it sends.
	Precision DatePrecision
}

// parseDate reads "1981", "1981-12" or "1981-12-15"; of a text that is none of them it reads what it can.
func parseDate(text string) Date {
	text, _, _ = strings.Cut(text, "T") // a time of day was seen once
	var d Date
	parts := strings.SplitN(text, "-", 3)
	for i, part := range parts {
		n, err := strconv.Atoi(part)
		if err != nil || n < 1 {
			break
		}
		switch {
		case i == 0 && n <= 9999:
			d = Date{Year: n, Precision: PrecisionYear}
		case i == 1 && n <= 12 && d.Year > 0:
			d.Month, d.Precision = n, PrecisionMonth
		case i == 2 && d.Month > 0 && n <= 31:
			d.Day, d.Precision = n, PrecisionDay
		}
	}
	return d
}

// IsZero reports whether nothing is known of the date.
func (d Date) IsZero() bool { return d.Year == 0 }

// Time returns the first moment of the date in UTC, and the zero Time for a date of which nothing is known.
func (d Date) Time() time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return time.Date(d.Year, time.Month(max(d.Month, 1)), max(d.Day, 1), 0, 0, 0, 0, time.UTC)
}

// String returns the date as far as it is known: "1981", "1981-12" or "1981-12-15".
func (d Date) String() string {
	switch {
	case d.IsZero():
		return ""
	case d.Month == 0:
		return d.Time().Format("2006")
	case d.Day == 0:
		return d.Time().Format("2006-01")
	}
	return d.Time().Format(time.DateOnly)
}

// milliseconds is a duration as the API has it.
func milliseconds(n int) time.Duration { return time.Duration(n) * time.Millisecond }
