package middleware

// A lane is one limit's state: who waits, what is taken, what is known; all of it under the pacer's lock.

import (
	"time"

	"golang.org/x/time/rate"
)

const (
	// narrow is how many calls may be in flight while the quota is unknown and the first burst is used up: what finding it can cost.
	narrow = 10
	// rampStart is how many calls may be in flight after a silence, lest a quota that shrank meanwhile rejects them by the dozen.
	// Every answer adds one, up to rampEnd, where the bound is lifted.
	rampStart, rampEnd = 2, 64
	// haste is by how much a backlog may go faster than the quota's own rate; caution is the same for a quota that was cut and may be cut again.
	haste, caution = 20, 8
	// reserved is the part of a quota that bulk calls leave free for interactive ones: a tenth.
	reserved = 10
)

type lane struct {
	pacer    *Pacer
	bucket   string
	quota    estimate
	ledger   ledger
	queue    queue
	inflight int
	epoch    int           // counts congestion events; a call belongs to the one it was let go in
	granted  int           // counts permits
	tested   int           // the last permit that went beyond the quota to test it
	ramp     int           // bound on calls in flight; 0 for none
	gate     time.Time     // nobody goes before
	misses   int           // rejections in a row that did not say for how long
	shape    *rate.Limiter // spreads a backlog, so that freed slots do not all go in the same instant
	timer    *time.Timer   // calls dispatch when somebody waits for a moment
	rejected int
	waited   time.Duration
}

// permit is a lane's leave to send one call.
type permit struct {
	lane   *lane
	epoch  int
	number int
	spent  bool
	probe  *closure // set if the call finds out whether an exhausted quota is one still
}

// admit lets one call go, or says when to ask again; the zero time means when a call ends. A call that is due may take what is reserved.
func (l *lane) admit(now time.Time, bulk, due bool) (*permit, time.Time) {
	if now.Before(l.gate) {
		return nil, l.gate
	}
	ok, beyond, again := l.room(now, bulk && !due)
	if !ok {
		return nil, again
	}
	if l.ramp > 0 && l.inflight >= l.ramp {
		return nil, time.Time{}
	}
	if !l.shape.AllowN(now, 1) {
		missing := 1 - l.shape.TokensAt(now)
		return nil, now.Add(time.Duration(missing/float64(l.shape.Limit())*float64(time.Second)) + time.Microsecond)
	}
	l.inflight++
	l.granted++
	if beyond {
		l.tested = l.granted
	}
	return &permit{lane: l, epoch: l.epoch, number: l.granted}, time.Time{}
}

// room reports whether there is a slot for a call, and whether it is one beyond the quota, to test it; or else when to ask again.
// A modest call leaves the reserve alone.
func (l *lane) room(now time.Time, modest bool) (ok, beyond bool, again time.Time) {
	l.ledger.expire(now)
	used, q := l.inflight+l.ledger.used, &l.quota
	if q.quota == 0 {
		return used < l.pacer.cfg.Burst || l.inflight < narrow, false, time.Time{}
	}
	room, test := q.quota, q.next
	if modest {
		room -= q.quota / reserved
		test = test.Add(2 * q.window) // a test needs the reserve as well, so bulk calls alone make it rarely
	}
	switch {
	case used < room:
		q.wave = 1
		return true, false, time.Time{}
	case now.Before(test) || used >= q.quota+q.wave:
		return false, false, l.bound(now, used-room+1, test)
	}
	return true, used >= q.quota, time.Time{}
}

// bound says when a call goes that needs n more free slots, and lets the silence until then be followed by a careful start.
func (l *lane) bound(now time.Time, n int, test time.Time) time.Time {
	if l.inflight == 0 {
		l.ramp = rampStart
	}
	wake := l.ledger.frees(n, now)
	// A quota that was never larger is tested only when a call happens to come by: a test costs least right after the quota is used up.
	if l.quota.lowered() && test.After(now) && test.Before(wake) {
		return test
	}
	return wake
}

// dispatch lets go whoever may, in the queue's order, and sets the timer for the next one.
func (l *lane) dispatch(now time.Time) {
	for {
		w, due := l.queue.next()
		if w == nil {
			l.settle(now)
			return
		}
		permit, wake := l.admit(now, w.key.Bulk, due)
		if permit == nil {
			if !wake.IsZero() {
				l.wakeAt(now, wake)
			}
			return
		}
		l.queue.went(w)
		w.permit = permit
		close(w.ready)
	}
}

// settle is called when nobody waits any more: the timer stops, and a burst may go at once again.
func (l *lane) settle(now time.Time) {
	if l.timer != nil {
		l.timer.Stop()
	}
	l.shape.SetBurstAt(now, max(l.quota.quota, 1))
}

func (l *lane) wakeAt(now, at time.Time) {
	d := max(at.Sub(now), 0)
	if l.timer != nil {
		l.timer.Reset(d)
		return
	}
	l.timer = time.AfterFunc(d, func() {
		l.pacer.mu.Lock()
		defer l.pacer.mu.Unlock()
		l.dispatch(time.Now())
	})
}

// join puts a call at the queue's end, or refuses it if it is known to wait for too long.
func (l *lane) join(now time.Time, w *waiter) error {
	if err := l.tooLong(now, w, l.forecast(now, w)); err != nil {
		return err
	}
	if l.queue.len() == 0 {
		l.shape.SetBurstAt(now, 1+l.quota.quota/50)
	}
	l.queue.push(w)
	l.dispatch(now)
	return nil
}

// forecast returns the earliest moment at which a call that joins now could go, as far as the gate and the ledger know.
func (l *lane) forecast(now time.Time, w *waiter) time.Time {
	at := now
	if l.gate.After(at) {
		at = l.gate
	}
	room := l.quota.quota
	if room == 0 {
		return at
	}
	if w.key.Bulk {
		room -= room / reserved
	}
	l.ledger.expire(now)
	// Each window frees room slots; the rest of the queue's needs is met from what the ledger will free first.
	missing := l.inflight + l.ledger.used + l.queue.ahead(w.key.Bulk) + 1 - room
	if missing <= 0 {
		return at
	}
	windows := (missing - 1) / room
	if free := l.ledger.frees(missing-windows*room, now).Add(time.Duration(windows) * l.quota.window); free.After(at) {
		at = free
	}
	return at
}

func (l *lane) tooLong(now time.Time, w *waiter, until time.Time) error {
	pause := l.gate.Sub(now)
	if (w.latest.IsZero() || !until.After(w.latest)) && (w.pause == 0 || pause <= w.pause) {
		return nil
	}
	return l.refusal(now, until)
}

func (l *lane) refusal(now, until time.Time) error {
	return &LimitError{Bucket: l.bucket, Until: until, Wait: until.Sub(now)}
}

// leave takes out a call that waits no more. If its permit came in the same moment, nothing was sent with it.
func (l *lane) leave(now time.Time, w *waiter) {
	switch {
	case w.permit != nil:
		w.permit.spent = true
		l.inflight--
	case w.err == nil:
		l.queue.remove(w)
	}
	l.dispatch(now)
}

// sweep fails the waiters for whom the gate now opens too late.
func (l *lane) sweep(now time.Time) {
	l.queue.each(func(w *waiter) {
		if err := l.tooLong(now, w, l.gate); err != nil {
			l.queue.remove(w)
			w.err = err
			close(w.ready)
		}
	})
}
