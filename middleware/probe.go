package middleware

// The estimate is what the pacer believes of the server's quota, and how it goes on finding out.

import "time"

const (
	// holdMost is how many windows a quota that has stood every test is left alone at most.
	holdMost = 16
	// waveMost is how many calls beyond the quota are in flight at once while it proves to be larger: what finding its end can cost.
	waveMost = 4
)

// estimate is not safe for concurrent use; a lane's lock guards it.
type estimate struct {
	window time.Duration
	quota  int           // calls in a window; 0 while nothing is known
	peak   int           // the largest it ever was
	wave   int           // calls beyond the quota that may be in flight in a test
	next   time.Time     // when it may be tested
	hold   time.Duration // how long a failed test puts off the next one
	since  time.Time     // when it last changed
}

// lowered reports whether the quota was larger once: then it is likely to be so again, and worth asking often.
func (e *estimate) lowered() bool { return e.quota < e.peak }

// proved takes in that the server let n calls through in one window.
func (e *estimate) proved(n int, now time.Time) {
	if e.quota == 0 || n <= e.quota {
		return
	}
	e.quota, e.since, e.hold = n, now, e.window/2
	e.peak = max(e.peak, n)
}

// cut takes in that the server let n calls through in one window and no more.
func (e *estimate) cut(n int, now time.Time) {
	e.quota, e.since, e.wave = n, now, 1
	e.peak = max(e.peak, n)
	e.hold = e.pace(now)
	e.next = now.Add(e.hold)
}

// passed takes in that a call beyond the quota was let through: the next wave is twice as large.
func (e *estimate) passed() { e.wave = min(e.wave*2, waveMost) }

// failed takes in that a call beyond the quota was rejected.
func (e *estimate) failed(now time.Time) {
	e.wave = 1
	e.hold = max(e.pace(now), e.hold*2)
	if e.lowered() {
		e.hold = e.pace(now)
	}
	e.hold = min(e.hold, holdMost*e.window)
	e.next = now.Add(e.hold)
}

// pace is the shortest time between two tests: a window, or while the quota is below what it once was two thirds of one, growing with its age.
func (e *estimate) pace(now time.Time) time.Duration {
	if e.lowered() {
		return max(e.window*2/3, now.Sub(e.since)/4)
	}
	return e.window
}
