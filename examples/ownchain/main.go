// Ownchain builds a pipeline of this library's middlewares for another API: here a small weather
// service inside the program, which is down, busy and slow once each.
//
//	go run ./examples/ownchain
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"sync"
	"time"

	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/transport"
)

func main() {
	log.SetFlags(0)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	server := httptest.NewServer(weather(os.Stdout))
	err := run(ctx, os.Stdout, server.URL, transport.NewBase())
	server.Close()
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

// pipeline returns the middlewares in front of base, outermost first: each request passes them from
// top to bottom.
func pipeline(base http.RoundTripper) http.RoundTripper {
	return transport.Chain(base,
		middleware.Cache(middleware.CacheConfig{}), // above all others: a hit costs nothing
		middleware.Retry(middleware.RetryConfig{MaxRetries: 2}),
		middleware.RateLimit(middleware.NewPacer(middleware.PacerConfig{})), // each retry takes a permit, too
		middleware.Classify(nil),                                            // reads Retry-After for RateLimit and Retry
		middleware.Timeout(time.Second),                                     // of each attempt
	)
}

func run(ctx context.Context, out io.Writer, api string, base http.RoundTripper) error {
	client := &http.Client{Transport: pipeline(base)}
	for _, path := range []string{"/down", "/down", "/busy", "/slow", "/nowhere"} {
		fmt.Fprintf(out, "GET %s\n", path)
		began := time.Now()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, api+path, nil)
		if err != nil {
			return err
		}
		req, call := transport.WithReport(req) // the middlewares write what they do to call.Report
		resp, err := client.Do(req)
		if err != nil {
			return err
		}
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil {
			return err
		}
		attempts, _ := call.Report.Attempts()
		fmt.Fprintf(out, "  %s %q, attempts: %d, time: %v\n\n",
			resp.Status, body, attempts, time.Since(began).Round(time.Millisecond))
	}
	return nil
}

// weather returns the API. It writes every request to out.
func weather(out io.Writer) http.Handler {
	var mu sync.Mutex
	seen := map[string]bool{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		first := !seen[r.URL.Path]
		seen[r.URL.Path] = true
		mu.Unlock()
		status := http.StatusOK
		switch {
		case r.URL.Path == "/nowhere":
			status = http.StatusNotFound
		case r.URL.Path == "/down" && first:
			status = http.StatusServiceUnavailable
		case r.URL.Path == "/busy" && first:
			status = http.StatusTooManyRequests
			w.Header().Set("Retry-After", "2")
		case r.URL.Path == "/slow" && first:
			fmt.Fprintln(out, "  the server does not respond")
			<-r.Context().Done()
			return
		}
		fmt.Fprintln(out, "  the server responds", status)
		w.Header().Set("Cache-Control", "max-age=60")
		w.WriteHeader(status)
		if status == http.StatusOK {
			fmt.Fprint(w, "sunny, 21 °C")
		}
	})
}
