package spotifyredis

import (
	"testing"

	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/middleware/limitertest"
)

func newLimiter(t testing.TB, s *redisServer, cfg LimiterConfig) *Limiter {
	t.Helper()
	if cfg.Account == "" {
		cfg.Account = account(t)
	}
	l, err := NewLimiter(s.connect(t), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func TestLimiterContract(t *testing.T) {
	s := startRedis(t)
	limitertest.Run(t, func(t testing.TB) middleware.Limiter {
		return newLimiter(t, s, LimiterConfig{OnDegraded: func(err error) { t.Logf("degraded: %v", err) }})
	})
}
