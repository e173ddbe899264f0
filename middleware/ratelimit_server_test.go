package middleware

// The server of the scenarios: a rolling window in virtual time, with the habits that servers are
// known to have.

import (
	"context"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

const (
	simWindow = 30 * time.Second
	simQuota  = 180
)

// rules are a server's limit and its state when the scenario begins. Times are offsets from the
// beginning.
type rules struct {
	quota         func(elapsed time.Duration) int      // nil: simQuota
	changes       []time.Duration                      // when quota changes
	countRejected bool                                 // rejected calls take a slot, too
	retryAfter    func(untilFree time.Duration) string // nil: whole seconds, rounded up; "" sends none
	used          []time.Duration                      // slots taken before the beginning, ascending
	strangers     []time.Duration                      // slots that other clients of the account take, ascending
}

func (r rules) quotaAt(elapsed time.Duration) int {
	if r.quota == nil {
		return simQuota
	}
	return r.quota(elapsed)
}

// windowServer is a base transport that lets rules.quota calls through in each rolling window and
// rejects the others with 429.
type windowServer struct {
	rules
	window time.Duration
	seed   uint64
	rnd    *rand.Rand

	mu       sync.Mutex
	start    time.Time
	taken    []time.Time
	rejected int
}

func newWindowServer(seed uint64, r rules) *windowServer {
	s := &windowServer{rules: r, window: simWindow, seed: seed, rnd: rand.New(rand.NewPCG(seed, 1)), start: time.Now()}
	for _, at := range r.used {
		s.taken = append(s.taken, s.start.Add(at))
	}
	return s
}

// RoundTrip takes 25 to 75 ms to the server and as long back. The call is counted when it arrives.
func (s *windowServer) RoundTrip(req *http.Request) (*http.Response, error) {
	transport.CloseRequest(req)
	if err := transport.Sleep(req.Context(), s.latency(req.Context())); err != nil {
		return nil, err
	}
	status, header := s.decide()
	if err := transport.Sleep(req.Context(), s.latency(req.Context())); err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/2.0", ProtoMajor: 2,
		Header: header, Body: io.NopCloser(strings.NewReader("{}")), Request: req,
	}, nil
}

// latencyKey is the context key of a caller's own source of latencies, a *rand.Rand.
type latencyKey struct{}

func (s *windowServer) latency(ctx context.Context) time.Duration {
	rnd, ok := ctx.Value(latencyKey{}).(*rand.Rand)
	if !ok {
		s.mu.Lock()
		defer s.mu.Unlock()
		rnd = s.rnd
	}
	return 25*time.Millisecond + time.Duration(rnd.Int64N(int64(50*time.Millisecond)))
}

func (s *windowServer) decide() (int, http.Header) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	for len(s.strangers) > 0 && s.strangers[0] <= now.Sub(s.start) {
		s.taken = append(s.taken, s.start.Add(s.strangers[0]))
		s.strangers = s.strangers[1:]
	}
	for len(s.taken) > 0 && now.Sub(s.taken[0]) >= s.window {
		s.taken = s.taken[1:]
	}
	quota := s.quotaAt(now.Sub(s.start))
	if len(s.taken) < quota {
		s.taken = append(s.taken, now)
		return http.StatusOK, http.Header{}
	}
	s.rejected++
	if s.countRejected {
		s.taken = append(s.taken, now)
	}
	free := s.taken[len(s.taken)-quota].Add(s.window).Sub(now)
	after := strconv.Itoa(int(math.Ceil(free.Seconds())))
	if s.retryAfter != nil {
		after = s.retryAfter(free)
	}
	header := http.Header{"Date": {now.UTC().Format(http.TimeFormat)}}
	if after != "" {
		header.Set("Retry-After", after)
	}
	return http.StatusTooManyRequests, header
}

// minimum returns how long the loads take for a client that knows the server's log: every call
// arrives as soon as a slot is free, and takes the least latency. With obeyed, nothing arrives for
// that long after the first moment at which a call had to wait, as for a client that has to send
// one call to learn of the limit and obeys the Retry-After.
func (r rules) minimum(loads []workload, obeyed time.Duration) time.Duration {
	const half = 25 * time.Millisecond
	left := make([]int, 0, 8)
	type worker struct {
		at   time.Duration
		load int
	}
	var workers []worker
	for i, l := range loads {
		left = append(left, l.calls)
		for range l.goroutines {
			workers = append(workers, worker{l.start, i})
		}
		for n := range l.calls * min(l.rate, 1) {
			workers = append(workers, worker{l.start + time.Duration(n)*time.Second/time.Duration(l.rate), i})
		}
	}
	taken, strangers := slices.Clone(r.used), r.strangers
	var at, end, gate time.Duration
	for {
		slices.SortStableFunc(workers, func(a, b worker) int { return int(a.at - b.at) })
		w := &workers[0]
		if left[w.load] == 0 {
			if workers = workers[1:]; len(workers) == 0 {
				return end
			}
			continue
		}
		left[w.load]--
		at = max(at, w.at+half, gate)
		for {
			for len(strangers) > 0 && strangers[0] <= at {
				taken = append(taken, strangers[0])
				strangers = strangers[1:]
			}
			for len(taken) > 0 && at-taken[0] >= simWindow {
				taken = taken[1:]
			}
			if len(taken) < r.quotaAt(at) {
				break
			}
			if obeyed > 0 && gate == 0 {
				gate = at + half + obeyed + half
				at = gate
				continue
			}
			next := taken[0] + simWindow
			for _, change := range r.changes {
				if change > at {
					next = min(next, change)
				}
			}
			at = next
		}
		taken = append(taken, at)
		end = max(end, at+half)
		w.at = at + half
		if loads[w.load].rate > 0 {
			workers = workers[1:]
			if len(workers) == 0 {
				return end
			}
		}
	}
}

// seededPacer returns a pacer whose jitter is the same in every run.
func seededPacer(seed uint64, cfg PacerConfig) *Pacer {
	p := NewPacer(cfg)
	p.random = rand.New(rand.NewPCG(seed, 5)).Float64
	return p
}

// paced is a client's Retry and RateLimit over a pacer.
func paced(p *Pacer) transport.Middleware {
	return func(next http.RoundTripper) http.RoundTripper {
		return transport.Chain(next, Retry(RetryConfig{}), RateLimit(p))
	}
}
