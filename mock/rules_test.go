package mock

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/mock/internal/mocktest"
	"github.com/seed-2147f1a9/spotify/mock/internal/wire"
)

const trackPath = "/tracks/" + TrackID

func TestRules(t *testing.T) {
	boom := errors.New("boom")
	for name, c := range map[string]struct {
		set  func(*Transport)
		want []any // a status or an error for each sending of GET track
	}{
		"none": {func(*Transport) {}, []any{200}},
		"for the reference path": {func(tr *Transport) { tr.On("GET", "/tracks/{id}").Respond(500, "") },
			[]any{500, 500, 500}},
		"another parameter name": {func(tr *Transport) { tr.On("GET", "/tracks/{track}").Respond(500, "") }, []any{500}},
		"for a concrete path":    {func(tr *Transport) { tr.On("GET", trackPath).Respond(500, "") }, []any{500}},
		"for another track":      {func(tr *Transport) { tr.On("GET", "/tracks/other").Respond(500, "") }, []any{200}},
		"for another operation":  {func(tr *Transport) { tr.On("GET", "/albums/{id}").Respond(500, "") }, []any{200}},
		"for any":                {func(tr *Transport) { tr.OnAny().Respond(500, "") }, []any{500}},
		"spent": {func(tr *Transport) { tr.On("GET", trackPath).Times(2).Respond(500, "") }, []any{500,
			500, 200}},
		"the newest wins": {func(tr *Transport) {
			tr.On("GET", trackPath).Respond(500, "")
			tr.On("GET", "/tracks/{id}").Times(2).Respond(503, "")
			tr.On("GET", trackPath).Times(1).Fail(boom)
		}, []any{boom, 503, 503, 500, 500}},
		"when": {func(tr *Transport) {
			n := 0
			tr.On("GET", trackPath).When(func(c Call) bool { n++; return n == 2 && c.Route == "/tracks/{id}" }).Respond(500,
				"")
		}, []any{200, 500, 200}},
		"when does not count uses": {func(tr *Transport) {
			n := 0
			tr.On("GET", trackPath).Times(1).When(func(Call) bool { n++; return n > 2 }).Respond(500, "")
		}, []any{200, 200, 500, 200}},
		"respond with": {func(tr *Transport) {
			tr.On("GET", trackPath).RespondWith(func(c Call) (int, any) { return 200 + len(c.Query), c.Path })
		}, []any{200}},
		"respond with nonsense": {func(tr *Transport) {
			tr.On("GET", trackPath).RespondWith(func(Call) (int, any) { return 9, nil })
		}, []any{errAny}},
		"only a header": {func(tr *Transport) { tr.On("GET", trackPath).Header("X", "y") }, []any{200}},
		"reset": {func(tr *Transport) { tr.On("GET", trackPath).Times(1).Respond(500, ""); tr.Reset() },
			[]any{200}},
		"fail with a header": {func(tr *Transport) { tr.On("GET", trackPath).Header("X", "y").Fail(boom) }, []any{boom}},
		"fail with nil":      {func(tr *Transport) { tr.On("GET", trackPath).Fail(nil) }, []any{wire.ErrReset}},
	} {
		t.Run(name, func(t *testing.T) {
			tr := New(t)
			c.set(tr)
			for i, want := range c.want {
				r := mocktest.Get(t, tr, trackPath)
				switch want := want.(type) {
				case int:
					if r.Err != nil || r.Status != want {
						t.Errorf("sending %d: %+v, want %d", i+1, r, want)
					}
				case error:
					if r.Err == nil || want != errAny && !errors.Is(r.Err, want) {
						t.Errorf("sending %d: %+v, want %v", i+1, r, want)
					}
				}
			}
			if n := len(tr.Calls("GET", trackPath)); n != len(c.want) {
				t.Errorf("%d calls", n)
			}
		})
	}
}

var errAny = errors.New("any error")

func TestRuleBodies(t *testing.T) {
	for name, c := range map[string]struct {
		body              any
		want, contentType string
	}{
		"nil":         {nil, "", ""},
		"empty":       {"", "", ""},
		"text":        {"bad gateway", "bad gateway", "text/plain; charset=utf-8"},
		"page":        {"<html>", "<html>", "text/html; charset=utf-8"},
		"JSON text":   {` {"a":1}`, ` {"a":1}`, wire.TypeJSON},
		"bytes":       {[]byte(`[1]`), `[1]`, wire.TypeJSON},
		"map":         {map[string]any{"a": "<&>"}, `{"a":"<&>"}`, wire.TypeJSON},
		"struct":      {struct{ A int }{1}, `{"A":1}`, wire.TypeJSON},
		"null in one": {map[string]any{"item": nil}, `{"item":null}`, wire.TypeJSON},
	} {
		tr := New(t)
		tr.On("GET", "/tracks/{id}").Respond(200, c.body)
		r := mocktest.Get(t, tr, trackPath)
		if r.Body != c.want || r.Header.Get("Content-Type") != c.contentType {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func TestRuleHeaders(t *testing.T) {
	tr := New(t)
	tr.On("GET", "/tracks/{id}").Header("Retry-After", "1.5").Header("Content-Type", "")
	r := mocktest.Get(t, tr, trackPath)
	if _, typed := r.Header["Content-Type"]; typed || r.Header.Get("Retry-After") != "1.5" || r.Body == "" {
		t.Errorf("%+v", r)
	}
	if r = mocktest.Get(t, New(t), trackPath); r.Header.Get("Retry-After") != "" || r.Header.Get("Content-Type") == "" {
		t.Errorf("the rule outlives its transport: %+v", r)
	}
}

func TestRateLimitedRule(t *testing.T) {
	for after, want := range map[time.Duration]string{0: "0", time.Millisecond: "1", time.Second: "1",
		1500 * time.Millisecond: "2", 22 * time.Hour: "79200", -1: ""} {
		tr := New(t)
		tr.On("GET", "/tracks/{id}").RateLimited(after)
		r := mocktest.Get(t, tr, trackPath)
		_, sent := r.Header["Retry-After"]
		if r.Status != 429 || r.Header.Get("Retry-After") != want || sent != (want != "") ||
			!strings.Contains(r.Body, `"status":429`) {
			t.Errorf("%v: %+v", after, r)
		}
	}
}

func TestDelayRule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := New(t)
		tr.On("GET", "/tracks/{id}").Times(1).Delay(time.Hour)
		start := time.Now()
		if r := mocktest.Get(t, tr, trackPath); r.Status != 200 || time.Since(start) != time.Hour {
			t.Errorf("%+v after %v", r, time.Since(start))
		}
		tr.On("GET", "/tracks/{id}").Delay(time.Hour).Respond(503, "")
		start = time.Now()
		if r := mocktest.Get(t, tr, trackPath); r.Status != 503 || time.Since(start) != time.Hour {
			t.Errorf("%+v after %v", r, time.Since(start))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start = time.Now()
		r := mocktest.Send(tr, mocktest.Request(t, "GET", trackPath, "").WithContext(ctx))
		if !errors.Is(r.Err, context.DeadlineExceeded) || time.Since(start) != time.Minute {
			t.Errorf("%+v after %v", r, time.Since(start))
		}
		if calls := tr.Calls("GET", trackPath); len(calls) != 3 || calls[2].Status != 0 || calls[1].Status != 503 {
			t.Errorf("%+v", calls)
		}
	})
}

func TestRulesThatMakeNoSense(t *testing.T) {
	for name, c := range map[string]struct {
		set  func(*Transport)
		want string
	}{
		"a path that is not there": {func(tr *Transport) { tr.On("GET", "/album/{id}") },
			"the nearest are GET /albums/{id}"},
		"another method": {func(tr *Transport) { tr.On("DELETE", "/albums/{id}") },
			"there is no operation DELETE /albums/{id}"},
		"a fixed part in braces": {func(tr *Transport) { tr.On("GET", "/{area}/x") }, "there is no operation"},
		"no uses":                {func(tr *Transport) { tr.OnAny().Times(0) }, "Times: invalid number 0"},
		"a status of none":       {func(tr *Transport) { tr.OnAny().Respond(0, "") }, "invalid status code 0"},
		"a body that is no JSON": {func(tr *Transport) { tr.OnAny().Respond(200, func() {}) }, "encode the body as JSON"},
	} {
		tt := &failures{TB: t}
		if c.set(New(tt)); len(tt.errors) != 1 || !strings.Contains(tt.said(), c.want) {
			t.Errorf("%s: said %q", name, tt.said())
		}
		func() {
			defer func() {
				if p, _ := recover().(string); !strings.Contains(p, c.want) {
					t.Errorf("%s: panic %q", name, p)
				}
			}()
			c.set(New(nil))
		}()
	}
}

func TestUnlistedRule(t *testing.T) {
	tr := New(t)
	tr.OnUnlisted("GET", "/me/moods/{id}").Respond(200, map[string]any{"mood": "fine"})
	if r := mocktest.Get(t, tr, "/me/moods/7"); r.Status != 200 || r.Body != `{"mood":"fine"}` {
		t.Errorf("%+v", r)
	}
	if n := len(tr.Calls("GET", "/me/moods/{id}")); n != 1 {
		t.Errorf("%d calls", n)
	}
	tr.OnUnlisted("PUT", "/me/moods").Respond(200, nil)
	if n := len(tr.Calls("PUT", "/me/moods")); n != 0 {
		t.Errorf("%d calls", n)
	}
}

func TestRuleForTheAccountsService(t *testing.T) {
	tr := New(t)
	tr.On("POST", "/api/token").Times(1).Respond(503, "")
	tr.OnAny().Respond(500, "")
	ask := func() int {
		req := mocktest.Request(
			t,
			http.MethodPost,
			"https://accounts.spotify.com/api/token",
			"grant_type=client_credentials",
			"Content-Type",
			"application/x-www-form-urlencoded",
		)
		req.SetBasicAuth("id", "secret")
		return mocktest.Send(tr, req).Status
	}
	if first, second := ask(), ask(); first != 503 || second != 200 {
		t.Errorf("%d, then %d", first, second)
	}
	if calls := tr.Calls("POST", "/api/token"); len(calls) != 2 || !calls[1].Applied || calls[0].Applied {
		t.Errorf("%+v", calls)
	}
}

// An error of a rule has the form of Spotify's errors, and Spotify's message for its reason.
func TestRuleError(t *testing.T) {
	for _, c := range []struct {
		status       int
		reason, want string
	}{
		{403, "PREMIUM_REQUIRED", "Player command failed: Premium required (PREMIUM_REQUIRED)"},
		{404, "NO_ACTIVE_DEVICE", "Player command failed: No active device found (NO_ACTIVE_DEVICE)"},
		{429, "QUOTA_EXCEEDED", "429 Too Many Requests (QUOTA_EXCEEDED)"},
		{403, "SOMETHING_NEW", "403 Forbidden (SOMETHING_NEW)"},
		{401, "", "The access token expired"},
		{503, "", "503 Service Unavailable"},
	} {
		tr := New(t)
		tr.On("GET", trackPath).Error(c.status, c.reason)
		client := tr.NewClient(spotify.WithMaxRetries(0))
		_, err := client.Tracks.Get(t.Context(), TrackID, nil)
		e, ok := errors.AsType[*spotify.Error](err)
		if !ok || e.Status != c.status || e.Reason != c.reason || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%d %s: %v", c.status, c.reason, err)
		}
	}
	for _, status := range []int{0, 200, 399, 600} {
		tt := &failures{TB: t}
		New(tt).On("GET", trackPath).Error(status, "")
		if !strings.Contains(tt.said(), "want 400 to 599") {
			t.Errorf("%d: %q", status, tt.said())
		}
	}
}
