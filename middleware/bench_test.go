package middleware

import (
	"net/http"
	"testing"

	"github.com/seed-2147f1a9/spotify/transport"
)

// BenchmarkOverhead is what Retry and RateLimit cost a call together when there is nothing to limit and nothing to retry.
func BenchmarkOverhead(b *testing.B) {
	resp := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody}
	base := transport.RoundTripperFunc(func(*http.Request) (*http.Response, error) { return resp, nil })
	run := func(b *testing.B, chain http.RoundTripper) {
		req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, "https://api.example.com/v1/x", nil)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := chain.RoundTrip(req); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("retry+ratelimit", func(b *testing.B) {
		// A quota that is known and never binds: the most work that a call which does not wait can make.
		pacer := NewPacer(PacerConfig{Quota: mostQuota})
		run(b, transport.Chain(base, Retry(RetryConfig{}), RateLimit(pacer)))
	})
	b.Run("nothing", func(b *testing.B) { run(b, base) })
}
