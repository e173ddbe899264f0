package spotify

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/seed-2147f1a9/spotify/middleware"
)

// Stats are a client's counts since New.
type Stats struct {
	// Calls counts calls, including those that the cache responded to or the limiter refused.
	Calls int64
	// Attempts counts requests that were sent, retries and replays included.
	Attempts int64
	// Retries counts the attempts that were retries.
	Retries int64
	// RetriesDenied counts the retries that RetryConfig.Budget has denied.
	RetriesDenied int64
	// RateLimited counts responses of 429.
	RateLimited int64
	// Refreshes counts the access tokens after the first one.
	Refreshes int64
	// Unexpected401 counts responses of 401 that do not say that the token has expired or is
	// invalid.
	Unexpected401 int64
	// Waited is the sum of the time that calls have waited for the limiter or for a retry.
	Waited time.Duration
	// Quota is the number of calls that Spotify allows in a rolling window of 30 s as far as the
	// pacer has learned it, or 0. It can be kept for a later PacerConfig.Quota.
	Quota int
	// QuotaLowerBound reports that Spotify may allow more than Quota: other programs, or an earlier
	// run of this one, used a part of the window in which it was learned.
	QuotaLowerBound bool
	// Closed has the operations, or buckets of operations, whose calls fail at once because a quota
	// is exhausted or a Retry-After is longer than PacerConfig.MaxPause.
	Closed []middleware.ClosedGroup
	// CacheHits counts calls whose response came from the cache, without a request.
	CacheHits int64
}

// Stats returns the client's counts so far.
func (c *Client) Stats() Stats {
	m := c.meter
	s := Stats{
		Calls: m.calls.Load(), Attempts: m.attempts.Load(), Retries: m.retries.Load(),
		RateLimited: m.limited.Load(), Refreshes: m.refreshes.Load(),
		Unexpected401: m.unexpected.Load(), Waited: time.Duration(m.waited.Load()), CacheHits: m.cacheHits.Load(),
		RetriesDenied: m.denied.Load(),
	}
	if pacer, ok := c.limiter.(*middleware.Pacer); ok {
		general := pacer.Stats("")
		s.Quota, s.QuotaLowerBound = general.Quota, general.LowerBound
		s.Closed = pacer.Closed()
	}
	return s
}

// Usage returns the client's calls by operation, and the rest of the day's quota as far as it is
// known. With WithLimiter it is what the limiter's Usage method returns, or empty.
func (c *Client) Usage() middleware.Usage {
	if limiter, ok := c.limiter.(interface{ Usage() middleware.Usage }); ok {
		return limiter.Usage()
	}
	return middleware.Usage{}
}

// meter counts for Stats. It is an Observer of the pipeline.
type meter struct {
	calls, attempts, retries, denied, limited, refreshes, cacheHits, unexpected, waited atomic.Int64
}

// HeadersOnly returns true: nothing that is counted comes after the headers.
func (m *meter) HeadersOnly() bool { return true }

// Begin counts calls and attempts.
func (m *meter) Begin(ctx context.Context, e middleware.Event) context.Context {
	if e.Kind == middleware.CallEvent {
		m.calls.Add(1)
	} else {
		m.attempts.Add(1)
	}
	return ctx
}

// Note counts all other events.
func (m *meter) Note(_ context.Context, e middleware.Event) {
	switch e.Kind {
	case middleware.AttemptEvent:
		if e.Status == http.StatusTooManyRequests {
			m.limited.Add(1)
		}
	case middleware.WaitEvent:
		if e.Wait != middleware.WaitToken {
			m.waited.Add(int64(e.Took))
		}
	case middleware.RetryingEvent:
		m.retries.Add(1)
	case middleware.RetryDeniedEvent:
		m.denied.Add(1)
	case middleware.RefreshEvent:
		m.refreshes.Add(1)
	case middleware.TokenRefusedEvent:
		m.unexpected.Add(1)
	case middleware.CacheEvent:
		if e.Reason == "hit" {
			m.cacheHits.Add(1)
		}
	}
}
