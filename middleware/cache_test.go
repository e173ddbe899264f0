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

// origin is a server that answers with the same headers each time, and with 304 to who has its answer already.
type origin struct {
	status int
	header http.Header
	took   time.Duration
	asked  []string // what it was asked for: "GET 200", or "GET 304"
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
	o.asked = append(o.asked, cmp.Or(req.Method, "GET")+" "+strconv.Itoa(status))
	body := "response " + strconv.Itoa(len(o.asked))
	if status == http.StatusNotModified {
		body = ""
	}
	header := o.header.Clone()
	if header.Get("Date") == "" {
		header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: req}, nil
}

// headers makes a header of lines; {now+5} in one is the date in five seconds.
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

// What the second of two equal requests costs.
const (
	hit   = "GET 200"         // nothing: it is answered from the cache
	valid = "GET 200 GET 304" // the server says that what is stored is right
	miss  = "GET 200 GET 200"
)

func TestCacheFreshness(t *testing.T) {
	for _, tc := range []struct {
		name   string
		header []string
		status int
		took   time.Duration // for an answer
		after  time.Duration // until the second request
		want   string
	}{
		{name: "fresh", header: []string{"Cache-Control: max-age=60"}, after: 59 * time.Second, want: hit},
		{name: "its last second is over", header: []string{"Cache-Control: max-age=60"}, after: 60 * time.Second, want: miss},
		{name: "stale, with an ETag", header: []string{"Cache-Control: max-age=60", `ETag: "a"`}, after: time.Minute, want: valid},
		{name: "stale, with Last-Modified", header: []string{"Cache-Control: max-age=60", "Last-Modified: {now-9}"}, after: time.Minute, want: valid},
		{name: "an ETag alone", header: []string{`ETag: W/"a"`}, want: valid},
		{name: "nothing said", want: miss},
		{name: "nothing is guessed from Last-Modified", header: []string{"Last-Modified: {now-999999}"}, want: valid},
		{name: "never fresh", header: []string{"Cache-Control: private, max-age=0", `ETag: "a"`}, want: valid},
		{name: "no-cache", header: []string{"Cache-Control: no-cache, max-age=60", `ETag: "a"`}, want: valid},
		{name: "no-store", header: []string{"Cache-Control: no-store, max-age=60", `ETag: "a"`}, want: miss},
		{name: "no-store in another line", header: []string{"Cache-Control: max-age=60", "Cache-Control: no-store"}, want: miss},
		{name: "private", header: []string{"Cache-Control: private, max-age=60"}, want: hit},
		{name: "for shared caches", header: []string{"Cache-Control: s-maxage=60"}, want: miss},
		{name: "must-revalidate", header: []string{"Cache-Control: max-age=60, must-revalidate"}, after: time.Second, want: hit},
		{name: "upper case, quotes", header: []string{`Cache-Control: MAX-AGE="60"`}, after: time.Second, want: hit},
		{name: "a comma in quotes", header: []string{`Cache-Control: private="a, no-store, b\"", max-age=60`}, want: hit},
		{name: "said twice, the first counts", header: []string{"Cache-Control: max-age=0, max-age=60"}, want: miss},
		{name: "not a number", header: []string{"Cache-Control: max-age=1.5"}, want: miss},
		{name: "negative", header: []string{"Cache-Control: max-age=-1"}, want: miss},
		{name: "out of range", header: []string{"Cache-Control: max-age=99999999999999999999"}, after: 1000 * time.Hour, want: hit},
		{name: "Expires", header: []string{"Expires: {now+60}"}, after: 59 * time.Second, want: hit},
		{name: "Expires is over", header: []string{"Expires: {now+60}"}, after: 61 * time.Second, want: miss},
		{name: "Expires, by the server's own clock", header: []string{"Date: {now-3600}", "Expires: {now-3540}", `ETag: "a"`}, want: valid},
		{name: "Expires: 0", header: []string{"Expires: 0"}, want: miss},
		{name: "max-age beats Expires", header: []string{"Cache-Control: max-age=0", "Expires: {now+60}"}, want: miss},
		{name: "old when it came", header: []string{"Cache-Control: max-age=60", "Age: 50"}, after: 11 * time.Second, want: miss},
		{name: "old by its Date", header: []string{"Cache-Control: max-age=60", "Date: {now-50}"}, after: 11 * time.Second, want: miss},
		{name: "long under way", header: []string{"Cache-Control: max-age=60"}, took: 30 * time.Second, after: 31 * time.Second, want: miss},
		{name: "a Date in the future", header: []string{"Cache-Control: max-age=60", "Date: {now+3600}"}, after: 59 * time.Second, want: hit},
		{name: "varies on everything", header: []string{"Cache-Control: max-age=60", "Vary: Accept, *"}, want: miss},
		{name: "a part", header: []string{"Cache-Control: max-age=60", "Content-Range: bytes 0-1/9"}, want: miss},
		{name: "an error", status: 404, header: []string{"Cache-Control: max-age=60"}, want: "GET 404 GET 404"},
		{name: "another success", status: 203, header: []string{"Cache-Control: max-age=60"}, want: "GET 203 GET 203"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := &origin{status: tc.status, header: headers(tc.header...), took: tc.took}
				counters := new(CacheCounters)
				chain := Cache(CacheConfig{Counters: counters})(server)
				second := "response 1"
				if tc.want != hit && tc.want != valid {
					second = "response 2"
				}
				for _, want := range []string{"response 1", second} {
					if _, body, err := send(t, chain, newRequest(t, t.Context(), "GET", thing, "")); err != nil || body != want {
						t.Errorf("got %q, %v, want %q", body, err, want)
					}
					time.Sleep(tc.after)
				}
				if got := strings.Join(server.asked, " "); got != tc.want {
					t.Errorf("the server was asked for %q, want %q", got, tc.want)
				}
				if hits, confirmed := counters.Hits.Load(), counters.Revalidated.Load(); (hits == 1) != (tc.want == hit) || (confirmed == 1) != (tc.want == valid) || hits+confirmed+counters.Misses.Load() != 2 {
					t.Errorf("counted %d hits, %d confirmed, %d misses", hits, confirmed, counters.Misses.Load())
				}
			})
		})
	}
}

// Only a request for the same thing, in the same shape, for the same user gets what another one got.
func TestCacheShares(t *testing.T) {
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
		{"the same", same, same, true},
		{"a fragment is not sent", same, of("GET", thing+"#x"), true},
		{"a header that does not matter", same, with("X-Other", "1"), true},
		{"another query", same, of("GET", thing+"?market=SE"), false},
		{"another host", same, of("GET", "https://other.example.com/v1/thing"), false},
		{"HEAD", same, of("HEAD", thing), false},
		{"another language", with("Accept-Language", "sv"), with("Accept-Language", "de"), false},
		{"no language", with("Accept-Language", "sv"), same, false},
		{"the same language", with("Accept-Language", "sv"), with("Accept-Language", " sv"), true},
		{"another user, by header", with("Authorization", "Bearer a"), with("Authorization", "Bearer b"), false},
		{"the same user, by header", with("Authorization", "Bearer a"), with("Authorization", "Bearer a"), true},
		{"an odd spelling", with("authorization", "Bearer a"), with("authorization", "Bearer a"), false},
		{"an odd spelling beside the usual one", both("a"), both("b"), false},
		{"another user, by cookie", with("Cookie", "a=1"), with("Cookie", "a=2"), false},
		{"another user, by the call's token", call(transport.Call{Token: "a"}), call(transport.Call{Token: "b"}), false},
		{"the client's user and a call's", same, call(transport.Call{Token: "b"}), false},
		{"the same user, by the call's token", call(transport.Call{Token: "a"}), call(transport.Call{Token: "a"}), true},
		{"a token is no header", call(transport.Call{Token: "Bearer a"}), with("Authorization", "Bearer a"), false},
		{"another user, by Identity", with("X-User", "a"), with("X-User", "b"), false},
		{"the same user, by Identity", with("X-User", "a"), with("X-User", "a"), true},
		{"who asks for a part", same, with("Range", "bytes=0-1"), false},
		{"who asks afresh", same, with("Cache-Control", "no-cache"), false},
		{"who has a condition", same, with("If-None-Match", `"x"`), false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			server := &origin{header: headers("Cache-Control: max-age=60", "Vary: accept-language, Accept")}
			chain := Cache(CacheConfig{Identity: func(r *http.Request) string { return r.Header.Get("X-User") }})(server)
			for _, change := range []func(*http.Request) *http.Request{tc.first, tc.second} {
				if _, _, err := send(t, chain, change(newRequest(t, t.Context(), "GET", thing, ""))); err != nil {
					t.Fatal(err)
				}
			}
			if shared := len(server.asked) == 1; shared != tc.shared {
				t.Errorf("shared is %v: %q", shared, server.asked)
			}
		})
	}
}

// What comes from the cache is the caller's own, and says where it comes from.
func TestCacheAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &origin{header: headers("Cache-Control: max-age=60", `ETag: "a"`, "Set-Cookie: a=1", "Connection: X-Hop", "X-Hop: 1", "X-Kept: 1")}
		chain := Cache(CacheConfig{})(server)
		for i, want := range []struct{ age, status string }{{"", ""}, {"7", "client; hit; ttl=53"}, {"14", "client; hit; ttl=46"}, {"0", "client; fwd=stale; fwd-status=304"}, {"7", "client; hit; ttl=53"}} {
			if i == 3 {
				time.Sleep(46 * time.Second)
			}
			req := newRequest(t, t.Context(), "GET", thing, "")
			resp, body, err := send(t, chain, req)
			if err != nil || body != "response 1" || resp.StatusCode != 200 || resp.Request != req || resp.Header.Get("Age") != want.age || resp.Header.Get("Cache-Status") != want.status {
				t.Fatalf("call %d: %q, %v, %v", i, body, resp, err)
			}
			if i > 0 && (resp.Header.Get("X-Kept") != "1" || resp.Header.Get("X-Hop") != "" || resp.Header.Get("Set-Cookie") != "") {
				t.Errorf("call %d: the headers are %v", i, resp.Header)
			}
			resp.Header.Set("X-Kept", "changed by the caller")
			time.Sleep(7 * time.Second)
		}
	})
}

// A server that is too busy to look, or that fails, does not say that what is stored is wrong: the next time it is asked whether that is right, as before.
func TestCacheKeepsWhatTroubleSaysNothingOf(t *testing.T) {
	for status, want := range map[int]string{429: valid, 503: valid, 404: "GET 200 GET 200"} {
		synctest.Test(t, func(t *testing.T) {
			server := &origin{header: headers("Cache-Control: max-age=60", `ETag: "a"`)}
			var trouble atomic.Bool
			chain := Cache(CacheConfig{})(transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
				if trouble.Load() {
					return &http.Response{StatusCode: status, Header: http.Header{}, Body: http.NoBody, Request: req}, nil
				}
				return server.RoundTrip(req)
			}))
			for n := range 3 {
				trouble.Store(n == 1)
				if _, _, err := send(t, chain, newRequest(t, t.Context(), "GET", thing, "")); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Minute)
			}
			if got := strings.Join(server.asked, " "); got != want {
				t.Errorf("around a %d the server was asked for %q, want %q", status, got, want)
			}
		})
	}
}

// A clock that is set back, or forward, makes nothing look younger than it is.
func TestCacheAndClockJumps(t *testing.T) {
	now := time.Now()
	kept := &cacheEntry{generated: now, freshFor: time.Hour}
	for jump, fresh := range map[time.Duration]bool{0: true, 59 * time.Minute: true, time.Hour: false, 1000 * time.Hour: false, -time.Second: false, -1000 * time.Hour: false} {
		if kept.isFresh(now.Add(jump)) != fresh {
			t.Errorf("by a clock that is off by %v: fresh is %v", jump, !fresh)
		}
	}
}

// A context that is over is over, also for what could be answered without asking anybody.
func TestCacheMindsTheContext(t *testing.T) {
	chain := Cache(CacheConfig{})(&origin{header: headers("Cache-Control: max-age=60")})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for _, want := range []error{nil, context.Canceled} {
		if _, _, err := send(t, chain, newRequest(t, ctx, "GET", thing, "")); err != want {
			t.Errorf("got %v, want %v", err, want)
		}
		cancel()
	}
}
