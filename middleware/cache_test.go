package middleware

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// origin is a server whose responses all have the same header. It responds with a 304 to a request
// whose condition matches that header.
type origin struct {
	status int
	header http.Header
	took   time.Duration // for each response
	served []string      // method and status code of each response
}

func (o *origin) RoundTrip(req *http.Request) (*http.Response, error) {
	transport.CloseRequest(req)
	if err := transport.Sleep(req.Context(), o.took); err != nil {
		return nil, err
	}
	status := cmp.Or(o.status, http.StatusOK)
	tag, since := req.Header.Get("If-None-Match"), req.Header.Get("If-Modified-Since")
	if tag != "" && tag == o.header.Get("ETag") || since != "" && since == o.header.Get("Last-Modified") {
		status = http.StatusNotModified
	}
	o.served = append(o.served, cmp.Or(req.Method, "GET")+" "+strconv.Itoa(status))
	body := "response " + strconv.Itoa(len(o.served))
	if status == http.StatusNotModified {
		body = ""
	}
	header := o.header.Clone()
	if header.Get("Date") == "" {
		header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)),
		ContentLength: int64(len(body)), Request: req}, nil
}

// headers returns a header with these lines. {now+5} in a line becomes the date in 5 seconds.
func headers(lines ...string) http.Header {
	h := http.Header{}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		if before, after, ok := strings.Cut(value, "{now"); ok {
			seconds, rest, _ := strings.Cut(after, "}")
			n, _ := strconv.Atoi(cmp.Or(seconds, "0"))
			value = before + time.Now().Add(time.Duration(n)*time.Second).UTC().Format(http.TimeFormat) + rest
		}
		h.Add(name, value)
	}
	return h
}

const thing = "https://api.example.com/v1/thing"

// The responses of the server to two equal requests.
const (
	hit   = "GET 200"         // the second is served from the cache
	valid = "GET 200 GET 304" // the second is revalidated
	miss  = "GET 200 GET 200"
)

func TestCacheFreshness(t *testing.T) {
	for _, tc := range []struct {
		name   string
		header []string
		status int
		took   time.Duration // for each response
		after  time.Duration // until the second request
		want   string
	}{
		{name: "fresh", header: []string{"Cache-Control: max-age=60"}, after: 59 * time.Second, want: hit},
		{name: "stale after max-age", header: []string{"Cache-Control: max-age=60"}, after: 60 * time.Second,
			want: miss},
		{name: "stale, with an ETag", header: []string{"Cache-Control: max-age=60", `ETag: "a"`},
			after: time.Minute, want: valid},
		{name: "stale, with Last-Modified", header: []string{"Cache-Control: max-age=60", "Last-Modified: {now-9}"},
			after: time.Minute, want: valid},
		{name: "ETag alone", header: []string{`ETag: W/"a"`}, want: valid},
		{name: "no headers", want: miss},
		{name: "no heuristic freshness from Last-Modified", header: []string{"Last-Modified: {now-999999}"},
			want: valid},
		{name: "never fresh", header: []string{"Cache-Control: private, max-age=0", `ETag: "a"`}, want: valid},
		{name: "no-cache", header: []string{"Cache-Control: no-cache, max-age=60", `ETag: "a"`}, want: valid},
		{name: "no-store", header: []string{"Cache-Control: no-store, max-age=60", `ETag: "a"`}, want: miss},
		{name: "no-store in the second line",
			header: []string{"Cache-Control: max-age=60", "Cache-Control: no-store"}, want: miss},
		{name: "private", header: []string{"Cache-Control: private, max-age=60"}, want: hit},
		{name: "s-maxage", header: []string{"Cache-Control: s-maxage=60"}, want: miss},
		{name: "must-revalidate", header: []string{"Cache-Control: max-age=60, must-revalidate"},
			after: time.Second, want: hit},
		{name: "upper case, quotes", header: []string{`Cache-Control: MAX-AGE="60"`}, after: time.Second, want: hit},
		{name: "a comma in quotes", header: []string{`Cache-Control: private="a, no-store, b\"", max-age=60`},
			want: hit},
		{name: "max-age twice", header: []string{"Cache-Control: max-age=0, max-age=60"}, want: miss},
		{name: "not a number", header: []string{"Cache-Control: max-age=1.5"}, want: miss},
		{name: "negative", header: []string{"Cache-Control: max-age=-1"}, want: miss},
		{name: "out of range", header: []string{"Cache-Control: max-age=99999999999999999999"},
			after: 1000 * time.Hour, want: hit},
		{name: "Expires", header: []string{"Expires: {now+60}"}, after: 59 * time.Second, want: hit},
		{name: "Expires has passed", header: []string{"Expires: {now+60}"}, after: 61 * time.Second, want: miss},
		{name: "Expires, relative to Date",
			header: []string{"Date: {now-3600}", "Expires: {now-3540}", `ETag: "a"`}, want: valid},
		{name: "Expires: 0", header: []string{"Expires: 0"}, want: miss},
		{name: "max-age overrides Expires", header: []string{"Cache-Control: max-age=0", "Expires: {now+60}"},
			want: miss},
		{name: "Age", header: []string{"Cache-Control: max-age=60", "Age: 50"}, after: 11 * time.Second, want: miss},
		{name: "an old Date", header: []string{"Cache-Control: max-age=60", "Date: {now-50}"},
			after: 11 * time.Second, want: miss},
		{name: "a slow response", header: []string{"Cache-Control: max-age=60"}, took: 30 * time.Second,
			after: 31 * time.Second, want: miss},
		{name: "a Date in the future", header: []string{"Cache-Control: max-age=60", "Date: {now+3600}"},
			after: 59 * time.Second, want: hit},
		{name: "Vary: *", header: []string{"Cache-Control: max-age=60", "Vary: Accept, *"}, want: miss},
		{name: "Content-Range", header: []string{"Cache-Control: max-age=60", "Content-Range: bytes 0-1/9"},
			want: miss},
		{name: "404", status: 404, header: []string{"Cache-Control: max-age=60"}, want: "GET 404 GET 404"},
		{name: "203", status: 203, header: []string{"Cache-Control: max-age=60"}, want: "GET 203 GET 203"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := &origin{status: tc.status, header: headers(tc.header...), took: tc.took}
				counters := new(CacheCounters)
				rt := Cache(CacheConfig{Counters: counters})(server)
				second := "response 1"
				if tc.want != hit && tc.want != valid {
					second = "response 2"
				}
				for _, want := range []string{"response 1", second} {
					if _, body, err := send(t, rt, newRequest(t, t.Context(), "GET", thing, "")); err != nil ||
						body != want {
						t.Errorf("got %q, %v, want %q", body, err, want)
					}
					time.Sleep(tc.after)
				}
				if got := strings.Join(server.served, " "); got != tc.want {
					t.Errorf("the server sent %q, want %q", got, tc.want)
				}
				if hits, checked := counters.Hits.Load(),
					counters.Revalidated.Load(); (hits == 1) != (tc.want == hit) ||
					(checked == 1) != (tc.want == valid) || hits+checked+counters.Misses.Load() != 2 {
					t.Errorf("counted %d hits, %d revalidated, %d misses", hits, checked, counters.Misses.Load())
				}
			})
		})
	}
}

// A response is shared among requests with the same URL, user and values of the headers in Vary
// only.
func TestCacheKey(t *testing.T) {
	call := func(call transport.Call) func(*http.Request) *http.Request {
		return func(r *http.Request) *http.Request { return r.WithContext(transport.WithCall(r.Context(), &call)) }
	}
	with := func(name, value string) func(*http.Request) *http.Request {
		return func(r *http.Request) *http.Request { r.Header[name] = []string{value}; return r }
	}
	both := func(user string) func(*http.Request) *http.Request {
		return func(r *http.Request) *http.Request {
			r.Header["Authorization"], r.Header["authorization"] = []string{"Bearer shared"}, []string{"Bearer " + user}
			return r
		}
	}
	of := func(method, url string) func(*http.Request) *http.Request {
		return func(r *http.Request) *http.Request {
			other, err := http.NewRequestWithContext(r.Context(), method, url, nil)
			if err != nil {
				t.Fatal(err)
			}
			return other
		}
	}
	same := func(r *http.Request) *http.Request { return r }
	for _, tc := range []struct {
		name          string
		first, second func(*http.Request) *http.Request
		shared        bool
	}{
		{"equal", same, same, true},
		{"a fragment", same, of("GET", thing+"#x"), true},
		{"a header that is not in Vary", same, with("X-Other", "1"), true},
		{"another query", same, of("GET", thing+"?market=SE"), false},
		{"another host", same, of("GET", "https://other.example.com/v1/thing"), false},
		{"HEAD", same, of("HEAD", thing), false},
		{"another language", with("Accept-Language", "sv"), with("Accept-Language", "de"), false},
		{"no language", with("Accept-Language", "sv"), same, false},
		{"the same language", with("Accept-Language", "sv"), with("Accept-Language", " sv"), true},
		{"another user, by header", with("Authorization", "Bearer a"), with("Authorization", "Bearer b"), false},
		{"the same user, by header", with("Authorization", "Bearer a"), with("Authorization", "Bearer a"), true},
		{"authorization in lower case", with("authorization", "Bearer a"), with("authorization", "Bearer a"), false},
		{"authorization in both spellings", both("a"), both("b"), false},
		{"another user, by cookie", with("Cookie", "a=1"), with("Cookie", "a=2"), false},
		{"another user, by the call's token", call(transport.Call{Token: "a"}), call(transport.Call{Token: "b"}),
			false},
		{"the client's user and a call's", same, call(transport.Call{Token: "b"}), false},
		{"the same user, by the call's token", call(transport.Call{Token: "a"}), call(transport.Call{Token: "a"}),
			true},
		{"the call's token and a header with its text", call(transport.Call{Token: "Bearer a"}),
			with("Authorization", "Bearer a"), false},
		{"another user, by Identity", with("X-User", "a"), with("X-User", "b"), false},
		{"the same user, by Identity", with("X-User", "a"), with("X-User", "a"), true},
		{"Range", same, with("Range", "bytes=0-1"), false},
		{"Cache-Control", same, with("Cache-Control", "no-cache"), false},
		{"If-None-Match", same, with("If-None-Match", `"x"`), false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			server := &origin{header: headers("Cache-Control: max-age=60", "Vary: accept-language, Accept")}
			rt := Cache(CacheConfig{Identity: func(r *http.Request) string { return r.Header.Get("X-User") }})(server)
			for _, change := range []func(*http.Request) *http.Request{tc.first, tc.second} {
				if _, _, err := send(t, rt, change(newRequest(t, t.Context(), "GET", thing, ""))); err != nil {
					t.Fatal(err)
				}
			}
			if shared := len(server.served) == 1; shared != tc.shared {
				t.Errorf("shared is %v: the server sent %q", shared, server.served)
			}
		})
	}
}

// A response from the cache has a header and a body of its own, an Age and a Cache-Status.
func TestCacheResponses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &origin{header: headers("Cache-Control: max-age=60", `ETag: "a"`, "Set-Cookie: a=1",
			"Connection: X-Hop", "X-Hop: 1", "X-Kept: 1")}
		rt := Cache(CacheConfig{})(server)
		for i, want := range []struct{ age, status string }{{"", ""}, {"7", "client; hit; ttl=53"},
			{"14", "client; hit; ttl=46"}, {"0", "client; fwd=stale; fwd-status=304"}, {"7", "client; hit; ttl=53"}} {
			if i == 3 {
				time.Sleep(46 * time.Second)
			}
			req := newRequest(t, t.Context(), "GET", thing, "")
			resp, body, err := send(t, rt, req)
			if err != nil || body != "response 1" || resp.StatusCode != 200 || resp.Request != req ||
				resp.Header.Get("Age") != want.age || resp.Header.Get("Cache-Status") != want.status {
				t.Fatalf("call %d: %q, %v, %v", i, body, resp, err)
			}
			if i > 0 && (resp.Header.Get("X-Kept") != "1" || resp.Header.Get("X-Hop") != "" ||
				resp.Header.Get("Set-Cookie") != "") {
				t.Errorf("call %d: the headers are %v", i, resp.Header)
			}
			resp.Header.Set("X-Kept", "changed by the caller")
			time.Sleep(7 * time.Second)
		}
	})
}

// A 429 or a 5xx in response to a revalidation does not remove the entry; a 404 does.
func TestCacheKeepsEntriesOnServerErrors(t *testing.T) {
	for status, want := range map[int]string{429: valid, 503: valid, 404: "GET 200 GET 200"} {
		synctest.Test(t, func(t *testing.T) {
			server := &origin{header: headers("Cache-Control: max-age=60", `ETag: "a"`)}
			var failing atomic.Bool
			rt := Cache(CacheConfig{})(transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
				if failing.Load() {
					return &http.Response{StatusCode: status, Header: http.Header{}, Body: http.NoBody,
						Request: req}, nil
				}
				return server.RoundTrip(req)
			}))
			for n := range 3 {
				failing.Store(n == 1)
				if _, _, err := send(t, rt, newRequest(t, t.Context(), "GET", thing, "")); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Minute)
			}
			if got := strings.Join(server.served, " "); got != want {
				t.Errorf("around a %d the server sent %q, want %q", status, got, want)
			}
		})
	}
}

// No entry looks younger than it is after the clock was set back or forward.
func TestCacheAndClockJumps(t *testing.T) {
	now := time.Now()
	entry := &cacheEntry{generated: now, freshFor: time.Hour}
	for jump, fresh := range map[time.Duration]bool{0: true, 59 * time.Minute: true, time.Hour: false,
		1000 * time.Hour: false, -time.Second: false, -1000 * time.Hour: false} {
		if entry.isFresh(now.Add(jump)) != fresh {
			t.Errorf("with a clock that is off by %v, fresh is %v", jump, !fresh)
		}
	}
}

// A request whose context has ended fails, even if the cache has its response.
func TestCacheChecksTheContext(t *testing.T) {
	rt := Cache(CacheConfig{})(&origin{header: headers("Cache-Control: max-age=60")})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for _, want := range []error{nil, context.Canceled} {
		if _, _, err := send(t, rt, newRequest(t, ctx, "GET", thing, "")); err != want {
			t.Errorf("got %v, want %v", err, want)
		}
		cancel()
	}
}
