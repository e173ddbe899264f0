package middleware

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/transport"
)

// slow is a base that takes these times for the headers and for the body.
type slow struct {
	headers, body time.Duration
	err           error // in place of the context's
}

func (s *slow) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := s.wait(req.Context(), s.headers); err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: 200, Header: http.Header{}, Request: req, Body: &slowBody{s, req.Context()}}, nil
}

func (s *slow) wait(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		if s.err != nil {
			return s.err
		}
		return context.Cause(ctx)
	}
}

type slowBody struct {
	*slow
	ctx context.Context
}

func (b *slowBody) Read([]byte) (int, error) {
	if err := b.wait(b.ctx, b.body); err != nil {
		return 0, err
	}
	return 0, io.EOF
}

func (b *slowBody) Close() error { return nil }

func TestTimeout(t *testing.T) {
	reauthorize := transport.Permanent(auth.ErrReauthorize)
	for _, test := range []struct {
		name    string
		limit   time.Duration
		caller  time.Duration // until the caller's context ends, 0 for never
		base    slow
		want    error
		timeout bool // the error is a *TimeoutError
		took    time.Duration
	}{
		{name: "in time", limit: 10 * time.Second, base: slow{headers: 4 * time.Second, body: 5 * time.Second},
			took: 9 * time.Second},
		{name: "no headers", limit: 10 * time.Second, base: slow{headers: time.Hour},
			want: context.DeadlineExceeded, timeout: true, took: 10 * time.Second},
		{name: "no body", limit: 10 * time.Second, base: slow{headers: 4 * time.Second, body: time.Hour},
			want: context.DeadlineExceeded, timeout: true, took: 10 * time.Second},
		{name: "no body, another error", limit: 10 * time.Second, base: slow{body: time.Hour, err: net.ErrClosed},
			want: context.DeadlineExceeded, timeout: true, took: 10 * time.Second},
		{name: "a permanent error", limit: 10 * time.Second, base: slow{headers: time.Hour, err: reauthorize},
			want: auth.ErrReauthorize, took: 10 * time.Second},
		{name: "EOF after the timeout", limit: 10 * time.Second, base: slow{body: time.Hour, err: io.EOF},
			want: context.DeadlineExceeded, timeout: true, took: 10 * time.Second},
		{name: "EOF after the caller's end", limit: 10 * time.Second, caller: 3 * time.Second,
			base: slow{body: time.Hour, err: io.EOF}, want: context.Canceled, took: 3 * time.Second},
		{name: "the caller cancels before the headers", limit: 10 * time.Second, caller: 3 * time.Second,
			base: slow{headers: time.Hour}, want: context.Canceled, took: 3 * time.Second},
		{name: "the caller cancels within the body", limit: 10 * time.Second, caller: 3 * time.Second,
			base: slow{body: time.Hour}, want: context.Canceled, took: 3 * time.Second},
		{name: "the caller cancels after the timeout", limit: 10 * time.Second, caller: 11 * time.Second,
			base: slow{body: time.Hour}, want: context.DeadlineExceeded, timeout: true, took: 10 * time.Second},
		{name: "off", limit: -1, base: slow{headers: time.Hour, body: time.Hour}, took: 2 * time.Hour},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if test.caller > 0 {
					time.AfterFunc(test.caller, cancel)
				}
				start := time.Now()
				_, _, err := send(t, Timeout(test.limit)(&test.base),
					newRequest(t, ctx, "GET", "https://api.example.com/x", ""))
				if !errors.Is(err, test.want) || time.Since(start) != test.took {
					t.Errorf("got %v after %v, want %v after %v", err, time.Since(start), test.want, test.took)
				}
				late, ok := errors.AsType[*TimeoutError](err)
				if ok != test.timeout || ok &&
					(late.After != test.limit || !late.Timeout() || !transport.IsTimeout(err) ||
						errors.Is(err, context.Canceled)) {
					t.Errorf("got %#v, a *TimeoutError is %v", err, test.timeout)
				}
			})
		})
	}
}

// The error is the caller's deadline if that is the earlier one, and a *TimeoutError otherwise.
func TestTimeoutAndDeadline(t *testing.T) {
	for caller, isTimeout := range map[time.Duration]bool{time.Second: false, time.Minute: true} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), caller)
			defer cancel()
			_, _, err := send(t, Timeout(10*time.Second)(&slow{body: time.Hour}),
				newRequest(t, ctx, "GET", "https://api.example.com/x", ""))
			if is[*TimeoutError](err) != isTimeout || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("with a deadline in %v: got %v", caller, err)
			}
		})
	}
}

// A response without a body that arrives after the timeout is an error: a server that sees its
// client leave may still send one.
func TestTimeoutRefusesALateResponse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		base := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return &http.Response{StatusCode: 200, Header: http.Header{}, Request: req, Body: http.NoBody}, nil
		})
		resp, err := Timeout(time.Second)(base).RoundTrip(newRequest(t, t.Context(), "PUT",
			"https://api.example.com", ""))
		if timeout, ok := errors.AsType[*TimeoutError](err); !ok || timeout.After != time.Second || resp != nil {
			t.Errorf("got %v, %v", resp, err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if resp, err := Timeout(time.Minute)(base).RoundTrip(newRequest(t, ctx, "PUT", "https://api.example.com",
			"")); err != context.DeadlineExceeded || resp != nil {
			t.Errorf("the caller's end: got %v, %v", resp, err)
		}
	})
}

// The attempt's context ends when the body ends or is closed.
func TestTimeoutCancelsItsContext(t *testing.T) {
	for name, end := range map[string]func(io.ReadCloser){
		"EOF":   func(b io.ReadCloser) { _, _ = io.Copy(io.Discard, b) },
		"Close": func(b io.ReadCloser) { _ = b.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			var inner context.Context
			req := newRequest(t, t.Context(), "GET", "https://api.example.com/x", "")
			resp, err := Timeout(time.Hour)(respond(func(req *http.Request) (int, string) {
				inner = req.Context()
				return 200, "body"
			})).RoundTrip(req)
			if err != nil || resp.Request != req || inner.Err() != nil {
				t.Fatalf("got %v, %v, the context has ended with %v", resp, err, inner.Err())
			}
			end(resp.Body)
			if inner.Err() == nil {
				t.Error("the context has not ended")
			}
			if n, err := resp.Body.Read(make([]byte, 1)); name == "EOF" && (n > 0 || err != io.EOF) {
				t.Errorf("after the end: %d, %v", n, err)
			}
		})
	}
}

// Over a connection, a response that stalls before or in its body fails with a *TimeoutError in
// time.
func TestTimeoutOnWire(t *testing.T) {
	const limit = 100 * time.Millisecond
	inBubble(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			_, _ = io.WriteString(w, "half of i")
			_ = http.NewResponseController(w).Flush()
		}
		<-r.Context().Done()
	}, func(t *testing.T, base http.RoundTripper, url string) {
		for path, want := range map[string]string{"/body": "half of i", "/headers": ""} {
			start := time.Now()
			_, body, err := send(t, Timeout(limit)(base), newRequest(t, t.Context(), "GET", url+path, ""))
			if took := time.Since(start); !is[*TimeoutError](err) || body != want || took != limit {
				t.Errorf("%s: got %q, %v after %v", path, body, err, took)
			}
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			start = time.Now()
			_, body, err = send(t, Timeout(time.Hour)(base), newRequest(t, ctx, "GET", url+path, ""))
			cancel()
			if took := time.Since(start); is[*TimeoutError](err) || !errors.Is(err, context.DeadlineExceeded) ||
				body != want || took != limit {
				t.Errorf("%s, the caller's deadline: got %q, %v after %v", path, body, err, took)
			}
		}
	})
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}
