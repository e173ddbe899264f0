package middleware

// How a bucket learns from the ends of its calls.

import (
	"math"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

const (
	// typicalQuota is about how many calls Spotify has been seen to allow in a window. Nothing
	// relies on it: it is the default of PacerConfig.Burst, scales the first pause after a 429
	// without Retry-After, and is the size above which a quota is not taken for a part of a larger
	// one.
	typicalQuota = 150
	// shortPause is the part of a window up to which a pause is short: a tenth. After one, the rate
	// that passed before it goes on.
	shortPause = 10
	// learning is how many windows without a success count as learning, in which rejections are the
	// limiter's fault and not the call's.
	learning = 16
	// learningOwn is the same for an operation with a bucket of its own: others pass meanwhile.
	learningOwn = 4
	// paceGrowth is the growth of the rate after a short pause: 10 % in a second.
	paceGrowth = 1.1
)

// done takes note of how a call ended.
func (b *bucket) done(now time.Time, p *permit, o Outcome) {
	b.inFlight--
	b.window.expire(now)
	b.ended = now
	switch {
	case unseen(o): // its slot is free
	case o.Err != nil, o.Exhausted: // an exhausted quota tells nothing about the window
		b.window.add(now, false)
	case o.Status == tooManyRequests:
		b.reject(now, p, o.RetryAfter)
		if !b.quota.shared { // a Retry-After covers servers that count what they reject
			b.window.add(now, false)
		}
	default:
		b.window.add(now, true)
		b.accept(now, p)
	}
	b.dispatch(now)
}

// unseen reports whether the server never saw the call.
func unseen(o Outcome) bool {
	return o.Err != nil && (transport.NotSent(o.Err) || !transport.IsTransient(o.Err))
}

func (b *bucket) accept(now time.Time, p *permit) {
	if b.ramp > 0 {
		most := rampEnd
		if b.quota.shared {
			most = max(rampEnd/4, b.quota.quota/8) // for good: others may take the slots at any time
		}
		if b.ramp++; b.ramp > most {
			b.ramp = most
			if !b.quota.shared {
				b.ramp = 0
			}
		}
	}
	b.proven = now
	fresh := p.epoch == b.epoch
	if fresh {
		b.suspicion.passed(p.request.Operation)
		b.passed++
		b.misses, b.vain = 0, 0
		if b.canary && left(b.window.earliest(now), now) > b.window.length/slack {
			b.quota.shared = true // an other's slot was freed before the own first one
		}
		b.canary = false
	}
	b.quota.proved(b.window.ok, now, fresh)
	b.reshape(now)
}

// reject takes note of a 429: the gate closes for all, and once for each congestion event the
// estimate changes.
func (b *bucket) reject(now time.Time, p *permit, after time.Duration) {
	b.rejected++
	if p.epoch != b.epoch { // the call was sent before the last event, and tells nothing new
		b.pauseUntil(now, now.Add(after), after > 0)
		return
	}
	b.epoch++
	if b.ramp = rampStart; b.passed == 0 {
		b.ramp = 1 // it was rejected right after a pause: one call tells as much as two
	}
	if p.due && b.passed == 0 {
		b.suspicion.rejected(p.request.Operation)
	}
	stated := after > 0
	whole := elapsed(b.watched, now) >= b.window.length
	// Where nothing has passed for a window although short pauses that the server stated were kept,
	// the limit is not to blame: the server may reject all there is. A bucket that an operation got
	// for itself is watched for a window before.
	blameless := stated && after < b.window.length && b.window.ok == 0 && (whole || !b.own)
	windows := time.Duration(learning)
	if b.own {
		windows = learningOwn
	}
	p.excused = !blameless && (!p.due || b.passed == 0 && elapsed(b.proven, now) < windows*b.window.length)
	others := stated && now.Add(after+b.window.length/slack).Before(b.window.earliest(now))
	b.price(now, after)
	if !stated {
		after = b.guess(now)
	} else if b.passed == 0 && p.due { // what the server stated was not true
		b.vain++
		after = max(after, jittered(min(b.window.length/60<<min(b.vain, 8), b.window.length/shortPause), b.pacer.random()))
	}
	gate := now.Add(after)
	b.quota.floor = b.window.ok
	b.follow(now, after, whole && !others && !b.quota.bound)
	switch {
	case p.number <= b.tested: // sent before or as a test; which of them arrives last, and is rejected, is chance
		b.quota.failed(now, gate)
	case !whole && (others || b.window.ok < b.pacer.cfg.Burst*2/5):
		b.quota.atLeast(b.window.ok, now)
	case b.passed == 0 && b.quota.bound: // nothing passed since the last event: there is nothing to learn from
	case others && b.quota.bound:
		b.quota.atLeast(b.window.ok, now)
	case others || !stated && b.misses < 2 && b.quota.known && !b.quota.bound &&
		b.window.ok < b.quota.quota-b.quota.quota/50:
		// Other clients have used a part of the quota, so that only the gate changes. Without
		// Retry-After that is a guess, which calls of this program that fill 98 % of it refute.
	case b.window.ok > 0:
		b.quota.cut(b.window.ok, now, gate)
	}
	b.passed, b.resumed = 0, gate
	b.reshape(now)
	b.pauseUntil(now, gate, stated)
}

// price takes note of whether a rejection costs no more than the time until the own first slot is
// free, in whole seconds, rounded up. Right after a burst both are about a window, which says
// nothing.
func (b *bucket) price(now time.Time, after time.Duration) {
	free := left(b.window.frees(1, now), now)
	switch {
	case after <= 0 || after > free+b.window.length/shortPause:
		b.quota.dear = true
	case free < b.window.length-b.window.length/shortPause:
		b.quota.dear = false
	}
}

// slack is the part of a window by which a Retry-After and the own slots may differ: servers round,
// and responses take their time.
const slack = 15

// guess returns the pause after a 429 without Retry-After. The first one is until the own first
// slot is free, or the part of that which the own calls have of the quota: others' slots may be
// free earlier. After it the pause doubles, up to a tenth of a window, and up to a window once the
// others' slots must be free as well. Jitter keeps several processes from coming back in step.
func (b *bucket) guess(now time.Time) time.Duration {
	b.canary = true
	length := b.window.length
	if b.misses++; b.misses == 1 {
		b.began, b.late = now, 0
		own := b.window.frees(1, now).Sub(now).Seconds() * min(1, float64(b.window.ok)/typicalQuota)
		return max(time.Duration(own*float64(time.Second)), length/60)
	}
	pause := min(length/60<<min(b.misses-2, 8), length/shortPause)
	if elapsed(b.began, now) >= length {
		pause = min(length/shortPause<<min(b.late, 8), length)
		b.late++
	}
	return jittered(pause, b.pacer.random())
}

// jittered returns a part of a pause, at least half of it: luck is 0 to 1.
func jittered(pause time.Duration, luck float64) time.Duration {
	return time.Duration(float64(pause) * (0.5 + luck/2))
}

// follow sets the rate at which calls go after a short pause: the one that passed before it, which
// the pause is a part of.
func (b *bucket) follow(now time.Time, pause time.Duration, own bool) {
	if own || pause > b.window.length/shortPause {
		b.pace = 0
		return
	}
	span := now.Add(pause).Sub(b.resumed).Seconds()
	if b.passed > 0 && b.resumed.After(b.watched) {
		b.pace = float64(b.passed) / span
	}
	b.paced = now.Add(pause)
}

// rate returns the bound on the rate of calls, in a second; infinite for none.
func (b *bucket) rate(now time.Time) float64 {
	if b.pace == 0 {
		return math.Inf(1)
	}
	return b.pace * math.Pow(paceGrowth, max(now.Sub(b.paced).Seconds(), 0))
}

// pauseUntil closes the gate, for longer than it is closed already. A pause that the server stated
// may refuse calls, one that was guessed may not.
func (b *bucket) pauseUntil(now, until time.Time, stated bool) {
	if !until.After(b.gate) {
		return
	}
	b.gate, b.stated = until, stated
	if stated {
		b.canary = false
		b.resumed = until
		b.sweep(now)
	}
}

// reshape fits the shaping to a new quota.
func (b *bucket) reshape(now time.Time) {
	speed := backlogSpeedup
	if b.quota.quota < b.quota.peak {
		speed = cautiousSpeedup
	}
	limit := perSecond(speed, max(b.quota.quota, typicalQuota/10), b.window.length)
	if !b.quota.known || b.quota.bound || b.shape.Limit() == limit {
		return
	}
	b.shape.SetLimitAt(now, limit)
}
