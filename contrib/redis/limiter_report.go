package spotifyredis

// When a share calls Redis, what it reports, and how it takes over the reply.

import (
	"context"
	"slices"
	"time"
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
)

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
	if want := b.stock(); want > 0 && b.queue.len() == 0 && b.held <= want/2 && now.Sub(b.taken) < stockFor {
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

// work reports to Redis for as long as reports are due. One report is on its way at a time: all
// that happens meanwhile goes into the next one.
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
		if !b.connected { // dialling and loading the script take longer
			timeout *= 10
		}
		passed, rejects := b.passed, b.rejects
		b.passed, b.rejects = map[int64]int64{}, nil
		l.mu.Unlock()

		ctx, cancel := context.WithTimeout(context.Background(), timeout)
		got, err := l.run(ctx, b.keys, r)
		cancel()

		if err == nil && got.status == merged && l.stale(got.closed) {
			l.loadClosed() // before a permit goes to a call of a group that is closed
		}
		l.lock()
		now = l.now()
		change := 0
		if err == nil && got.status == merged {
			change = b.merge(now, r, got)
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

// report returns the next report: the calls that have ended, and the number of those that wait.
func (b *share) report(now time.Time) report {
	b.expire(now)
	if b.held > 0 && b.queue.len() == 0 && now.Sub(b.taken) >= stockIdle {
		b.leases, b.held = nil, 0
	}
	b.call++
	cfg := b.l.cfg
	r := report{
		ID: b.l.id, Call: b.call, Window: ms(b.window()), InFlight: b.inFlight + b.held, Used: b.used + b.inFlight + b.held,
		Lease: cfg.MaxLease, Again: b.again, Waited: !b.askAt.After(now), Acked: b.acked, Full: b.full,
		Merged: b.connected, Back: b.degraded, Quiet: b.degraded, Clear: b.clear,
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
	b.reportEnded(now, &r)
	b.unsent, b.urgent, b.clear = false, false, false
	if dt := now.Sub(b.called).Seconds(); dt > 0 {
		b.rate = b.rate/2 + float64(b.recent)/dt/2
	}
	b.recent = 0
	return r
}

// reportEnded adds the calls that Redis does not know to have ended, or all of the last window.
func (b *share) reportEnded(now time.Time, r *report) {
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
}

// merge applies the reply to a report. It returns -1 if the time without Redis ends, for the last
// limit of the process.
func (b *share) merge(now time.Time, r report, got reply) (change int) {
	if b.degraded {
		b.degraded = false
		if b.l.degraded--; b.l.degraded == 0 {
			change = -1
		}
	}
	b.connected, b.called, b.full = true, now, b.full && !r.Full
	b.acked = got.acked
	b.gate, b.stated = now.Add(got.gate), got.gate > 0
	for _, e := range b.rejects { // which came while the report was on its way
		if until := e.at.Add(e.after); until.After(b.gate) {
			b.gate, b.stated = until, true
		}
	}
	b.quota, b.bound, b.gen = got.quota, got.bound, got.gen
	b.processes = max(got.processes, b.l.cfg.Processes)
	b.usedByAll = got.used + got.inFlight
	if got.ok > 0 {
		b.proven = now
	}
	b.eager = got.eager
	for _, g := range got.granted {
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
	case got.why != whyFair:
		b.again = 0
	case r.Waited: // not with a report that was sent before the time to ask again
		b.again++
	}
	if got.wait >= 0 {
		b.askAt = now.Add(got.wait)
		if got.why == whyFair && len(b.history) > 0 { // the share grows when the process's own slots are free
			own := b.history[0].at.Add(b.window() - b.horizon()/2)
			if own.After(b.askAt) && own.Sub(now) < b.window()/10 {
				b.askAt = own
			}
		}
		for c := len(r.Want) - 1; c >= 0; c-- {
			if r.Want[c] > 0 {
				b.asked = c
			}
		}
		if got.why != whyFair && got.why != whyLater && r.Want[0]+r.Want[1] > 0 {
			b.freeAt = b.askAt
		}
	}
	b.sweep(now)
	return change
}
