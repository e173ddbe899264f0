package spotifyredis

// A share is this process's part of one limit: the calls that wait, the permits that Redis has
// granted, and the calls that have ended. limiter_report.go exchanges it with Redis,
// limiter_degraded.go is for the time without Redis.

import (
	"net/http"
	"slices"
	"time"

	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/transport"
)

const (
	// mostEvents bounds the rejections that are reported after a time without Redis.
	mostEvents = 100
	// learning is how many windows without a success count as learning, in which rejections are the
	// limiter's fault and not the call's.
	learning = 16
)

// share is not safe for concurrent use; the limiter's lock guards it.
type share struct {
	l     *Limiter
	name  string   // of the bucket; "" is the general limit
	keys  []string // of limiter.lua
	queue queue
	timer *time.Timer // calls dispatch

	// Permits.
	leases   []lease   // granted and not used yet, by time
	held     int       // permits in leases
	inFlight int       // calls without a response
	taken    time.Time // when the last permit was used
	recent   int       // permits used since the last report
	rate     float64   // permits used in a second

	// Calls that have ended.
	history []ended         // of the last window, by time
	used    int             // slots in history
	passed  map[int64]int64 // by event: calls that passed, not reported yet
	rejects []rejection     // not reported yet
	proven  time.Time       // when a call last passed

	// Reports. Calls, entries of history and events have numbers, so that a report that arrives
	// twice changes nothing.
	call, seq, acked uint64    // the last report, the newest entry of history, and the last one that Redis has
	running          bool      // a report is on its way
	unsent           bool      // something is to be reported, by sendAt
	sendAt           time.Time // zero, or a moment until which the report may wait for a request
	urgent           bool      // report at once
	full             bool      // report all of the last window: Redis may have lost it
	clear            bool      // ask Redis to open the gate
	called           time.Time // when Redis last responded
	connected        bool      // Redis has responded at least once

	// The reply of Redis.
	gate      time.Time // no call goes before
	stated    bool      // the server has stated the gate, so calls may be refused because of it
	quota     int       // 0 if unknown
	bound     bool      // quota is a lower bound
	gen       int64     // number of congestion events; a call belongs to the one in which it got its permit
	processes int
	usedByAll int       // slots that all processes had taken
	usedByMe  int       // slots that this process had taken
	eager     bool      // report ends of calls at once
	freeAt    time.Time // no slot is free before; zero if unknown
	askAt     time.Time // a request for permits is refused before
	asked     int       // rank of the most urgent call that was refused
	again     int       // how often in a row only the fair shares refused calls
	stockAt   time.Time // when to ask for permits ahead of demand again

	// Without Redis.
	degraded bool
	holdBack time.Time // no call goes before
	retryAt  time.Time // when to try Redis again
}

// lease is a number of permits that may be used from a moment on.
type lease struct {
	at time.Time
	n  int
}

// ended counts calls that ended at about the same time.
type ended struct {
	at    time.Time // when the last of them ended
	began time.Time // when the first of them got its permit
	n     int       // slots
	ok    int       // calls that the server let through
	seq   uint64    // number of the report that had them first; 0 for none
}

// rejection is a response 429.
type rejection struct {
	at    time.Time
	after time.Duration // Retry-After; 0 for none
	gen   int64         // event during which the call got its permit
}

// permit allows one call of a share.
type permit struct {
	share   *share
	request middleware.LimitRequest
	gen     int64     // event during which it was granted
	at      time.Time // when it was granted
	excused bool      // the limiter takes the blame for a rejection
	spent   bool      // Done was called
	probe   *closure  // that the call probes; nil for none
}

func (b *share) window() time.Duration { return b.l.cfg.Window }

// horizon is how far ahead Redis grants slots that are not free yet.
func (b *share) horizon() time.Duration { return min(b.window()/40, 400*time.Millisecond) }

// push adds a call to the queue.
func (b *share) push(now time.Time, w *waiter) {
	if r := rank(w.request.Priority); r < b.asked {
		b.askAt = time.Time{} // Redis has not been asked for a call that is as urgent
	}
	b.queue.push(w)
	b.dispatch(now)
}

// dispatch gives permits in the queue's order, and plans what comes next.
func (b *share) dispatch(now time.Time) {
	wake := time.Time{}
	for {
		w, due := b.queue.next()
		if w == nil {
			break
		}
		p, at := b.admit(now, w.request, due)
		if p == nil {
			wake = at
			break
		}
		b.queue.went(w)
		w.permit = p
		close(w.ready)
	}
	b.planAt(now, wake)
}

// admit returns a permit, or when to ask again; the zero time stands for the next report.
func (b *share) admit(now time.Time, r middleware.LimitRequest, due bool) (*permit, time.Time) {
	if b.gate.After(now) {
		return nil, b.gate
	}
	if b.degraded {
		if at := b.alone(now, r.Priority == transport.PriorityBulk && !due); at.After(now) {
			return nil, at
		}
	} else {
		if b.held == 0 {
			return nil, time.Time{}
		}
		if b.leases[0].at.After(now) {
			return nil, b.leases[0].at
		}
		b.held--
		if b.leases[0].n--; b.leases[0].n == 0 {
			b.leases = b.leases[1:]
		}
	}
	p := &permit{share: b, request: r, gen: b.gen, at: now, excused: true}
	b.inFlight++
	b.recent++
	b.taken = now
	return p, time.Time{}
}

// expire drops the calls that ended a window ago.
func (b *share) expire(now time.Time) {
	n := 0
	for n < len(b.history) && now.Sub(b.history[n].at) >= b.window() {
		b.used -= b.history[n].n
		n++
	}
	if n > 0 {
		b.history = slices.Delete(b.history, 0, n)
	}
}

// unused returns a permit: its call was not sent.
func (b *share) unused(now time.Time) {
	b.inFlight--
	b.reportSoon(now)
}

// reportSoon plans a report of the calls that have ended. It costs nothing if it goes with the next
// request for permits, so it waits for one for up to a tenth of a window, 1.6 s at most; while
// the quota is being learned it waits for 1 ms.
func (b *share) reportSoon(now time.Time) {
	if b.unsent {
		return
	}
	b.unsent = true
	b.sendAt = now.Add(4 * b.horizon())
	if b.eager {
		b.sendAt = now.Add(time.Millisecond)
	}
}

// Done reports how the call ended, see middleware.Permit. Only the first report counts.
func (p *permit) Done(o middleware.Outcome) {
	b, l := p.share, p.share.l
	l.lock()
	defer l.mu.Unlock()
	if p.spent || l.done {
		return
	}
	now := l.now()
	p.spent = true
	rejected := o.Status == http.StatusTooManyRequests
	if l.doneClosed(now, p, o) {
		b.queue.fail(func(w *waiter) error { return l.closed.refuse(now, w.request) })
		rejected = false // it tells nothing about the window
	}
	b.inFlight--
	unseen := o.Err != nil && (transport.NotSent(o.Err) || !transport.IsTransient(o.Err))
	if !unseen {
		l.sent(now, p.request, o.Exhausted)
	}
	switch {
	case unseen: // by the server: its slot is free
		b.reportSoon(now)
	case rejected:
		b.reject(now, p, o.RetryAfter)
	case o.Err != nil || o.Status == http.StatusTooManyRequests:
		b.end(now, p, 0)
	default:
		b.end(now, p, 1)
		b.proven = now
		b.passed[p.gen]++
	}
	b.dispatch(now)
}

// reject closes the gate after a 429, and reports it at once: every process is to know it.
func (b *share) reject(now time.Time, p *permit, after time.Duration) {
	blameless := after > 0 && after < b.window() && now.Sub(b.proven) >= b.window()
	p.excused = !blameless && now.Sub(b.proven) < learning*b.window()
	if len(b.rejects) < mostEvents {
		b.rejects = append(b.rejects, rejection{now, after, p.gen})
	}
	if b.degraded && b.quota == 0 { // others have their part, too
		b.expire(now)
		ok := 0
		for _, e := range b.history {
			ok += e.ok
		}
		b.quota, b.bound = max(ok*b.processes, 1), true
	}
	if after == 0 && b.degraded {
		after = time.Duration(float64(b.window()) / 20 * (0.5 + b.l.random()))
	}
	if b.quota > 0 && !b.bound { // the server may count what it rejects; Retry-After covers a lower bound
		b.end(now, p, 0)
	}
	if until := now.Add(after); until.After(b.gate) {
		b.gate, b.stated = until, after > 0
		b.sweep(now)
	}
	b.urgent = true
}

// end records a call that took a slot; ok is 1 if it passed, 0 if not.
func (b *share) end(now time.Time, p *permit, ok int) {
	b.expire(now)
	b.used++
	if last := len(b.history) - 1; last >= 0 && b.history[last].seq == 0 &&
		now.Sub(b.history[last].at) < b.window()/1000 {
		e := &b.history[last]
		e.at, e.n, e.ok = now, e.n+1, e.ok+ok
		if p.at.Before(e.began) {
			e.began = p.at
		}
	} else {
		b.history = append(b.history, ended{at: now, began: p.at, n: 1, ok: ok})
	}
	b.reportSoon(now)
}

// Excused reports whether the limiter takes the blame for the call's rejection, see
// middleware.Permit.
func (p *permit) Excused() bool {
	p.share.l.lock()
	defer p.share.l.mu.Unlock()
	return p.excused
}

// forecast returns the earliest moment at which a call that joins now could go. A quota that was
// learned may double with each window.
func (b *share) forecast(now time.Time, w *waiter) time.Time {
	at := now
	if b.stated && b.gate.After(at) {
		at = b.gate
	}
	if b.quota == 0 || b.bound {
		return at
	}
	ahead := b.queue.ahead(w.request)
	if b.freeAt.After(at) && !b.degraded {
		at = b.freeAt
	} else if ahead < b.quota {
		return at
	}
	for free := b.quota; ahead >= free; {
		ahead -= free
		at = at.Add(b.window())
		if b.l.cfg.Quota == 0 {
			free = min(2*free, mostQuota)
		}
	}
	return at
}

// tooLong returns the error of a call whose permit would come too late; nil if it comes in time.
func (b *share) tooLong(now time.Time, w *waiter, until time.Time) error {
	if w.latest.IsZero() || !until.After(w.latest) {
		return nil
	}
	return refusal(w.request, now, until, false)
}

// sweep fails the calls for which the gate opens too late.
func (b *share) sweep(now time.Time) {
	if b.stated {
		b.queue.fail(func(w *waiter) error { return b.tooLong(now, w, b.gate) })
	}
}
