package middleware

// How many calls were sent, by operation, in the last window, hour and day; and what is left of a
// day's quota.

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// UsageStore keeps counts of calls beyond the life of a program, or for several processes. The
// pacer updates it at most every 10 seconds, and never while a call waits, except before the first
// one. Package middleware/usage has one that is a file. An implementation must be safe for
// concurrent use; package usagetest checks one.
type UsageStore interface {
	// Update adds the counts of delta to those that are stored, takes over those of its quotas that
	// are not zero, and returns everything that is stored since a moment. It is atomic: of two
	// processes that update at the same time, none loses the other's counts.
	Update(ctx context.Context, delta UsageRecord, since time.Time) (UsageRecord, error)
}

// UsageRecord is the content of a UsageStore.
type UsageRecord struct {
	// Counts are numbers of calls, in no particular order.
	Counts []UsageCount
	// Quota is the number of calls that the server allows in a window, DayQuota that in a day; 0 if
	// it is not known.
	Quota, DayQuota int
}

// UsageCount is a number of calls.
type UsageCount struct {
	// At is the beginning of the time in which they were sent: ten seconds, a minute or an hour.
	At time.Time
	// Operation and Bucket are those of the calls.
	Operation, Bucket string
	// Calls is how many there were.
	Calls int
}

// CompactUsage merges counts of the same operation: those of more than two minutes ago by minute,
// those of more than two hours ago by hour. It drops those of more than 25 hours ago. A UsageStore
// may call it to stay small.
func CompactUsage(counts []UsageCount, now time.Time) []UsageCount {
	type key struct {
		at                int64
		operation, bucket string
	}
	merged := map[key]int{}
	for _, c := range counts {
		age, unit := now.Sub(c.At), usageGrain
		switch {
		case age > 25*time.Hour:
			continue
		case age > 2*time.Hour:
			unit = time.Hour
		case age > 2*time.Minute:
			unit = time.Minute
		}
		merged[key{c.At.Truncate(unit).Unix(), c.Operation, c.Bucket}] += c.Calls
	}
	result := make([]UsageCount, 0, len(merged))
	for k, n := range merged {
		result = append(result, UsageCount{time.Unix(k.at, 0).UTC(), k.operation, k.bucket, n})
	}
	slices.SortFunc(result, func(a, b UsageCount) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Operation, b.Operation), cmp.Compare(a.Bucket, b.Bucket))
	})
	return result
}

const (
	// usageGrain is the length of time that a fresh count is for.
	usageGrain = 10 * time.Second
	// usageSync is how often a store is updated at most, and usageTimeout how long that may take.
	usageSync, usageTimeout = 10 * time.Second, 5 * time.Second
	// mostOperations bounds the number of operations that are counted apart; the rest share
	// otherOperations.
	mostOperations  = 256
	otherOperations = "other"
)

// Usage is how many calls were sent.
type Usage struct {
	UsageCounts
	// Operations has the same for each operation; a call whose operation is not known counts as "".
	Operations map[string]UsageCounts
	// DayQuota is how many calls the server allows in a day: PacerConfig.DayQuota, or the calls of
	// the day at the moment when the server said that a quota was exceeded; 0 if that is not known.
	DayQuota int
	// DayLeft is how many of them are left, and RunsOut when there are none if calls go on as in
	// the last hour. RunsOut is zero if DayQuota is not known, or if at that rate it is never used
	// up.
	DayLeft int
	RunsOut time.Time
}

// UsageCounts are numbers of calls: in the last rolling window (30 s), hour and day (24 h).
type UsageCounts struct{ Window, Hour, Day int }

// ring counts in slots of a unit of wall-clock time.
type ring struct {
	unit  time.Duration
	slots []int
	head  int64 // the newest slot's number since 1970
	sum   int
}

func newRing(n int, unit time.Duration) ring { return ring{unit: unit, slots: make([]int, n)} }

func (r *ring) advance(now time.Time) {
	head := now.UnixNano() / int64(r.unit)
	if head-r.head > int64(len(r.slots)) {
		r.head = head - int64(len(r.slots))
	}
	for r.head < head { // a clock that was set back counts into the newest slot
		r.head++
		slot := &r.slots[r.head%int64(len(r.slots))]
		r.sum -= *slot
		*slot = 0
	}
}

// add counts n calls of a moment at now or before.
func (r *ring) add(at, now time.Time, n int) {
	r.advance(now)
	number := min(at.UnixNano()/int64(r.unit), r.head)
	if r.head-number < int64(len(r.slots)) {
		r.slots[number%int64(len(r.slots))] += n
		r.sum += n
	}
}

func (r *ring) total(now time.Time) int {
	r.advance(now)
	return r.sum
}

// counter counts the calls of one operation, or all.
type counter struct{ window, hour, day ring }

func newCounter(window time.Duration) *counter {
	return &counter{newRing(10, window/10), newRing(60, time.Minute), newRing(24, time.Hour)}
}

func (c *counter) add(at, now time.Time, n int) {
	c.window.add(at, now, n)
	c.hour.add(at, now, n)
	c.day.add(at, now, n)
}

func (c *counter) counts(now time.Time) UsageCounts {
	return UsageCounts{c.window.total(now), c.hour.total(now), c.day.total(now)}
}

// usage is not safe for concurrent use; the pacer's lock guards it.
type usage struct {
	window   time.Duration
	all      *counter
	ops      map[string]*counter
	dayQuota int
	given    bool // dayQuota is the configuration's
	stored   bool // counts are collected for a store
	pending  map[pendingKey]int
	synced   time.Time
	syncing  bool
}

type pendingKey struct {
	at                int64 // in units of usageGrain
	operation, bucket string
}

func newUsage(cfg PacerConfig) usage {
	return usage{
		window: cfg.Window, all: newCounter(cfg.Window), ops: map[string]*counter{},
		dayQuota: cfg.DayQuota, given: cfg.DayQuota > 0, stored: cfg.Usage != nil, pending: map[pendingKey]int{},
	}
}

// sent counts a call.
func (u *usage) sent(now time.Time, r LimitRequest) {
	u.count(now, now, r.Operation, 1)
	if u.stored {
		u.pending[pendingKey{now.UnixNano() / int64(usageGrain), r.Operation, r.Bucket}]++
	}
}

func (u *usage) count(at, now time.Time, operation string, n int) {
	u.all.add(at, now, n)
	c := u.ops[operation]
	if c == nil {
		if len(u.ops) >= mostOperations {
			operation = otherOperations
		}
		if c = u.ops[operation]; c == nil {
			c = newCounter(u.window)
			u.ops[operation] = c
		}
	}
	c.add(at, now, n)
}

// exhausted takes note that the server says that a day's quota is used up.
func (u *usage) exhausted(now time.Time) {
	if !u.given {
		u.dayQuota = max(u.all.day.total(now), 1)
	}
}

// reserved returns when a call may go that has to leave the reserve to interactive ones; zero for
// now.
func (u *usage) reserved(now time.Time, r LimitRequest, reserve float64) time.Time {
	if reserve <= 0 || u.dayQuota == 0 || r.Priority == transport.PriorityInteractive {
		return time.Time{}
	}
	missing := u.all.day.total(now) + 1 - int(float64(u.dayQuota)*(1-reserve))
	if missing <= 0 {
		return time.Time{}
	}
	day := &u.all.day
	for n := day.head - int64(len(day.slots)) + 1; n <= day.head; n++ {
		if missing -= day.slots[n%int64(len(day.slots))]; missing <= 0 || n == day.head {
			return time.Unix(0, (n+int64(len(day.slots)))*int64(day.unit))
		}
	}
	return time.Time{}
}

func (u *usage) snapshot(now time.Time) Usage {
	s := Usage{UsageCounts: u.all.counts(now), Operations: map[string]UsageCounts{}, DayQuota: u.dayQuota}
	for name, c := range u.ops {
		if counts := c.counts(now); counts.Day > 0 {
			s.Operations[name] = counts
		}
	}
	if s.DayQuota > 0 {
		if s.DayLeft = max(s.DayQuota-s.Day, 0); s.Hour > 0 && s.Hour*24 > s.DayQuota {
			s.RunsOut = now.Add(time.Duration(float64(s.DayLeft) / float64(s.Hour) * float64(time.Hour)))
		}
	}
	return s
}

// take returns what a store has not got yet.
func (u *usage) take(quota int) UsageRecord {
	delta := UsageRecord{Quota: quota}
	if !u.given {
		delta.DayQuota = u.dayQuota
	}
	for k, n := range u.pending {
		delta.Counts = append(delta.Counts, UsageCount{time.Unix(0, k.at*int64(usageGrain)).UTC(), k.operation, k.bucket, n})
	}
	clear(u.pending)
	return delta
}

// restore adds counts again that a store did not take.
func (u *usage) restore(delta UsageRecord) {
	for _, c := range delta.Counts {
		u.pending[pendingKey{c.At.UnixNano() / int64(usageGrain), c.Operation, c.Bucket}] += c.Calls
	}
}

// replace takes over a store's counts, and adds what it has not got yet.
func (u *usage) replace(now time.Time, record UsageRecord) {
	u.all, u.ops = newCounter(u.window), map[string]*counter{}
	for _, c := range record.Counts {
		u.count(c.At, now, c.Operation, c.Calls)
	}
	for k, n := range u.pending {
		u.count(time.Unix(0, k.at*int64(usageGrain)), now, k.operation, n)
	}
	if !u.given && record.DayQuota > 0 {
		u.dayQuota = record.DayQuota
	}
}

// NewMemoryUsage returns a UsageStore in memory, for several pacers of one program.
func NewMemoryUsage() UsageStore {
	m := &memoryUsage{lock: make(chan struct{}, 1)}
	m.lock <- struct{}{}
	return m
}

type memoryUsage struct {
	lock   chan struct{} // holds the token of the goroutine that may proceed
	record UsageRecord
}

func (m *memoryUsage) Update(ctx context.Context, delta UsageRecord, since time.Time) (UsageRecord, error) {
	select {
	case <-m.lock:
	case <-ctx.Done():
		return UsageRecord{}, ctx.Err()
	}
	defer func() { m.lock <- struct{}{} }()
	m.record = delta.AddTo(m.record, time.Now())
	return m.record.Since(since), nil
}

// AddTo returns a record with the counts and quotas of delta added to it, compacted.
func (delta UsageRecord) AddTo(record UsageRecord, now time.Time) UsageRecord {
	return UsageRecord{
		Counts:   CompactUsage(slices.Concat(record.Counts, delta.Counts), now),
		Quota:    cmp.Or(delta.Quota, record.Quota),
		DayQuota: cmp.Or(delta.DayQuota, record.DayQuota),
	}
}

// Since returns a copy of the record without the counts of times that ended before a moment.
func (record UsageRecord) Since(moment time.Time) UsageRecord {
	record.Counts = slices.DeleteFunc(slices.Clone(record.Counts), func(c UsageCount) bool {
		return c.At.Before(moment.Truncate(time.Hour))
	})
	return record
}

// Usage returns the number of calls that were sent, and the rest of the day's quota.
func (p *Pacer) Usage() Usage {
	p.lock()
	defer p.mu.Unlock()
	return p.usage.snapshot(time.Now())
}

// Flush stores the counts that PacerConfig.Usage does not have yet. Call it before a program ends.
func (p *Pacer) Flush(ctx context.Context) error {
	if p.cfg.Usage == nil {
		return nil
	}
	return p.sync(ctx)
}

// Close calls Flush with a timeout of 5 seconds. It makes the pacer an io.Closer, for an owner that
// closes it as one. The pacer stays usable.
func (p *Pacer) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), usageTimeout)
	defer cancel()
	return p.Flush(ctx)
}

// load gets the counts of a store before the first call.
func (p *Pacer) load(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), usageTimeout)
	defer cancel()
	_ = p.sync(ctx) // without the counts the pacer learns as it does without a store
}

// sync updates the store, and takes over what it has.
func (p *Pacer) sync(ctx context.Context) error {
	p.lock()
	general := p.buckets[""]
	quota := 0
	if general != nil && general.quota.known && !general.quota.bound {
		quota = general.quota.quota
	}
	first := p.usage.synced.IsZero()
	delta := p.usage.take(quota)
	p.mu.Unlock()
	record, err := p.cfg.Usage.Update(ctx, delta, time.Now().Add(-24*time.Hour))
	now := time.Now()
	p.lock()
	defer p.mu.Unlock()
	p.usage.synced, p.usage.syncing = now, false
	if err != nil {
		p.usage.restore(delta)
		return err
	}
	p.usage.replace(now, record)
	if first {
		p.recall(now, record)
	}
	return nil
}

// recall fills the buckets with what a program before this one has used of the window, and its
// quota.
func (p *Pacer) recall(now time.Time, record UsageRecord) {
	if p.cfg.Quota == 0 && record.Quota > 0 {
		p.bucket("", now).remember(record.Quota, now)
	}
	slices.SortFunc(record.Counts, func(a, b UsageCount) int { return a.At.Compare(b.At) })
	for _, c := range record.Counts {
		end := c.At.Add(usageGrain)
		if end.After(now) {
			end = now
		}
		if now.Sub(end) >= p.cfg.Window || c.Calls <= 0 {
			continue
		}
		b := p.bucket(c.Bucket, now)
		b.recalled = true
		b.window.recall(c.At, end, c.Calls)
	}
}

// syncSoon updates the store in the background if it is time to.
func (p *Pacer) syncSoon(now time.Time) {
	if p.cfg.Usage == nil || p.usage.syncing || len(p.usage.pending) == 0 || now.Sub(p.usage.synced) < usageSync {
		return
	}
	p.usage.syncing = true
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), usageTimeout)
		defer cancel()
		_ = p.sync(ctx) // what was not stored is stored the next time
	}()
}
