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

// A chain of one's own, for an API that is not Spotify's: what sends again stands above what must be paid for each sending.
func Example() {
	api := httptest.NewServer(busyAtFirst())
	defer api.Close()
	home, err := url.Parse(api.URL)
	if err != nil {
		fmt.Println(err)
		return
	}

	tokens := auth.Static("token")
	client := &http.Client{Transport: transport.Chain(transport.NewBase(),
		middleware.Retry(middleware.RetryConfig{InitialDelay: time.Millisecond}),
		middleware.Refresh(tokens),
		middleware.RateLimit(middleware.NewPacer(middleware.PacerConfig{Window: time.Minute})),
		middleware.Timeout(10*time.Second),
		middleware.Auth(tokens, func(to *url.URL) bool { return transport.SameOrigin(home, to) }), // the token goes nowhere else
	)}

	var report transport.Report // what the pipeline learns about the call
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

// busyAtFirst fails once, and then answers whoever has a token.
func busyAtFirst() http.Handler {
	var asked atomic.Int32
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case asked.Add(1) == 1:
			w.WriteHeader(http.StatusServiceUnavailable)
		case r.Header.Get("Authorization") != "Bearer token":
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
}
