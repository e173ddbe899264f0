package spotifyredis

// A share is this process's part of one limit: the calls that wait, the permits that Redis has
// granted, and what has to be reported. The limiter's lock guards it.

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/transport"
)

const (
	// heartbeat is how often a process with calls in flight reports. Redis takes one that is silent
	// for 2 s for dead.
	heartbeat = 700 * time.Millisecond
	// slowBeat is the same for a process without calls in flight that has slots in the window, or
	// calls that wait: so that all know within 2 s when Redis has lost its data.
	slowBeat = 1500 * time.Millisecond
	// stockFor is the time for which permits are fetched ahead of demand, and stockIdle the time
	// without a call after which they are returned.
	stockFor, stockIdle = 20 * time.Millisecond, time.Second
	// retryLater is how long a process without Redis waits before it tries Redis again, and
	// retrySoon the same before it sends a call without Redis.
	retrySoon, retryLater = 50 * time.Millisecond, time.Second
	// mostEvents bounds the rejections that are reported after a time without Redis.
	mostEvents = 100
	// learning is how many windows without a success count as learning, in which rejections are the
	// limiter's fault and not the call's.
	learning = 16
)

type share struct {
	l     *Limiter
	name  string
	keys  []string
	queue queue
	timer *time.Timer

	leases   []lease // granted and not used, ascending
	held     int     // permits in leases
	inFlight int
	taken    time.Time // when the last permit was taken
	recent   int       // permits taken since the last report
	rate     float64   // permits in a second

	history []ended // of the last window, ascending
	used    int     // slots in it
	unsent  bool    // something has to be reported
	sendAt  time.Time
	passed  map[int64]int64 // by event: calls that passed
	rejects []rejection

	call, seq, acked uint64
	running          bool // a report is on its way
	urgent           bool // report now
	full             bool // report all of the last window
	clear            bool
	called           time.Time // when Redis last responded
	connected        bool      // it has responded

	gate      time.Time
	stated    bool
	quota     int
	bound     bool
	gen       int64
	processes int
	usedByAll int // slots taken when Redis last responded
	usedByMe  int
	freeAt    time.Time // before that no slot is free
	askAt     time.Time // before that it is of no use to ask again
	asked     int       // rank of the most urgent call that was refused
	again     int       // how often in a row only the fair shares refused calls
	eager     bool
	stockAt   time.Time
	proven    time.Time // when a call last passed

	degraded bool
	holdBack time.Time
	retryAt  time.Time
}

type lease struct {
	at time.Time
	n  int
}

// ended counts calls that ended at about the same time.
type ended struct {
	at    time.Time
	began time.Time // when the first of them was granted
	n, ok int
	seq   uint64 // of the report that had it first; 0 for none
}

type rejection struct {
	at    time.Time
	after time.Duration
	gen   int64
}

// permit allows one call of a share.
type permit struct {
	share   *share
	request middleware.LimitRequest
	gen     int64
	at      time.Time // when it was granted
	excused bool
	spent   bool
	probe   *closure
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

// alone returns when a call may go without Redis: the process has its part of the quota.
func (b *share) alone(now time.Time, modest bool) time.Time {
	if b.holdBack.After(now) {
		return b.holdBack
	}
	b.expire(now)
	total := b.quota
	if total == 0 {
		total = b.l.cfg.Burst
	}
	part := total / b.processes
	if b.connected && now.Sub(b.called) < b.window() { // slots that others had taken already are not free
		part = min(part, b.usedByMe+max(total-b.usedByAll, 0)/b.processes)
	}
	part = max(part, 1)
	room := part
	if modest {
		room -= part / 10
	}
	switch {
	case b.used+b.inFlight < room, b.quota == 0 && b.inFlight == 0:
		return now
	case len(b.history) > 0:
		return b.history[0].at.Add(b.window())
	}
	return now.Add(b.window()) // the end of a call in flight dispatches earlier
}

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

// unused takes a permit back with which nothing was sent.
func (b *share) unused(now time.Time) {
	b.inFlight--
	b.reportSoon(now)
}

// reportSoon plans a report of what has ended. A report that goes with the next request for permits
// costs nothing, so it waits for one for a twentieth of a window, while nothing is being learned.
func (b *share) reportSoon(now time.Time) {
	if b.unsent {
		return
	}
	b.unsent = true
	b.sendAt = now.Add(2 * b.horizon())
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
	if b.quota > 0 &&
		!b.bound { // the server may count what it rejects; while little is known the Retry-After covers that
		b.end(now, p, 0)
	}
	if until := now.Add(after); until.After(b.gate) {
		b.gate, b.stated = until, after > 0
		b.sweep(now)
	}
	b.urgent = true
}

// end takes note of a call that ended; ok is 1 if the server let it through.
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

// stock is how many permits to fetch ahead of demand: those of 20 ms, and no more than an eighth of
// the process's share. It is zero while the quota is being learned.
func (b *share) stock() int {
	if b.quota == 0 || b.bound || b.l.cfg.MaxLease > 0 {
		return 0
	}
	return min(b.quota/8/b.processes, int(b.rate*stockFor.Seconds()))
}

// due returns when the next report is due; zero for never.
func (b *share) due(now time.Time) time.Time {
	if b.degraded {
		return b.retryAt
	}
	if b.urgent {
		return now
	}
	var at time.Time
	earlier := func(t time.Time) {
		if t.Before(now) {
			t = now
		}
		if at.IsZero() || t.Before(at) {
			at = t
		}
	}
	if b.queue.len() > b.held && !b.gate.After(now) {
		earlier(b.askAt)
	}
	if b.unsent {
		earlier(b.sendAt)
	}
	switch {
	case b.inFlight+b.held > 0:
		earlier(b.called.Add(heartbeat))
	case b.queue.len() > 0 || len(b.history) > 0 && now.Sub(b.history[len(b.history)-1].at) < b.window():
		earlier(b.called.Add(slowBeat))
	}
	if want := b.stock(); want > 0 && b.held <= want/2 && now.Sub(b.taken) < stockFor {
		earlier(b.stockAt)
	}
	if b.held > 0 && b.queue.len() == 0 {
		earlier(b.taken.Add(stockIdle))
	}
	return at
}

// planAt starts a report if one is due, or sets the timer for the next one or for wake, whichever
// is earlier.
func (b *share) planAt(now, wake time.Time) {
	if b.l.done {
		return
	}
	at := b.due(now)
	if !at.IsZero() && !at.After(now) && !b.running {
		b.running = true
		b.l.running.Add(1)
		go b.work()
	}
	if !at.IsZero() && (wake.IsZero() || at.Before(wake)) && !b.running {
		wake = at
	}
	switch {
	case wake.IsZero():
	case b.timer == nil:
		b.timer = time.AfterFunc(wake.Sub(now), func() {
			b.l.lock()
			defer b.l.mu.Unlock()
			if !b.l.done {
				b.dispatch(b.l.now())
			}
		})
	default:
		b.timer.Reset(max(wake.Sub(now), 0))
	}
}

// work reports to Redis for as long as reports are due. One report at a time is on its way, so that
// what happens meanwhile goes together into the next one.
func (b *share) work() {
	defer b.l.running.Done()
	l := b.l
	for {
		l.lock()
		now := l.now()
		if at := b.due(now); l.done || at.IsZero() || at.After(now) {
			b.running = false
			if !l.done {
				b.dispatch(now)
			}
			l.mu.Unlock()
			return
		}
		r := b.report(now)
		timeout := l.cfg.Timeout
		if !b.connected { // dialling, and loading the script, take longer
			timeout *= 10
		}
		passed, rejects := b.passed, b.rejects
		b.passed, b.rejects = map[int64]int64{}, nil
		l.mu.Unlock()

		ctx, cancel := context.WithTimeout(context.Background(), timeout)
		answer, err := l.run(ctx, b.keys, r)
		cancel()

		if err == nil && answer.status == merged && l.stale(answer.closed) {
			l.loadClosed() // before a permit goes to a call of a group that is closed
		}
		l.lock()
		now = l.now()
		change := 0
		if err == nil && answer.status == merged {
			change = b.merge(now, r, answer)
		} else {
			b.rejects = append(rejects, b.rejects...)
			for gen, n := range passed {
				b.passed[gen] += n
			}
			b.full, b.urgent = true, true
			if err != nil {
				change = b.degrade(now)
			}
		}
		b.dispatch(now)
		l.mu.Unlock()
		if change != 0 && l.cfg.OnDegraded != nil {
			l.cfg.OnDegraded(err)
		}
	}
}

// report returns what Redis is to know, and to grant.
func (b *share) report(now time.Time) report {
	b.expire(now)
	if b.held > 0 && b.queue.len() == 0 && now.Sub(b.taken) >= stockIdle {
		b.leases, b.held = nil, 0
	}
	b.call++
	cfg := b.l.cfg
	r := report{
		ID: b.l.id, Call: b.call, Window: ms(b.window()), InFlight: b.inFlight + b.held, Used: b.used + b.inFlight + b.held,
		Lease: cfg.MaxLease, Again: b.again, Acked: b.acked, Full: b.full, Back: b.degraded, Quiet: b.degraded,
		Clear: b.clear, Waited: !b.askAt.After(now),
		Processes: b.processes, Expected: cfg.Processes, Quota: b.quota, Gen: b.gen, Burst: cfg.Burst, Luck: b.l.random(),
		Ended: [][5]float64{}, Passed: [][2]int64{}, Rejected: [][3]float64{}, Keep: (7 * 24 * time.Hour).Milliseconds(),
	}
	if now.Sub(b.called) < b.window() {
		r.Known = b.usedByAll
	}
	for _, e := range b.history {
		if now.Sub(e.at) < b.window()-b.horizon() {
			break
		}
		r.Soon += e.n
	}
	if b.name == "" {
		r.Given = cfg.Quota
	}
	if b.bound {
		r.Bound = 1
	}
	held := b.held
	for c := range r.Want {
		n := b.queue.classes[c].Len()
		covered := min(n, held)
		held -= covered
		r.Want[c] = n - covered
	}
	r.Stock = max(b.stock()-held, 0)
	next := b.seq + 1
	for i := range b.history {
		e := &b.history[i]
		if e.seq == 0 {
			e.seq, b.seq = next, next
		}
		if b.full || e.seq > b.acked {
			r.Ended = append(r.Ended, [5]float64{
				ms(now.Sub(e.at)), float64(e.n), float64(e.ok), float64(e.seq), ms(now.Sub(e.began)),
			})
		}
	}
	r.Seq = b.seq
	for gen, n := range b.passed {
		r.Passed = append(r.Passed, [2]int64{gen, n})
	}
	for _, e := range b.rejects {
		r.Rejected = append(r.Rejected, [3]float64{ms(now.Sub(e.at)), ms(e.after), float64(e.gen)})
	}
	b.unsent, b.urgent, b.clear = false, false, false
	if dt := now.Sub(b.called).Seconds(); dt > 0 {
		b.rate = b.rate/2 + float64(b.recent)/dt/2
	}
	b.recent = 0
	return r
}

// merge takes over what Redis returned. It returns -1 if the process is no longer without Redis.
func (b *share) merge(now time.Time, r report, answer reply) (change int) {
	if b.degraded {
		b.degraded = false
		if b.l.degraded--; b.l.degraded == 0 {
			change = -1
		}
	}
	b.connected, b.called, b.full = true, now, b.full && !r.Full
	b.acked = answer.acked
	b.gate, b.stated = now.Add(answer.gate), answer.gate > 0
	b.quota, b.bound, b.gen, b.processes = answer.quota, answer.bound, answer.gen, max(
		answer.processes,
		b.l.cfg.Processes,
	)
	b.usedByAll = answer.used + answer.inFlight
	if answer.ok > 0 {
		b.proven = now
	}
	b.eager = answer.eager
	for _, g := range answer.granted {
		b.leases = append(b.leases, lease{now.Add(g.delay), g.n})
		b.held += g.n
	}
	b.usedByMe = r.Used + b.held
	slices.SortStableFunc(b.leases, func(a, c lease) int { return a.at.Compare(c.at) })
	if r.Stock > 0 {
		b.stockAt = now.Add(5 * time.Millisecond)
		if b.held > 0 {
			b.stockAt = time.Time{}
		}
	}
	b.askAt, b.freeAt, b.asked = time.Time{}, time.Time{}, len(r.Want)
	switch {
	case answer.why != whyFair:
		b.again = 0
	case r.Waited: // a report that only came to tell of calls is not asking again
		b.again++
	}
	if answer.wait >= 0 {
		b.askAt = now.Add(answer.wait)
		for c := len(r.Want) - 1; c >= 0; c-- {
			if r.Want[c] > 0 {
				b.asked = c
			}
		}
		if answer.why != whyFair && answer.why != whyLater && r.Want[0]+r.Want[1] > 0 {
			b.freeAt = b.askAt
		}
	}
	b.sweep(now)
	return change
}

// degrade goes on without Redis. It returns 1 if the process did not do so before.
func (b *share) degrade(now time.Time) (change int) {
	if !b.degraded {
		b.degraded, b.leases, b.held = true, nil, 0
		// Others' slots may not be free yet; and most often Redis responds again before this is
		// over.
		b.holdBack = now.Add(max(b.window()/30, 5*retrySoon))
		if b.l.degraded++; b.l.degraded == 1 {
			change = 1
		}
	}
	b.retryAt = now.Add(retryLater)
	if soon := now.Add(retrySoon); soon.Before(b.holdBack) {
		b.retryAt = soon
	}
	return change
}
