package middleware

import (
	"math"
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
			{name: "a date by the server's clock", value: at(time.Hour, http.TimeFormat), date: at(time.Hour-time.Minute, http.TimeFormat), want: time.Minute},
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

// Retry-After is a floor: jitter only adds to it, and it is never slept through where it is too long.
func TestRetryHonoursRetryAfter(t *testing.T) {
	for _, tc := range []struct {
		name, value string
		cfg         RetryConfig
		deadline    time.Duration
		least, most time.Duration // 0 for not at all
	}{
		{name: "seconds", value: "5", least: 5 * time.Second, most: 5250 * time.Millisecond},
		{name: "absent", least: 250 * time.Millisecond, most: 500 * time.Millisecond},
		{name: "0", value: "0", least: 250 * time.Millisecond, most: 500 * time.Millisecond},
		{name: "less than the backoff", value: ".1", least: 250 * time.Millisecond, most: 500 * time.Millisecond},
		{name: "as long as allowed", value: "60", least: time.Minute, most: time.Minute + 250*time.Millisecond},
		{name: "longer than allowed", value: "61"},
		{name: "overflowing", value: "99999999999999999999"},
		{name: "a year is allowed", value: "99999999999999999999", cfg: RetryConfig{MaxRetryAfter: math.MaxInt64}, least: longestAfter, most: longestAfter + time.Second},
		{name: "none is allowed", value: "1", cfg: RetryConfig{MaxRetryAfter: -1}},
		{name: "none is asked for", value: "0", cfg: RetryConfig{MaxRetryAfter: -1}, least: 250 * time.Millisecond, most: 500 * time.Millisecond},
		{name: "within the deadline", value: "5", deadline: 6 * time.Second, least: 5 * time.Second, most: 5250 * time.Millisecond},
		{name: "past the deadline", value: "5", deadline: 5 * time.Second},
		{name: "the backoff is past the deadline", deadline: 200 * time.Millisecond},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if tc.deadline > 0 {
					ctx = timeoutOf(t, tc.deadline)
				}
				sent := 0
				start := time.Now()
				resp, _, err := send(t, Retry(tc.cfg)(answering(func(req *http.Request) (int, string) { sent++; return 200 + 229*(sent%2), "" }, "Retry-After", tc.value)),
					newRequest(t, ctx, "POST", "https://api.example.com/x", ""))
				took := time.Since(start)
				if err != nil || (resp.StatusCode == 200) != (tc.most > 0) || took < tc.least || took > tc.most {
					t.Errorf("%v, %v after %v, want %v to %v", resp, err, took, tc.least, tc.most)
				}
			})
		})
	}
}

// Whatever comes, the answer is between nothing and a year.
func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{"", "0", "-1", "1.5", "5", "Fri, 31 Dec 9999 23:59:59 GMT", "9999999999999999999999", "soon", "1e400", ".", "٣"} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, value, date string) {
		if d := RetryAfter(http.Header{"Retry-After": {value}, "Date": {date}}); d < 0 || d > longestAfter {
			t.Errorf("%q against %q: %v", value, date, d)
		}
	})
}
