package middleware_test

import (
	"testing"

	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/middleware/limitertest"
)

func TestPacerKeepsTheContract(t *testing.T) {
	limitertest.Run(t, func(testing.TB) middleware.Limiter { return middleware.NewPacer(middleware.PacerConfig{}) })
}

func TestPacerThatKnowsItsQuotaKeepsTheContract(t *testing.T) {
	limitertest.Run(
		t,
		func(testing.TB) middleware.Limiter { return middleware.NewPacer(middleware.PacerConfig{Quota: 100}) },
	)
}
