package middleware

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// slowly is a base that takes one second for each response, and counts requests.
type slowly struct {
	sent, cancelled atomic.Int32
	respond         func(*http.Request) (*http.Response, error)
}

func (s *slowly) RoundTrip(req *http.Request) (*http.Response, error) {
	transport.CloseRequest(req)
	n := s.sent.Add(1)
	if err := transport.Sleep(req.Context(), time.Second); err != nil {
		s.cancelled.Add(1)
		return nil, err
	}
	if s.respond != nil {
		return s.respond(req)
	}
	body := fmt.Sprintf("response %d", n)
	return &http.Response{StatusCode: 200, Header: http.Header{"X-A": {"1"}},
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: req}, nil
}

func TestCoalesceSharesOneResponse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		base := &slowly{}
		rt := Coalesce(CoalesceConfig{})(base)
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				req := newRequest(t, t.Context(), "GET", thing, "")
				resp, body, err := send(t, rt, req)
				if err != nil || body != "response 1" || resp.Request != req || resp.Header.Get("X-A") != "1" {
					t.Errorf("%q, %v, %v", body, resp, err)
					return
				}
				resp.Header.Set("X-A", "changed by the caller")
			})
		}
		wg.Wait()
		if _, body, err := send(t, rt, newRequest(t, t.Context(), "GET", thing, "")); err != nil ||
			body != "response 2" || base.sent.Load() != 2 {
			t.Errorf("a later call: %q, %v", body, err)
		}
	})
}

// Two requests share a response only if they are equal in all that may change it.
func TestCoalesceKey(t *testing.T) {
	for _, tc := range []struct {
		name       string
		method     string
		url        string
		header     http.Header
		call       transport.Call
		body       string
		wantShared bool
	}{
		{name: "equal", wantShared: true},
		{name: "the method", method: "HEAD"},
		{name: "PUT", method: "PUT"},
		{name: "the URL", url: thing + "?x=1"},
		{name: "a header", header: http.Header{"Accept-Language": {"sv"}}},
		{name: "the Authorization header", header: http.Header{"Authorization": {"Bearer a"}}},
		{name: "the call's token", call: transport.Call{Token: "a"}},
		{name: "Identity", header: http.Header{"X-User": {"a"}}},
		{name: "If-None-Match", header: http.Header{"If-None-Match": {`"a"`}}},
		{name: "Range", header: http.Header{"Range": {"bytes=0-1"}}},
		{name: "a body", body: "x"},
		{name: "the operation", call: transport.Call{Operation: "get-a-thing"}, wantShared: true},
		{name: "NoRetry", call: transport.Call{NoRetry: true}},
		{name: "MaxWait", call: transport.Call{MaxWait: time.Second}},
		{name: "Priority", call: transport.Call{Priority: transport.PriorityBulk}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				base := &slowly{}
				user := func(r *http.Request) string { return r.Header.Get("X-User") }
				rt := Coalesce(CoalesceConfig{Identity: user})(base)
				var wg sync.WaitGroup
				wg.Go(func() { _, _, _ = send(t, rt, newRequest(t, t.Context(), "GET", thing, "")) })
				synctest.Wait()
				url, method := thing, "GET"
				if tc.url != "" {
					url = tc.url
				}
				if tc.method != "" {
					method = tc.method
				}
				req := newRequest(t, transport.WithCall(t.Context(), &tc.call), method, url, tc.body)
				for name, values := range tc.header {
					req.Header[name] = values
				}
				_, _, _ = send(t, rt, req)
				wg.Wait()
				if shared := base.sent.Load() == 1; shared != tc.wantShared {
					t.Errorf("shared is %v", shared)
				}
			})
		})
	}
}

// A call whose context ends returns at once and leaves the others alone, even if it was the first.
// When the last call has left, the shared request is cancelled.
func TestCoalesceWhenCallersLeave(t *testing.T) {
	for leavers, cancelled := range map[int]int32{0: 0, 1: 0, 4: 0, 5: 1} {
		synctest.Test(t, func(t *testing.T) {
			base := &slowly{}
			rt := Coalesce(CoalesceConfig{})(base)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			time.AfterFunc(300*time.Millisecond, cancel)
			start := time.Now()
			var wg sync.WaitGroup
			for i := range 5 {
				wg.Go(func() {
					mine, took, wantErr := t.Context(), time.Second, error(nil)
					if i < leavers {
						mine, took, wantErr = ctx, 300*time.Millisecond, context.Canceled
					}
					if _, _, err := send(t, rt, newRequest(t, mine, "GET", thing, "")); err != wantErr ||
						time.Since(start) != took {
						t.Errorf("caller %d of %d leavers: %v after %v", i, leavers, err, time.Since(start))
					}
				})
				synctest.Wait() // so that call 0 starts the request
			}
			wg.Wait()
			synctest.Wait()
			if base.sent.Load() != 1 || base.cancelled.Load() != cancelled {
				t.Errorf("%d leavers: %d requests, %d cancelled", leavers, base.sent.Load(), base.cancelled.Load())
			}
			if _, body, err := send(t, rt, newRequest(t, t.Context(), "GET", thing, "")); err != nil ||
				body != "response 2" {
				t.Errorf("the next call: %q, %v", body, err)
			}
		})
	}
}

// Every call that shares a response gets its error, its cut body or its panic.
func TestCoalesceSharesFailures(t *testing.T) {
	broken := errors.New("connection reset by peer")
	for name, tc := range map[string]struct {
		respond func(*http.Request) (*http.Response, error)
		body    string
		err     error
		panics  bool
		sent    int32
	}{
		"an error": {respond: func(*http.Request) (*http.Response, error) { return nil, broken }, err: broken, sent: 1},
		"a body that is cut short": {respond: func(req *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200,
				Body: io.NopCloser(io.MultiReader(strings.NewReader("half"), errorReader{broken})), Request: req}, nil
		}, body: "half", err: broken, sent: 1},
		"a body that is too large": {respond: func(req *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader("larger than ten")),
				Request: req}, nil
		}, body: "larger than ten", sent: 6},
		"a nil body": {respond: func(req *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Request: req}, nil
		}, sent: 1},
		"a panic": {respond: func(*http.Request) (*http.Response, error) { panic("oops") }, panics: true, sent: 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				base := &slowly{respond: tc.respond}
				rt := Coalesce(CoalesceConfig{MaxBodyBytes: 10})(base)
				var wg sync.WaitGroup
				for range 5 {
					wg.Go(func() {
						defer func() {
							if p := recover(); (p != nil) != tc.panics {
								t.Errorf("panics: %v", p)
							}
						}()
						if _, body, err := send(t, rt,
							newRequest(t, t.Context(), "GET", thing, "")); body != tc.body || !errors.Is(err, tc.err) {
							t.Errorf("%q, %v", body, err)
						}
					})
				}
				wg.Wait()
				if n := base.sent.Load(); n != tc.sent {
					t.Errorf("%d requests, want %d", n, tc.sent)
				}
			})
		})
	}
}

// A GET that starts after a write has ended does not join a request that was sent before its end.
func TestCoalesceAfterAWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		base := &slowly{}
		rt := Coalesce(CoalesceConfig{})(base)
		var wg sync.WaitGroup
		wg.Go(func() { _, _, _ = send(t, rt, newRequest(t, t.Context(), "PUT", thing, "x")) })
		time.Sleep(500 * time.Millisecond)
		wg.Go(func() { _, _, _ = send(t, rt, newRequest(t, t.Context(), "GET", thing, "")) })
		time.Sleep(600 * time.Millisecond) // the write has ended, the first GET has not
		if _, body, err := send(t, rt, newRequest(t, t.Context(), "GET", thing, "")); err != nil ||
			body != "response 3" {
			t.Errorf("got %q, %v, want response 3", body, err)
		}
		wg.Wait()
	})
}

// The Report of each call that shares a response has its attempts.
func TestCoalesceReportsAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		base := &slowly{respond: func(req *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 503, Body: http.NoBody, Request: req}, nil
		}}
		rt := transport.Chain(base, Coalesce(CoalesceConfig{}), Retry(RetryConfig{}))
		var report transport.Report
		ctx := transport.WithCall(t.Context(), &transport.Call{Report: &report})
		if _, _, err := send(t, rt, newRequest(t, ctx, "GET", thing, "")); err != nil {
			t.Fatal(err)
		}
		if attempts, elapsed := report.Attempts(); attempts != 4 || elapsed < 4*time.Second {
			t.Errorf("%d attempts in %v, want 4 in 4 s or more", attempts, elapsed)
		}
	})
}

// An error response whose body stalls is shared after 1 s, with the part of the body that has
// arrived.
func TestFaultsCoalesceAndABodyThatStalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		base := &slowly{respond: func(req *http.Request) (*http.Response, error) {
			body, w := io.Pipe()
			go func() { _, _ = io.WriteString(w, "the beginning") }()
			return &http.Response{StatusCode: 503, Body: body, Request: req}, nil
		}}
		rt := transport.Chain(base, Coalesce(CoalesceConfig{}))
		start := time.Now()
		resp, body, err := send(t, rt, newRequest(t, t.Context(), "GET", thing, ""))
		if resp == nil || resp.StatusCode != 503 || body != "the beginning" || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("got %v, %q, %v", resp, body, err)
		}
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("took %v", took)
		}
	})
}
