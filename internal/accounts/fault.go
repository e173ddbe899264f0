package accounts

// fault.go makes the fake fail as a real service does: slowly, with the wrong status, with a page in place of JSON, or not at all.

import (
	"io"
	"maps"
	"net/http"
	"time"
)

// Fault is a failure to show in place of, or before, the right answer.
type Fault struct {
	// Times is how many requests meet the fault; zero is one, negative is all until Heal.
	Times int
	// Delay is waited first; the client leaving ends it.
	Delay time.Duration
	// Applied has the request take effect before the fault hides its answer: a refresh token is rotated and the new one lost.
	Applied bool
	// Drop cuts the connection without an answer.
	Drop bool
	// Status, Header and Body are sent in place of the answer; a zero Status sends the right answer after the Delay.
	Status int
	Header http.Header
	Body   string
}

// Fail adds a fault for a path, "/authorize" or "/api/token", after those it already has.
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

// next takes the fault that the path's next request meets.
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

// faulty reports whether it has answered, or failed to.
func (s *Service) faulty(w http.ResponseWriter, r *http.Request) bool {
	f, ok := s.next(r.URL.Path)
	if !ok {
		return false
	}
	if f.Applied {
		s.mux.ServeHTTP(blackHole{}, r)
	}
	if f.Delay > 0 {
		timer := time.NewTimer(f.Delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
			f.Drop = true
		}
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

// blackHole is where an answer goes that nobody will see.
type blackHole struct{}

func (blackHole) Header() http.Header         { return http.Header{} }
func (blackHole) Write(p []byte) (int, error) { return len(p), nil }
func (blackHole) WriteHeader(int)             {}
