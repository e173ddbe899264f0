package middleware

// The retry budget keeps a client from multiplying an outage: over the last ten seconds, retries are at most a share of the calls.

import (
	"sync"
	"time"
)

const (
	budgetSlices = 10 // of a second each
	// budgetFloor is how many retries a client may make in ten seconds however few calls it makes, so that a quiet client can retry at all.
	budgetFloor = 10
)

// budget counts calls and retries in slices of a second. A negative share is no budget.
type budget struct {
	share float64

	mu      sync.Mutex
	slices  [budgetSlices]struct{ calls, retries int }
	calls   int // the sums of slices
	retries int
	start   time.Time
	current int64 // the slice that start + current seconds falls in
}

func newBudget(share float64) *budget { return &budget{share: share, start: time.Now()} }

// call notes a call's first sending.
func (b *budget) call() {
	if b.share < 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.advance()
	b.slices[b.current%budgetSlices].calls++
	b.calls++
}

// spend takes one retry, or reports that there is none left.
func (b *budget) spend() bool {
	if b.share < 0 {
		return true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.advance()
	if b.retries >= max(budgetFloor, int(b.share*float64(b.calls))) {
		return false
	}
	b.slices[b.current%budgetSlices].retries++
	b.retries++
	return true
}

// advance empties the slices that time has passed by.
func (b *budget) advance() {
	now := int64(time.Since(b.start) / time.Second)
	for n := 0; b.current < now; n++ {
		if n == budgetSlices {
			b.current = now
			return
		}
		b.current++
		old := &b.slices[b.current%budgetSlices]
		b.calls -= old.calls
		b.retries -= old.retries
		*old = struct{ calls, retries int }{}
	}
}
