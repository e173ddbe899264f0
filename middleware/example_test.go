package middleware_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/transport"
)

// A pipeline for an API that is not Spotify's. Middlewares that resend (Retry, Refresh) wrap the
// ones that every attempt pays for (RateLimit, Timeout, Auth).
func Example() {
	api := httptest.NewServer(failsOnce())
	defer api.Close()
	home, err := url.Parse(api.URL)
	if err != nil {
		fmt.Println(err)
		return
	}

	// Auth sends the token to the API's own origin only.
	tokens := auth.Static("token")
	client := &http.Client{Transport: transport.Chain(transport.NewBase(),
		middleware.Retry(middleware.RetryConfig{InitialDelay: time.Millisecond}),
		middleware.Refresh(tokens),
		middleware.RateLimit(middleware.NewPacer(middleware.PacerConfig{Window: time.Minute})),
		middleware.Timeout(10*time.Second),
		middleware.Auth(tokens, func(to *url.URL) bool { return transport.SameOrigin(home, to) }),
	)}

	var report transport.Report // collects facts about the call
	ctx := transport.WithCall(context.Background(), &transport.Call{Report: &report})
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, api.URL+"/things", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	resp, err := client.Do(req)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	attempts, _ := report.Attempts()
	fmt.Println(resp.Status, "after", attempts, "attempts")
	// Output: 200 OK after 2 attempts
}

// A tracer starts a span in Begin and ends it in Note. The context that Begin returns makes the
// span of a call the parent of the spans of its attempts.
func ExampleObserve() {
	api := httptest.NewServer(failsOnce())
	defer api.Close()
	observe := middleware.Observe(tracer{})
	client := &http.Client{Transport: transport.Chain(transport.NewBase(),
		observe, // calls
		middleware.Retry(middleware.RetryConfig{InitialDelay: time.Nanosecond}),
		observe, // attempts
	)}
	resp, err := client.Get(api.URL + "/things")
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = resp.Body.Close()
	// Output:
	// attempt 1 of GET, in the span of a call: 503
	// attempt 2 of GET, in the span of a call: 401
	// call of GET: 401 after 2 attempts
}

type tracer struct{}

type span struct{ parent *span }

type spanKey struct{}

func (tracer) Begin(ctx context.Context, _ middleware.Event) context.Context {
	parent, _ := ctx.Value(spanKey{}).(*span)
	return context.WithValue(ctx, spanKey{}, &span{parent})
}

func (tracer) Note(ctx context.Context, e middleware.Event) {
	s, _ := ctx.Value(spanKey{}).(*span)
	switch e.Kind {
	case middleware.CallEvent:
		fmt.Printf("call of %s: %d after %d attempts\n", e.Method, e.Status, e.Attempt)
	case middleware.AttemptEvent:
		if s.parent != nil {
			fmt.Printf("attempt %d of %s, in the span of a call: %d\n", e.Attempt, e.Method, e.Status)
		}
	}
}

// failsOnce responds with a 503 to the first request, and to others with a 200 if they have the
// token.
func failsOnce() http.Handler {
	var requests atomic.Int32
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case requests.Add(1) == 1:
			w.WriteHeader(http.StatusServiceUnavailable)
		case r.Header.Get("Authorization") != "Bearer token":
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
}
