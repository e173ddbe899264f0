package middleware

import (
	"sync/atomic"
	"time"
)

// exhaustion keeps calls back while a quota of hours or days is used up: each of them would be
// rejected, and count.
type exhaustion struct{ closed atomic.Pointer[closure] }

// closure is a time in which nothing is sent.
type closure struct {
	until   time.Time
	guessed bool // the server did not say until when
}

// recheckAfter is how long calls are kept back where the server does not say. After that one call is
// sent as a probe; if it is rejected as well, the time starts again.
const recheckAfter = time.Minute

// enter returns how long a call has to be kept back, and the probe if the call is one. While a probe
// is in flight, other calls are kept back.
func (x *exhaustion) enter(now time.Time) (probe *closure, left time.Duration) {
	for {
		closed := x.closed.Load()
		if closed == nil {
			return nil, 0
		}
		if left := closed.left(now); left > 0 {
			return nil, left
		}
		probe = nil
		if closed.guessed {
			probe = &closure{now.Add(recheckAfter), true}
		}
		if x.closed.CompareAndSwap(closed, probe) {
			return probe, 0
		}
	}
}

// left returns the shorter of what the machine's two clocks say: one stands still while the machine
// sleeps, the other can be set.
func (c *closure) left(now time.Time) time.Duration {
	return min(c.until.Sub(now), c.until.Round(0).Sub(now.Round(0)))
}

// done takes in the end of a call; probe is what enter returned for it.
func (x *exhaustion) done(now time.Time, probe *closure, o Outcome) {
	switch {
	case o.Exhausted && o.RetryAfter > 0:
		x.closed.Store(&closure{now.Add(o.RetryAfter), false})
	case o.Exhausted:
		x.closed.Store(&closure{now.Add(recheckAfter), true})
	case probe != nil && o.Err == nil:
		x.closed.CompareAndSwap(probe, nil)
	}
}

func (x *exhaustion) clear() { x.closed.Store(nil) }
