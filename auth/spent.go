package auth

// spent.go remembers for a while which codes were exchanged: a code is good once, and whoever sends it twice, as a browser does that loads a page again,
// may lose the login to it (RFC 6749 section 4.1.2).

import (
	"crypto/sha256"
	"errors"
	"maps"
	"sync"
	"time"
)

// codeTime is longer than any code is good for.
const codeTime = 15 * time.Minute

var errSpent = errors.New("the login was completed before")

type spentCodes struct {
	mu    sync.Mutex
	since map[[sha256.Size]byte]time.Time
}

// take reports whether the code is taken for the first time.
func (s *spentCodes) take(code string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, key := time.Now(), sha256.Sum256([]byte(code))
	maps.DeleteFunc(s.since, func(_ [sha256.Size]byte, at time.Time) bool { return now.Sub(at) > codeTime })
	if _, taken := s.since[key]; taken {
		return false
	}
	if s.since == nil {
		s.since = map[[sha256.Size]byte]time.Time{}
	}
	s.since[key] = now
	return true
}

// giveBack lets a code be taken again.
func (s *spentCodes) giveBack(code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.since, sha256.Sum256([]byte(code)))
}
