package spotify

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/transport"
)

// Stats are a client's counts since New.
type Stats struct {
	// Calls counts calls, including those that the cache responded to or the limiter refused.
	Calls int64
	// Attempts counts requests that were sent, retries and replays included.
	Attempts int64
	// Retries counts the attempts that were retries.
	Retries int64
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
		Unexpected401: m.unexpected.Load(), Waited: time.Duration(m.backoff.Load()),
	}
	if c.cache != nil {
		s.CacheHits = c.cache.Hits.Load()
	}
	if pacer, ok := c.limiter.(*middleware.Pacer); ok {
		general := pacer.Stats("")
		s.Quota, s.QuotaLowerBound, s.Waited = general.Quota, general.LowerBound, s.Waited+general.Waited
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

// meter counts for Stats. It is the Observer of the pipeline.
type meter struct {
	calls, attempts, retries, limited, refreshes, backoff, unexpected atomic.Int64
}

// Begin counts calls and attempts.
func (m *meter) Begin(ctx context.Context, e middleware.Event) context.Context {
	if e.Kind == middleware.CallEvent {
		m.calls.Add(1)
	} else {
		m.attempts.Add(1)
	}
	return ctx
}

// Note counts the responses of 429, and the unexpected ones of 401.
func (m *meter) Note(ctx context.Context, e middleware.Event) {
	if report := transport.CallFrom(ctx).Report; e.Kind == middleware.CallEvent && report != nil {
		m.unexpected.Add(int64(report.Unexpected401s()))
	}
	if e.Kind == middleware.AttemptEvent && e.Status == http.StatusTooManyRequests {
		m.limited.Add(1)
	}
}

// on returns cfg with an OnRetry that counts retries, and calls the caller's.
func (m *meter) on(cfg middleware.RetryConfig) middleware.RetryConfig {
	told := cfg.OnRetry
	cfg.OnRetry = func(e middleware.RetryEvent) {
		m.retries.Add(1)
		m.backoff.Add(int64(e.Delay))
		if told != nil {
			told(e)
		}
	}
	return cfg
}

// source returns src with a count of its tokens.
func (m *meter) source(src auth.TokenSource) *meteredSource {
	return &meteredSource{src: src, meter: m}
}

// meteredSource counts the tokens of its source.
type meteredSource struct {
	src   auth.TokenSource
	meter *meter
	last  atomic.Pointer[oauth2.Token]
}

func (s *meteredSource) Token(ctx context.Context) (*oauth2.Token, error) {
	token, err := s.src.Token(ctx)
	switch {
	case err != nil:
		return nil, err
	case token == nil:
		return nil, transport.Permanent(
			fmt.Errorf("the token source %T returned neither a token nor an error: %w", s.src, ErrCredentials),
		)
	case s.last.Load() == token:
		return token, nil
	}
	if last := s.last.Swap(token); last != nil && last.AccessToken != token.AccessToken {
		s.meter.refreshes.Add(1)
	}
	return token, nil
}

// refreshable returns the source for Refresh. It is an auth.Invalidator if src is one.
func (s *meteredSource) refreshable() auth.TokenSource {
	if src, ok := s.src.(auth.Invalidator); ok {
		return struct {
			*meteredSource
			auth.Invalidator
		}{s, src}
	}
	return s
}
