package middleware

// The estimate is the pacer's idea of the server's quota, and of when to test whether it is larger.

import "time"

const (
	// holdMost is how many windows a quota that has stood every test is left alone at most.
	holdMost = 16
	// sharedHold is the same for a quota that is likely to grow.
	sharedHold = 2
	// waveMost is how many calls beyond the quota are in flight at once while it proves to be
	// larger: the price of finding its end.
	waveMost = 4
	// boundWave is the same beyond a lower bound.
	boundWave = 7
)

// estimate is not safe for concurrent use; the pacer's lock guards it.
type estimate struct {
	window  time.Duration
	quota   int           // calls in a window; 0 and not known at first
	known   bool          // there was a 429, or a quota was given
	bound   bool          // quota is a lower bound: others may have used the rest of the window when it was learned
	dear    bool          // a rejection costs more than the time until the own first slot is free
	shared  bool          // others were seen to use a part of it
	floor   int           // the lower bound as it was at the last 429
	peak    int           // the largest quota so far
	wave    int           // calls beyond the quota that may be in flight in a test
	next    time.Time     // when it may be tested
	hold    time.Duration // how long a failed test puts off the next one
	changed time.Time     // when it last changed
}

// lowered reports whether the quota is likely to grow: it was larger once, or others use a part of
// it.
func (e *estimate) lowered() bool { return e.quota < e.peak || e.shared && e.quota < typicalQuota }

// eager reports whether the quota is tested often: it is likely to grow, and a rejection costs no
// more than the time until the next slot is free.
func (e *estimate) eager() bool { return e.lowered() && !e.dear }

// proved takes note that the server let n calls through in one window. Where that is more than was
// known, the next wave of a test is larger.
func (e *estimate) proved(n int, now time.Time, fresh bool) {
	if e.bound && fresh && n > e.floor {
		e.wave = min(e.wave+1, boundWave)
	}
	if !e.known || n <= e.quota {
		return
	}
	e.quota, e.changed, e.hold = n, now, e.window
	e.peak = max(e.peak, n)
	if !e.bound {
		e.wave = min(e.wave*2, waveMost)
	}
}

// atLeast takes note that the server let n calls through, and that others may have used the rest.
func (e *estimate) atLeast(n int, now time.Time) {
	e.known, e.bound, e.shared, e.floor, e.wave = true, true, true, n, 1
	e.quota, e.changed = n, now
}

// cut takes note that the server let n calls through in one window and no more. The gate is when it
// lets the next one through.
func (e *estimate) cut(n int, now, gate time.Time) {
	e.known, e.bound = true, false
	e.quota, e.changed, e.hold = n, now, e.window
	if !e.lowered() {
		e.hold *= 2
	}
	e.peak = max(e.peak, n)
	e.putOff(now, gate)
}

// failed takes note that a call beyond the quota was rejected.
func (e *estimate) failed(now, gate time.Time) {
	most := holdMost * e.window
	if e.lowered() {
		most = sharedHold * e.window
	}
	e.hold = min(e.hold*2, most)
	e.putOff(now, gate)
}

// putOff sets the time of the next test. A quota that never was larger is tested ever more rarely.
// One that was is tested in each window at first, half way between two bursts: what it gains then
// goes out there, and the silence between bursts becomes shorter.
func (e *estimate) putOff(now, gate time.Time) {
	e.wave = 1
	e.next = now.Add(e.hold)
	if e.eager() {
		e.next = now.Add(min(now.Sub(e.changed)/4, holdMost*e.window))
		if half := gate.Add(e.window / 2); half.After(e.next) {
			e.next = half
		}
	}
}
