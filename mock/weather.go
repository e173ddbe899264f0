package mock

// weather.go holds the options that make the fake as unpleasant as the real thing, one for each kind of trouble.

import (
	"math"
	"net/http"
	"slices"
	"time"

	"github.com/seed-2147f1a9/spotify/mock/internal/route"
)

// forecast is the weather that was ordered.
type forecast struct {
	seed     uint64
	limit    *window
	quota    int // calls until the quota is exceeded, negative for no quota
	noAfter  bool
	after    *time.Duration // of every 429; nil for what the window says
	rejected bool
	used     []time.Duration // ages of slots that are taken when the fake is made
	rivals   []rival
	hidden   []*hiddenBucket
	refuse   float64 // probability of a 401 for a good token
	errors   []errorRate
	latency  func(luck float64) time.Duration // nil for none; luck is 0 to 1
	resets   float64
	cuts     float64
	gzip     bool
	html     float64
	floats   float64
	nulls    float64
}

type errorRate struct {
	probability float64
	statuses    []int
}

func (s *settings) probability(option string, p float64) {
	if !(p >= 0 && p <= 1) {
		s.refuse("%s: given the probability %v, allowed: 0 to 1", option, p)
	}
}

// Seed chooses another weather; the seed is 1 by default. What a request meets depends on the seed, on the request (method, URL, body) and on how often
// it was sent before, not on the order of different requests: however many goroutines send, two runs meet the same.
func Seed(seed uint64) Option { return func(s *settings) { s.forecast.seed = seed } }

// RollingLimit lets n calls through in any window and answers the others 429, with the Retry-After after which one more would pass, in whole seconds.
// Spotify's window is 30 seconds. Rejected calls do not count, see CountRejected; operations with a limit of their own (cover upload) are counted apart.
func RollingLimit(n int, per time.Duration) Option {
	return func(s *settings) {
		if n < 1 || per <= 0 {
			s.refuse("RollingLimit: given %d per %v, allowed: 1 or more per a positive duration", n, per)
			return
		}
		s.forecast.limit = &window{most: n, length: per, admitted: map[string][]time.Time{}}
	}
}

// CountRejected has calls that RollingLimit rejects count against the limit too: who keeps knocking stays out.
func CountRejected() Option { return func(s *settings) { s.forecast.rejected = true } }

// OmitRetryAfter leaves Retry-After out of the 429s of RollingLimit, as Spotify sometimes does.
func OmitRetryAfter() Option { return func(s *settings) { s.forecast.noAfter = true } }

// WithRetryAfter sends the same Retry-After with every 429 of RollingLimit, in whole seconds, whatever the window says.
func WithRetryAfter(d time.Duration) Option {
	return func(s *settings) {
		if d < 0 {
			s.refuse("WithRetryAfter: given %v, allowed: 0 or more", d)
		}
		s.forecast.after = &d
	}
}

// QuotaExceeded answers every call after the first n with the 429 that waiting does not mend: reason QUOTA_EXCEEDED, no Retry-After.
func QuotaExceeded(after int) Option {
	return func(s *settings) {
		if after < 0 {
			s.refuse("QuotaExceeded: given %d, allowed: 0 or more calls", after)
		}
		s.forecast.quota = after
	}
}

// WithUsedWindow makes n slots of RollingLimit taken when the fake is made, each one age old: by an earlier life of the
// program, or by another one. With a negative age they are spread evenly over the window.
func WithUsedWindow(n int, age time.Duration) Option {
	return func(s *settings) {
		if n < 0 {
			s.refuse("WithUsedWindow: given %d slots, allowed: 0 or more", n)
			return
		}
		for range n {
			s.forecast.used = append(s.forecast.used, age)
		}
	}
}

// WithStrangers lets other clients of the account take slots of RollingLimit's general bucket: lump slots at a time,
// at random, rate times in a window on average. They take them whether the window is full or not. When they do depends
// on the seed only.
func WithStrangers(rate float64, lump int) Option {
	return func(s *settings) {
		if !(rate > 0 && rate <= 1e6) || lump < 1 {
			s.refuse("WithStrangers: given %v lumps of %d, allowed: more than 0 in a window, up to a million, of 1 or more", rate, lump)
			return
		}
		s.forecast.rivals = append(s.forecast.rivals, rival{rate: rate, lump: lump})
	}
}

// WithExhaustedBucket makes operations share a bucket whose quota of the day is exhausted for a time, from when the fake
// is made: their calls get a 429 with the reason QUOTA_EXCEEDED, and with this Retry-After if it is more than 0. Operations
// are named as in the API reference ("search"). As at Spotify, nothing else tells which ones belong together.
func WithExhaustedBucket(exhausted, retryAfter time.Duration, operations ...string) Option {
	return func(s *settings) {
		for _, name := range operations {
			if !slices.ContainsFunc(route.Load().Routes, func(r *route.Route) bool { return r.Op != nil && r.Op.Name == name }) {
				s.refuse("WithExhaustedBucket: given the operation %q, allowed: the API reference's names, such as \"search\"", name)
			}
		}
		if len(operations) == 0 || exhausted <= 0 {
			s.refuse("WithExhaustedBucket: given %d operations for %v, allowed: 1 or more for a positive duration", len(operations), exhausted)
		}
		s.forecast.hidden = append(s.forecast.hidden, &hiddenBucket{exhausted: exhausted, after: retryAfter, operations: operations})
	}
}

// WithUnexpected401s refuses good tokens with probability p: 401 "Access token missing", without saying that the token
// is invalid. Spotify did so for days in July 2026.
func WithUnexpected401s(p float64) Option {
	return func(s *settings) { s.probability("WithUnexpected401s", p); s.forecast.refuse = p }
}

// ErrorRate answers with one of the statuses, 500, 502, 503 and 504 by default, with probability p.
// Half of the 5xx come after the request took effect, as an answer lost behind a proxy does: Call.Applied tells. Several rates add up.
func ErrorRate(p float64, statuses ...int) Option {
	return func(s *settings) {
		s.probability("ErrorRate", p)
		if len(statuses) == 0 {
			statuses = []int{http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}
		}
		for _, status := range statuses {
			if status < 400 || status > 599 {
				s.refuse("ErrorRate: given the status %d, allowed: 400 to 599", status)
			}
		}
		s.forecast.errors = append(s.forecast.errors, errorRate{p, statuses})
	}
}

// Latency makes every answer wait, evenly spread from least to most. In a synctest bubble that costs no time.
func Latency(least, most time.Duration) Option {
	return func(s *settings) {
		if least < 0 || most < least {
			s.refuse("Latency: given %v to %v, allowed: 0 or more, in order", least, most)
		}
		s.forecast.latency = evenly(least, most)
	}
}

func evenly(least, most time.Duration) func(float64) time.Duration {
	if most == 0 {
		return nil
	}
	return func(luck float64) time.Duration { return least + time.Duration(luck*float64(most-least)) }
}

// LatencyTail makes every answer wait as answers from far away do: half of them less than median, one in a hundred more than p99, and a few much more
// (a log-normal distribution). It takes the place of Latency, and the other way round.
func LatencyTail(median, p99 time.Duration) Option {
	const sigmas = 2.3263478740408408 // how many standard deviations p99 is from the median
	return func(s *settings) {
		if median <= 0 || p99 < median {
			s.refuse("LatencyTail: given %v and %v, allowed: more than 0, in order", median, p99)
			return
		}
		sigma := math.Log(float64(p99)/float64(median)) / sigmas
		s.forecast.latency = func(luck float64) time.Duration {
			luck = min(max(luck, 1e-9), 1-1e-9) // the tail has an end
			return time.Duration(float64(median) * math.Exp(sigma*math.Sqrt2*math.Erfinv(2*luck-1)))
		}
	}
}

// Resets breaks the connection in place of an answer with probability p, half of the time after the request took effect: Call.Applied tells.
func Resets(p float64) Option {
	return func(s *settings) { s.probability("Resets", p); s.forecast.resets = p }
}

// CutBodies breaks the connection in the middle of a body with probability p. The request took effect.
func CutBodies(p float64) Option {
	return func(s *settings) { s.probability("CutBodies", p); s.forecast.cuts = p }
}

// Gzip compresses answers for clients that accept it. A client that did not ask does, by way of net/http, which then unpacks too.
func Gzip() Option { return func(s *settings) { s.forecast.gzip = true } }

// HTMLErrors sends errors (4xx and 5xx) as pages for people, with nothing in them for programs.
func HTMLErrors() Option { return func(s *settings) { s.forecast.html = 1 } }

// FloatNumbers writes whole numbers as Spotify sometimes does: 640.0, 4.9E7.
func FloatNumbers() Option { return func(s *settings) { s.forecast.floats = 1 } }

// NullElements puts a null among the items of every page that has any, as Spotify does for what it cannot show. The other items are all there.
func NullElements() Option { return func(s *settings) { s.forecast.nulls = 1 } }

// Chaos is bad weather of every kind, drawn from the seed: up to 20 ms of latency, 2 % resets, 2 % cut bodies, 3 % 5xx, compressed bodies,
// HTML errors, whole numbers as floats and nulls in pages now and then. More options change or add to it, such as RollingLimit or ErrorRate(0.01, 401).
func Chaos(seed uint64, more ...Option) Option {
	return func(s *settings) {
		f := &s.forecast
		f.seed = seed
		f.latency = evenly(0, 20*time.Millisecond)
		f.resets, f.cuts = 0.02, 0.02
		f.errors = append(f.errors, errorRate{0.03, []int{500, 502, 503, 504}})
		f.gzip = true
		f.html, f.floats, f.nulls = 0.3, 0.2, 0.2
		for _, option := range more {
			option(s)
		}
	}
}
