package spotifyredis

// Without Redis a process goes on with its part of the quota, a fraction 1/N of it for N processes.

import "time"

// retryLater is how long a process without Redis waits before it tries Redis again, and retrySoon
// the same before it sends a call without Redis.
const retrySoon, retryLater = 50 * time.Millisecond, time.Second

// degrade starts the time without Redis, or goes on with it. It returns 1 if it starts, for the
// first limit of the process.
func (b *share) degrade(now time.Time) (change int) {
	if !b.degraded {
		b.degraded, b.leases, b.held = true, nil, 0
		// The slots of other processes may not be free yet, and most often Redis responds again
		// within this time.
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

// alone returns when a call may go without Redis. A modest call leaves a tenth of the process's
// part to others.
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
	if b.connected && now.Sub(b.called) < b.window() { // other processes may have had more than their part
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
