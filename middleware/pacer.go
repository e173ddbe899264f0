package middleware

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/seed-2147f1a9/spotify/internal/argument"
)

const tooManyRequests = http.StatusTooManyRequests

// mostQuota is more than any server allows, and little enough to reckon with.
const mostQuota = 1_000_000_000

// PacerConfig configures a Pacer. The zero value learns everything by itself.
type PacerConfig struct {
	// Window is the length of the server's rolling window: 30 s if zero.
	Window time.Duration
	// Quota is how many calls the server allows in a window, as far as is known, such as from an earlier Stats: 0 if it is to be learned.
	// It is where the pacer starts from; it goes on learning.
	Quota int
	// Burst is how many calls of a window go out at full speed while the quota is unknown; after that at most ten are in flight until it is known.
	// 150 if zero, none if negative. A larger burst is faster at the start, and costs more rejections if the quota is smaller.
	Burst int
	// MaxWait bounds the wait of a call that does not say itself: 10 minutes if zero, only the call's context if negative.
	MaxWait time.Duration
	// MaxPause is the longest Retry-After that such a call sits out: 60 s if zero, any if negative. During a longer one calls fail at once.
	MaxPause time.Duration
}

// Validate returns an error that names the first field whose value makes no sense.
func (c PacerConfig) Validate() error {
	switch {
	case c.Window != 0 && c.Window < time.Millisecond:
		return argument.Errorf("PacerConfig.Window", c.Window, "0 (30s), or 1ms and more")
	case c.Quota < 0 || c.Quota > mostQuota:
		return argument.Errorf("PacerConfig.Quota", c.Quota, "0 (learned), or 1 to %d", mostQuota)
	}
	return nil
}

func (c PacerConfig) withDefaults() PacerConfig {
	if c.Window < time.Millisecond {
		c.Window = 30 * time.Second
	}
	if c.Quota < 0 || c.Quota > mostQuota {
		c.Quota = 0
	}
	if c.Burst == 0 {
		c.Burst = 150
	}
	if c.MaxWait == 0 {
		c.MaxWait = 10 * time.Minute
	}
	if c.MaxPause == 0 {
		c.MaxPause = time.Minute
	}
	return c
}

// Pacer is a Limiter that finds out by itself how many calls a server allows in a rolling window, and lets calls go as fast as that permits.
//
// It keeps a ledger of the answers of the last window: each takes a slot, and so does each call in flight; a call goes when fewer slots are
// taken than the quota has. At first the quota is unknown, and calls simply go. The first 429 says what it is: as many as got through in the
// window before. From then on there are next to none, because a slot is used again only when the server must have forgotten it.
//
// Whatever the ledger says, a Retry-After closes the gate for everybody until it is over, and after that, or any other silence, calls start
// again few at a time, so that a quota that has shrunk meanwhile costs a few rejections and not dozens. And because a quota can grow, one call
// too many is sent now and then on purpose: if it gets through, more follow, until one does not.
//
// Calls that wait stand in a queue, interactive ones first; bulk ones leave a tenth of the quota to them. A call that would wait past its
// context's deadline or its MaxWait fails at once with a *LimitError. The pacer has no goroutine of its own.
type Pacer struct {
	cfg     PacerConfig
	invalid error // what was wrong with the one that was given
	spent   exhaustion

	mu    sync.Mutex
	lanes map[string]*lane
}

// NewPacer returns a Pacer. A configuration that Validate would refuse is taken as its defaults.
func NewPacer(cfg PacerConfig) *Pacer {
	return &Pacer{cfg: cfg.withDefaults(), invalid: cfg.Validate(), lanes: map[string]*lane{}}
}

// Validate returns what PacerConfig.Validate says of the pacer's configuration: whoever is given a pacer can still refuse it.
func (p *Pacer) Validate() error {
	if p == nil || p.lanes == nil {
		return argument.Errorf("Pacer", p, "one made by NewPacer")
	}
	return p.invalid
}

// Acquire waits until the call may go out, see Limiter.
func (p *Pacer) Acquire(ctx context.Context, k Key) (Permit, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	now := time.Now()
	probe, left := p.spent.enter(now)
	if left > 0 {
		return nil, &LimitError{Bucket: k.Bucket, Until: now.Add(left), Wait: left, Exhausted: true}
	}
	permit, err := p.acquire(ctx, k, now)
	if err != nil {
		return nil, err
	}
	permit.probe = probe
	return permit, nil
}

func (p *Pacer) acquire(ctx context.Context, k Key, now time.Time) (*permit, error) {
	p.mu.Lock()
	l := p.lane(k.Bucket)
	if l.queue.ahead(k.Bulk) == 0 {
		if permit, _ := l.admit(now, k.Bulk, false); permit != nil {
			p.mu.Unlock()
			return permit, nil
		}
	}
	w := p.waiter(ctx, k, now)
	err := l.join(now, w)
	p.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return p.wait(ctx, l, w, now)
}

// waiter turns what bounds a call's wait into a moment.
func (p *Pacer) waiter(ctx context.Context, k Key, now time.Time) *waiter {
	w := &waiter{key: k, ready: make(chan struct{})}
	patience := k.MaxWait
	if patience <= 0 {
		patience = p.cfg.MaxWait
		w.pause = max(p.cfg.MaxPause, 0)
	}
	if patience > 0 {
		w.latest = now.Add(patience)
	}
	if deadline, ok := ctx.Deadline(); ok && (w.latest.IsZero() || deadline.Before(w.latest)) {
		w.latest = deadline
	}
	return w
}

func (p *Pacer) wait(ctx context.Context, l *lane, w *waiter, since time.Time) (*permit, error) {
	var late <-chan time.Time
	if deadline, ok := ctx.Deadline(); !w.latest.IsZero() && (!ok || w.latest.Before(deadline)) { // the context sees to its own end
		timer := time.NewTimer(w.latest.Sub(since))
		defer timer.Stop()
		late = timer.C
	}
	gaveUp := true
	select {
	case <-w.ready:
		gaveUp = false
	case <-ctx.Done():
	case <-late:
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	l.waited += now.Sub(since)
	switch {
	case gaveUp:
		l.leave(now, w)
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("waiting for the rate limit: %w", err)
		}
		return nil, l.refusal(now, l.forecast(now, w))
	case w.err != nil:
		return nil, w.err
	}
	return w.permit, nil
}

// Resume lets calls go again although a Retry-After has not passed yet: a way to try anyway after a day-long one. If the server says no again,
// it counts again.
func (p *Pacer) Resume() {
	p.spent.clear()
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	for _, l := range p.lanes {
		l.gate = now
		l.dispatch(now)
	}
}

// Done gives the permit back, see Permit. Only the first call counts.
func (t *permit) Done(o Outcome) {
	p := t.lane.pacer
	p.mu.Lock()
	defer p.mu.Unlock()
	if t.spent {
		return
	}
	t.spent = true
	now := time.Now()
	p.spent.done(now, t.probe, o)
	t.lane.done(now, t, o)
}

func (p *Pacer) lane(bucket string) *lane {
	l := p.lanes[bucket]
	if l == nil {
		l = &lane{pacer: p, bucket: bucket, shape: rate.NewLimiter(rate.Inf, 1)}
		l.ledger.window = p.cfg.Window
		l.quota = estimate{window: p.cfg.Window, wave: 1}
		if p.cfg.Quota > 0 && bucket == "" {
			now := time.Now()
			l.quota.cut(p.cfg.Quota, now, now)
			l.reshape(now)
			l.settle(now)
		}
		p.lanes[bucket] = l
	}
	return l
}

func perSecond(n int, window time.Duration) rate.Limit {
	return rate.Limit(float64(n) / window.Seconds())
}

// PacerStats is what a pacer knows of one limit.
type PacerStats struct {
	// Quota is how many calls the server allows in a window, 0 if that is not known yet.
	Quota int
	// Used is how many of them are taken, those in flight included.
	Used int
	// InFlight is how many calls have no answer yet.
	InFlight int
	// Queued is how many calls wait.
	Queued int
	// PausedUntil is when the last Retry-After is over; it may be past.
	PausedUntil time.Time
	// Rejected is how many calls were answered with 429 so far.
	Rejected int
	// Waited is how long calls have waited so far, all of them together.
	Waited time.Duration
}

// Stats tells what the pacer knows of the limit with the given name; "" is the general one. Its Quota can be kept for a later PacerConfig.
func (p *Pacer) Stats(bucket string) PacerStats {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.lane(bucket)
	l.ledger.expire(time.Now())
	return PacerStats{
		Quota: l.quota.quota, Used: l.ledger.used + l.inflight, InFlight: l.inflight, Queued: l.queue.len(),
		PausedUntil: l.gate, Rejected: l.rejected, Waited: l.waited,
	}
}
