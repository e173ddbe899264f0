package resources

import (
	"context"
	"sync"
)

// privilege is a feature that Spotify gives to some apps only, such as batch operations. The client
// learns from the first request whether its app has it: that request is sent alone, and the other
// requests that need the privilege wait for it. The result holds for the client's lifetime.
type privilege struct {
	mu      sync.Mutex
	outcome standing
	asking  chan struct{} // closed when the first request has ended, nil if there is none in flight
}

// standing says whether the app has a privilege.
type standing uint8

const (
	unknown standing = iota
	granted
	refused
)

// ask returns whether the app has the privilege. If that is unknown, the caller sends the first
// request and must call settle afterwards. The error is the context's.
func (p *privilege) ask(ctx context.Context) (standing, error) {
	for {
		p.mu.Lock()
		outcome, asking := p.outcome, p.asking
		if outcome == unknown && asking == nil {
			p.asking = make(chan struct{})
		}
		p.mu.Unlock()
		if outcome != unknown || asking == nil {
			return outcome, nil
		}
		select {
		case <-asking:
		case <-ctx.Done():
			return unknown, context.Cause(ctx)
		}
	}
}

// settle stores the outcome of the first request. If it is unknown, the next request is the first.
func (p *privilege) settle(outcome standing) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.outcome = outcome
	close(p.asking)
	p.asking = nil
}

// refuse stores that the app does not have the privilege, also if it had it before.
func (p *privilege) refuse() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.outcome = refused
}

// forget makes the outcome unknown after a refusal that had another reason.
func (p *privilege) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.outcome == refused {
		p.outcome = unknown
	}
}
