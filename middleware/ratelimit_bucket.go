package middleware

// A bucket is the state of one limit: its queue, the slots that are taken, the estimate of its
// quota. The pacer's lock guards it.

import (
	"math"
	"time"

	"golang.org/x/time/rate"

	"github.com/seed-2147f1a9/spotify/transport"
)

const (
	// narrow is how many calls may be in flight while the quota is unknown and the first burst is
	// used up: the price of finding it.
	narrow = 10
	// narrowRecalled is the same in the first window of a program that has recalled from a
	// UsageStore that the burst was used up before it began.
	narrowRecalled = 4
	// rampStart is how many calls may be in flight after a silence, so that a quota that shrank
	// meanwhile does not reject them by the dozen. Every response adds one, up to rampEnd, where
	// the bound is lifted.
	rampStart, rampEnd = 2, 64
	// backlogSpeedup: a backlog drains at up to 20 times the average quota rate, or 8 times if the
	// quota was cut and may be cut again.
	backlogSpeedup, cautiousSpeedup = 20, 12
	// reserved is the part of a quota that bulk calls leave free for the others: a tenth.
	reserved = 10
)

type bucket struct {
	pacer     *Pacer
	name      string
	quota     estimate
	window    window
	queue     queue
	inFlight  int
	epoch     int           // counts congestion events; a call belongs to the one during which it got its permit
	granted   int           // counts permits
	tested    int           // the last permit that went beyond the quota to test it
	ramp      int           // bound on calls in flight; 0 for none
	recalled  bool          // slots were taken before this program began, see Pacer.recall
	watched   time.Time     // since when the calls of this program have been seen without a silence of a window
	ended     time.Time     // when the last response came
	proven    time.Time     // when the last call passed
	gate      time.Time     // no call goes before
	stated    bool          // the server said so
	canary    bool          // one call at a time, until one passes
	misses    int           // 429s without Retry-After in a row
	vain      int           // pauses in a row after which nothing passed
	late      int           // those that came a window after the first
	began     time.Time     // when the first of them came
	resumed   time.Time     // when the last pause ended
	passed    int           // calls that passed since
	pace      float64       // calls in a second after a short pause; 0 for no bound
	paced     time.Time     // when the pace was set
	next      time.Time     // when the pace allows the next call
	shape     *rate.Limiter // spreads a backlog, so that freed slots do not all go in the same instant
	timer     *time.Timer   // calls dispatch when a waiting call is due
	rejected  int
	waited    time.Duration
	suspicion suspicion
	own       bool // one operation has it for itself, see Pacer.move
}

// permit allows one call of a bucket.
type permit struct {
	bucket  *bucket
	epoch   int
	number  int
	due     bool // its slot was due: it is the first call after a pause
	excused bool // the limiter takes the blame for a rejection
	spent   bool
	request LimitRequest
	probe   *closure // that the call probes; nil for none
}

// admit returns a permit, or when to ask again; the zero time stands for the end of a call. A call
// that is due may take what is reserved.
func (b *bucket) admit(now time.Time, r LimitRequest, due bool) (*permit, time.Time) {
	if left(b.gate, now) > 0 {
		return nil, b.gate
	}
	ok, beyond, again := b.room(now, r.Priority == transport.PriorityBulk && !due)
	if !ok {
		return nil, again
	}
	if b.ramp > 0 && b.inFlight >= b.ramp || b.canary && b.inFlight > 0 {
		return nil, time.Time{}
	}
	rate := b.rate(now)
	if b.next.After(now) && !math.IsInf(rate, 1) && b.inFlight+b.window.used >= b.quota.floor {
		return nil, b.next
	}
	if !b.shape.AllowN(now, 1) {
		return nil, b.spread(now)
	}
	b.next = now.Add(time.Duration(float64(time.Second) / rate))
	return b.grant(now, beyond), time.Time{}
}

// spread returns when the shape lets the next call go.
func (b *bucket) spread(now time.Time) time.Time {
	missing := 1 - b.shape.TokensAt(now)
	if b.shape.Limit() == rate.Inf || missing <= 0 {
		return now
	}
	return now.Add(time.Duration(missing/float64(b.shape.Limit())*float64(time.Second)) + time.Microsecond)
}

func (b *bucket) grant(now time.Time, beyond bool) *permit {
	silent := b.ended
	if b.gate.After(silent) {
		silent = b.gate
	}
	if b.inFlight == 0 && elapsed(silent, now) >= b.window.length {
		b.watched, b.resumed, b.proven, b.passed = now, now, now, 0
	}
	due := b.inFlight == 0 && b.passed == 0 && b.epoch > 0
	b.inFlight++
	b.granted++
	if beyond {
		b.tested = b.granted
	}
	return &permit{bucket: b, epoch: b.epoch, number: b.granted, due: due, excused: true}
}

// room reports whether there is a slot for a call, and whether it is one beyond the quota, to test
// it; or else when to ask again. A modest call leaves the reserve alone.
func (b *bucket) room(now time.Time, modest bool) (ok, beyond bool, again time.Time) {
	b.window.expire(now)
	used, q := b.inFlight+b.window.used, &b.quota
	if !q.known {
		return used < b.pacer.cfg.Burst || b.inFlight < b.narrow(now), false, time.Time{}
	}
	room, test := q.quota, q.next
	if modest {
		room -= q.quota / reserved
		test = test.Add(2 * q.window) // a test needs the reserve as well, so bulk calls alone make it rarely
	}
	if q.bound {
		if used < room || used < q.quota+q.wave {
			return true, false, time.Time{}
		}
		return false, false, b.window.frees(used-room+1, now)
	}
	switch {
	case used < room:
		q.wave = 1
		return true, false, time.Time{}
	case now.Before(test) || used >= q.quota+q.wave || used >= q.quota && b.burstAhead(now):
		return false, false, b.full(now, used-room+1, test)
	}
	return true, used >= q.quota, time.Time{}
}

// narrow returns how many calls may be in flight while the quota is unknown and the burst is used
// up.
func (b *bucket) narrow(now time.Time) int {
	if b.recalled && elapsed(b.watched, now) < b.window.length {
		return narrowRecalled
	}
	return narrow
}

// burstAhead reports whether a burst's slots are about to be freed: a test that is rejected now
// would cost all of them their time. Of slots that are freed evenly, a tenth is freed in a tenth of
// the window.
func (b *bucket) burstAhead(now time.Time) bool {
	return left(b.window.frees(b.quota.quota/5+1, now), now) <= b.window.length/shortPause
}

// full returns when a call goes that needs n more free slots; a careful start follows the silence
// until then.
func (b *bucket) full(now time.Time, n int, test time.Time) time.Time {
	if b.inFlight == 0 {
		b.ramp = rampStart
	}
	wake := b.window.frees(n, now)
	// A quota that was never larger is tested right after it was used up or not at all: a test
	// costs least then.
	if test.After(now) && test.Before(wake) && (b.quota.eager() || test.Sub(now) < b.window.length/shortPause) {
		return test
	}
	return wake
}

// dispatch gives permits in the queue's order, and sets the timer for the next one.
func (b *bucket) dispatch(now time.Time) {
	for {
		w, due := b.choose(now)
		if w == nil {
			b.settle(now)
			return
		}
		permit, wake := b.admit(now, w.request, due)
		if permit == nil {
			if wake.IsZero() {
				wake = now.Add(lookAgain)
			}
			b.wakeAt(now, wake)
			return
		}
		b.queue.went(w)
		w.permit = permit
		close(w.ready)
	}
}

// settle is called when no call waits any more: the timer stops, and a burst may go at once again.
func (b *bucket) settle(now time.Time) {
	if b.timer != nil {
		b.timer.Stop()
	}
	b.shape.SetBurstAt(now, max(b.quota.quota, 1))
}

func (b *bucket) wakeAt(now, at time.Time) {
	d := min(max(left(at, now), 0), lookAgain)
	if b.timer != nil {
		b.timer.Reset(d)
		return
	}
	b.timer = time.AfterFunc(d, func() {
		b.pacer.mu.Lock()
		defer b.pacer.mu.Unlock()
		b.dispatch(time.Now())
	})
}

// join adds a call to the queue, or refuses it if it is known to wait for too long.
func (b *bucket) join(now time.Time, w *waiter) error {
	w.forecast = b.forecast(now, w)
	if err := b.tooLong(now, w, w.forecast); err != nil {
		return err
	}
	if b.queue.len() == 0 {
		b.shape.SetBurstAt(now, 1+b.quota.quota/50)
	}
	b.queue.push(w)
	b.dispatch(now)
	return nil
}

// forecast returns the earliest moment at which a call that joins now could go, as far as the gate,
// the shape and the window know. A quota that was learned may double with each window.
func (b *bucket) forecast(now time.Time, w *waiter) time.Time {
	at := b.spread(now)
	if b.stated && left(b.gate, at) > 0 {
		at = b.gate
	}
	room := b.quota.quota
	if !b.quota.known || b.quota.bound || room <= 0 {
		return at
	}
	if w.request.Priority == transport.PriorityBulk {
		room -= room / reserved
	}
	b.window.expire(now)
	missing := b.inFlight + b.window.used + b.queue.ahead(w.request) + 1 - room
	if missing <= 0 {
		return at
	}
	windows := 0
	for free := room; missing > free; windows++ {
		missing -= free
		free = min(2*free, mostQuota)
	}
	if free := b.window.frees(missing, now).Add(time.Duration(windows) * b.window.length); free.After(at) {
		at = free
	}
	return at
}

func (b *bucket) tooLong(now time.Time, w *waiter, until time.Time) error {
	if w.latest.IsZero() || !until.After(w.latest) {
		return nil
	}
	return refusal(w.request, now, until, false)
}

// leave removes a call that waits no more. If its permit came in the same moment, nothing was sent
// with it.
func (b *bucket) leave(now time.Time, w *waiter) {
	switch {
	case w.permit != nil:
		w.permit.spent = true
		b.inFlight--
	case w.err == nil:
		b.queue.remove(w)
	}
	b.dispatch(now)
}

// remember starts from a quota that was learned earlier.
func (b *bucket) remember(quota int, now time.Time) {
	b.quota.cut(min(quota, mostQuota), now, now)
	b.quota.hold, b.quota.next = b.window.length, now.Add(b.window.length)
	b.reshape(now)
	b.settle(now)
}

// idle reports whether the bucket's state no longer matters.
func (b *bucket) idle(now time.Time) bool {
	return b.inFlight == 0 && b.queue.len() == 0 && left(b.gate, now) <= 0 && elapsed(b.ended, now) > 2*b.window.length
}

// turnAway fails the waiters of a group that is closed now.
func (b *bucket) turnAway(now time.Time, group string, closed *closure) {
	b.queue.each(func(w *waiter) {
		if w.request.group() == group {
			b.queue.remove(w)
			w.err = refusal(w.request, now, closed.until, closed.exhausted)
			close(w.ready)
		}
	})
}

// sweep fails the waiters for which the gate now opens too late.
func (b *bucket) sweep(now time.Time) {
	b.queue.each(func(w *waiter) {
		if err := b.tooLong(now, w, b.gate); err != nil {
			b.queue.remove(w)
			w.err = err
			close(w.ready)
		}
	})
}
