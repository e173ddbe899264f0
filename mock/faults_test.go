package mock

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/mock/internal/mocktest"
)

func TestRollingLimit(t *testing.T) {
	second := func(n float64) time.Duration { return time.Duration(n * float64(time.Second)) }
	type call struct {
		at    time.Duration
		after string // Retry-After of a 429, empty for a pass
	}
	for name, c := range map[string]struct {
		opts  []Option
		calls []call
	}{
		"two in ten seconds": {[]Option{WithRateLimit(2, second(10))}, []call{
			{0, ""}, {second(4), ""}, {second(4), "6"}, {second(9.5), "1"}, {second(10), ""}, {second(13.9),
				"1"}, {second(14), ""}, {second(14), "6"}}},
		"rejected calls count": {[]Option{WithRateLimit(2, second(10)), WithCountRejected()}, []call{
			{0, ""}, {0, ""}, {second(5), "5"}, {second(6), "9"}, {second(14), "2"}, {second(26), ""}}},
		"no Retry-After": {[]Option{WithoutRetryAfter(), WithRateLimit(1, second(10))},
			[]call{{0, ""}, {second(1), "none"}, {second(10), ""}}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tr := New(t, c.opts...)
				start := time.Now()
				for i, k := range c.calls {
					time.Sleep(k.at - time.Since(start))
					r := mocktest.Get(t, tr, trackPath)
					got := r.Header.Get("Retry-After")
					if r.Status == 429 && got == "" {
						got = "none"
					}
					if (r.Status == 200) != (k.after == "") || got != k.after {
						t.Errorf("call %d: %d, Retry-After %q, want %q", i, r.Status, got, k.after)
					}
				}
			})
		})
	}
}

func TestRollingLimitCountsWhatSpotifyCounts(t *testing.T) {
	tr := New(t, WithRateLimit(1, time.Hour))
	tr.On("GET", "/albums/{id}").Respond(200, "")
	for range 3 {
		mocktest.Get(t, tr, "/albums/x")                                                       // a rule's response
		mocktest.Get(t, tr, trackPath, "Authorization", "Basic x")                             // refused
		mocktest.Get(t, tr, "https://accounts.spotify.com/authorize")                          // not the Web API
		mocktest.Send(tr, mocktest.Request(t, "PUT", "/playlists/"+PlaylistID+"/images", "x")) // a limit of its own
	}
	if r := mocktest.Get(t, tr, trackPath); r.Status != 200 {
		t.Errorf("%+v", r)
	}
	if r := mocktest.Get(t, tr, trackPath); r.Status != 429 {
		t.Errorf("%+v", r)
	}
}

func TestRollingLimitUnderLoad(t *testing.T) {
	tr := New(t, WithRateLimit(100, time.Hour))
	var wg sync.WaitGroup
	for range 300 {
		wg.Go(func() { mocktest.Get(t, tr, trackPath) })
	}
	wg.Wait()
	passed := 0
	for _, c := range tr.Calls("GET", trackPath) {
		if c.Status == 200 {
			passed++
		}
	}
	if passed != 100 {
		t.Errorf("%d passed", passed)
	}
}

func TestQuota(t *testing.T) {
	tr := New(t, WithQuota(2))
	for i := range 4 {
		r := mocktest.Get(t, tr, trackPath)
		if i < 2 && r.Status != 200 {
			t.Errorf("call %d: %+v", i, r)
		}
		if i >= 2 &&
			(r.Status != 429 || r.Header.Get("Retry-After") != "" ||
				r.Body != `{"error":{"status":429,"message":"Too many requests","reason":"QUOTA_EXCEEDED"}}`) {
			t.Errorf("call %d: %+v", i, r)
		}
	}
}

// census sends different requests and counts the kinds of responses.
func census(t *testing.T, tr *Transport, n int) map[string]int {
	t.Helper()
	seen := map[string]int{}
	for i := range n {
		r := mocktest.Get(t, tr, fmt.Sprintf("%s?n=%d", trackPath, i))
		switch {
		case errors.Is(r.Err, syscall.ECONNRESET):
			seen["reset"]++
		case errors.Is(r.Err, io.ErrUnexpectedEOF):
			seen["cut"]++
		case r.Err != nil:
			seen[r.Err.Error()]++
		default:
			seen[fmt.Sprint(r.Status)]++
		}
	}
	for _, c := range tr.Calls("", "") {
		if c.Applied {
			seen["applied"]++
		}
	}
	return seen
}

func TestRates(t *testing.T) {
	const n = 2000
	for name, c := range map[string]struct {
		opt  Option
		want map[string]float64 // shares
	}{
		"clear": {WithFaults(Faults{}), map[string]float64{"200": 1, "applied": 1}},
		"errors": {WithFaults(Faults{ErrorRate: 0.2}), map[string]float64{"200": 0.8, "500": 0.05, "502": 0.05,
			"503": 0.05, "504": 0.05, "applied": 0.9}},
		"401": {WithFaults(Faults{ErrorRate: 0.2, ErrorStatuses: []int{401}}), map[string]float64{"200": 0.8,
			"401": 0.2, "applied": 0.8}},
		"resets": {WithFaults(Faults{ResetRate: 0.2}), map[string]float64{"200": 0.8, "reset": 0.2, "applied": 0.9}},
		"cuts":   {WithFaults(Faults{CutRate: 0.2}), map[string]float64{"200": 0.8, "cut": 0.2, "applied": 1}},
		"two": {WithFaults(Faults{Seed: 3, ErrorRate: 0.03, Errors: map[int]float64{401: 0.1}, HTMLErrorRate: 0.3,
			Gzip: true, FloatRate: 0.2, NullRate: 0.2}), map[string]float64{"200": 0.87, "401": 0.1,
			"500": 0.0075, "502": 0.0075, "503": 0.0075, "504": 0.0075, "applied": 0.885}},
		"always": {WithFaults(Faults{ErrorRate: 1, ErrorStatuses: []int{503}}), map[string]float64{"503": 1,
			"applied": 0.5}},
	} {
		t.Run(name, func(t *testing.T) {
			got := census(t, New(t, c.opt), n)
			for what, share := range c.want {
				if s := float64(got[what]) / n; s < share-0.03 || s > share+0.03 {
					t.Errorf("%s: %.3f, want about %.3f", what, s, share)
				}
			}
			for what := range got {
				if c.want[what] == 0 {
					t.Errorf("%d times %s", got[what], what)
				}
			}
		})
	}
}

// The faults of a request do not depend on other requests or on the time.
func TestSameSeedSameResponses(t *testing.T) {
	const n = 200
	run := func(seed uint64, order func(i int) int, parallel bool) map[string][]string {
		faults := Chaos(seed)
		faults.MaxLatency = 0
		tr := New(t, WithFaults(faults))
		got := map[string][]string{}
		var mu sync.Mutex
		var wg sync.WaitGroup
		for i := range n {
			path := fmt.Sprintf("%s?n=%d", trackPath, order(i))
			one := func() {
				for range 3 {
					r := mocktest.Get(t, tr, path)
					mu.Lock()
					got[path] = append(got[path], fmt.Sprint(r.Status, r.Body, r.Err))
					mu.Unlock()
				}
			}
			if parallel {
				wg.Go(one)
			} else {
				one()
			}
		}
		wg.Wait()
		return got
	}
	forth := func(i int) int { return i }
	first := run(5, forth, false)
	again := run(5, func(i int) int { return n - 1 - i }, true)
	other := run(6, forth, false)
	same, differs := 0, 0
	for path, want := range first {
		if got := again[path]; strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%s: %q, then %q", path, want, got)
		}
		if want[0] == want[1] {
			same++
		}
		if strings.Join(other[path], "|") != strings.Join(want, "|") {
			differs++
		}
	}
	if same == n || differs == 0 {
		t.Errorf("the faults never change: %d of %d, %d", same, n, differs)
	}
}

func TestLatency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := New(t, WithFaults(Faults{MinLatency: 50 * time.Millisecond, MaxLatency: 150 * time.Millisecond}))
		least, most := time.Hour, time.Duration(0)
		for range 500 {
			start := time.Now()
			mocktest.Get(t, tr, trackPath)
			d := time.Since(start)
			least, most = min(least, d), max(most, d)
		}
		if least < 50*time.Millisecond || least > 55*time.Millisecond || most > 150*time.Millisecond ||
			most < 145*time.Millisecond {
			t.Errorf("%v to %v", least, most)
		}
	})
}

func TestLatencyTail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := New(t, WithFaults(Faults{MedianLatency: 50 * time.Millisecond, P99Latency: 400 * time.Millisecond}))
		const n = 4000
		all := make([]time.Duration, n)
		for i := range all {
			start := time.Now()
			mocktest.Get(t, tr, trackPath)
			all[i] = time.Since(start)
		}
		slices.Sort(all)
		median, p99, longest := all[n/2], all[n*99/100], all[n-1]
		if median < 45*time.Millisecond || median > 55*time.Millisecond || p99 < 330*time.Millisecond ||
			p99 > 480*time.Millisecond ||
			longest < p99+100*time.Millisecond {
			t.Errorf("half below %v, 99 of 100 below %v, all below %v", median, p99, longest)
		}
	})
}

func TestGzip(t *testing.T) {
	plain := mocktest.Get(t, New(t), trackPath).Body
	tr := New(t, WithFaults(Faults{Gzip: true}))
	resp, err := tr.RoundTrip(mocktest.Request(t, "GET", trackPath, ""))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil || string(body) != plain || !resp.Uncompressed || resp.ContentLength != -1 ||
		resp.Header.Get("Content-Encoding") != "" {
		t.Errorf("not asked for: %v %s %v", resp.Header, body, err)
	}
	_ = resp.Body.Close()
	r := mocktest.Get(t, tr, trackPath, "Accept-Encoding", "gzip")
	zr, err := gzip.NewReader(strings.NewReader(r.Body))
	if err != nil {
		t.Fatal(err)
	}
	if body, err = io.ReadAll(zr); err != nil || string(body) != plain || r.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("asked for: %v %s %v", r.Header, body, err)
	}
	if r = mocktest.Get(t, tr, trackPath, "Accept-Encoding", "identity"); r.Body != plain {
		t.Errorf("refused: %+v", r)
	}
	if r = mocktest.Get(t, New(t, WithFaults(Faults{Gzip: true, CutRate: 1})), trackPath); r.Err == nil {
		t.Errorf("cut: %+v", r)
	}
}

func TestHTMLErrors(t *testing.T) {
	tr := New(t, WithFaults(Faults{HTMLErrorRate: 1}))
	if r := mocktest.Get(t, tr, trackPath); r.Status != 200 || !strings.HasPrefix(r.Body, "{") {
		t.Errorf("%+v", r)
	}
	r := mocktest.Get(t, tr, trackPath, "Authorization", "Basic x")
	if r.Status != 400 || !strings.HasPrefix(r.Body, "<!DOCTYPE html>") ||
		r.Header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("%+v", r)
	}
}

func TestReshape(t *testing.T) {
	for _, c := range []struct{ in, floats, nulls string }{
		{`{"a":640,"b":-3,"c":0}`, `{"a":640.0,"b":-3.0,"c":0.0}`, ""},
		{`{"a":49000000,"b":1234567,"c":10000000,"d":-49000000}`, `{"a":4.9E7,"b":1234567.0,"c":1.0E7,"d":-4.9E7}`, ""},
		{`{"a":1.5,"b":1e3,"c":"640","d":"\"7"}`, `{"a":1.5,"b":1e3,"c":"640","d":"\"7"}`, ""},
		{`{"items":[{"a":1},{}]}`, `{"items":[{"a":1.0},{}]}`, `{"items":[null,{"a":1},{}]}`},
		{`{"items":{"items":[{}]}}`, "", `{"items":{"items":[null,{}]}}`},
		{`{"items":[],"x":"\"items\":[{"}`, "", ""},
		{`{"items":[1,2]}`, `{"items":[1.0,2.0]}`, ""},
		{`"unfinished`, "", ""},
		{``, "", ""},
	} {
		for _, floats := range []bool{true, false} {
			want := c.nulls
			if floats {
				want = c.floats
			}
			if want == "" {
				want = c.in
			}
			got := reshape([]byte(c.in), floats, !floats)
			if string(got) != want {
				t.Errorf("%s: %s, want %s", c.in, got, want)
			}
			if json.Valid([]byte(c.in)) != json.Valid(got) {
				t.Errorf("%s: %s is no JSON", c.in, got)
			}
		}
	}
}

func FuzzReshape(f *testing.F) {
	f.Add([]byte(`{"items":[{"a":1,"b":"\\"}]}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		var plain, odd any
		if json.Unmarshal(in, &plain) != nil {
			reshape(in, true, true) // must not panic
			return
		}
		if err := json.Unmarshal(reshape(in, true, false), &odd); err != nil {
			t.Fatalf("%s: %v", in, err)
		}
		a, _ := json.Marshal(plain)
		b, _ := json.Marshal(odd)
		if !bytes.Equal(a, b) {
			t.Fatalf("%s became %s", a, b)
		}
	})
}

func TestFloatsAndNullsInAnswers(t *testing.T) {
	r := mocktest.Get(t, New(t, WithFaults(Faults{FloatRate: 1})), "/albums/"+AlbumID)
	if r.Status != 200 || !strings.Contains(r.Body, ".0,") {
		t.Errorf("%+v", r)
	}
	r = mocktest.Get(t, New(t, WithFaults(Faults{NullRate: 1})), "/albums/"+AlbumID+"/tracks")
	if r.Status != 200 || !strings.Contains(r.Body, `"items":[null,{`) {
		t.Errorf("%+v", r)
	}
}
