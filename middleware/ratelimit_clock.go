package middleware

// A machine that sleeps has two clocks: the monotonic one stands still meanwhile, the wall clock
// can be set. A pause is over, and a slot is free, when either of them says so.

import "time"

// left returns how long it is until a moment, which is 0 or less when either clock has reached it.
func left(until, now time.Time) time.Duration {
	return min(until.Sub(now), until.Round(0).Sub(now.Round(0)))
}

// elapsed returns how long ago a moment was, by the clock that has gone further.
func elapsed(since, now time.Time) time.Duration {
	return max(now.Sub(since), now.Round(0).Sub(since.Round(0)))
}

// lookAgain bounds the time until waiting calls look at the clocks again: a timer does not run
// while the machine sleeps.
const lookAgain = 15 * time.Second
