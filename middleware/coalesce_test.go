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

// slowly is a base that takes a second, and counts.
type slowly struct {
	sent, abandoned atomic.Int32
	answer          func(*http.Request) (*http.Response, error)
}

func (s *slowly) RoundTrip(req *http.Request) (*http.Response, error) {
	transport.CloseRequest(req)
	n := s.sent.Add(1)
	if err := transport.Sleep(req.Context(), time.Second); err != nil {
		s.abandoned.Add(1)
		return nil, err
	}
	if s.answer != nil {
		return s.answer(req)
	}
	body := fmt.Sprintf("response %d", n)
	return &http.Response{StatusCode: 200, Header: http.Header{"X-A": {"1"}}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: req}, nil
}

func TestCoalesceSharesOneResponse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		base := &slowly{}
		chain := Coalesce(CoalesceConfig{})(base)
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				req := newRequest(t, t.Context(), "GET", thing, "")
				resp, body, err := send(t, chain, req)
				if err != nil || body != "response 1" || resp.Request != req || resp.Header.Get("X-A") != "1" {
					t.Errorf("%q, %v, %v", body, resp, err)
					return
				}
				resp.Header.Set("X-A", "changed by the caller")
			})
		}
		wg.Wait()
		if _, body, err := send(t, chain, newRequest(t, t.Context(), "GET", thing, "")); err != nil || body != "response 2" || base.sent.Load() != 2 {
			t.Errorf("one that comes later: %q, %v", body, err)
		}
	})
}

// What two calls differ in decides whether they share.
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
		{name: "nothing", wantShared: true},
		{name: "the method", method: "HEAD"},
		{name: "a write", method: "PUT"},
		{name: "the URL", url: thing + "?x=1"},
		{name: "a header", header: http.Header{"Accept-Language": {"sv"}}},
		{name: "the user, by header", header: http.Header{"Authorization": {"Bearer a"}}},
		{name: "the user, by the call's token", call: transport.Call{Token: "a"}},
		{name: "the user, by Identity", header: http.Header{"X-User": {"a"}}},
		{name: "a condition", header: http.Header{"If-None-Match": {`"a"`}}},
		{name: "a part", header: http.Header{"Range": {"bytes=0-1"}}},
		{name: "a body", body: "x"},
		{name: "the operation's name", call: transport.Call{Operation: "get-a-thing"}, wantShared: true},
		{name: "not to retry", call: transport.Call{NoRetry: true}},
		{name: "patience", call: transport.Call{MaxWait: time.Second}},
		{name: "bulk", call: transport.Call{Priority: transport.PriorityBulk}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				base := &slowly{}
				chain := Coalesce(CoalesceConfig{Identity: func(r *http.Request) string { return r.Header.Get("X-User") }})(base)
				var wg sync.WaitGroup
				wg.Go(func() { _, _, _ = send(t, chain, newRequest(t, t.Context(), "GET", thing, "")) })
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
				_, _, _ = send(t, chain, req)
				wg.Wait()
				if shared := base.sent.Load() == 1; shared != tc.wantShared {
					t.Errorf("shared is %v", shared)
				}
			})
		})
	}
}

// A caller that leaves, at once and alone, costs the others nothing, also if it was the first; when all have left nothing goes on.
func TestCoalesceWhenCallersLeave(t *testing.T) {
	for leavers, abandoned := range map[int]int32{0: 0, 1: 0, 4: 0, 5: 1} {
		synctest.Test(t, func(t *testing.T) {
			base := &slowly{}
			chain := Coalesce(CoalesceConfig{})(base)
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
					if _, _, err := send(t, chain, newRequest(t, mine, "GET", thing, "")); err != wantErr || time.Since(start) != took {
						t.Errorf("caller %d of %d leavers: %v after %v", i, leavers, err, time.Since(start))
					}
				})
				synctest.Wait() // so that the first one is the first
			}
			wg.Wait()
			synctest.Wait()
			if base.sent.Load() != 1 || base.abandoned.Load() != abandoned {
				t.Errorf("%d leavers: sent %d times, given up %d times", leavers, base.sent.Load(), base.abandoned.Load())
			}
			if _, body, err := send(t, chain, newRequest(t, t.Context(), "GET", thing, "")); err != nil || body != "response 2" {
				t.Errorf("the next call: %q, %v", body, err)
			}
		})
	}
}

// What goes wrong goes wrong for all who share it, in the same way.
func TestCoalesceSharesFailures(t *testing.T) {
	broken := errors.New("connection reset by peer")
	for name, tc := range map[string]struct {
		answer func(*http.Request) (*http.Response, error)
		body   string
		err    error
		panics bool
		sent   int32
	}{
		"an error": {answer: func(*http.Request) (*http.Response, error) { return nil, broken }, err: broken, sent: 1},
		"a body that breaks off": {answer: func(req *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Body: io.NopCloser(io.MultiReader(strings.NewReader("half"), errorReader{broken})), Request: req}, nil
		}, body: "half", err: broken, sent: 1},
		"a body that is too large": {answer: func(req *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader("larger than ten")), Request: req}, nil
		}, body: "larger than ten", sent: 6},
		"no body at all": {answer: func(req *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Request: req}, nil
		}, sent: 1},
		"a panic": {answer: func(*http.Request) (*http.Response, error) { panic("oops") }, panics: true, sent: 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				base := &slowly{answer: tc.answer}
				chain := Coalesce(CoalesceConfig{MaxBodyBytes: 10})(base)
				var wg sync.WaitGroup
				for range 5 {
					wg.Go(func() {
						defer func() {
							if p := recover(); (p != nil) != tc.panics {
								t.Errorf("panics: %v", p)
							}
						}()
						if _, body, err := send(t, chain, newRequest(t, t.Context(), "GET", thing, "")); body != tc.body || !errors.Is(err, tc.err) {
							t.Errorf("%q, %v", body, err)
						}
					})
				}
				wg.Wait()
				if n := base.sent.Load(); n != tc.sent {
					t.Errorf("sent %d times, want %d", n, tc.sent)
				}
			})
		})
	}
}

// Whoever reads after a write sees what was written.
func TestCoalesceAfterAWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		base := &slowly{}
		chain := Coalesce(CoalesceConfig{})(base)
		var wg sync.WaitGroup
		wg.Go(func() { _, _, _ = send(t, chain, newRequest(t, t.Context(), "PUT", thing, "x")) })
		time.Sleep(500 * time.Millisecond)
		wg.Go(func() { _, _, _ = send(t, chain, newRequest(t, t.Context(), "GET", thing, "")) })
		time.Sleep(600 * time.Millisecond) // the write is over, the read is not
		if _, body, err := send(t, chain, newRequest(t, t.Context(), "GET", thing, "")); err != nil || body != "response 3" {
			t.Errorf("%q, %v", body, err)
		}
		wg.Wait()
	})
}

// The error of an answer that was tried for says so, for each who shared it.
func TestCoalesceReportsAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		base := &slowly{answer: func(req *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 503, Body: http.NoBody, Request: req}, nil
		}}
		chain := transport.Chain(base, Coalesce(CoalesceConfig{}), Retry(RetryConfig{}))
		var report transport.Report
		ctx := transport.WithCall(t.Context(), &transport.Call{Report: &report})
		if _, _, err := send(t, chain, newRequest(t, ctx, "GET", thing, "")); err != nil {
			t.Fatal(err)
		}
		if attempts, elapsed := report.Attempts(); attempts != 4 || elapsed < 4*time.Second {
			t.Errorf("tried %d times in %v", attempts, elapsed)
		}
	})
}

// An error whose body stalls is shared after a second, with as much of its body as came.
func TestFaultsK4CoalesceAndABodyThatStalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		base := &slowly{answer: func(req *http.Request) (*http.Response, error) {
			body, w := io.Pipe()
			go func() { _, _ = io.WriteString(w, "the beginning") }()
			return &http.Response{StatusCode: 503, Body: body, Request: req}, nil
		}}
		chain := transport.Chain(base, Coalesce(CoalesceConfig{}))
		start := time.Now()
		resp, body, err := send(t, chain, newRequest(t, t.Context(), "GET", thing, ""))
		if resp == nil || resp.StatusCode != 503 || body != "the beginning" || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("got %v, %q, %v", resp, body, err)
		}
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("took %v", took)
		}
	})
}
