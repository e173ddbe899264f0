package spotifyredis

// Groups of operations that the server has closed for longer than a pause: by an exhausted quota,
// or by a Retry-After above MaxPause. A group is a bucket, or an operation that has no bucket. What
// one process learns of them holds for all; one process at a time probes.

import (
	"context"
	_ "embed"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/transport"
)

//go:embed closed.lua
var closedSource string

var closedScript = redis.NewScript(closedSource)

const (
	// firstRecheck is the time after which a probe is sent where neither the server nor Redis says
	// when a group opens.
	firstRecheck = time.Minute
	// probePoll is how often a call asks whether another process's probe has ended.
	probePoll = 200 * time.Millisecond
	// closedCheck is how often a process whose calls are refused asks whether their group is open.
	closedCheck = time.Second
	// mostClosed bounds the groups that a process remembers as closed.
	mostClosed = 1000
)

// closures is guarded by the limiter's lock.
type closures struct {
	groups  map[string]*closure
	version int64
	checked time.Time // when a refusal last asked whether another process has opened the group
}

type closure struct {
	group     string
	until     time.Time
	exhausted bool
}

// group returns the group of operations that a request belongs to.
func group(r middleware.LimitRequest) string {
	if r.Bucket != "" {
		return "bucket " + r.Bucket
	}
	return r.Operation
}

// everyGroup is the name of a closure that holds back the calls of every group: two groups were
// closed, and no call of another one has passed in between. A call of another group is its probe.
const everyGroup = "*"

// of returns the closure that holds back a call, nil for none.
func (c *closures) of(r middleware.LimitRequest) *closure {
	if closed := c.groups[group(r)]; closed != nil {
		return closed
	}
	return c.groups[everyGroup]
}

// refuse returns the error of a call whose group is closed, nil for one that may go or probe.
func (c *closures) refuse(now time.Time, r middleware.LimitRequest) error {
	if closed := c.of(r); closed != nil && closed.until.After(now) {
		return refusal(r, now, closed.until, closed.exhausted)
	}
	return nil
}

// enter refuses a call of a closed group, and returns the closure that the call is the probe of.
// While another call probes, it waits for the probe's end.
func (l *Limiter) enter(ctx context.Context, w *waiter, now time.Time) (*closure, error) {
	for {
		l.lock()
		now = l.now()
		err, closed := l.closed.refuse(now, w.request), l.closed.of(w.request)
		if err != nil && now.Sub(l.closed.checked) >= closedCheck {
			l.closed.checked = now
			go l.loadClosed()
		}
		l.mu.Unlock()
		if err != nil || closed == nil {
			return nil, err
		}
		switch state, err := l.askClosed(ctx, change{op: "probe", group: closed.group}); {
		case err != nil || state == "probe": // without Redis each process probes for itself
			l.lock()
			probe := l.closed.groups[closed.group]
			if probe != nil && !probe.until.After(now) {
				probe.until = now.Add(30 * time.Second) // for this process's other calls
				l.mu.Unlock()
				return probe, nil
			}
			l.mu.Unlock()
		case state == "open":
			l.lock()
			delete(l.closed.groups, closed.group)
			l.mu.Unlock()
			return nil, nil
		case state == "closed":
			l.loadClosed()
		}
		if now = l.now(); !w.latest.IsZero() && now.Add(probePoll).After(w.latest) {
			return nil, refusal(w.request, now, now.Add(probePoll), closed.exhausted)
		}
		if transport.Sleep(ctx, probePoll) != nil {
			return nil, fmt.Errorf("waiting for the rate limit: %w", ctx.Err())
		}
	}
}

// leaveProbe takes note that a probe was not sent after all.
func (l *Limiter) leaveProbe(probe *closure) {
	if probe == nil {
		return
	}
	l.lock()
	probe.until = l.now()
	l.mu.Unlock()
	l.tellClosed(change{op: "leave", group: probe.group})
}

// doneClosed takes note of how a call ended, and reports whether its group is closed now.
func (l *Limiter) doneClosed(now time.Time, p *permit, o middleware.Outcome) bool {
	name := group(p.request)
	switch {
	case o.Exhausted || o.Status == http.StatusTooManyRequests && l.cfg.MaxPause > 0 && o.RetryAfter > l.cfg.MaxPause:
		closed := l.closed.groups[name]
		if closed == nil {
			if len(l.closed.groups) >= mostClosed {
				l.closed.groups = map[string]*closure{}
			}
			closed = &closure{group: name}
			l.closed.groups[name] = closed
		}
		closed.exhausted = o.Exhausted
		closed.until = now.Add(or(o.RetryAfter, firstRecheck))
		closing := change{
			op: "close", group: name, after: o.RetryAfter, exhausted: o.Exhausted, sent: now.Sub(p.at), open: l.open() > 1,
		}
		if p.probe != nil {
			closing.probe = p.probe.group
			if p.probe.group == everyGroup {
				p.probe.until = closed.until
			}
		}
		go l.tellClosed(closing)
		return true
	case o.Err == nil && o.Status != http.StatusTooManyRequests && (p.probe != nil || l.closed.of(p.request) != nil):
		delete(l.closed.groups, name)
		delete(l.closed.groups, everyGroup)
		go l.tellClosed(change{op: "open", group: name})
	case p.probe != nil:
		p.probe.until = now
		go l.tellClosed(change{op: "leave", group: p.probe.group})
	}
	return false
}

// clearClosed lets one probe of each group go at once. It is called with the lock held.
func (l *Limiter) clearClosed(now time.Time) {
	if len(l.closed.groups) == 0 {
		return
	}
	for _, c := range l.closed.groups {
		c.until = now
	}
	go l.tellClosed(change{op: "clear"})
}

// change is a call of closed.lua.
type change struct {
	op, group string
	after     time.Duration // Retry-After of the rejected call
	exhausted bool
	probe     string        // the group that the rejected call was the probe of
	sent      time.Duration // how long ago it was sent
	open      bool          // calls of other groups are in flight
}

// open returns how many of this process's calls are in flight.
func (l *Limiter) open() int {
	n := 0
	for _, b := range l.shares {
		n += b.inFlight
	}
	return n
}

func (l *Limiter) tellClosed(c change) {
	_, _ = l.askClosed(context.Background(), c) // without Redis this process knows it
}

// stale reports whether another process has changed the closed groups.
func (l *Limiter) stale(version int64) bool {
	l.lock()
	defer l.mu.Unlock()
	return version != l.closed.version
}

func (l *Limiter) loadClosed() { l.tellClosed(change{op: "list"}) }

// askClosed runs closed.lua. It returns the state of the group where that was asked for, and takes
// over the list of closed groups otherwise.
func (l *Limiter) askClosed(ctx context.Context, c change) (state string, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*l.cfg.Timeout)
	defer cancel()
	l.roundTrip.Add(1)
	sent := c.sent.Milliseconds()
	if c.open {
		sent = -1
	}
	v, err := closedScript.Run(
		ctx, l.rdb, []string{l.tag + "closed"}, c.op, c.group, c.after.Milliseconds(), flag(c.exhausted), c.probe, sent,
	).StringSlice()
	if err != nil || len(v) == 0 {
		return "", err
	}
	if c.op == "probe" {
		return v[0], nil
	}
	l.lock()
	defer l.mu.Unlock()
	now := l.now()
	version, err := strconv.ParseInt(v[0], 10, 64)
	if err != nil || version < l.closed.version && c.op == "list" {
		return "", err
	}
	l.closed.version = version
	groups := map[string]*closure{}
	for i := 1; i+2 < len(v); i += 3 {
		left, _ := strconv.ParseInt(v[i+1], 10, 64)
		closed := l.closed.groups[v[i]]
		if closed == nil {
			closed = &closure{group: v[i]}
		}
		if c.op != "leave" {
			closed.until = now.Add(milliseconds(left))
		}
		closed.exhausted = v[i+2] == "1"
		groups[v[i]] = closed
	}
	l.closed.groups = groups
	for _, b := range l.shares {
		b.queue.fail(func(w *waiter) error { return l.closed.refuse(now, w.request) })
	}
	return "", nil
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Closed returns the groups of operations that are closed, as far as this process knows.
func (l *Limiter) Closed() []middleware.ClosedGroup {
	l.lock()
	defer l.mu.Unlock()
	var groups []middleware.ClosedGroup
	for name, c := range l.closed.groups {
		if name == everyGroup {
			continue
		}
		g := middleware.ClosedGroup{Operation: name, Until: c.until, Exhausted: c.exhausted}
		if len(name) > 7 && name[:7] == "bucket " {
			g.Operation, g.Bucket = "", name[7:]
		}
		groups = append(groups, g)
	}
	return groups
}
