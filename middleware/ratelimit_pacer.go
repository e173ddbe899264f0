package middleware

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/seed-2147f1a9/spotify/internal/argument"
)

const tooManyRequests = http.StatusTooManyRequests

// mostQuota is more than any server allows. Its double fits 32 bits.
const mostQuota = 1_000_000_000

// PacerConfig configures a Pacer. The zero value learns everything by itself.
type PacerConfig struct {
	// Window is the length of the server's rolling window: 30 s if zero.
	Window time.Duration
	// Quota is the number of calls that the server allows in a window, as far as it is known, such
	// as from an earlier Stats: 0 if it is to be learned. The pacer starts from it and goes on
	// learning.
	Quota int
	// Burst is the number of calls of a window that are sent at full speed while the quota is
	// unknown; after that at most ten are in flight until it is known. 150 if zero, none if
	// negative. A larger burst is faster at the start, and costs more rejections if the quota is
	// smaller.
	Burst int
	// MaxWait bounds the wait of a call that does not bound it itself: 10 minutes if zero, only the
	// call's context if negative.
	MaxWait time.Duration
	// MaxPause is the longest Retry-After that calls wait for: 60 s if zero, any if negative. A
	// longer one closes the operation's group: its calls fail at once until a probe has passed.
	MaxPause time.Duration
	// DayQuota is the number of calls that the server allows in 24 hours, as far as it is known: 0
	// if it is to be learned from the first response that reports an exceeded quota.
	DayQuota int
	// DayReserve is the share of the day's quota that is left to interactive calls, from 0, the
	// default, to 1. Once only that share is left, other calls fail with an error that matches
	// ErrExhausted, and are not sent.
	DayReserve float64
	// Usage stores the counts of calls, and the quotas, for the program's next start or for other
	// processes. Nil stores them in this pacer's memory only. See Pacer.Flush.
	Usage UsageStore
}

// Validate returns an error that names the first field with an invalid value, or nil.
func (c PacerConfig) Validate() error {
	switch {
	case c.Window != 0 && c.Window < time.Millisecond:
		return argument.Errorf("PacerConfig.Window", c.Window, "0 (30s), or 1ms and more")
	case c.Quota < 0 || c.Quota > mostQuota:
		return argument.Errorf("PacerConfig.Quota", c.Quota, "0 (learned), or 1 to %d", mostQuota)
	case c.DayQuota < 0 || c.DayQuota > mostQuota:
		return argument.Errorf("PacerConfig.DayQuota", c.DayQuota, "0 (learned), or 1 to %d", mostQuota)
	case !(c.DayReserve >= 0 && c.DayReserve <= 1):
		return argument.Errorf("PacerConfig.DayReserve", c.DayReserve, "0 to 1")
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
		c.Burst = typicalQuota
	}
	if c.MaxWait == 0 {
		c.MaxWait = 10 * time.Minute
	}
	if c.MaxPause == 0 {
		c.MaxPause = time.Minute
	}
	if c.DayQuota < 0 || c.DayQuota > mostQuota {
		c.DayQuota = 0
	}
	if !(c.DayReserve >= 0 && c.DayReserve <= 1) {
		c.DayReserve = 0
	}
	return c
}

// Pacer is a Limiter that learns the quota of a server, which is the number of calls that it allows
// in a sliding window, and sends calls as fast as the quota permits.
//
// Each response of the last window and each call in flight takes a slot; a call is sent when fewer
// slots are taken than the quota has. At first the quota is unknown, and PacerConfig.Burst applies.
// The first 429 shows the quota: it is the number of calls that succeeded in the window before. If
// the pacer has run for less than a window, or other clients use a part of the quota, that number
// is a lower bound, which grows with each call that succeeds. From then on there are few
// rejections, because a slot is used again only after the server must have freed it.
//
// A Retry-After delays all calls of the bucket until it has passed. After that, or after any other
// pause, calls start again few at a time. Because a quota can grow, the pacer now and then sends a
// probe: one call above the quota. If it succeeds, more follow, until one is rejected. An exhausted
// quota, or a Retry-After above MaxPause, closes the operation's group only; one call at a time
// probes whether it is open again.
//
// Calls wait in a queue by priority; bulk calls leave a tenth of the quota to the others. A call
// that would wait past its context's deadline or its MaxWait fails at once with a
// *LimitError. The pacer has no goroutine of its own.
type Pacer struct {
	cfg     PacerConfig
	invalid error // why the configuration that was given makes no sense
	loaded  sync.Once
	random  func() float64 // for jitter, 0 to 1

	mu        sync.Mutex
	buckets   map[string]*bucket
	separated map[operationOf]*bucket // operations that have a bucket for themselves
	sweepAt   int                     // number of buckets at which the idle ones are forgotten
	closed    closures
	usage     usage
}

// NewPacer returns a Pacer. Where Validate would refuse a value, the default is used.
func NewPacer(cfg PacerConfig) *Pacer {
	p := &Pacer{
		cfg: cfg.withDefaults(), invalid: cfg.Validate(), random: rand.Float64,
		buckets: map[string]*bucket{}, separated: map[operationOf]*bucket{}, sweepAt: 64,
	}
	p.closed.groups = map[string]*closure{}
	p.usage = newUsage(p.cfg)
	return p
}

// Validate returns the error of PacerConfig.Validate for the configuration that the pacer was made
// with.
func (p *Pacer) Validate() error {
	switch {
	case p == nil:
		return argument.Errorf("Pacer", nil, "one made by NewPacer")
	case p.buckets == nil:
		return argument.Described("Pacer", "a zero Pacer", "one made by NewPacer")
	}
	return p.invalid
}

// lock locks the pacer. It spins for up to about 10 µs first: the lock is held for about 1 µs, and
// a goroutine that is parked for it waits until another one yields its processor, up to 10 ms.
func (p *Pacer) lock() {
	for range 4096 {
		if p.mu.TryLock() {
			return
		}
	}
	p.mu.Lock()
}

// Acquire waits until the call may go, see Limiter.
func (p *Pacer) Acquire(ctx context.Context, r LimitRequest) (Permit, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if p.cfg.Usage != nil {
		p.loaded.Do(func() { p.load(ctx) })
	}
	start := time.Now()
	p.lock()
	probe, now, err := p.enter(ctx, r, start)
	if err != nil {
		p.mu.Unlock()
		return nil, err
	}
	b := p.separate(r, now)
	if b == nil {
		b = p.bucket(r.Bucket, now)
	}
	if b.queue.ahead(r) == 0 {
		if permit, _ := b.admit(now, r, false); permit != nil {
			permit.request, permit.probe = r, probe
			p.mu.Unlock()
			return permit, nil
		}
	}
	w := p.waiter(ctx, r, start)
	if err := b.join(now, w); err != nil {
		p.closed.leave(probe)
		p.mu.Unlock()
		return nil, err
	}
	p.mu.Unlock()
	noteWaiting(ctx, WaitLimiter, w.forecast.Sub(now))
	permit, err := p.wait(ctx, b, w, now, probe)
	if err != nil {
		return nil, err
	}
	return permit, nil
}

// enter waits for the end of a probe, refuses a call of a closed group, and returns the closure
// that the call is the probe of. It is called and returns with the lock held.
func (p *Pacer) enter(ctx context.Context, r LimitRequest, now time.Time) (*closure, time.Time, error) {
	for start := now; ; now = time.Now() {
		if until := p.usage.reserved(now, r, p.cfg.DayReserve); !until.IsZero() {
			return nil, now, refusal(r, now, until, true)
		}
		probe, held := p.closed.enter(now, r)
		if held == nil {
			return probe, now, nil
		}
		if held.probing == nil {
			return nil, now, refusal(r, now, held.until, held.exhausted)
		}
		probing := held.probing
		p.mu.Unlock()
		err := p.await(ctx, probing, r, start)
		p.lock()
		if err != nil {
			return nil, now, err
		}
	}
}

// await waits for the end of a probe.
func (p *Pacer) await(ctx context.Context, probing <-chan struct{}, r LimitRequest, start time.Time) error {
	var late <-chan time.Time
	if w := p.waiter(ctx, r, start); !w.latest.IsZero() {
		timer := time.NewTimer(time.Until(w.latest))
		defer timer.Stop()
		late = timer.C
	}
	select {
	case <-probing:
		return nil
	case <-ctx.Done():
		return waitEnded(ctx)
	case <-late:
		now := time.Now()
		return refusal(r, now, now, false)
	}
}

func waitEnded(ctx context.Context) error {
	return fmt.Errorf("waiting for the rate limit: %w", ctx.Err())
}

// waiter turns the bounds of a call's wait into a moment.
func (p *Pacer) waiter(ctx context.Context, r LimitRequest, now time.Time) *waiter {
	w := &waiter{request: r, ready: make(chan struct{})}
	patience := r.MaxWait
	if patience <= 0 {
		patience = p.cfg.MaxWait
	}
	if patience > 0 {
		w.latest = now.Add(patience)
	}
	if deadline, ok := ctx.Deadline(); ok && (w.latest.IsZero() || deadline.Before(w.latest)) {
		w.latest = deadline
	}
	return w
}

func (p *Pacer) wait(ctx context.Context, b *bucket, w *waiter, since time.Time, probe *closure) (*permit, error) {
	var late <-chan time.Time
	deadline, ok := ctx.Deadline()
	if !w.latest.IsZero() && (!ok || w.latest.Before(deadline)) { // the context ends by itself
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
	now := time.Now()
	p.lock()
	defer p.mu.Unlock()
	b.waited += now.Sub(since)
	if gaveUp && w.permit == nil && w.err == nil && ctx.Err() == nil {
		b.dispatch(now) // the permit may be due at this very moment
	}
	switch {
	case gaveUp && w.err == nil && (w.permit == nil || ctx.Err() != nil):
		b.leave(now, w)
		p.closed.leave(probe)
		if ctx.Err() != nil {
			return nil, waitEnded(ctx)
		}
		return nil, refusal(w.request, now, b.forecast(now, w), false)
	case w.err != nil:
		p.closed.leave(probe)
		return nil, w.err
	}
	w.permit.request, w.permit.probe = w.request, probe
	return w.permit, nil
}

// refusal is the error of a call that is not sent before a moment.
func refusal(r LimitRequest, now, until time.Time, exhausted bool) error {
	return &LimitError{
		Operation: r.Operation, Bucket: r.Bucket,
		Until: until, Wait: max(left(until, now), 0), Exhausted: exhausted,
	}
}

// ClearBackoff ends the wait for a Retry-After and opens closed groups of operations: one call of
// each group probes at once. If the server rejects it, the backoff begins again.
func (p *Pacer) ClearBackoff() {
	p.lock()
	defer p.mu.Unlock()
	now := time.Now()
	p.closed.clear(now)
	for b := range p.all() {
		b.gate = now
		b.dispatch(now)
	}
}

// Done reports how the call ended, see Permit. Only the first report counts.
func (t *permit) Done(o Outcome) {
	now := time.Now()
	p := t.bucket.pacer
	p.lock()
	defer p.mu.Unlock()
	if t.spent {
		return
	}
	t.spent = true
	if !unseen(o) {
		p.usage.sent(now, t.request)
		p.syncSoon(now)
	}
	if o.Exhausted {
		p.usage.exhausted(now)
	}
	if p.closed.done(now, t.request, t.probe, o, p.cfg.MaxPause) {
		t.bucket.turnAway(now, t.request.group(), p.closed.groups[t.request.group()])
		o.Exhausted = true // it tells nothing about the window
	}
	if o.Status == tooManyRequests && !o.Exhausted {
		p.move(now, t)
	}
	t.bucket.done(now, t, o)
}

// Excused reports whether the limiter takes the blame for the call's rejection, see Permit.
func (t *permit) Excused() bool {
	t.bucket.pacer.lock()
	defer t.bucket.pacer.mu.Unlock()
	return t.excused
}

// bucket returns the state of a limit.
func (p *Pacer) bucket(name string, now time.Time) *bucket {
	b := p.buckets[name]
	if b == nil {
		p.forget(now)
		b = p.newBucket(name)
		if p.cfg.Quota > 0 && name == "" {
			b.remember(p.cfg.Quota, now)
		}
		p.buckets[name] = b
	}
	return b
}

func (p *Pacer) newBucket(name string) *bucket {
	b := &bucket{pacer: p, name: name, shape: rate.NewLimiter(rate.Inf, 1)}
	b.window.length = p.cfg.Window
	b.quota = estimate{window: p.cfg.Window, wave: 1}
	return b
}

// all visits every bucket, those of single operations included.
func (p *Pacer) all() iter.Seq[*bucket] {
	return func(yield func(*bucket) bool) {
		for _, b := range p.buckets {
			if !yield(b) {
				return
			}
		}
		for _, b := range p.separated {
			if !yield(b) {
				return
			}
		}
	}
}

// forget drops the buckets that have been idle for two windows, when there are many.
func (p *Pacer) forget(now time.Time) {
	if len(p.buckets) < p.sweepAt {
		return
	}
	for name, b := range p.buckets {
		if name != "" && b.idle(now) {
			delete(p.buckets, name)
		}
	}
	p.sweepAt = max(64, 2*len(p.buckets))
}

func perSecond(times, n int, window time.Duration) rate.Limit {
	return rate.Limit(float64(times) * float64(n) / window.Seconds())
}

// PacerStats are the state and the estimates of a pacer for one limit.
type PacerStats struct {
	// Quota is the number of calls that the server allows in a window, 0 if it is not known yet.
	Quota int
	// LowerBound reports whether the quota may be larger: other clients, or an earlier run of this
	// program, used a part of the window in which it was learned.
	LowerBound bool
	// Used is how many of them are taken, those in flight included.
	Used int
	// InFlight is how many calls have no response yet.
	InFlight int
	// Queued is how many calls wait.
	Queued int
	// PausedUntil is when the last pause ends; it may be past.
	PausedUntil time.Time
	// Rejected is how many calls got a 429 so far.
	Rejected int
	// Waited is how long calls have waited so far, all of them together.
	Waited time.Duration
}

// Stats returns the statistics of the limit with the given name; "" is the general one. Its Quota
// can be stored for a later PacerConfig.
func (p *Pacer) Stats(bucket string) PacerStats {
	now := time.Now()
	p.lock()
	defer p.mu.Unlock()
	b := p.buckets[bucket]
	if b == nil {
		return PacerStats{Quota: p.initialQuota(bucket)}
	}
	b.window.expire(now)
	quota := b.quota.quota
	if b.quota.bound {
		quota = max(quota, b.quota.peak)
	}
	return PacerStats{
		Quota: quota, LowerBound: b.quota.bound,
		Used: b.window.used + b.inFlight, InFlight: b.inFlight, Queued: b.queue.len(),
		PausedUntil: b.gate, Rejected: b.rejected, Waited: b.waited,
	}
}

func (p *Pacer) initialQuota(bucket string) int {
	if bucket == "" {
		return p.cfg.Quota
	}
	return 0
}

// ClosedGroup is a group of operations whose calls are not sent for now.
type ClosedGroup struct {
	// Bucket is the group's bucket. If it is empty, Operation is the one operation of the group.
	Bucket, Operation string
	// Until is when one call may probe whether the group is open again.
	Until time.Time
	// Exhausted reports that the server said that a quota is used up; if it is false, a Retry-After
	// was longer than PacerConfig.MaxPause.
	Exhausted bool
}

// Closed returns the groups of operations that are closed, by the time until which they are.
func (p *Pacer) Closed() []ClosedGroup {
	p.lock()
	defer p.mu.Unlock()
	var groups []ClosedGroup
	for _, c := range p.closed.groups {
		g := ClosedGroup{Bucket: c.request.Bucket, Until: c.until, Exhausted: c.exhausted}
		if g.Bucket == "" {
			g.Operation = c.request.Operation
		}
		groups = append(groups, g)
	}
	slices.SortFunc(groups, func(a, b ClosedGroup) int { return a.Until.Compare(b.Until) })
	return groups
}
