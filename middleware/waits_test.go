package middleware

// Whatever a call waits for, it stops waiting when its context ends, and leaves nothing behind.

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

// hang is a base that answers when the request's context is over, or in an hour.
var hang = transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
	transport.CloseRequest(req)
	if err := transport.Sleep(req.Context(), time.Hour); err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: 200, Body: http.NoBody, Request: req}, nil
})

// waits are chains whose next call has to wait for an hour or so. Calls of theirs that go on meanwhile end with ctx.
var waits = map[string]func(t *testing.T, ctx context.Context) http.RoundTripper{
	"the answer": func(*testing.T, context.Context) http.RoundTripper { return Timeout(2 * time.Hour)(hang) },
	"a token": func(*testing.T, context.Context) http.RoundTripper {
		return Auth(sourceFunc(func(ctx context.Context) (*oauth2.Token, error) { return nil, transport.Sleep(ctx, time.Hour) }), anywhere)(hang)
	},
	"a backoff": func(*testing.T, context.Context) http.RoundTripper {
		return Retry(RetryConfig{InitialDelay: 2 * time.Hour, MaxDelay: 2 * time.Hour})(respond(func(*http.Request) (int, string) { return 503, "" }))
	},
	"its own Retry-After": func(*testing.T, context.Context) http.RoundTripper {
		return Retry(RetryConfig{MaxRetryAfter: 2 * time.Hour})(respond(func(*http.Request) (int, string) { return 429, "" }, "Retry-After", "3600"))
	},
	"another's Retry-After": func(t *testing.T, ctx context.Context) http.RoundTripper {
		chain := RateLimit(NewPacer(PacerConfig{MaxPause: -1, MaxWait: -1}))(respond(func(*http.Request) (int, string) { return 429, "" }, "Retry-After", "3600"))
		_, _, _ = send(t, chain, newRequest(t, ctx, "GET", thing, ""))
		return chain
	},
	"a full window": func(t *testing.T, ctx context.Context) http.RoundTripper {
		chain := RateLimit(NewPacer(PacerConfig{Quota: 1, Window: time.Hour, MaxWait: -1}))(respond(func(*http.Request) (int, string) { return 200, "" }))
		_, _, _ = send(t, chain, newRequest(t, ctx, "GET", thing, ""))
		return chain
	},
	"others in the queue": func(t *testing.T, ctx context.Context) http.RoundTripper {
		chain := RateLimit(NewPacer(PacerConfig{Quota: 1, Window: time.Hour, MaxWait: -1}))(respond(func(*http.Request) (int, string) { return 200, "" }))
		for range 5 {
			go func() { _, _, _ = send(t, chain, newRequest(t, ctx, "GET", thing, "")) }()
		}
		return chain
	},
	"calls in flight": func(t *testing.T, ctx context.Context) http.RoundTripper {
		chain := RateLimit(NewPacer(PacerConfig{Burst: -1, MaxWait: -1}))(hang)
		for range narrow {
			go func() { _, _, _ = send(t, chain, newRequest(t, ctx, "GET", thing, "")) }()
		}
		return chain
	},
	"a shared answer": func(t *testing.T, ctx context.Context) http.RoundTripper {
		chain := Coalesce(CoalesceConfig{})(hang)
		go func() { _, _, _ = send(t, chain, newRequest(t, ctx, "GET", thing, "")) }()
		return chain
	},
}

func TestWaitsEndWithTheContext(t *testing.T) {
	const end = 1234 * time.Millisecond
	for name, wait := range waits {
		for how, limited := range map[string]func(context.Context) (context.Context, context.CancelFunc){
			"cancelled": func(ctx context.Context) (context.Context, context.CancelFunc) {
				ctx, cancel := context.WithCancel(ctx)
				time.AfterFunc(end, cancel)
				return ctx, cancel
			},
			"deadline": func(ctx context.Context) (context.Context, context.CancelFunc) { return context.WithTimeout(ctx, end) },
		} {
			t.Run(name+"/"+how, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					before := testutil.BubbleGoroutines(t)
					others, leave := context.WithCancel(t.Context())
					defer leave()
					chain := wait(t, others)
					synctest.Wait()
					ctx, cancel := limited(t.Context())
					defer cancel()
					start := time.Now()
					resp, _, err := send(t, chain, newRequest(t, ctx, "GET", thing, ""))
					took := time.Since(start)
					switch {
					case how == "cancelled" && (!errors.Is(err, context.Canceled) || took < end || took > end+time.Millisecond):
						t.Errorf("%v after %v, want the context's end after %v", err, took, end)
					case how == "deadline" && took == 0 && (errors.Is(err, ErrLimited) || resp != nil && resp.StatusCode >= 400): // it is known that waiting is of no use
					case how == "deadline" && (!errors.Is(err, context.DeadlineExceeded) || took > end+time.Millisecond):
						t.Errorf("%v, %v after %v, want the deadline after %v", resp, err, took, end)
					}
					leave()
					synctest.Wait()
					if after := testutil.BubbleGoroutines(t); after > before {
						t.Errorf("%d goroutines more than before", after-before)
					}
				})
			})
		}
	}
}

// A wait that is of no use is not begun: the error says until when it would be.
func TestLimitErrorTellsUntilWhen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		chain := waits["another's Retry-After"](t, t.Context())
		start := time.Now()
		_, _, err := send(t, chain, newRequest(t, timeoutOf(t, time.Minute), "GET", thing, ""))
		limit, ok := errors.AsType[*LimitError](err)
		if !ok || limit.Wait != time.Hour || !limit.Until.Equal(start.Add(time.Hour)) || time.Since(start) != 0 {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}
