package spotify

import (
	"context"
	"net/http"
	"sync"
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
	// Operations has the counts by operation ("get-an-album"). Requests of unknown operations are
	// counted as "".
	Operations map[string]OperationStats
}

// Stats returns the client's counts so far.
func (c *Client) Stats() Stats {
	s := c.meter.stats()
	if pacer, ok := c.limiter.(*middleware.Pacer); ok {
		general := pacer.Stats("")
		s.Quota, s.QuotaLowerBound = general.Quota, general.LowerBound
		s.Closed = pacer.Closed()
	}
	return s
}

// Usage returns the client's calls by operation, and the rest of the day's quota as far as it is
// known. With WithLimiter it is the result of the limiter's method Usage, or empty if there is
// none.
func (c *Client) Usage() middleware.Usage {
	if limiter, ok := c.limiter.(interface{ Usage() middleware.Usage }); ok {
		return limiter.Usage()
	}
	return middleware.Usage{}
}

// OperationStats are the counts of one operation since New.
type OperationStats struct {
	// Calls counts calls, including those that the cache responded to or the limiter refused.
	Calls int64
	// Failed counts calls that ended with an error or a status code of 400 or more. A response that
	// cannot be decoded is not counted.
	Failed int64
	// Attempts counts requests that were sent, retries and replays included.
	Attempts int64
	// RateLimited counts responses of 429.
	RateLimited int64
	// RetriesDenied counts the retries that RetryConfig.Budget has denied.
	RetriesDenied int64
	// Waited is the sum of the time that calls have waited for the limiter or for a retry.
	Waited time.Duration
}

// mostOperations bounds the operations that are counted one by one. Spotify has 97; a call may have
// any name.
const mostOperations = 500

// meter counts for Stats. It is an Observer of the pipeline.
type meter struct {
	refreshes, cacheHits, unexpected, retries atomic.Int64

	mu         sync.RWMutex
	operations map[string]*operationMeter
}

// operationMeter counts the calls of one operation.
type operationMeter struct{ calls, failed, attempts, limited, denied, waited atomic.Int64 }

// operation returns the counters of an operation, or those of "" if there are too many.
func (m *meter) operation(name string) *operationMeter {
	m.mu.RLock()
	found := m.operations[name]
	m.mu.RUnlock()
	if found != nil {
		return found
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.operations) >= mostOperations && m.operations[name] == nil {
		name = ""
	}
	if m.operations == nil {
		m.operations = map[string]*operationMeter{}
	}
	if m.operations[name] == nil {
		m.operations[name] = &operationMeter{}
	}
	return m.operations[name]
}

// HeadersOnly returns true: nothing that is counted comes after the headers.
func (m *meter) HeadersOnly() bool { return true }

// Begin counts calls and attempts.
func (m *meter) Begin(ctx context.Context, e middleware.Event) context.Context {
	if o := m.operation(e.Operation); e.Kind == middleware.CallEvent {
		o.calls.Add(1)
	} else {
		o.attempts.Add(1)
	}
	return ctx
}

// Note counts all other events.
func (m *meter) Note(_ context.Context, e middleware.Event) {
	switch e.Kind {
	case middleware.CallEvent:
		if e.ErrorType != "" {
			m.operation(e.Operation).failed.Add(1)
		}
	case middleware.AttemptEvent:
		if e.Status == http.StatusTooManyRequests {
			m.operation(e.Operation).limited.Add(1)
		}
	case middleware.WaitEvent:
		if e.Wait != middleware.WaitToken {
			m.operation(e.Operation).waited.Add(int64(e.Took))
		}
	case middleware.RetryingEvent:
		m.retries.Add(1)
	case middleware.RetryDeniedEvent:
		m.operation(e.Operation).denied.Add(1)
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

// stats returns the counts so far.
func (m *meter) stats() Stats {
	s := Stats{
		Retries: m.retries.Load(), Refreshes: m.refreshes.Load(), Unexpected401: m.unexpected.Load(),
		CacheHits: m.cacheHits.Load(),
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	s.Operations = make(map[string]OperationStats, len(m.operations))
	for name, o := range m.operations {
		one := OperationStats{
			Calls: o.calls.Load(), Failed: o.failed.Load(), Attempts: o.attempts.Load(), RateLimited: o.limited.Load(),
			RetriesDenied: o.denied.Load(), Waited: time.Duration(o.waited.Load()),
		}
		s.Operations[name] = one
		s.Calls += one.Calls
		s.Attempts += one.Attempts
		s.RateLimited += one.RateLimited
		s.RetriesDenied += one.RetriesDenied
		s.Waited += one.Waited
	}
	return s
}
