package mock

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/mock/internal/mocktest"
)

func TestCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := New(t)
		tr.On("PUT", "/me/library").Times(1).Respond(502, "")
		tr.On("GET", "/albums/{id}").Times(1).Fail(nil)
		start := time.Now()
		time.Sleep(time.Second)
		mocktest.Send(tr, mocktest.Request(t, "PUT", "/me/library?uris=a,b&uris=c", `{"a":1}`, "X-Own", "1"))
		mocktest.Get(t, tr, trackPath)
		mocktest.Get(t, tr, "/albums/x")
		mocktest.Get(t, tr, "https://api.spotify.com/v1/users/a%2Fb%20c", "Authorization", "Basic x")

		calls := tr.Calls("PUT", "/me/library")
		if len(calls) != 1 {
			t.Fatalf("%+v", calls)
		}
		c := calls[0]
		if c.Method != "PUT" || c.Path != "/me/library" || c.Route != "/me/library" || string(c.Body) != `{"a":1}` ||
			c.Status != 502 ||
			c.Applied ||
			!slices.Equal(c.Query["uris"], []string{"a,b", "c"}) ||
			c.Header.Get("X-Own") != "1" ||
			c.At.Sub(start) != time.Second {
			t.Errorf("%+v", c)
		}
		for _, q := range []struct {
			method, path string
			want         string // the paths, statuses and whether applied
		}{
			{"GET", "/tracks/{id}", trackPath + " 200 true"},
			{"GET", trackPath, trackPath + " 200 true"},
			{"GET", "/tracks/other", ""},
			{"GET", "/albums/{id}", "/albums/x 0 false"},
			{"GET", "/users/{user_id}", "/users/a%2Fb%20c 400 false"},
			{"GET", "/users/a%2Fb%20c", "/users/a%2Fb%20c 400 false"},
			{"", "/tracks/{id}", trackPath + " 200 true"},
			{"PUT", "", "/me/library 502 false"},
			{"", "", "/me/library 502 false|" + trackPath + " 200 true|/albums/x 0 false|/users/a%2Fb%20c 400 false"},
		} {
			var got []string
			for _, c := range tr.Calls(q.method, q.path) {
				got = append(got, fmt.Sprint(c.Path, " ", c.Status, " ", c.Applied))
			}
			if strings.Join(got, "|") != q.want {
				t.Errorf("%s %s: %q, want %q", q.method, q.path, got, q.want)
			}
		}
		tr.Reset()
		if n := len(tr.Calls("", "")); n != 0 {
			t.Errorf("%d calls after Reset", n)
		}
	})
}

func TestCallsAreCopies(t *testing.T) {
	tr := New(t)
	req := mocktest.Request(t, "PUT", "/me/player/play?device_id=1", `{"a":1}`)
	mocktest.Send(tr, req)
	req.Header.Set("Authorization", "changed")
	c := tr.Calls("", "")[0]
	c.Header.Set("Authorization", "changed")
	c.Query["device_id"][0] = "changed"
	c.Body[0] = 'X'
	c = tr.Calls("", "")[0]
	if c.Header.Get("Authorization") != "Bearer token" ||
		c.Query.Encode() != (url.Values{"device_id": {"1"}}).Encode() ||
		string(c.Body) != `{"a":1}` {
		t.Errorf("%+v", c)
	}
}

func TestCallsOfAMisspeltPath(t *testing.T) {
	tt := &failures{TB: t}
	tr := New(tt)
	if tr.Calls("GET", "/track/{id}"); len(tt.errors) != 1 || !strings.Contains(tt.said(), "GET /tracks/{id}") {
		t.Errorf("said %q", tt.said())
	}
}

func TestKeepCalls(t *testing.T) {
	for name, c := range map[string]struct {
		tb   testing.TB
		opts []Option
		want int
	}{
		"a test":              {t, nil, 25},
		"three":               {t, []Option{WithKeptCalls(3)}, 3},
		"none":                {t, []Option{WithKeptCalls(0)}, 0},
		"all, without a test": {nil, []Option{WithKeptCalls(-1)}, 25},
	} {
		tr := New(c.tb, c.opts...)
		for i := range 25 {
			mocktest.Get(t, tr, fmt.Sprintf("%s?n=%d", trackPath, i))
		}
		calls := tr.Calls("", "")
		if len(calls) != c.want {
			t.Errorf("%s: %d kept", name, len(calls))
		}
		for i, call := range calls {
			if call.Query.Get("n") != fmt.Sprint(25-c.want+i) || call.Status != 200 {
				t.Errorf("%s: call %d is %v", name, i, call.Query)
			}
		}
	}
	if got := callLimit(&testing.B{}, nil); got != keepOutsideTests {
		t.Errorf("a benchmark keeps %d", got)
	}
}

func TestLogCalls(t *testing.T) {
	var lines []string
	tr := New(
		t,
		WithCallLog(
			func(c Call) { lines = append(lines, fmt.Sprint(c.Method, " ", c.Path, " ", c.Status, " ", c.Applied)) },
		),
	)
	tr.On("GET", "/albums/{id}").Fail(nil)
	mocktest.Get(t, tr, trackPath)
	mocktest.Get(t, tr, "/albums/x")
	mocktest.Get(t, tr, "/artists/x")
	if got := strings.Join(lines,
		"|"); got != "GET "+trackPath+" 200 true|GET /albums/x 0 false|GET /artists/x 400 false" {
		t.Error(got)
	}
}

func TestAssertions(t *testing.T) {
	tr := New(t)
	mocktest.Send(tr, mocktest.Request(t, "PUT", "/me/player/pause", ""))
	mocktest.Get(t, tr, trackPath)
	mocktest.Get(t, tr, trackPath)
	for name, c := range map[string]struct {
		assert func(testing.TB)
		want   string // empty if it holds
	}{
		"called":           {func(t testing.TB) { tr.AssertCalled(t, "PUT /me/player/pause") }, ""},
		"called, by value": {func(t testing.TB) { tr.AssertCalled(t, "GET "+trackPath) }, ""},
		"not called": {func(t testing.TB) { tr.AssertCalled(t, "PUT /me/player/play") },
			"what was: PUT /me/player/pause, GET " + trackPath},
		"never called": {func(t testing.TB) { tr.AssertNotCalled(t, "PUT /me/player/play") }, ""},
		"called, not wanted": {func(t testing.TB) { tr.AssertNotCalled(t, "GET /tracks/{id}") },
			"was called 2 times, want none"},
		"twice": {func(t testing.TB) { tr.AssertCallCount(t, "GET /tracks/{id}", 2) }, ""},
		"not once": {func(t testing.TB) { tr.AssertCallCount(t, "GET /tracks/{id}", 1) },
			"was called 2 times, want 1"},
		"misspelt": {func(t testing.TB) { tr.AssertNotCalled(t, "PUT /me/player/plays") },
			"the nearest are PUT /me/player/play"},
		"no method":            {func(t testing.TB) { tr.AssertNotCalled(t, "/me/player/play") }, "invalid call"},
		"nothing unexpected":   {func(t testing.TB) { tr.AssertNothingUnexpected(t) }, ""},
		"no call to summarise": {func(t testing.TB) { New(t).AssertCalled(t, "GET /me") }, "what was: nothing"},
	} {
		tt := &failures{TB: t}
		c.assert(tt)
		if (c.want == "") != (len(tt.errors) == 0) || !strings.Contains(tt.said(), c.want) {
			t.Errorf("%s: said %q", name, tt.said())
		}
	}
}
