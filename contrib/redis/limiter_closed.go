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

// refuse returns the error of a call whose group is closed, nil for one that may go or probe.
func (c *closures) refuse(now time.Time, r middleware.LimitRequest) error {
	if closed := c.groups[group(r)]; closed != nil && closed.until.After(now) {
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
		err, closed := l.closed.refuse(now, w.request), l.closed.groups[group(w.request)]
		if err != nil && now.Sub(l.closed.checked) >= closedCheck {
			l.closed.checked = now
			go l.loadClosed()
		}
		l.mu.Unlock()
		if err != nil || closed == nil {
			return nil, err
		}
		switch state, err := l.askClosed(ctx, "probe", closed.group, 0, false, false); {
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
	l.tellClosed("leave", probe.group, 0, false, true)
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
		go l.tellClosed("close", name, o.RetryAfter, o.Exhausted, p.probe != nil)
		return true
	case o.Err == nil && o.Status != http.StatusTooManyRequests && (p.probe != nil || l.closed.groups[name] != nil):
		delete(l.closed.groups, name)
		go l.tellClosed("open", name, 0, false, p.probe != nil)
	case p.probe != nil:
		p.probe.until = now
		go l.tellClosed("leave", name, 0, false, true)
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
	go l.tellClosed("clear", "", 0, false, false)
}

func (l *Limiter) tellClosed(op, group string, after time.Duration, exhausted, probe bool) {
	_, _ = l.askClosed(
		context.Background(),
		op,
		group,
		after,
		exhausted,
		probe,
	) // without Redis this process knows it
}

// stale reports whether another process has changed the closed groups.
func (l *Limiter) stale(version int64) bool {
	l.lock()
	defer l.mu.Unlock()
	return version != l.closed.version
}

func (l *Limiter) loadClosed() { l.tellClosed("list", "", 0, false, false) }

// askClosed runs closed.lua. It returns the state of the group where that was asked for, and takes
// over the list of closed groups otherwise.
func (l *Limiter) askClosed(
	ctx context.Context,
	op, group string,
	after time.Duration,
	exhausted, probe bool,
) (state string, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*l.cfg.Timeout)
	defer cancel()
	l.roundTrip.Add(1)
	v, err := closedScript.Run(
		ctx, l.rdb, []string{l.tag + "closed"}, op, group, after.Milliseconds(), flag(exhausted), flag(probe),
	).
		StringSlice()
	if err != nil || len(v) == 0 {
		return "", err
	}
	if op == "probe" {
		return v[0], nil
	}
	l.lock()
	defer l.mu.Unlock()
	now := l.now()
	version, err := strconv.ParseInt(v[0], 10, 64)
	if err != nil || version < l.closed.version && op == "list" {
		return "", err
	}
	l.closed.version = version
	groups := map[string]*closure{}
	for i := 1; i+2 < len(v); i += 3 {
		left, _ := strconv.ParseInt(v[i+1], 10, 64)
		c := l.closed.groups[v[i]]
		if c == nil {
			c = &closure{group: v[i]}
		}
		if until := now.Add(milliseconds(left)); op != "leave" {
			c.until = until
		}
		c.exhausted = v[i+2] == "1"
		groups[v[i]] = c
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
		g := middleware.ClosedGroup{Operation: name, Until: c.until, Exhausted: c.exhausted}
		if len(name) > 7 && name[:7] == "bucket " {
			g.Operation, g.Bucket = "", name[7:]
		}
		groups = append(groups, g)
	}
	return groups
}
