package mock

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed-2147f1a9/spotify/mock/internal/route"
	"github.com/seed-2147f1a9/spotify/mock/internal/wire"
)

// WithRateLimit accepts n calls in any sliding window and responds 429 to the others, with a
// Retry-After in whole seconds after which one more call would be accepted. Spotify's window is 30
// seconds. Rejected calls do not count, see WithCountRejected. Operations with a limit of their own
// (cover upload) are counted apart.
func WithRateLimit(n int, per time.Duration) Option {
	return option(func(s *settings) {
		if n < 1 || per <= 0 {
			s.refuse("WithRateLimit: invalid limit of %d per %v: want 1 or more per a positive duration", n, per)
			return
		}
		s.limits.window = &window{limit: n, length: per, accepted: map[string][]time.Time{}}
	})
}

// WithCountRejected counts calls that WithRateLimit rejects against the limit too, so a client that
// keeps sending stays limited.
func WithCountRejected() Option { return option(func(s *settings) { s.limits.countRejected = true }) }

// WithoutRetryAfter omits Retry-After from the 429 responses of WithRateLimit, as Spotify does at
// times.
func WithoutRetryAfter() Option { return option(func(s *settings) { s.limits.omitRetryAfter = true }) }

// WithRetryAfter sends the same Retry-After, in whole seconds, with every 429 response of
// WithRateLimit.
func WithRetryAfter(d time.Duration) Option {
	return option(func(s *settings) {
		if d < 0 {
			s.refuse("WithRetryAfter: invalid duration %v: want 0 or more", d)
		}
		s.limits.retryAfter = &d
	})
}

// WithQuota accepts n calls and responds to every other one with a 429 that waiting does not end:
// reason QUOTA_EXCEEDED, no Retry-After.
func WithQuota(n int) Option {
	return option(func(s *settings) {
		if n < 0 {
			s.refuse("WithQuota: invalid number of calls %d: want 0 or more", n)
		}
		s.limits.quota = n
	})
}

// WithUsedWindow starts the fake with n calls already counted by WithRateLimit, each of this age:
// calls of an earlier run of the program, or of another program. A negative age spreads them evenly
// over the window.
func WithUsedWindow(n int, age time.Duration) Option {
	return option(func(s *settings) {
		if n < 0 {
			s.refuse("WithUsedWindow: invalid number of calls %d: want 0 or more", n)
			return
		}
		for range n {
			s.limits.used = append(s.limits.used, age)
		}
	})
}

// WithStrangers adds calls of other clients of the account, which count against WithRateLimit's
// general limit: lump calls at a time, at random, rate times in a window on average. They count
// even if the window is full. Their times depend on Faults.Seed only.
func WithStrangers(rate float64, lump int) Option {
	return option(func(s *settings) {
		if !(rate > 0 && rate <= 1e6) || lump < 1 {
			s.refuse(
				"WithStrangers: invalid rate %v or lump %d: want a rate above 0, up to a million, and a lump of 1 or more",
				rate,
				lump,
			)
			return
		}
		s.limits.others = append(s.limits.others, otherClient{rate: rate, lump: lump})
	})
}

// WithExhaustedBucket makes operations share a daily quota that is exhausted for a time from the
// start of the fake: their calls get a 429 with the reason QUOTA_EXCEEDED, and with this
// Retry-After if it is above 0. Operations are named as in the API reference ("search"). As at
// Spotify, no response tells which operations share a quota.
func WithExhaustedBucket(exhausted, retryAfter time.Duration, operations ...string) Option {
	return option(func(s *settings) {
		for _, name := range operations {
			if !slices.ContainsFunc(route.Load().Routes, func(r *route.Route) bool { return r.Op != nil && r.Op.Name == name }) {
				s.refuse("WithExhaustedBucket: unknown operation %q: want a name of the API reference, such as \"search\"", name)
			}
		}
		if len(operations) == 0 || exhausted <= 0 {
			s.refuse(
				"WithExhaustedBucket: given %d operations for %v: want 1 or more for a positive duration",
				len(operations),
				exhausted,
			)
		}
		b := &hiddenBucket{exhausted: exhausted, retryAfter: retryAfter, operations: operations}
		s.limits.hidden = append(s.limits.hidden, b)
	})
}

// limits are the limits of a fake, as the options set them.
type limits struct {
	window         *window // nil for none
	countRejected  bool
	omitRetryAfter bool
	retryAfter     *time.Duration // of every 429; nil for the time that the window needs
	used           []time.Duration
	others         []otherClient
	quota          int // calls until the quota is exceeded, negative for no quota
	hidden         []*hiddenBucket
}

// start starts the limits' clocks.
func (l *limits) start(now time.Time, seed uint64) {
	if l.window != nil {
		l.window.countRejected = l.countRejected
		l.window.start(now, seed, l.used, l.others)
	}
	for _, h := range l.hidden {
		h.until = now.Add(h.exhausted)
	}
}

// check counts a call to a route. It reports false, with a response, if the call exceeds a limit.
func (l *limits) check(to *route.Route, served *atomic.Int64) (wire.Response, bool) {
	if l.quota >= 0 && served.Add(1) > int64(l.quota) {
		return quotaExceeded(), false
	}
	for _, h := range l.hidden {
		if slices.Contains(h.operations, to.Op.Name) && time.Now().Before(h.until) {
			r := quotaExceeded()
			if h.retryAfter > 0 {
				r.Header.Set("Retry-After", strconv.Itoa(int(h.retryAfter/time.Second)))
			}
			return r, false
		}
	}
	if l.window == nil {
		return wire.Response{}, true
	}
	after, ok := l.window.take(to.Op.Bucket)
	switch {
	case ok:
		return wire.Response{}, true
	case l.omitRetryAfter:
		after = -1
	case l.retryAfter != nil:
		after = *l.retryAfter
	}
	return rateLimited(after), false
}

// hiddenBucket is a set of operations that share a daily quota.
type hiddenBucket struct {
	exhausted, retryAfter time.Duration
	operations            []string
	until                 time.Time
}

// window accepts up to limit calls per bucket in any stretch of its length.
type window struct {
	limit         int
	length        time.Duration
	countRejected bool

	mu       sync.Mutex
	accepted map[string][]time.Time // by bucket
	others   []otherClient          // of the general bucket
}

// otherClient is another client of the account.
type otherClient struct {
	rate   float64 // lumps in a window
	lump   int
	random *rand.Rand
	next   time.Time
}

// start counts the calls that were made before.
func (w *window) start(now time.Time, seed uint64, used []time.Duration, others []otherClient) {
	for i, age := range used {
		if age < 0 {
			age = w.length * time.Duration(len(used)-i) / time.Duration(len(used)+1)
		}
		w.accepted[""] = append(w.accepted[""], now.Add(-age))
	}
	slices.SortFunc(w.accepted[""], time.Time.Compare)
	for i, o := range others {
		o.random = rand.New(rand.NewPCG(seed, uint64(i)))
		o.next = now.Add(w.gap(&o))
		w.others = append(w.others, o)
	}
}

func (w *window) gap(o *otherClient) time.Duration {
	return time.Duration(o.random.ExpFloat64() / o.rate * float64(w.length))
}

// countOthers counts the calls that other clients have made by now.
func (w *window) countOthers(now time.Time) {
	for i := range w.others {
		for o := &w.others[i]; !o.next.After(now); o.next = o.next.Add(w.gap(o)) {
			for range o.lump {
				w.accepted[""] = append(w.accepted[""], o.next)
			}
		}
	}
	if len(w.others) > 1 {
		slices.SortFunc(w.accepted[""], time.Time.Compare)
	}
}

// take counts a call, or returns the time after which one more call would be accepted.
func (w *window) take(bucket string) (after time.Duration, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	w.countOthers(now)
	calls := w.accepted[bucket]
	gone := 0
	for gone < len(calls) && now.Sub(calls[gone]) >= w.length {
		gone++
	}
	calls = slices.Delete(calls, 0, gone)
	ok = len(calls) < w.limit
	if ok || w.countRejected {
		calls = append(calls, now)
	}
	if !ok {
		calls = calls[len(calls)-w.limit:] // the calls before these have no effect any more
		after = calls[0].Add(w.length).Sub(now)
	}
	w.accepted[bucket] = calls
	return after, ok
}
