package accounts

import (
	"io"
	"maps"
	"net/http"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// Fault replaces or delays the service's response.
type Fault struct {
	// Times is the number of requests with the fault. Zero means 1, negative means all until Heal.
	Times int
	// Delay is the latency before the response. If the request is canceled meanwhile, the
	// connection is cut.
	Delay time.Duration
	// Applied makes the request take effect before its response is replaced: a refresh token is
	// rotated and the new one is lost.
	Applied bool
	// Drop cuts the connection without a response.
	Drop bool
	// Status, Header and Body replace the response. A zero Status sends the usual response after
	// Delay.
	Status int
	Header http.Header
	Body   string
}

// Fail adds a fault for a path, "/authorize" or "/api/token", behind the faults that the path
// already has.
func (s *Service) Fail(path string, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.Times == 0 {
		f.Times = 1
	}
	s.faults[path] = append(s.faults[path], f)
}

// Heal removes every fault.
func (s *Service) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.faults)
}

// next removes and returns the fault of the path's next request.
func (s *Service) next(path string) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	queue := s.faults[path]
	if len(queue) == 0 {
		return Fault{}, false
	}
	f := queue[0]
	if f.Times > 0 {
		if queue[0].Times--; queue[0].Times == 0 {
			s.faults[path] = queue[1:]
		}
	}
	return f, true
}

// faulty applies the next fault and reports whether it has written, or dropped, the response.
func (s *Service) faulty(w http.ResponseWriter, r *http.Request) bool {
	f, ok := s.next(r.URL.Path)
	if !ok {
		return false
	}
	if f.Applied {
		s.handler(r)(discard{}, r)
	}
	if f.Delay > 0 && transport.Sleep(r.Context(), f.Delay) != nil {
		f.Drop = true
	}
	switch {
	case f.Drop:
		panic(http.ErrAbortHandler)
	case f.Status != 0:
		maps.Copy(w.Header(), f.Header)
		w.WriteHeader(f.Status)
		_, _ = io.WriteString(w, f.Body)
		return true
	}
	return f.Applied
}

// discard is a ResponseWriter for a response that is not sent.
type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) WriteHeader(int)             {}
