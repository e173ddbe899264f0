package middleware

import (
	"sync"
	"time"
)

const (
	// budgetSeconds is the length of the window in which the budget counts.
	budgetSeconds = 10
	// minBudget is the number of retries that the budget always allows in a window, so that a
	// client with few calls can retry at all.
	minBudget = 10
)

// retryBudget limits retries to a share of the calls of the last 10 seconds, so that a client never
// multiplies the load of a failing server. A negative share is no limit.
type retryBudget struct {
	share float64

	mu      sync.Mutex
	seconds [budgetSeconds]struct{ calls, retries int } // a ring
	calls   int                                         // the sums of seconds
	retries int
	start   time.Time
	current int64 // the last second counted, since start
}

func newRetryBudget(share float64) *retryBudget { return &retryBudget{share: share, start: time.Now()} }

// addCall counts a call.
func (b *retryBudget) addCall() {
	if b.share < 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.advance()
	b.seconds[b.current%budgetSeconds].calls++
	b.calls++
}

// takeRetry counts a retry and returns true, or returns false if the budget is spent.
func (b *retryBudget) takeRetry() bool {
	if b.share < 0 {
		return true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.advance()
	if b.retries >= max(minBudget, int(b.share*float64(b.calls))) {
		return false
	}
	b.seconds[b.current%budgetSeconds].retries++
	b.retries++
	return true
}

// advance removes the counts of seconds that have left the window. The caller holds b.mu.
func (b *retryBudget) advance() {
	now := int64(time.Since(b.start) / time.Second)
	for n := 0; b.current < now; n++ {
		if n == budgetSeconds {
			b.current = now
			return
		}
		b.current++
		old := &b.seconds[b.current%budgetSeconds]
		b.calls -= old.calls
		b.retries -= old.retries
		*old = struct{ calls, retries int }{}
	}
}
