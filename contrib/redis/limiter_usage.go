package spotifyredis

import (
	"context"
	"slices"
	"time"

	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/transport"
)

const (
	// usageGrain is the length of time that a fresh count is for.
	usageGrain = 10 * time.Second
	// usageSync is how often a store is updated at most, and usageTimeout how long that may take.
	usageSync, usageTimeout = 10 * time.Second, 5 * time.Second
)

// usage counts calls for LimiterConfig.Usage. The limiter's lock guards it.
type usage struct {
	pending map[countKey]int
	record  middleware.UsageRecord // of all processes, when the store was last updated
	learned int                    // a quota of the day that the store has not got yet, 0 for none
	synced  time.Time
	syncing bool
	day     int       // calls of the last 24 hours at
	dayAt   time.Time // this moment, and calls sent since
	opens   time.Time // when the calls of the day leave more than the reserve; zero if they do
}

type countKey struct {
	at                int64 // in units of usageGrain
	operation, bucket string
}

// sent counts a call, and updates the store in the background when that is due.
func (l *Limiter) sent(now time.Time, r middleware.LimitRequest, exhausted bool) {
	if l.cfg.Usage == nil {
		return
	}
	u := &l.usage
	u.pending[countKey{now.UnixNano() / int64(usageGrain), r.Operation, r.Bucket}]++
	u.day++
	if exhausted { // the calls of the day are what the server allows
		u.learned = max(l.total(now).Day, 1)
	}
	if u.syncing || now.Sub(u.synced) < usageSync && !exhausted {
		return
	}
	u.syncing = true
	l.running.Add(1)
	go func() {
		defer l.running.Done()
		ctx, cancel := context.WithTimeout(context.Background(), usageTimeout)
		defer cancel()
		_ = l.Flush(ctx) // what was not stored is stored the next time
	}()
}

// Flush updates LimiterConfig.Usage with what it has not got yet. Close calls it.
func (l *Limiter) Flush(ctx context.Context) error {
	if l.cfg.Usage == nil {
		return nil
	}
	l.lock()
	delta := middleware.UsageRecord{DayQuota: l.usage.learned}
	for k, n := range l.usage.pending {
		at := time.Unix(0, k.at*int64(usageGrain)).UTC()
		delta.Counts = append(
			delta.Counts,
			middleware.UsageCount{At: at, Operation: k.operation, Bucket: k.bucket, Calls: n},
		)
	}
	sent := l.usage.pending
	l.usage.pending = map[countKey]int{}
	if b := l.shares[""]; b != nil && !b.bound {
		delta.Quota = b.quota
	}
	now := l.now()
	l.mu.Unlock()
	record, err := l.cfg.Usage.Update(ctx, delta, now.Add(-24*time.Hour))
	l.lock()
	defer l.mu.Unlock()
	l.usage.synced, l.usage.syncing = now, false
	if err != nil {
		for k, n := range sent {
			l.usage.pending[k] += n
		}
		return err
	}
	l.usage.dayAt = time.Time{}
	if l.usage.record = record; l.usage.learned == delta.DayQuota {
		l.usage.learned = 0
	}
	return nil
}

// Usage returns how many calls all processes have sent, as of the last update of
// LimiterConfig.Usage, and this process since then. It is empty without one.
func (l *Limiter) Usage() middleware.Usage {
	l.lock()
	defer l.mu.Unlock()
	return l.total(l.now())
}

func (l *Limiter) total(now time.Time) middleware.Usage {
	result := middleware.Usage{
		Operations: map[string]middleware.UsageCounts{},
		DayQuota:   l.dayQuota(),
	}
	count := func(at time.Time, operation string, n int) {
		age := now.Sub(at)
		if age >= 24*time.Hour {
			return
		}
		of := result.Operations[operation]
		for _, c := range []*middleware.UsageCounts{&of, &result.UsageCounts} {
			c.Day += n
			if age < time.Hour {
				c.Hour += n
			}
			if age < l.cfg.Window {
				c.Window += n
			}
		}
		result.Operations[operation] = of
	}
	for _, c := range l.usage.record.Counts {
		count(c.At, c.Operation, c.Calls)
	}
	for k, n := range l.usage.pending {
		count(time.Unix(0, k.at*int64(usageGrain)), k.operation, n)
	}
	if result.DayQuota > 0 {
		result.DayLeft = max(result.DayQuota-result.Day, 0)
		if result.Hour*24 > result.DayQuota {
			result.RunsOut = now.Add(
				time.Duration(float64(result.DayLeft) / float64(result.Hour) * float64(time.Hour)),
			)
		}
	}
	return result
}

func (l *Limiter) dayQuota() int {
	return or(l.cfg.DayQuota, or(l.usage.learned, l.usage.record.DayQuota))
}

// loadUsage fetches the counts of the day before the first call.
func (l *Limiter) loadUsage(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*l.cfg.Timeout)
	defer cancel()
	_ = l.Flush(ctx) // without Redis the reserve is kept as soon as the counts are known
}

// reserved returns until when only interactive calls may go, because the rest of the day's quota is
// theirs; the zero time if others may go, too. The calls of the day are counted once a second.
func (l *Limiter) reserved(now time.Time, p transport.Priority) time.Time {
	quota := l.dayQuota()
	if l.cfg.DayReserve == 0 || quota == 0 || p == transport.PriorityInteractive {
		return time.Time{}
	}
	u := &l.usage
	room := int(float64(quota) * (1 - l.cfg.DayReserve))
	if stale := now.Sub(u.dayAt) >= time.Second; stale {
		u.day, u.dayAt, u.opens = l.total(now).Day, now, time.Time{}
	}
	if u.day < room {
		return time.Time{}
	}
	if u.opens.IsZero() {
		u.opens = now.Add(24 * time.Hour)
		slices.SortFunc(u.record.Counts, func(a, b middleware.UsageCount) int { return a.At.Compare(b.At) })
		missing := u.day + 1 - room
		for _, c := range u.record.Counts {
			if now.Sub(c.At) >= 24*time.Hour {
				continue
			}
			if missing -= c.Calls; missing <= 0 {
				u.opens = c.At.Add(24 * time.Hour)
				break
			}
		}
	}
	return u.opens
}
