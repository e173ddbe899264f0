package spotify

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/redact"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/transport"
)

// Stats is what a client has done so far.
type Stats struct {
	// Calls is how many calls were made, those answered from the cache or not let out included.
	Calls int64
	// Attempts is how many requests went out, retries and replays included.
	Attempts int64
	// Retries is how many of them were retries.
	Retries int64
	// RateLimited is how many were answered with 429.
	RateLimited int64
	// Refreshes is how often a new access token took the place of an earlier one.
	Refreshes int64
	// Unexpected401 is how many attempts were answered with a 401 that does not say that the token has expired or is invalid.
	Unexpected401 int64
	// Waited is the time calls have spent waiting for the limiter or for a retry, all of them together.
	Waited time.Duration
	// Quota is how many calls Spotify allows in a rolling 30 s window as far as the pacer knows, 0 if it does not.
	// Kept and handed to a later PacerConfig.Quota it saves learning it again.
	Quota int
	// QuotaLowerBound reports that Spotify may allow more than Quota: others, or an earlier life of this program, used a part
	// of the window in which it was learned.
	QuotaLowerBound bool
	// Closed are the operations, or buckets of operations, whose calls fail at once because a quota is exhausted or a
	// Retry-After is long.
	Closed []middleware.ClosedGroup
	// CacheHits is how many calls were answered from the cache, without a request.
	CacheHits int64
}

// Stats returns what the client has done so far.
func (c *Client) Stats() Stats {
	m := c.meter
	s := Stats{
		Calls: m.calls.Load(), Attempts: m.attempts.Load(), Retries: m.retries.Load(), RateLimited: m.limited.Load(), Refreshes: m.refreshes.Load(),
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

// Usage returns how many calls the client's pacer has counted, by operation, and what is left of the day's quota
// as far as that is known. With another limiter (WithLimiter) it is that limiter's word, or empty.
func (c *Client) Usage() middleware.Usage {
	if limiter, ok := c.limiter.(interface{ Usage() middleware.Usage }); ok {
		return limiter.Usage()
	}
	return middleware.Usage{}
}

// meter counts for Stats. It is the Observer of the client's pipeline.
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

// on counts the retries of cfg.
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

// source counts the tokens of src.
func (m *meter) source(src auth.TokenSource) *meteredSource {
	return &meteredSource{src: src, meter: m, secrets: &redact.Secrets{}}
}

// meteredSource notices when its source has a new token.
type meteredSource struct {
	src     auth.TokenSource
	meter   *meter
	last    atomic.Pointer[oauth2.Token]
	secrets *redact.Secrets // the tokens that src returned, older ones too
}

func (s *meteredSource) Token(ctx context.Context) (*oauth2.Token, error) {
	token, err := s.src.Token(ctx)
	switch {
	case err != nil:
		return nil, err
	case token == nil:
		return nil, transport.Permanent(fmt.Errorf("the token source %T returned neither a token nor an error: %w", s.src, ErrCredentials))
	case s.last.Load() == token:
		return token, nil
	}
	if last := s.last.Swap(token); last != nil && last.AccessToken != token.AccessToken {
		s.meter.refreshes.Add(1)
	}
	s.secrets.Add(token.AccessToken)
	return token, nil
}

// refreshable returns the source for Refresh, which is an auth.Invalidator if the source of the caller's is one.
func (s *meteredSource) refreshable() auth.TokenSource {
	if src, ok := s.src.(auth.Invalidator); ok {
		return struct {
			*meteredSource
			auth.Invalidator
		}{s, src}
	}
	return s
}
