package transport

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// What a server may say, and what is made of it.
func TestRetryAfter(t *testing.T) {
	const year = 365 * 24 * time.Hour
	synctest.Test(t, func(t *testing.T) {
		at := func(d time.Duration, layout string) string { return time.Now().Add(d).UTC().Format(layout) }
		for _, tc := range []struct {
			name, value, date string
			want              time.Duration
		}{
			{name: "absent"},
			{name: "0", value: "0"},
			{name: "seconds", value: "7", want: 7 * time.Second},
			{name: "with space around", value: " 7\t", want: 7 * time.Second},
			{name: "leading zeros", value: "007", want: 7 * time.Second},
			{name: "a fraction", value: "1.5", want: 1500 * time.Millisecond},
			{name: "a fraction alone", value: ".5", want: 500 * time.Millisecond},
			{name: "a day", value: "86400", want: 24 * time.Hour},
			{name: "negative", value: "-5"},
			{name: "a sign", value: "+5"},
			{name: "overflowing", value: "9223372036854775808", want: year},
			{name: "overflowing a float", value: strings.Repeat("9", 400), want: year},
			{name: "an exponent", value: "1e3"},
			{name: "infinity", value: "Inf"},
			{name: "not a number", value: "NaN"},
			{name: "hexadecimal", value: "0x10"},
			{name: "a dot", value: "."},
			{name: "two numbers", value: "5, 7"},
			{name: "a unit", value: "5s"},
			{name: "garbage", value: "soon"},
			{name: "very long garbage", value: strings.Repeat("x", 1<<16)},
			{name: "digits of another script", value: "٣"},
			{name: "a date", value: at(time.Minute, http.TimeFormat), want: time.Minute},
			{name: "an RFC 850 date", value: at(time.Minute, "Monday, 02-Jan-06 15:04:05 GMT"), want: time.Minute},
			{name: "an asctime date", value: at(time.Minute, time.ANSIC), want: time.Minute},
			{name: "a past date", value: at(-time.Minute, http.TimeFormat)},
			{
				name: "a date by the server's clock", value: at(time.Hour, http.TimeFormat),
				date: at(time.Hour-time.Minute, http.TimeFormat), want: time.Minute,
			},
			{name: "a date and a broken clock", value: at(time.Minute, http.TimeFormat), date: "now", want: time.Minute},
			{name: "a date far away", value: "Fri, 31 Dec 9999 23:59:59 GMT", want: year},
			{name: "no date", value: "Fri, 31 Feb 2040 23:59:59 GMT"},
		} {
			header := http.Header{}
			if tc.value != "" {
				header.Set("Retry-After", tc.value)
			}
			if tc.date != "" {
				header.Set("Date", tc.date)
			}
			if got := RetryAfter(header); got != tc.want {
				t.Errorf("%s: %v, want %v", tc.name, got, tc.want)
			}
		}
		if got := RetryAfter(nil); got != 0 {
			t.Errorf("no header at all: %v", got)
		}
	})
}

// Whatever comes, the result is between 0 and a year.
func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{
		"", "0", "-1", "1.5", "5", "Fri, 31 Dec 9999 23:59:59 GMT", "9999999999999999999999", "soon",
		"1e400", ".", "٣",
	} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, value, date string) {
		if d := RetryAfter(http.Header{"Retry-After": {value}, "Date": {date}}); d < 0 || d > maxRetryAfter {
			t.Errorf("%q against %q: %v", value, date, d)
		}
	})
}
