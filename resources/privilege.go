package resources

import (
	"context"
	"sync"
)

// privilege is something that Spotify lets some apps do and others not, such as calling batch
// operations. The client learns whether its app may, for its life: the first call that could be
// refused is sent alone, and the others that could be wait for its outcome.
type privilege struct {
	mu      sync.Mutex
	outcome standing
	asking  chan struct{} // closed when the call that is sent alone has ended, nil if there is none
}

// standing is what is known of a privilege.
type standing uint8

const (
	unknown standing = iota
	granted
	refused
)

// ask returns what is known of the privilege. If it is unknown, the caller is the one to send the
// first call, and must call settle afterwards. An error is the context's.
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

// settle ends the call that ask has left to the caller. An outcome that is unknown leaves the
// decision to the next call.
func (p *privilege) settle(outcome standing) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.outcome = outcome
	close(p.asking)
	p.asking = nil
}

// refuse notes that the app lacks the privilege, also one that it had.
func (p *privilege) refuse() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.outcome = refused
}

// forget makes a privilege unknown that was refused for another reason.
func (p *privilege) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.outcome == refused {
		p.outcome = unknown
	}
}
