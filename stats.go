package spotify

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/auth"
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
	// Waited is the time calls have spent waiting for the limiter or for a retry, all of them together.
	Waited time.Duration
	// Quota is how many calls Spotify allows in a rolling 30 s window as far as the pacer knows, 0 if it does not.
	// Kept and handed to a later PacerConfig.Quota it saves learning it again.
	Quota int
	// CacheHits is how many calls were answered from the cache, without a request.
	CacheHits int64
}

// Stats returns what the client has done so far.
func (c *Client) Stats() Stats {
	m := c.meter
	s := Stats{
		Calls: c.gate.calls.Load(), Attempts: m.attempts.Load(), Retries: m.retries.Load(), RateLimited: m.limited.Load(), Refreshes: m.refreshes.Load(),
		Waited: time.Duration(m.backoff.Load()),
	}
	if c.cache != nil {
		s.CacheHits = c.cache.Hits.Load()
	}
	if pacer, ok := c.limiter.(*middleware.Pacer); ok {
		general := pacer.Stats("")
		s.Quota, s.Waited = general.Quota, s.Waited+general.Waited
	}
	return s
}

// meter counts for Stats.
type meter struct {
	attempts, retries, limited, refreshes, backoff atomic.Int64
}

// step is the one next to the wire.
func (m *meter) step(next http.RoundTripper) http.RoundTripper {
	return &metered{m, next}
}

type metered struct {
	meter *meter
	next  http.RoundTripper
}

func (s *metered) RoundTrip(req *http.Request) (*http.Response, error) {
	s.meter.attempts.Add(1)
	resp, err := s.next.RoundTrip(req)
	if outer, ok := errors.AsType[*url.Error](err); ok { // from a transport with an http.Client in it; the query may hold a secret
		if transport.IsPermanent(err) {
			return nil, transport.Permanent(outer.Err)
		}
		return nil, outer.Err
	}
	if err == nil && resp.StatusCode == http.StatusTooManyRequests {
		s.meter.limited.Add(1)
	}
	return resp, err
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
	return &meteredSource{src: src, meter: m}
}

// meteredSource notices when its source has a new token.
type meteredSource struct {
	src   auth.TokenSource
	meter *meter
	last  atomic.Pointer[oauth2.Token]
}

func (s *meteredSource) Token(ctx context.Context) (*oauth2.Token, error) {
	token, err := s.src.Token(ctx)
	if err != nil || s.last.Load() == token {
		return token, err
	}
	if last := s.last.Swap(token); last != nil && last.AccessToken != token.AccessToken {
		s.meter.refreshes.Add(1)
	}
	return token, nil
}

// Invalidate passes the word on, to a source that listens.
func (s *meteredSource) Invalidate(stale *oauth2.Token) {
	if src, ok := s.src.(auth.Invalidator); ok {
		src.Invalidate(stale)
	}
}
