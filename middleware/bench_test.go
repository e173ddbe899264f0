package middleware

import (
	"net/http"
	"testing"

	"github.com/seed-2147f1a9/spotify/transport"
)

// unlimited is Retry and RateLimit over a base that costs nothing, with a quota that is known and never binds: the most work that a call can make
// which neither waits nor is sent again.
func unlimited(tb testing.TB) func() {
	resp := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody}
	base := transport.RoundTripperFunc(func(*http.Request) (*http.Response, error) { return resp, nil })
	chain := transport.Chain(base, Retry(RetryConfig{}), RateLimit(NewPacer(PacerConfig{Quota: mostQuota})))
	req := newRequest(tb, tb.Context(), http.MethodGet, thing, "")
	return func() {
		if _, err := chain.RoundTrip(req); err != nil {
			tb.Fatal(err)
		}
	}
}

// BenchmarkOverhead: at most 1 µs is the aim.
func BenchmarkOverhead(b *testing.B) {
	call := unlimited(b)
	b.ReportAllocs()
	for b.Loop() {
		call()
	}
}

func TestOverhead(t *testing.T) {
	if n := testing.AllocsPerRun(1000, unlimited(t)); n > 8 {
		t.Errorf("%v allocations a call, at most 8 is the aim", n)
	} else {
		t.Logf("%v allocations a call", n)
	}
}
