package middleware_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

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

// TestPacerRefusesAtOnce checks that a call is refused without a wait if its MaxWait is shorter
// than the distance that the pacer keeps between calls: 12 s for a quota of 3 in an hour.
func TestPacerRefusesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pacer := middleware.NewPacer(middleware.PacerConfig{Window: time.Hour, Quota: 3})
		request := middleware.LimitRequest{MaxWait: time.Second}
		first, err := pacer.Acquire(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		first.Done(middleware.Outcome{Status: 200})

		began := time.Now()
		_, err = pacer.Acquire(t.Context(), request)
		refused, ok := errors.AsType[*middleware.LimitError](err)
		if took := time.Since(began); !ok || took != 0 {
			t.Fatalf("%v after %v, want a *LimitError at once", err, took)
		}
		if refused.Wait < 10*time.Second || refused.Wait > 13*time.Second {
			t.Errorf("the wait is said to be %v", refused.Wait)
		}
		request.MaxWait = refused.Wait
		if _, err := pacer.Acquire(t.Context(), request); err != nil {
			t.Errorf("a call that waits for as long as the error says: %v", err)
		}
	})
}

// TestPacerRefusesAtOnceAfterARejection checks that the distance between calls counts too if a
// shorter Retry-After has to pass.
func TestPacerRefusesAtOnceAfterARejection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pacer := middleware.NewPacer(middleware.PacerConfig{Window: time.Hour, Quota: 3})
		request := middleware.LimitRequest{MaxWait: 8 * time.Second}
		first, err := pacer.Acquire(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		first.Done(middleware.Outcome{Status: 429, RetryAfter: 5 * time.Second})
		began := time.Now()
		_, err = pacer.Acquire(t.Context(), request)
		if _, ok := errors.AsType[*middleware.LimitError](err); !ok || time.Since(began) != 0 {
			t.Errorf("%v after %v, want a *LimitError at once", err, time.Since(began))
		}
	})
}
