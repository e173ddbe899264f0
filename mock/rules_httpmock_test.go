package mock

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/seed-2147f1a9/spotify/mock/internal/mocktest"
)

const itemsPath = "/playlists/" + PlaylistID + "/items"

func TestMatch(t *testing.T) {
	for name, c := range map[string]struct {
		matchers []httpmock.Matcher
		body     string
		applies  bool
	}{
		"the body": {[]httpmock.Matcher{httpmock.BodyContainsString("range_start")},
			`{"range_start":1,"insert_before":0}`, true},
		"another body": {[]httpmock.Matcher{httpmock.BodyContainsString("uris")},
			`{"range_start":1,"insert_before":0}`, false},
		"a body and a header": {[]httpmock.Matcher{httpmock.BodyContainsString("range_start"),
			httpmock.HeaderIs("X-Test", "yes")}, `{"range_start":1,"insert_before":0}`, true},
		"one of two fails": {[]httpmock.Matcher{httpmock.BodyContainsString("range_start"),
			httpmock.HeaderIs("X-Test", "no")}, `{"range_start":1,"insert_before":0}`, false},
		"combined matchers": {[]httpmock.Matcher{
			httpmock.BodyContainsString("range_start").And(httpmock.BodyContainsString("insert_before")),
		}, `{"range_start":1,"insert_before":0}`, true},
		"no body":    {[]httpmock.Matcher{httpmock.BodyContainsString("x")}, "", false},
		"no matcher": {nil, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			tr := New(t)
			tr.On("PUT", "/playlists/{id}/items").Match(c.matchers...).Respond(418, nil)
			r := mocktest.Send(tr, mocktest.Request(t, "PUT", itemsPath, c.body, "X-Test", "yes"))
			if (r.Status == 418) != c.applies {
				t.Errorf("got %v, want the rule to apply: %v", r, c.applies)
			}
		})
	}
}

// A rule whose matchers fail is not used up, and leaves the request to older rules.
func TestMatchFallsThrough(t *testing.T) {
	tr := New(t)
	tr.On("PUT", "/playlists/{id}/items").Respond(502, nil)
	tr.On("PUT", "/playlists/{id}/items").Times(1).Match(httpmock.BodyContainsString("first")).Respond(418, nil)
	for i, c := range []struct {
		body   string
		status int
	}{{"second", 502}, {"first", 418}, {"first", 502}} {
		if r := mocktest.Send(tr, mocktest.Request(t, "PUT", itemsPath, c.body)); r.Status != c.status {
			t.Errorf("request %d: %v, want %d", i, r, c.status)
		}
	}
}

// Matchers and responders get copies: neither the fake's own handling nor the recorded call
// changes.
func TestMatchersAndRespondersGetCopies(t *testing.T) {
	spoil := func(req *http.Request) {
		req.Header.Set("Authorization", "Basic x")
		req.URL.Path, req.Method = "/", "TRACE"
		body, _ := io.ReadAll(req.Body)
		clear(body)
		_ = req.Body.Close()
	}
	tr := New(t)
	tr.OnAny().Match(httpmock.NewMatcher("spoil", func(req *http.Request) bool { spoil(req); return true }))
	r := mocktest.Send(tr, mocktest.Request(t, "PUT", itemsPath, `{"range_start":1,"insert_before":0}`))
	if r.Status != 200 || !strings.Contains(r.Body, "snapshot_id") {
		t.Errorf("the fake's own response: %v", r)
	}
	tr.OnAny().With(func(req *http.Request) (*http.Response, error) {
		spoil(req)
		return httpmock.NewStringResponse(202, ""), nil
	})
	_ = mocktest.Send(tr, mocktest.Request(t, "PUT", itemsPath, `{"x":1}`))
	calls := tr.Calls("PUT", "/playlists/{id}/items")
	if len(calls) != 2 || string(calls[1].Body) != `{"x":1}` || calls[1].Header.Get("Authorization") != "Bearer token" ||
		calls[1].Status != 202 {
		t.Errorf("recorded: %+v", calls)
	}
}

func TestWith(t *testing.T) {
	tr := New(t)
	shared := httpmock.NewStringResponder(503, "down").HeaderSet(http.Header{"Retry-After": {"7"}})
	tr.On("GET", "/tracks/{id}").With(shared).Header("X-Rule", "1")
	tr.On("GET", "/albums/{id}").With(shared)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			r := mocktest.Get(t, tr, trackPath)
			if r.Status != 503 || r.Body != "down" || r.Header.Get("Retry-After") != "7" || r.Header.Get("X-Rule") != "1" {
				t.Errorf("%v, header %v", r, r.Header)
			}
			r.Header.Set("X-Client", "1") // the client owns its response
		})
		wg.Go(func() {
			if r := mocktest.Get(t, tr, "/albums/"+AlbumID); r.Status != 503 || r.Header.Get("X-Rule") != "" ||
				r.Header.Get("X-Client") != "" {
				t.Errorf("a header of another response: %v", r.Header)
			}
		})
	}
	wg.Wait()
}

// A response whose headers are shared by all requests stays as the author made it.
func TestWithLeavesASharedResponse(t *testing.T) {
	response := httpmock.NewStringResponse(200, "{}")
	response.Header = http.Header{"X-Mine": {"1"}}
	tr := New(t)
	tr.On("GET", "/tracks/{id}").With(httpmock.ResponderFromResponse(response)).Header("X-Mine", "2")
	for range 2 {
		if r := mocktest.Get(t, tr, trackPath); r.Body != "{}" || r.Header.Get("X-Mine") != "2" {
			t.Errorf("%v, header %v", r, r.Header)
		}
	}
	if len(response.Header) != 1 || response.Header.Get("X-Mine") != "1" {
		t.Errorf("the responder's own header became %v", response.Header)
	}
}

// closing is a body that records whether it was closed, and fails at its end if it has an error.
type closing struct {
	io.Reader
	err    error
	closed bool
}

func (c *closing) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if err == io.EOF && c.err != nil {
		err = c.err
	}
	return n, err
}

func (c *closing) Close() error { c.closed = true; return nil }

func TestWithReadsAndClosesBodies(t *testing.T) {
	for name, failure := range map[string]error{"whole": nil, "cut": errors.New("broken")} {
		body := &closing{Reader: strings.NewReader("half"), err: failure}
		tr := New(t)
		tr.OnAny().With(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Body: body}, nil
		})
		r := mocktest.Get(t, tr, trackPath)
		if !body.closed || r.Body != "half" || (r.Err != nil) != (failure != nil) {
			t.Errorf("%s: closed %v, %v, %v", name, body.closed, r, r.Err)
		}
	}
}

func TestWithFails(t *testing.T) {
	for name, c := range map[string]struct {
		responder httpmock.Responder
		want      string
	}{
		"an error": {httpmock.NewErrorResponder(errAny), errAny.Error()},
		"nothing": {func(*http.Request) (*http.Response, error) { return nil, nil },
			"neither a response nor an error"},
		"no status code": {httpmock.NewStringResponder(0, ""), "invalid status code 0"},
	} {
		tr := New(t)
		tr.OnAny().With(c.responder)
		if r := mocktest.Get(t, tr, trackPath); r.Err == nil || !strings.Contains(r.Err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, r.Err, c.want)
		}
	}
	tt := &failures{TB: t}
	New(tt).OnAny().With(nil)
	if !strings.Contains(tt.said(), "the responder is nil") {
		t.Errorf("nil: said %q", tt.said())
	}
}

func TestWithEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := New(t)
		tr.OnAny().With(httpmock.NewStringResponder(200, "").Delay(time.Hour))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		_, err := tr.RoundTrip(mocktest.Request(t, "GET", trackPath, "").WithContext(ctx))
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}

func TestMatchAndWithOverASocket(t *testing.T) {
	s := NewServer(t)
	var seen string
	s.On(
		"PUT",
		"/playlists/{id}/items",
	).Match(
		httpmock.BodyContainsString("range_start"),
	).With(
		func(req *http.Request) (*http.Response, error) {
			seen = req.URL.String()
			return httpmock.NewJsonResponse(409, map[string]int{"n": 1})
		},
	)
	req := mocktest.Request(t, "PUT", s.BaseURL+itemsPath, `{"range_start":1}`)
	if r := mocktest.Send(s.Client().Transport, req); r.Status != 409 || r.Body != `{"n":1}` ||
		seen != s.BaseURL+itemsPath {
		t.Errorf("%v; the responder saw %s", r, seen)
	}
}

// The fake responds inside an httpmock set-up of somebody else, with its state.
func TestResponder(t *testing.T) {
	fake := New(t)
	mux := httpmock.NewMockTransport()
	mux.RegisterResponder("GET", "https://example.com/health", httpmock.NewStringResponder(200, "up"))
	mux.RegisterNoResponder(fake.Responder())
	if r := mocktest.Get(t, mux, "https://example.com/health"); r.Body != "up" {
		t.Errorf("the set-up's own responder: %v", r)
	}
	uri := "?uris=spotify:track:" + TrackID
	if r := mocktest.Send(mux, mocktest.Request(t, "PUT", "/me/library"+uri, "")); r.Status != 200 {
		t.Errorf("saving: %v", r)
	}
	if r := mocktest.Get(t, mux, "/me/library/contains"+uri); r.Body != "[true]" {
		t.Errorf("after saving: %v", r)
	}
	fake.AssertCallCount(t, "PUT /me/library", 1)
	if n := fake.OpenBodies(); n != 0 {
		t.Errorf("%d bodies are open", n)
	}
}
