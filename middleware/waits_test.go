package middleware

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/internal/testutil"
	"github.com/seed-2147f1a9/spotify/transport"
)

// hang is a base that responds after one hour, or when the request's context ends.
var hang = transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
	transport.CloseRequest(req)
	if err := transport.Sleep(req.Context(), time.Hour); err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: 200, Body: http.NoBody, Request: req}, nil
})

// waits returns pipelines whose next call waits for an hour or longer. Other calls of theirs end
// with ctx.
var waits = map[string]func(t *testing.T, ctx context.Context) http.RoundTripper{
	"a response": func(*testing.T, context.Context) http.RoundTripper { return Timeout(2 * time.Hour)(hang) },
	"a token": func(*testing.T, context.Context) http.RoundTripper {
		return Auth(sourceFunc(func(ctx context.Context) (*oauth2.Token, error) {
			return nil,
				transport.Sleep(ctx, time.Hour)
		}), anywhere)(hang)
	},
	"a backoff": func(*testing.T, context.Context) http.RoundTripper {
		return Retry(RetryConfig{InitialDelay: 2 * time.Hour,
			MaxDelay: 2 * time.Hour})(respond(func(*http.Request) (int, string) { return 503, "" }))
	},
	"Retry-After": func(*testing.T, context.Context) http.RoundTripper {
		return Retry(RetryConfig{MaxRetryAfter: 2 * time.Hour})(respond(func(*http.Request) (int,
			string) {
			return 429, ""
		}, "Retry-After", "3600"))
	},
	"Retry-After of another call": func(t *testing.T, ctx context.Context) http.RoundTripper {
		rt := RateLimit(NewPacer(PacerConfig{MaxPause: -1, MaxWait: -1}))(respond(func(*http.Request) (int,
			string) {
			return 429, ""
		}, "Retry-After", "3600"))
		_, _, _ = send(t, rt, newRequest(t, ctx, "GET", thing, ""))
		return rt
	},
	"a full window": func(t *testing.T, ctx context.Context) http.RoundTripper {
		rt := RateLimit(NewPacer(PacerConfig{Quota: 1, Window: time.Hour,
			MaxWait: -1}))(respond(func(*http.Request) (int, string) { return 200, "" }))
		_, _, _ = send(t, rt, newRequest(t, ctx, "GET", thing, ""))
		return rt
	},
	"a queue": func(t *testing.T, ctx context.Context) http.RoundTripper {
		rt := RateLimit(NewPacer(PacerConfig{Quota: 1, Window: time.Hour,
			MaxWait: -1}))(respond(func(*http.Request) (int, string) { return 200, "" }))
		for range 5 {
			go func() { _, _, _ = send(t, rt, newRequest(t, ctx, "GET", thing, "")) }()
		}
		return rt
	},
	"calls in flight": func(t *testing.T, ctx context.Context) http.RoundTripper {
		rt := RateLimit(NewPacer(PacerConfig{Burst: -1, MaxWait: -1}))(hang)
		for range narrow {
			go func() { _, _, _ = send(t, rt, newRequest(t, ctx, "GET", thing, "")) }()
		}
		return rt
	},
	"a shared response": func(t *testing.T, ctx context.Context) http.RoundTripper {
		rt := Coalesce(CoalesceConfig{})(hang)
		go func() { _, _, _ = send(t, rt, newRequest(t, ctx, "GET", thing, "")) }()
		return rt
	},
}

// A call stops waiting when its context ends, and leaves no goroutine behind.
func TestWaitsEndWithTheContext(t *testing.T) {
	const end = 1234 * time.Millisecond
	for name, wait := range waits {
		for how, limited := range map[string]func(context.Context) (context.Context, context.CancelFunc){
			"cancelled": func(ctx context.Context) (context.Context, context.CancelFunc) {
				ctx, cancel := context.WithCancel(ctx)
				time.AfterFunc(end, cancel)
				return ctx, cancel
			},
			"deadline": func(ctx context.Context) (context.Context,
				context.CancelFunc) {
				return context.WithTimeout(ctx, end)
			},
		} {
			t.Run(name+"/"+how, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					before := testutil.BubbleGoroutines(t)
					others, leave := context.WithCancel(t.Context())
					defer leave()
					rt := wait(t, others)
					synctest.Wait()
					ctx, cancel := limited(t.Context())
					defer cancel()
					start := time.Now()
					resp, _, err := send(t, rt, newRequest(t, ctx, "GET", thing, ""))
					took := time.Since(start)
					switch {
					case how == "cancelled" &&
						(!errors.Is(err, context.Canceled) || took < end || took > end+time.Millisecond):
						t.Errorf("%v after %v, want context.Canceled after %v", err, took, end)
					case how == "deadline" && took == 0 &&
						// refused, as the wait would pass the deadline
						(errors.Is(err, ErrLimited) || resp != nil && resp.StatusCode >= 400):
					case how == "deadline" &&
						(!errors.Is(err, context.DeadlineExceeded) || took > end+time.Millisecond):
						t.Errorf("%v, %v after %v, want the deadline after %v", resp, err, took, end)
					}
					leave()
					synctest.Wait()
					if after := testutil.BubbleGoroutines(t); after > before {
						t.Errorf("%d goroutines are left", after-before)
					}
				})
			})
		}
	}
}

// A call that would wait past its deadline fails at once, with a *LimitError that has the end of
// the wait.
func TestLimitErrorHasTheEndOfTheWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt := waits["Retry-After of another call"](t, t.Context())
		start := time.Now()
		_, _, err := send(t, rt, newRequest(t, timeoutOf(t, time.Minute), "GET", thing, ""))
		limit, ok := errors.AsType[*LimitError](err)
		if !ok || limit.Wait != time.Hour || !limit.Until.Equal(start.Add(time.Hour)) || time.Since(start) != 0 {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}
