package spotifyredis

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-2147f1a9/spotify/middleware"
)

// UsageStoreConfig configures a UsageStore. Only Account is required.
type UsageStoreConfig struct {
	// Account names what the server counts together, see LimiterConfig.Account.
	Account string
	// Prefix replaces "spotify" in the keys.
	Prefix string
}

// UsageStore is a middleware.UsageStore: what one process spends, every process sees, and the next
// start of the program. Redis keeps counts of ten seconds for 20 minutes, counts of a minute for 3
// hours and counts of an hour for two days.
type UsageStore struct {
	rdb redis.UniversalClient
	tag string
	now func() time.Time
	// clock returns Redis' own time.
	clock func(context.Context) (time.Time, error)
}

// NewUsageStore returns a UsageStore. It does not connect to Redis before the first update.
func NewUsageStore(rdb redis.UniversalClient, cfg UsageStoreConfig) (*UsageStore, error) {
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
	clock := func(ctx context.Context) (time.Time, error) { return rdb.Time(ctx).Result() }
	return &UsageStore{rdb: rdb, tag: tag, now: time.Now, clock: clock}, nil
}

// grain is one of the resolutions in which each count is kept: key by key, so that old ones expire
// as a whole.
type grain struct {
	name      string
	unit, per time.Duration // of a count, and of a key
	keep      time.Duration
	previous  int // keys before the current one that are read
}

// grains from the finest to the coarsest. A moment is read in the finest one whose keys still have
// it.
var grains = [3]grain{
	{"seconds", 10 * time.Second, 10 * time.Minute, 20 * time.Minute, 1},
	{"minutes", time.Minute, time.Hour, 3 * time.Hour, 1},
	{"hours", time.Hour, 24 * time.Hour, 48 * time.Hour, 2},
}

func (g grain) first(now time.Time) time.Time {
	return now.Truncate(g.per).Add(-time.Duration(g.previous) * g.per)
}

func (s *UsageStore) key(g grain, at time.Time) string {
	return s.tag + "usage:" + g.name + ":" + strconv.FormatInt(at.Truncate(g.per).Unix(), 10)
}

// separator does not occur in the names of operations and buckets.
const separator = "\x1f"

// Update adds counts, see middleware.UsageStore. It is one transaction. The counts are kept by
// Redis' clock, so that a process whose clock is wrong counts right.
func (s *UsageStore) Update(
	ctx context.Context,
	delta middleware.UsageRecord,
	since time.Time,
) (middleware.UsageRecord, error) {
	redisNow, err := s.clock(ctx)
	if err != nil {
		return middleware.UsageRecord{}, s.problem(err)
	}
	now := redisNow.UTC()
	skew := now.Sub(s.now().Round(0)).Round(time.Second)
	if skew.Abs() <= 2*time.Second {
		skew = 0
	}
	quotas := s.tag + "usage:quotas"
	var stored *redis.MapStringStringCmd
	type read struct {
		grain
		index int
		cmd   *redis.MapStringStringCmd
	}
	var reads []read
	_, err = s.rdb.TxPipelined(ctx, func(tx redis.Pipeliner) error {
		written := map[string]time.Duration{}
		for _, c := range delta.Counts {
			at := c.At.Add(skew).UTC()
			if at.After(now) {
				at = now
			}
			for _, g := range grains {
				if at.Before(g.first(now)) || c.Calls <= 0 {
					continue
				}
				key := s.key(g, at)
				field := strconv.FormatInt(
					at.Truncate(g.unit).Unix(),
					10,
				) + separator + c.Operation + separator + c.Bucket
				tx.HIncrBy(ctx, key, field, int64(c.Calls))
				written[key] = g.keep
			}
		}
		for key, keep := range written {
			tx.Expire(ctx, key, keep)
		}
		if delta.Quota > 0 {
			tx.HSet(ctx, quotas, "quota", delta.Quota)
		}
		if delta.DayQuota > 0 {
			tx.HSet(ctx, quotas, "day", delta.DayQuota)
		}
		tx.Expire(ctx, quotas, 7*24*time.Hour)
		stored = tx.HGetAll(ctx, quotas)
		for i, g := range grains {
			for at := g.first(now); !at.After(now); at = at.Add(g.per) {
				reads = append(reads, read{g, i, tx.HGetAll(ctx, s.key(g, at))})
			}
		}
		return nil
	})
	if err != nil {
		return middleware.UsageRecord{}, s.problem(err)
	}
	record := middleware.UsageRecord{}
	record.Quota, _ = strconv.Atoi(stored.Val()["quota"])
	record.DayQuota, _ = strconv.Atoi(stored.Val()["day"])
	for _, r := range reads {
		for field, value := range r.cmd.Val() {
			parts := strings.SplitN(field, separator, 3)
			unix, err := strconv.ParseInt(parts[0], 10, 64)
			calls, err2 := strconv.Atoi(value)
			at := time.Unix(unix, 0).UTC()
			if len(parts) != 3 || err != nil || err2 != nil || r.index > 0 && !at.Before(finer(r.index, now)) {
				continue
			}
			record.Counts = append(
				record.Counts,
				middleware.UsageCount{At: at.Add(-skew), Operation: parts[1], Bucket: parts[2], Calls: calls},
			)
		}
	}
	record.Counts = middleware.CompactUsage(record.Counts, now.Add(-skew))
	return record.Since(since), nil
}

// finer returns the moment from which on counts are read in a finer grain.
func finer(index int, now time.Time) time.Time {
	first := grains[index-1].first(now)
	if index > 1 { // an hour is read as a whole
		first = first.Truncate(grains[index].unit)
	}
	return first
}

func (s *UsageStore) problem(err error) error {
	return fmt.Errorf("spotifyredis: usage: %w", err)
}
