package middleware

// This file is what a lane makes of how calls end.

import (
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// done takes in how a call ended.
func (l *lane) done(now time.Time, p *permit, o Outcome) {
	l.inflight--
	l.ledger.expire(now)
	switch {
	case o.Err != nil && (transport.NotSent(o.Err) || !transport.IsTransient(o.Err)):
		// The server never saw it: its slot is free.
	case o.Err != nil, o.Exhausted: // an exhausted quota tells nothing about the window
		l.ledger.add(now, false)
	case o.Status == tooManyRequests:
		l.reject(now, p, o.RetryAfter)
		l.ledger.add(now, false) // some servers count what they reject, and where they do not, the slot is lost only once
	default:
		l.ledger.add(now, true)
		l.accept(now, p)
	}
	l.dispatch(now)
}

func (l *lane) accept(now time.Time, p *permit) {
	if l.ramp > 0 {
		if l.ramp++; l.ramp > rampEnd {
			l.ramp = 0
		}
	}
	if p.epoch == l.epoch {
		l.misses = 0
	}
	l.quota.proved(l.ledger.ok, now)
	l.reshape(now)
}

// reject takes in a 429: the gate closes for all, and once for each congestion event the quota is thought over.
func (l *lane) reject(now time.Time, p *permit, after time.Duration) {
	l.rejected++
	news := p.epoch == l.epoch // others were sent before the last event, and tell nothing new
	believable := news && l.believable(now, after)
	if news {
		l.epoch++
		l.ramp = rampStart
		if after <= 0 {
			after = min(l.quota.window/60<<min(l.misses, 6), l.quota.window)
			l.misses++
		}
	}
	if until := now.Add(after); until.After(l.gate) {
		l.gate = until
	}
	switch {
	case !news:
	case p.number <= l.tested: // sent before or as a test; which of them arrives last, and is rejected, is chance
		l.quota.failed(now, l.gate)
	case believable && l.ledger.ok > 0:
		l.quota.cut(l.ledger.ok, now, l.gate)
		l.reshape(now)
	}
	l.sweep(now)
}

// believable reports whether a rejection says that this client's own calls have filled the window. One that says to come back sooner than any
// of them leaves the window does not: somebody else has used the quota up, or it is no rolling window at all, and then only the gate counts.
// One that says nothing is believed when it comes twice in a row.
func (l *lane) believable(now time.Time, after time.Duration) bool {
	if after <= 0 {
		return l.misses > 0
	}
	const slack = 15 // of a window; servers round, and answers take their time
	return now.Add(after + l.quota.window/slack).After(l.ledger.frees(1, now))
}

// reshape fits the shaping to a new quota.
func (l *lane) reshape(now time.Time) {
	speed := haste
	if l.quota.lowered() {
		speed = caution
	}
	limit := perSecond(speed*l.quota.quota, l.quota.window)
	if l.quota.quota == 0 || l.shape.Limit() == limit {
		return
	}
	l.shape.SetLimitAt(now, limit)
}
