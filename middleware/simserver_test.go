package middleware

// The server of the scenarios: a rolling window in virtual time, with the habits that servers are known to have.

import (
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// windowServer is a base transport that lets quota(elapsed) calls through in each rolling window and answers 429 to the others.
type windowServer struct {
	window        time.Duration
	quota         func(elapsed time.Duration) int
	countRejected bool                                 // what is rejected takes a place in the window, too
	retryAfter    func(untilFree time.Duration) string // nil: whole seconds, rounded up; "" sends none
	rnd           *rand.Rand

	mu       sync.Mutex
	start    time.Time
	taken    []time.Time
	rejected int
}

func newWindowServer(seed uint64, quota int) *windowServer {
	return &windowServer{
		window: 30 * time.Second, quota: func(time.Duration) int { return quota },
		rnd: rand.New(rand.NewPCG(seed, 1)), start: time.Now(),
	}
}

// RoundTrip takes 50 to 150 ms; the call is counted half way.
func (s *windowServer) RoundTrip(req *http.Request) (*http.Response, error) {
	transport.CloseRequest(req)
	s.mu.Lock()
	latency := 50*time.Millisecond + time.Duration(s.rnd.Int64N(int64(100*time.Millisecond)))
	s.mu.Unlock()
	if err := transport.Sleep(req.Context(), latency/2); err != nil {
		return nil, err
	}
	status, header := s.decide()
	if err := transport.Sleep(req.Context(), latency-latency/2); err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/2.0", ProtoMajor: 2,
		Header: header, Body: io.NopCloser(strings.NewReader("{}")), Request: req,
	}, nil
}

func (s *windowServer) decide() (int, http.Header) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	for len(s.taken) > 0 && now.Sub(s.taken[0]) >= s.window {
		s.taken = s.taken[1:]
	}
	quota := s.quota(now.Sub(s.start))
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
