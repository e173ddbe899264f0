package middleware

import (
	"testing"

	"github.com/seed-2147f1a9/spotify/internal/testutil"
	"github.com/seed-2147f1a9/spotify/transport"
)

func TestRetryConforms(t *testing.T) {
	testutil.Conform(t, func() transport.Middleware { return Retry(RetryConfig{}) })
}

func TestRetryOverRateLimitConforms(t *testing.T) {
	testutil.Conform(t, func() transport.Middleware { return paced(NewPacer(PacerConfig{})) })
}
