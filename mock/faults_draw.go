package mock

import (
	"encoding/binary"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// fault is everything that is injected into one request and its response.
type fault struct {
	delay        time.Duration
	reset        bool
	status       int  // the status code of an error response, 0 for none
	late         bool // the reset or the error comes after the request took effect
	unauthorized bool // a valid token gets a 401
	cut          float64
	html         bool
	floats       bool
	nulls        bool
	errorIn200   bool
	redirect     int // the status code of a redirect, 0 for none
	grows        bool
	wrongTotal   float64 // which wrong total is sent, from 0 to 1; 0 for the right one
	wrongNext    bool
	unaskedGzip  bool
}

// redirects are the status codes of redirects.
var redirects = []int{
	http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect,
}

// errorRate is the rate at which one of some status codes is sent.
type errorRate struct {
	rate     float64
	statuses []int
}

// faultSource draws the faults of requests. The nth of several equal requests gets the same faults
// in every run.
type faultSource struct {
	faults  Faults
	off     bool // nothing is drawn
	errors  []errorRate
	latency func(luck float64) time.Duration // nil for none; luck is from 0 to 1

	mu   sync.Mutex
	sent map[uint64]uint64 // the number of requests by their hash
}

// set makes the source draw from f.
func (s *faultSource) set(f Faults) {
	s.faults, s.errors, s.latency = f, f.errorRates(), f.latency()
	rates := f.UnauthorizedRate + f.HTMLErrorRate + f.ResetRate + f.CutRate + f.FloatRate + f.NullRate +
		f.ErrorIn200Rate + f.RedirectRate + f.GrowthRate + f.WrongTotalRate + f.WrongNextRate + f.UnaskedGzipRate
	s.off = s.latency == nil && len(s.errors) == 0 && rates == 0
	if !s.off {
		s.sent = map[uint64]uint64{}
	}
}

// draw returns the faults of a request.
func (s *faultSource) draw(req *request) fault {
	if s.off {
		return fault{}
	}
	return s.drawFrom(rand.New(rand.NewPCG(s.faults.seed(), s.nth(req))))
}

// nth returns a hash of the request and of the number of equal requests before it.
func (s *faultSource) nth(req *request) uint64 {
	h := fnv.New64a()
	_, _ = io.WriteString(h, req.method+" "+req.path+"?"+req.url.RawQuery+"\n")
	_, _ = h.Write(req.body)
	key := h.Sum64()
	s.mu.Lock()
	n := s.sent[key]
	s.sent[key] = n + 1
	s.mu.Unlock()
	_ = binary.Write(h, binary.LittleEndian, n)
	return h.Sum64()
}

// drawFrom draws the same number of random numbers each time, so that changing one rate leaves all
// other faults as they were.
func (s *faultSource) drawFrom(random *rand.Rand) fault {
	var f fault
	if luck := random.Float64(); s.latency != nil {
		f.delay = s.latency(luck)
	}
	f.reset = random.Float64() < s.faults.ResetRate
	f.late = random.Float64() < 0.5
	cut, where := random.Float64(), random.Float64()
	if cut < s.faults.CutRate {
		f.cut = max(where, 1e-9)
	}
	f.html = random.Float64() < s.faults.HTMLErrorRate
	f.floats = random.Float64() < s.faults.FloatRate
	f.nulls = random.Float64() < s.faults.NullRate
	roll, which := random.Float64(), random.Float64()
	for _, e := range s.errors {
		if roll < e.rate {
			f.status = e.statuses[int(which*float64(len(e.statuses)))]
			break
		}
		roll -= e.rate
	}
	f.unauthorized = random.Float64() < s.faults.UnauthorizedRate
	f.errorIn200 = random.Float64() < s.faults.ErrorIn200Rate
	if luck, which := random.Float64(), random.IntN(len(redirects)); luck < s.faults.RedirectRate {
		f.redirect = redirects[which]
	}
	f.grows = random.Float64() < s.faults.GrowthRate
	if luck, which := random.Float64(), random.Float64(); luck < s.faults.WrongTotalRate {
		f.wrongTotal = max(which, 1e-9)
	}
	f.wrongNext = random.Float64() < s.faults.WrongNextRate
	f.unaskedGzip = random.Float64() < s.faults.UnaskedGzipRate
	if f.status != 0 && f.status < 500 {
		f.late = false // a 4xx says that the request had no effect
	}
	return f
}
