package middleware

// Groups of operations that the server has closed for longer than a pause: by an exhausted quota,
// or by a Retry-After above MaxPause. A group is a bucket, or an operation that has no bucket.

import "time"

const (
	// firstRecheck and lastRecheck bound the time after which a probe is sent where the server did
	// not say when a closed group opens: 1, 2, 4 … 60 minutes.
	firstRecheck, lastRecheck = time.Minute, time.Hour
	// mostClosures bounds the number of groups that are remembered as closed.
	mostClosures = 1000
)

// group returns the group of operations that a request belongs to.
func (r LimitRequest) group() string {
	if r.Bucket != "" {
		return "bucket " + r.Bucket
	}
	return r.Operation
}

// closure is a group that is closed.
type closure struct {
	request   LimitRequest // one that was rejected
	since     time.Time
	until     time.Time     // when a probe may go
	stated    bool          // until is the server's word
	exhausted bool          // a quota is used up
	recheck   time.Duration // the last pause that the server did not state
	probing   chan struct{} // closed when the probe in flight has ended; nil for none
}

// closures is not safe for concurrent use; the pacer's lock guards it.
type closures struct {
	groups map[string]*closure
	proven time.Time // when a call of a group that is open last passed
	open   int       // calls in flight of groups that are open
	all    *closure  // set while every group is held to be closed: a call of one that is not goes as a probe
}

// enter reports whether a call of a group may go. If not, it returns the closure that holds it
// back; if that has a probe in flight, the call may wait for the probe's end.
func (c *closures) enter(now time.Time, r LimitRequest) (probe, held *closure) {
	closed := c.groups[r.group()]
	if closed == nil {
		closed = c.all
	}
	switch {
	case closed == nil:
		c.open++
		return nil, nil
	case closed.probing != nil || left(closed.until, now) > 0:
		return nil, closed
	}
	probing := make(chan struct{})
	for _, other := range c.linked(closed) {
		other.probing = probing
	}
	return closed, nil
}

// linked returns the closures that end together with one, which it includes: the operations of one
// hidden bucket. One probe is enough for all of them.
func (c *closures) linked(closed *closure) []*closure {
	all := []*closure{closed}
	for _, other := range c.groups {
		if other == closed || closed == c.all || other.stated != closed.stated || other.exhausted != closed.exhausted {
			continue
		}
		apart := other.until.Sub(closed.until).Abs()
		if !closed.stated || apart <= max(time.Minute, closed.until.Sub(closed.since)/10) {
			all = append(all, other)
		}
	}
	return all
}

// leave takes note that a call was not sent after all.
func (c *closures) leave(probe *closure) {
	if probe == nil {
		c.open--
		return
	}
	c.endProbe(probe)
}

// endProbe ends a probe and returns the closures that it was for.
func (c *closures) endProbe(probe *closure) []*closure {
	linked := c.linked(probe)
	var ended []*closure
	if probing := probe.probing; probing != nil {
		for _, other := range linked {
			if other.probing == probing {
				other.probing = nil
				ended = append(ended, other)
			}
		}
		close(probing)
	}
	return ended
}

// done takes note of how a call ended, and reports whether its group is closed now.
func (c *closures) done(now time.Time, r LimitRequest, probe *closure, o Outcome, maxPause time.Duration) bool {
	var probed []*closure
	if probe == nil {
		c.open--
	} else {
		probed = c.endProbe(probe)
	}
	switch {
	case o.Exhausted || o.Status == tooManyRequests && maxPause > 0 && o.RetryAfter > maxPause:
		c.close(now, r, probe, probed, o)
		return true
	case o.Err == nil && o.Status != tooManyRequests:
		c.pass(now, r, probed)
	}
	return false
}

func (c *closures) close(now time.Time, r LimitRequest, probe *closure, probed []*closure, o Outcome) {
	own := c.groups[r.group()]
	fresh := own == nil
	if fresh {
		c.forget(now)
		own = &closure{request: r, since: now}
		c.widen(own, o)
		c.groups[r.group()] = own
	}
	own.exhausted = o.Exhausted
	switch {
	case o.RetryAfter > 0:
		own.until, own.stated, own.recheck = now.Add(o.RetryAfter), true, 0
	case fresh || probe != nil: // the others were sent before the group was closed
		own.recheck = min(max(2*own.recheck, firstRecheck), lastRecheck)
		own.until, own.stated = now.Add(own.recheck), false
	}
	for _, other := range probed {
		if other == c.all {
			other.recheck = min(2*other.recheck, lastRecheck)
			other.until = now.Add(other.recheck)
			continue
		}
		other.until, other.stated, other.recheck = own.until, own.stated, own.recheck
	}
}

// widen takes every group for closed when a second one is, unless a call of another group has
// passed since the first was, or may be about to.
func (c *closures) widen(second *closure, o Outcome) {
	if len(c.groups) == 0 || c.all != nil || c.open > 0 {
		return
	}
	for _, first := range c.groups {
		if !c.proven.Before(first.since) || o.Sent.Before(first.since) {
			return
		}
	}
	c.all = &closure{
		request: second.request, since: second.since, until: second.since,
		exhausted: o.Exhausted, recheck: firstRecheck / 2,
	}
}

// pass takes note of a call that passed: its group is open, and so are those that its probe was
// for.
func (c *closures) pass(now time.Time, r LimitRequest, probed []*closure) {
	delete(c.groups, r.group())
	for _, other := range probed {
		if other != c.all {
			delete(c.groups, other.request.group())
		}
	}
	c.proven, c.all = now, nil
}

// clear lets one probe of each group go at once.
func (c *closures) clear(now time.Time) {
	for _, closed := range c.groups {
		closed.until = now
	}
	if c.all != nil {
		c.all.until = now
	}
}

// forget drops the closures that have been open to a probe for a day, and any if there are too
// many.
func (c *closures) forget(now time.Time) {
	for name, closed := range c.groups {
		if closed.probing == nil && (left(closed.until, now) < -24*time.Hour || len(c.groups) >= mostClosures) {
			delete(c.groups, name)
		}
	}
}
