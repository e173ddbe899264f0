package spotify_test

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/middleware"
)

func retries(cfg middleware.RetryConfig) spotify.Option { return spotify.WithRetry(cfg) }
func caching(cfg middleware.CacheConfig) spotify.Option { return spotify.WithCache(cfg) }
func pacing(cfg middleware.PacerConfig) spotify.Option {
	return spotify.WithLimiter(middleware.NewPacer(cfg))
}

// TestNewRefusesInvalidValues: the error of New names the field, the given value and the allowed
// ones.
func TestNewRefusesInvalidValues(t *testing.T) {
	for _, tc := range []struct {
		opt          spotify.Option
		field, given string
	}{
		{retries(middleware.RetryConfig{InitialDelay: -time.Second}), "RetryConfig.InitialDelay", "-1s"},
		{retries(middleware.RetryConfig{MaxDelay: -1}), "RetryConfig.MaxDelay", "-1ns"},
		{retries(middleware.RetryConfig{InitialDelay: 2 * time.Second, MaxDelay: time.Second}), "RetryConfig.MaxDelay", "1s"},
		{retries(middleware.RetryConfig{Multiplier: 0.9}), "RetryConfig.Multiplier", "0.9"},
		{retries(middleware.RetryConfig{Multiplier: -2}), "RetryConfig.Multiplier", "-2"},
		{retries(middleware.RetryConfig{Multiplier: math.NaN()}), "RetryConfig.Multiplier", "NaN"},
		{retries(middleware.RetryConfig{Multiplier: math.Inf(1)}), "RetryConfig.Multiplier", "+Inf"},
		{retries(middleware.RetryConfig{Budget: 1.5}), "RetryConfig.Budget", "1.5"},
		{retries(middleware.RetryConfig{Budget: math.NaN()}), "RetryConfig.Budget", "NaN"},
		{pacing(middleware.PacerConfig{Window: -time.Second}), "PacerConfig.Window", "-1s"},
		{pacing(middleware.PacerConfig{Window: time.Microsecond, Quota: 10}), "PacerConfig.Window", "1µs"},
		{pacing(middleware.PacerConfig{Quota: -1}), "PacerConfig.Quota", "-1"},
		{pacing(middleware.PacerConfig{Quota: math.MaxInt}), "PacerConfig.Quota", strconv.Itoa(math.MaxInt)},
		{spotify.WithLimiter((*middleware.Pacer)(nil)), "Pacer", "<nil>"},
		{spotify.WithLimiter(&middleware.Pacer{}), "Pacer", "NewPacer"},
		{caching(middleware.CacheConfig{MaxBytes: 1 << 20, MaxBodyBytes: 1<<20 + 1}), "CacheConfig.MaxBodyBytes", "1048577"},
		{caching(middleware.CacheConfig{MaxBodyBytes: 65 << 20}), "CacheConfig.MaxBodyBytes", "68157440"},
	} {
		client, err := spotify.New(spotify.WithAccessToken("token"), tc.opt)
		if err == nil {
			_ = client.Close()
			t.Errorf("%s: %s was accepted", tc.field, tc.given)
			continue
		}
		var e *spotify.ArgumentError
		if !errors.Is(err, spotify.ErrInvalidArgument) || !errors.As(err, &e) || e.Name != tc.field ||
			!strings.Contains(err.Error(), tc.given) ||
			e.Allowed == "" {
			t.Errorf("%s: %s: got %v", tc.field, tc.given, err)
		}
	}
}

// TestNewAcceptsUnusual: New accepts unusual valid values; negative values turn features off.
func TestNewAcceptsUnusual(t *testing.T) {
	for _, opt := range []spotify.Option{
		retries(middleware.RetryConfig{}),
		retries(middleware.RetryConfig{MaxRetries: -1, MaxRetryAfter: -1, Budget: -1, Multiplier: 1}),
		retries(middleware.RetryConfig{InitialDelay: time.Minute}), // more than the default MaxDelay, which it raises
		pacing(middleware.PacerConfig{Quota: 180}),
		pacing(middleware.PacerConfig{Burst: -1, MaxWait: -1, MaxPause: -1, Window: time.Millisecond}),
		spotify.WithLimiter(nil),
		caching(middleware.CacheConfig{}),
		caching(middleware.CacheConfig{MaxBytes: -1, MaxBodyBytes: 1 << 40}),
		caching(middleware.CacheConfig{MaxBytes: 1 << 20, MaxBodyBytes: -1}),
	} {
		client, err := spotify.New(spotify.WithAccessToken("token"), opt)
		if err != nil {
			t.Error(err)
			continue
		}
		_ = client.Close()
	}
}
