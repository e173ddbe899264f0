package middleware

// adaptive is the client-side rate limiter of the AWS SDKs' adaptive retry mode, to compare with: a
// token bucket whose rate follows CUBIC, TCP's congestion control.

import (
	"context"
	"math"
	"net/http"
	"sync"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

type adaptive struct {
	mu                  sync.Mutex
	enabled             bool
	rate, capacity      float64 // of the bucket, per second and in calls
	tokens              float64
	filled              time.Time
	measured            float64 // calls per second, smoothed
	counted             int
	bucket              float64 // half seconds
	lastMax, timeWindow float64
	throttled           time.Time
}

// limit is the limiter as a middleware: Retry above it waits for Retry-After itself, as the SDKs
// do.
func (a *adaptive) limit(next http.RoundTripper) http.RoundTripper {
	return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		if err := a.acquire(req.Context()); err != nil {
			return nil, err
		}
		resp, err := next.RoundTrip(req)
		a.done(err == nil && resp.StatusCode == tooManyRequests)
		return resp, err
	})
}

func (a *adaptive) acquire(ctx context.Context) error {
	for {
		a.mu.Lock()
		if !a.enabled {
			a.mu.Unlock()
			return nil
		}
		a.refill()
		if a.tokens >= 1 {
			a.tokens--
			a.mu.Unlock()
			return nil
		}
		wait := (1 - a.tokens) / a.rate
		a.mu.Unlock()
		if err := transport.Sleep(ctx, time.Duration(wait*float64(time.Second))+time.Microsecond); err != nil {
			return err
		}
	}
}

func (a *adaptive) refill() {
	now := time.Now()
	if !a.filled.IsZero() {
		a.tokens = min(a.capacity, a.tokens+now.Sub(a.filled).Seconds()*a.rate)
	}
	a.filled = now
}

func (a *adaptive) done(throttled bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.measure()
	rate := 0.0
	if now := time.Now(); throttled {
		rate = a.measured
		if a.enabled {
			rate = min(a.measured, a.rate)
		}
		a.lastMax, a.throttled, a.enabled = rate, now, true
		a.timeWindow = math.Cbrt(a.lastMax * 0.3 / 0.4)
		rate *= 0.7
	} else {
		a.timeWindow = math.Cbrt(a.lastMax * 0.3 / 0.4)
		rate = 0.4*math.Pow(now.Sub(a.throttled).Seconds()-a.timeWindow, 3) + a.lastMax
	}
	a.refill()
	a.rate = max(min(rate, 2*a.measured), 0.5)
	a.capacity = max(a.rate, 1)
	a.tokens = min(a.tokens, a.capacity)
}

func (a *adaptive) measure() {
	a.counted++
	bucket := math.Floor(float64(time.Now().UnixNano())/float64(time.Second)*2) / 2
	if bucket <= a.bucket {
		return
	}
	if a.bucket > 0 {
		a.measured = 0.8*float64(a.counted)/(bucket-a.bucket) + 0.2*a.measured
	}
	a.counted, a.bucket = 0, bucket
}
