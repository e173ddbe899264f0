package clock

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

func TestSkew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(700 * time.Millisecond) // a Date has whole seconds
		at := func(ahead time.Duration) string { return time.Now().Add(-ahead).UTC().Format(http.TimeFormat) }
		for _, c := range []struct {
			name   string
			header http.Header
			want   time.Duration
			advice string
		}{
			{"the same time", http.Header{"Date": {at(0)}}, 0, ""},
			{"a slow response", http.Header{"Date": {at(2 * time.Minute)}}, 0, ""},
			{
				"ahead", http.Header{"Date": {at(time.Hour)}},
				time.Hour, "this machine's clock is 1h0m0s ahead of the server's: set it",
			},
			{
				"behind", http.Header{"Date": {at(-3 * time.Minute)}},
				-3 * time.Minute, "this machine's clock is 3m0s behind the server's: set it",
			},
			{
				"a machine without a battery", http.Header{"Date": {at(-9862 * 24 * time.Hour)}},
				-9862 * 24 * time.Hour, "this machine's clock is 9862 days behind the server's: set it",
			},
			{"from a cache", http.Header{"Date": {at(time.Hour)}, "Age": {"3600"}}, 0, ""},
			{"no date", nil, 0, ""},
			{"no readable date", http.Header{"Date": {"yesterday"}}, 0, ""},
		} {
			got := Skew(c.header)
			if got != c.want || Advice(got) != c.advice {
				t.Errorf("%s: %v, %q: want %v, %q", c.name, got, Advice(got), c.want, c.advice)
			}
		}
	})
}
