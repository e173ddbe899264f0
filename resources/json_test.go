package resources

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestDecodeUnusualValues(t *testing.T) {
	type values struct {
		N    int       `json:"n"`
		F    float64   `json:"f"`
		S    string    `json:"s"`
		B    bool      `json:"b"`
		T    time.Time `json:"t"`
		L    []string  `json:"l"`
		O    struct{ X int }
		Kind AlbumType `json:"kind"`
	}
	moment := time.Date(2024, 2, 3, 4, 5, 6, 0, time.UTC)
	cases := map[string]struct {
		json string
		want func(values) bool
	}{
		"plain": {`{"n":640,"f":1.5,"s":"x","b":true,"t":"2024-02-03T04:05:06Z","l":["a"],"kind":"ep"}`, func(v values) bool {
			return v.N == 640 && v.F == 1.5 && v.S == "x" && v.B && v.T.Equal(moment) && v.L[0] == "a" && v.Kind == "ep"
		}},
		"nulls": {
			`{"n":null,"f":null,"s":null,"b":null,"t":null,"l":null,"O":null,"kind":null}`,
			func(v values) bool { return v.N == 0 && v.T.IsZero() && v.L == nil },
		},
		"float for integer":        {`{"n":640.0}`, func(v values) bool { return v.N == 640 }},
		"exponent for integer":     {`{"n":4.9E7}`, func(v values) bool { return v.N == 49000000 }},
		"text for integer":         {`{"n":"640"}`, func(v values) bool { return v.N == 640 }},
		"object for integer":       {`{"n":{"totalMilliseconds":640}}`, func(v values) bool { return v.N == 640 }},
		"integer out of range":     {`{"n":1e300}`, func(v values) bool { return v.N > 0 }},
		"object for text":          {`{"s":{"name":"Penguin"}}`, func(v values) bool { return v.S == "Penguin" }},
		"nameless object for text": {`{"s":{"a":1}}`, func(v values) bool { return v.S == `{"a":1}` }},
		"number for text":          {`{"s":12}`, func(v values) bool { return v.S == "12" }},
		"number for a named text":  {`{"kind":12}`, func(v values) bool { return v.Kind == "12" }},
		"text for truth":           {`{"b":"true"}`, func(v values) bool { return v.B }},
		"number for truth":         {`{"b":1}`, func(v values) bool { return v.B }},
		"date for a time":          {`{"t":"2024-02-03"}`, func(v values) bool { return v.T.Year() == 2024 }},
		"milliseconds for a time":  {`{"t":1.7E12}`, func(v values) bool { return v.T.Year() == 2023 }},
		"nonsense for a time":      {`{"t":"soon"}`, func(v values) bool { return v.T.IsZero() }},
		"object for a list":        {`{"l":{"a":1},"n":1}`, func(v values) bool { return v.L == nil && v.N == 1 }},
		"text for an object":       {`{"O":"","n":1}`, func(v values) bool { return v.N == 1 }},
		"other case":               {`{"N":3,"s":"x"}`, func(v values) bool { return v.N == 3 || v.S == "x" }},
		"name twice":               {`{"n":1,"n":2}`, func(v values) bool { return v.N == 2 }},
		"broken UTF-8":             {"{\"s\":\"a\xffb\"}", func(v values) bool { return v.S == "a�b" }},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var v values
			if err := decoded([]byte(tc.json), "", &v); err != nil || !tc.want(v) {
				t.Errorf("decoded(%s) = %+v, %v", tc.json, v, err)
			}
		})
	}
	for _, bad := range []string{`[]`, `"x"`, `3`, `{"n":`, `<html>`, ``} {
		if err := decoded([]byte(bad), "", new(values)); err == nil {
			t.Errorf("decoded(%q) found nothing wrong", bad)
		}
	}
}

func TestPageDropsNulls(t *testing.T) {
	for name, body := range map[string]string{
		"strict": `{"href":"h","items":[null,{"id":"1","name":"One"},null,{"id":"2","name":"Two"}],"limit":4,` +
			`"offset":8,"total":99,"next":"n","previous":null}`,
		"lenient": `{"href":"h","items":[null,{"id":"1","name":"One"},null,{"id":"2","name":"Two"}],"limit":4.0,` +
			`"offset":8,"total":9.9E1,"next":"n","previous":null}`,
	} {
		var page Page[SimplifiedTrack]
		if err := decoded([]byte(body), "", &page); err != nil {
			t.Fatal(name, err)
		}
		if len(page.Items) != 2 || page.Items[1].Name != "Two" || page.Dropped != 2 || page.Limit != 4 || page.Offset != 8 ||
			page.Total != 99 ||
			page.Next != "n" ||
			page.Previous != "" {
			t.Errorf("%s: %+v", name, page)
		}
	}
}

// A decoded list has no more than twice the capacity that it needs, also if its elements differ in
// length or more text follows it.
func TestListCapacity(t *testing.T) {
	long, short := `{"name":"`+strings.Repeat("x", 200)+`"}`, `{"name":"y"}`
	for _, n := range []int{0, 1, 2, 7, 49, 50, 51, 180} {
		for name, elements := range map[string][2]string{
			"alike":              {short, short},
			"the first is short": {short, long},
			"the first is long":  {long, short},
			"nulls before":       {"null," + short, short},
		} {
			items := slices.Repeat([]string{elements[1]}, n)
			if n > 0 {
				items[0] = elements[0]
			}
			var page Page[SimplifiedArtist]
			err := decoded([]byte(`{"items":[`+strings.Join(items, ",")+`],"href":"`+strings.Repeat("z", 5000)+`"}`), "", &page)
			if err != nil || len(page.Items) != n || page.Items == nil {
				t.Fatalf("%s: %d items of %d, %v", name, len(page.Items), n, err)
			}
			if cap(page.Items) > 2*n+1 {
				t.Errorf("%s: %d items keep room for %d", name, n, cap(page.Items))
			}
		}
	}
}
