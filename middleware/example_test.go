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
