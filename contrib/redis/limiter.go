package spotifyredis

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/transport"
)

// ErrClosed matches the error of a call to a Limiter that was closed.
var ErrClosed = errors.New("the limiter is closed")

// mostQuota is more than any server allows.
const mostQuota = 1_000_000_000

// LimiterConfig configures a Limiter. Only Account is required. All processes of an account need
// the same Account, Prefix, Window and Quota.
type LimiterConfig struct {
	// Account names what the server counts together: the developer account, or the client ID if
	// that has one app. Its keys in Redis begin with "spotify:{Account}:".
	Account string
	// Prefix replaces "spotify" in the keys.
	Prefix string
	// Window is the length of the server's rolling window: 30 s if zero.
	Window time.Duration
	// Quota is how many calls the server allows in a window: 0 if it is to be learned. The limiter
	// never sends more than a quota that is given, and takes a 429 as a sign that it is smaller.
	Quota int
	// Burst is how many calls of a window all processes together send at full speed while the quota
	// is unknown; after that at most eight are in flight, but one for each process, until it is
	// known. 150 if zero, none if negative.
	Burst int
	// MaxWait bounds the wait of a call that does not bound it itself: 10 minutes if zero, only the
	// call's context if negative.
	MaxWait time.Duration
	// MaxPause is the longest Retry-After that calls wait for: 60 s if zero, any if negative. A
	// longer one closes the operation's group in every process: its calls fail at once, until one
	// call of one process has probed that the group is open again.
	MaxPause time.Duration
	// MaxLease is the most permits that a process fetches at once: its fair share if zero. One is
	// the fairest, and costs a round trip to Redis for each call.
	MaxLease int
	// Timeout is how long Redis may take to respond before the process goes on without it: 50 ms if
	// zero.
	Timeout time.Duration
	// Processes is how many processes share the account at least: 1 if zero. The limiter counts
	// them itself; the number matters to a process that cannot reach Redis before it knows them.
	Processes int
	// Usage counts the calls, see Limiter.Usage: nothing is counted if it is nil.
	Usage middleware.UsageStore
	// DayQuota is how many calls the server allows in 24 hours, as far as is known: 0 if it is to
	// be learned from the first response that says that a quota is exceeded.
	DayQuota int
	// DayReserve is the share of the day's quota that is left to interactive calls of all
	// processes, 0 to 1: 0 if zero. Once only that is left, other calls fail with an error that
	// matches middleware.ErrExhausted, and are not sent. It needs Usage, which processes update
	// every 10 s: they may send a few calls more.
	DayReserve float64
	// OnDegraded, if set, is called with the reason when the process goes on without Redis, sending
	// its part of the quota only, and with nil when it is back. It must not block.
	OnDegraded func(reason error)
}

func (c *LimiterConfig) validate() error {
	switch {
	case c.Window != 0 && c.Window < 100*time.Millisecond:
		return invalid("LimiterConfig.Window", c.Window, "0 (30s), or 100ms and more")
	case c.Quota < 0 || c.Quota > mostQuota:
		return invalid("LimiterConfig.Quota", c.Quota, fmt.Sprintf("0 (learned), or 1 to %d", mostQuota))
	case c.MaxLease < 0:
		return invalid("LimiterConfig.MaxLease", c.MaxLease, "0 (the fair share), or more")
	case c.Processes < 0:
		return invalid("LimiterConfig.Processes", c.Processes, "0 (one process), or more")
	case c.DayQuota < 0 || c.DayQuota > mostQuota:
		return invalid("LimiterConfig.DayQuota", c.DayQuota, fmt.Sprintf("0 (learned), or 1 to %d", mostQuota))
	case !(c.DayReserve >= 0 && c.DayReserve <= 1):
		return invalid("LimiterConfig.DayReserve", c.DayReserve, "0 to 1")
	case c.DayReserve > 0 && c.Usage == nil:
		return invalid("LimiterConfig.DayReserve", c.DayReserve, "0 without LimiterConfig.Usage, which counts the calls")
	case c.Timeout < 0:
		return invalid("LimiterConfig.Timeout", c.Timeout, "0 (50ms), or more")
	}
	c.Window = or(c.Window, 30*time.Second)
	c.Burst = max(or(c.Burst, 150), 0)
	c.MaxWait = or(c.MaxWait, 10*time.Minute)
	c.MaxPause = or(c.MaxPause, time.Minute)
	c.Timeout = or(c.Timeout, 50*time.Millisecond)
	c.Processes = or(c.Processes, 1)
	return nil
}

func or[T comparable](value, instead T) T {
	var zero T
	if value == zero {
		return instead
	}
	return value
}

// Limiter is a middleware.Limiter that several processes share. Together they send as many calls in
// a rolling window as the server allows, whichever of them sends them; a 429 that one process gets
// teaches all of them.
//
// Redis grants permits in batches: to calls that wait, up to the process's fair share, and while
// the quota is far away a few ahead of demand. A slot counts as used from the grant until a window
// after the response, so the server never sees more than the quota in a window.
//
// When Redis does not respond within LimiterConfig.Timeout, the process goes on alone with its
// part of the quota, and tries Redis again every second.
type Limiter struct {
	cfg       LimiterConfig
	rdb       redis.UniversalClient
	tag       string
	id        string
	now       func() time.Time
	random    func() float64
	roundTrip atomic.Int64

	mu       sync.Mutex
	shares   map[string]*share
	closed   closures
	usage    usage
	loaded   sync.Once
	degraded int // shares that go on without Redis
	done     bool
	running  sync.WaitGroup // script calls
}

// NewLimiter returns a Limiter. It does not connect to Redis before the first call. Close it when
// the program ends, so that the other processes can use its slots at once.
func NewLimiter(rdb redis.UniversalClient, cfg LimiterConfig) (*Limiter, error) {
	if rdb == nil {
		return nil, invalid(
			"redis client",
			rdb,
			"a client of go-redis, such as redis.NewUniversalClient(spotifyredis.Options(address))",
		)
	}
	tag, err := tag(cfg.Prefix, cfg.Account)
	if err != nil {
		return nil, err
	}
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	var id [6]byte
	_, _ = rand.Read(id[:]) // never fails, see crypto/rand
	return &Limiter{
		cfg: cfg, rdb: rdb, tag: tag, id: hex.EncodeToString(id[:]), now: time.Now, random: luck,
		shares: map[string]*share{}, closed: closures{groups: map[string]*closure{}},
		usage: usage{pending: map[countKey]int{}},
	}, nil
}

// lock spins for up to about 10 µs before it parks the goroutine: the lock is held for about 1 µs,
// and a parked goroutine waits for a processor, which takes longer.
func (l *Limiter) lock() {
	for range 4096 {
		if l.mu.TryLock() {
			return
		}
	}
	l.mu.Lock()
}

// Acquire waits until the call may go, see middleware.Limiter.
func (l *Limiter) Acquire(ctx context.Context, r middleware.LimitRequest) (middleware.Permit, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if l.cfg.DayReserve > 0 {
		l.loaded.Do(func() { l.loadUsage(ctx) })
	}
	start := l.now()
	w := &waiter{request: r, latest: l.latest(ctx, r, start)}
	probe, err := l.enter(ctx, w, start)
	if err != nil {
		return nil, err
	}
	permit, err := l.acquire(ctx, w)
	if err != nil {
		l.leaveProbe(probe)
		return nil, err
	}
	permit.probe = probe
	return permit, nil
}

func (l *Limiter) acquire(ctx context.Context, w *waiter) (*permit, error) {
	l.lock()
	if l.done {
		l.mu.Unlock()
		return nil, transport.Permanent(ErrClosed)
	}
	now := l.now()
	if until := l.reserved(now, w.request.Priority); until.After(now) {
		l.mu.Unlock()
		return nil, refusal(w.request, now, until, true)
	}
	b := l.share(w.request.Bucket, now)
	if b.queue.ahead(w.request) == 0 {
		if p, _ := b.admit(now, w.request, false); p != nil {
			b.dispatch(now)
			l.mu.Unlock()
			return p, nil
		}
	}
	if err := b.tooLong(now, w, b.forecast(now, w)); err != nil {
		l.mu.Unlock()
		return nil, err
	}
	w.ready = make(chan struct{})
	b.push(now, w)
	l.mu.Unlock()
	var late <-chan time.Time
	if deadline, ok := ctx.Deadline(); !w.latest.IsZero() && (!ok || w.latest.Before(deadline)) {
		timer := time.NewTimer(w.latest.Sub(now))
		defer timer.Stop()
		late = timer.C
	}
	select {
	case <-w.ready:
		return w.permit, w.err
	case <-ctx.Done():
	case <-late:
	}
	l.lock()
	defer l.mu.Unlock()
	now = l.now()
	switch {
	case w.err != nil:
		return nil, w.err
	case w.permit != nil: // it came in the same moment, and nothing was sent with it
		w.permit.spent = true
		b.unused(now)
	default:
		b.queue.remove(w)
	}
	b.dispatch(now)
	if ctx.Err() != nil {
		return nil, fmt.Errorf("waiting for the rate limit: %w", ctx.Err())
	}
	return nil, refusal(w.request, now, b.forecast(now, w), false)
}

// latest turns the bounds of a call's wait into a moment; zero for none.
func (l *Limiter) latest(ctx context.Context, r middleware.LimitRequest, now time.Time) time.Time {
	var latest time.Time
	patience := r.MaxWait
	if patience <= 0 {
		patience = l.cfg.MaxWait
	}
	if patience > 0 {
		latest = now.Add(patience)
	}
	if deadline, ok := ctx.Deadline(); ok {
		if at := now.Add(time.Until(deadline)); latest.IsZero() || at.Before(latest) {
			latest = at
		}
	}
	return latest
}

func refusal(r middleware.LimitRequest, now, until time.Time, exhausted bool) error {
	return &middleware.LimitError{
		Operation: r.Operation, Bucket: r.Bucket, Until: until, Wait: max(until.Sub(now), 0), Exhausted: exhausted,
	}
}

// share returns this process's part of a limit.
func (l *Limiter) share(bucket string, now time.Time) *share {
	b := l.shares[bucket]
	if b == nil {
		l.forget(now)
		name := l.tag + "limit:" + bucket
		b = &share{
			l: l, name: bucket, keys: []string{name, name + ":window", name + ":processes", name + ":lapses", l.tag + "closed"},
			passed: map[int64]int64{}, processes: l.cfg.Processes, proven: now, taken: now, called: now,
		}
		if bucket == "" {
			b.quota = l.cfg.Quota
		}
		l.shares[bucket] = b
	}
	return b
}

// forget drops the limits that have been idle for two windows, when there are many.
func (l *Limiter) forget(now time.Time) {
	if len(l.shares) < 64 {
		return
	}
	for name, b := range l.shares {
		if name != "" && b.inFlight == 0 && b.queue.len() == 0 && b.held == 0 && !b.running && !b.degraded &&
			now.Sub(b.taken) > 2*l.cfg.Window &&
			now.After(b.gate) {
			delete(l.shares, name)
		}
	}
}

// ClearBackoff ends the wait for a Retry-After and opens closed groups of operations, in all
// processes: one call of each group probes at once.
func (l *Limiter) ClearBackoff() {
	l.lock()
	defer l.mu.Unlock()
	now := l.now()
	for _, b := range l.shares {
		b.gate, b.clear, b.urgent, b.askAt = now, true, true, time.Time{}
		b.dispatch(now)
	}
	l.clearClosed(now)
}

// Close reports to Redis how the last calls ended, so that other processes can use this one's
// slots at once. Calls that wait fail with ErrClosed, and so do later ones. It may be called more
// than once.
func (l *Limiter) Close() error {
	l.lock()
	if l.done {
		l.mu.Unlock()
		return nil
	}
	l.done = true
	for _, b := range l.shares {
		b.queue.fail(func(*waiter) error { return transport.Permanent(ErrClosed) })
		if b.timer != nil {
			b.timer.Stop()
		}
	}
	l.mu.Unlock()
	l.running.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), max(10*l.cfg.Timeout, 500*time.Millisecond))
	defer cancel()
	problems := []error{l.Flush(ctx)}
	for _, b := range l.shares { // nothing changes it any more
		l.lock()
		r := b.report(l.now())
		l.mu.Unlock()
		if r.Call == 1 {
			continue // Redis does not know this process
		}
		r.Leave = true
		if _, err := l.run(ctx, b.keys, r); err != nil {
			problems = append(problems, fmt.Errorf("spotifyredis: close: %w", err))
		}
	}
	return errors.Join(problems...)
}

// run runs the script and does not rely on the client to observe the context's end.
func (l *Limiter) run(ctx context.Context, keys []string, r report) (reply, error) {
	l.roundTrip.Add(1)
	type result struct {
		reply reply
		err   error
	}
	results := make(chan result, 1)
	go func() {
		reply, err := runLimiter(ctx, l.rdb, keys, r)
		results <- result{reply, err}
	}()
	select {
	case r := <-results:
		return r.reply, r.err
	case <-ctx.Done():
		return reply{}, fmt.Errorf("redis did not respond in time: %w", ctx.Err())
	}
}

// LimiterStats are the state and the estimates of a process for one limit.
type LimiterStats struct {
	// Quota is how many calls the server allows in a window, 0 if that is not known yet.
	Quota int
	// LowerBound reports that the quota may be larger.
	LowerBound bool
	// Used is how many slots all processes have taken, as of the last response of Redis.
	Used int
	// Processes is how many processes share the limit.
	Processes int
	// InFlight and Queued are this process's calls.
	InFlight, Queued int
	// PausedUntil is when the last pause ends; it may be past.
	PausedUntil time.Time
	// Degraded reports that the process goes on without Redis.
	Degraded bool
	// RoundTrips is how often this process has called Redis, for all limits.
	RoundTrips int
}

// Stats returns what this process knows of the limit with the given name; "" is the general one.
func (l *Limiter) Stats(bucket string) LimiterStats {
	l.lock()
	defer l.mu.Unlock()
	s := LimiterStats{Processes: l.cfg.Processes, RoundTrips: int(l.roundTrip.Load())}
	if bucket == "" {
		s.Quota = l.cfg.Quota
	}
	if b := l.shares[bucket]; b != nil {
		s.Quota, s.LowerBound, s.Used, s.Processes = b.quota, b.bound, b.usedByAll, b.processes
		s.InFlight, s.Queued, s.PausedUntil, s.Degraded = b.inFlight, b.queue.len(), b.gate, b.degraded
	}
	return s
}

func luck() float64 {
	var b [4]byte
	_, _ = rand.Read(b[:])
	return float64(uint32(b[0])<<24|uint32(b[1])<<16|uint32(b[2])<<8|uint32(b[3])) / math.MaxUint32
}
