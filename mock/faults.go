package mock

import (
	"cmp"
	"maps"
	"math"
	"net/http"
	"slices"
	"time"
)

// Faults are errors and delays that are injected at random, and unusual but valid forms of
// responses. The zero value injects nothing. Rates are probabilities from 0 to 1.
//
// The faults of a request depend on Seed, on the request (method, URL, body) and on how often the
// same request was sent before. They do not depend on the order of different requests: two runs
// with the same seed inject the same faults, however many goroutines send.
//
// The responses of rules have no faults. Rule.Faults injects faults into the requests that a rule
// applies to.
type Faults struct {
	// Seed chooses another sequence of faults. 0 is the same as 1.
	Seed uint64

	// ErrorRate is the share of requests that get one of ErrorStatuses. Half of the 5xx responses
	// are sent after the request took effect, like a response that a gateway loses, see
	// Call.Applied.
	ErrorRate float64
	// ErrorStatuses are the status codes that ErrorRate chooses from, each from 400 to 599. Nil
	// means 500, 502, 503 and 504.
	ErrorStatuses []int
	// Errors holds rates by status code, in addition to ErrorRate: {401: 0.01}.
	Errors map[int]float64
	// UnauthorizedRate is the share of requests with a valid token that get 401 "Access token
	// missing", without a hint that the token is invalid. Spotify sent such responses for days in
	// July 2026.
	UnauthorizedRate float64
	// HTMLErrorRate is the share of error responses (4xx and 5xx) that are sent as an HTML page
	// instead of JSON.
	HTMLErrorRate float64

	// ResetRate is the share of requests whose connection is reset instead of a response, half of
	// them after the request took effect, see Call.Applied.
	ResetRate float64
	// CutRate is the share of responses whose connection breaks in the middle of the body. The
	// request took effect.
	CutRate float64

	// ErrorIn200Rate is the share of requests that get status code 200 with an error object as the
	// body, the error being a 502. Half of these responses are sent after the request took effect,
	// see Call.Applied.
	ErrorIn200Rate float64
	// RedirectRate is the share of requests that are redirected, with 301, 302, 307 or 308, to the
	// same URL with a slash at the end of its path, which is not redirected again. A redirected
	// request had no effect.
	RedirectRate float64

	// GrowthRate is the share of requests for a page of saved items or of a playlist's items before
	// which the list grows by an item, as if another app added it: saved items grow at the head, so
	// that items which were read come again, and playlists at the end.
	GrowthRate float64
	// WrongTotalRate is the share of pages whose total is wrong: 0, too small or too large.
	WrongTotalRate float64
	// WrongNextRate is the share of pages whose link to the next page is wrong: null although there
	// are more items, or a link to an empty page although there are none.
	WrongNextRate float64

	// MinLatency and MaxLatency delay every response by a duration between them, uniformly
	// distributed. In a synctest bubble a delay takes no time.
	MinLatency, MaxLatency time.Duration
	// MedianLatency and P99Latency delay every response by a log-normal distribution with this
	// median and this 99th percentile. If they are set, MinLatency and MaxLatency are ignored.
	MedianLatency, P99Latency time.Duration

	// Gzip compresses responses for clients that accept it. A client that does not ask for
	// compression gets it through net/http, which then decompresses the response too.
	Gzip bool
	// UnaskedGzipRate is the share of responses that are compressed for every client, also for one
	// that does not accept it.
	UnaskedGzipRate float64
	// FloatRate is the share of responses whose integers are written as floats: 640.0, 4.9E7.
	FloatRate float64
	// NullRate is the share of responses with a null among the items of every page that has items.
	// All other items are there.
	NullRate float64
}

// Chaos returns a bit of every fault that a client can get over: up to 20 ms of latency, 2 %
// resets, 2 % cut bodies, 3 % 5xx, compressed bodies, and at times HTML errors, integers as floats
// and nulls in pages. Change its fields before passing it to WithFaults:
//
//	faults := mock.Chaos(7)
//	faults.Errors = map[int]float64{401: 0.01}
//	fake := mock.New(t, mock.WithFaults(faults))
func Chaos(seed uint64) Faults {
	return Faults{
		Seed: seed, ErrorRate: 0.03, HTMLErrorRate: 0.3, ResetRate: 0.02, CutRate: 0.02,
		MaxLatency: 20 * time.Millisecond, Gzip: true, FloatRate: 0.2, NullRate: 0.2,
	}
}

// WithFaults injects faults. A fake takes one WithFaults: set all fields in one Faults.
func WithFaults(f Faults) Option {
	return option(func(s *settings) {
		if s.faulty {
			s.refuse("WithFaults: given twice: want one Faults with all fields")
		}
		s.faulty = true
		f.check(func(format string, args ...any) { s.refuse("WithFaults: "+format, args...) })
		s.faults = f.clone()
	})
}

func (f *Faults) clone() Faults {
	c := *f
	c.ErrorStatuses, c.Errors = slices.Clone(f.ErrorStatuses), maps.Clone(f.Errors)
	return c
}

// check calls refuse for each invalid field.
func (f *Faults) check(refuse func(format string, args ...any)) {
	rates := []struct {
		field string
		rate  float64
	}{
		{"ErrorRate", f.ErrorRate}, {"UnauthorizedRate", f.UnauthorizedRate}, {"HTMLErrorRate", f.HTMLErrorRate},
		{"ResetRate", f.ResetRate}, {"CutRate", f.CutRate}, {"FloatRate", f.FloatRate}, {"NullRate", f.NullRate},
		{"ErrorIn200Rate", f.ErrorIn200Rate}, {"RedirectRate", f.RedirectRate}, {"GrowthRate", f.GrowthRate},
		{"WrongTotalRate", f.WrongTotalRate}, {"WrongNextRate", f.WrongNextRate},
		{"UnaskedGzipRate", f.UnaskedGzipRate},
	}
	for _, r := range rates {
		if !isRate(r.rate) {
			refuse("invalid %s %v: want 0 to 1", r.field, r.rate)
		}
	}
	for _, status := range f.ErrorStatuses {
		if !isErrorStatus(status) {
			refuse("invalid status code %d in ErrorStatuses: want 400 to 599", status)
		}
	}
	for status, rate := range f.Errors {
		if !isErrorStatus(status) || !isRate(rate) {
			refuse(
				"invalid Errors {%d: %v}: want status codes from 400 to 599 with rates from 0 to 1",
				status,
				rate,
			)
		}
	}
	if f.MinLatency < 0 || f.MaxLatency < f.MinLatency {
		refuse("invalid latency %v to %v: want 0 <= MinLatency <= MaxLatency", f.MinLatency, f.MaxLatency)
	}
	if (f.MedianLatency != 0 || f.P99Latency != 0) && (f.MedianLatency <= 0 || f.P99Latency < f.MedianLatency) {
		refuse(
			"invalid latency, median %v and 99th percentile %v: want 0 < MedianLatency <= P99Latency",
			f.MedianLatency,
			f.P99Latency,
		)
	}
}

func isRate(p float64) bool { return p >= 0 && p <= 1 }

func isErrorStatus(status int) bool { return status >= 400 && status <= 599 }

// errorRates returns the rates of error responses in the order in which they are drawn.
func (f *Faults) errorRates() []errorRate {
	var all []errorRate
	if f.ErrorRate > 0 {
		statuses := f.ErrorStatuses
		if len(statuses) == 0 {
			statuses = []int{
				http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
			}
		}
		all = append(all, errorRate{f.ErrorRate, statuses})
	}
	if len(f.Errors) == 0 { // the usual case, which costs nothing
		return all
	}
	for _, status := range slices.Sorted(maps.Keys(f.Errors)) {
		all = append(all, errorRate{f.Errors[status], []int{status}})
	}
	return all
}

// latency returns the function from a random number in [0, 1) to a delay, nil for no delay.
func (f *Faults) latency() func(luck float64) time.Duration {
	switch {
	case f.MedianLatency > 0:
		return logNormal(f.MedianLatency, f.P99Latency)
	case f.MaxLatency > 0:
		return uniform(f.MinLatency, f.MaxLatency)
	}
	return nil
}

func uniform(least, most time.Duration) func(float64) time.Duration {
	return func(luck float64) time.Duration { return least + time.Duration(luck*float64(most-least)) }
}

func logNormal(median, p99 time.Duration) func(float64) time.Duration {
	const sigmas = 2.3263478740408408 // standard deviations between the median and the 99th percentile
	sigma := math.Log(float64(p99)/float64(median)) / sigmas
	return func(luck float64) time.Duration {
		luck = min(max(luck, 1e-9), 1-1e-9) // keeps the delay finite
		return time.Duration(float64(median) * math.Exp(sigma*math.Sqrt2*math.Erfinv(2*luck-1)))
	}
}

// seed returns Seed, or its default.
func (f *Faults) seed() uint64 { return cmp.Or(f.Seed, 1) }
