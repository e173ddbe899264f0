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

// proved takes in that the server let n calls through in one window. Where that is more than was known, the next wave of a test is twice as large.
func (e *estimate) proved(n int, now time.Time) {
	if e.quota == 0 || n <= e.quota {
		return
	}
	e.quota, e.since, e.hold = n, now, e.window
	e.peak = max(e.peak, n)
	e.wave = min(e.wave*2, waveMost)
}

// cut takes in that the server let n calls through in one window and no more. The gate is when it lets the next one through.
func (e *estimate) cut(n int, now, gate time.Time) {
	e.quota, e.since, e.hold = n, now, e.window
	e.peak = max(e.peak, n)
	e.putOff(now, gate)
}

// failed takes in that a call beyond the quota was rejected.
func (e *estimate) failed(now, gate time.Time) {
	e.hold = min(e.hold*2, holdMost*e.window)
	e.putOff(now, gate)
}

// putOff sets the time of the next test. A quota that never was larger is tested ever more rarely. One that was is asked for in each window at
// first, half way between two bursts: what it gains then goes out there, and the silence between bursts becomes shorter.
func (e *estimate) putOff(now, gate time.Time) {
	e.wave = 1
	e.next = now.Add(e.hold)
	if e.lowered() {
		e.next = now.Add(min(now.Sub(e.since)/4, holdMost*e.window))
		if half := gate.Add(e.window / 2); half.After(e.next) {
			e.next = half
		}
	}
}
