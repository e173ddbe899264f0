package mock

// rule.go lets a test say what comes in place of the fake's own answer.

import (
	"bytes"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/seed-2147f1a9/spotify/mock/internal/wire"
)

// Rule changes what some requests get. Without further words it changes nothing; each method adds one thing and returns the rule.
// A rule is in force from On until it is spent (Times) or the transport is Reset. The newest rule that still applies wins, alone.
// What a rule answers is sent as it is: neither tokens nor the weather matter to it.
type Rule struct {
	book    *rulebook
	pattern *pattern // nil for every request to the Web API
	report  *reporter
	left    int // uses left, negative for no end

	when    func(Call) bool
	delay   time.Duration
	header  http.Header
	respond func(*request) wire.Response // nil leaves the normal answer
}

// rulebook holds the rules, oldest first.
type rulebook struct {
	mu    sync.Mutex
	rules []*Rule
}

// On starts a rule for a method and a path of the API reference ("/albums/{id}"; the parameter's name does not matter), for a path with values
// in place of parameters ("/albums/4aawyAB9vmqN3uQ7FjRGTy"), or for the Accounts service ("/api/token", "/authorize").
// A path that is not in the reference fails the test at once, naming the nearest: see OnUnlisted for what the library does not know yet.
func (tr *Transport) On(method, path string) *Rule {
	tr.report.helper()
	p, err := patternFor(method, path)
	if err != nil {
		tr.report.fatal("mock: On: %v", err)
	}
	return tr.rules.add(&p, tr.report)
}

// OnUnlisted starts a rule for a path that is not in the API reference, braces standing for any segment:
// for endpoints that are newer than the library. Without an answer the rule leaves the request as unexpected as it was.
func (tr *Transport) OnUnlisted(method, path string) *Rule {
	p := unlisted(method, path)
	return tr.rules.add(&p, tr.report)
}

// OnAny starts a rule for every request to the Web API: an outage, a header that every answer carries. Requests to the Accounts service are left alone.
func (tr *Transport) OnAny() *Rule { return tr.rules.add(nil, tr.report) }

func (b *rulebook) add(p *pattern, report *reporter) *Rule {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := &Rule{book: b, pattern: p, report: report, left: -1, header: http.Header{}}
	b.rules = append(b.rules, r)
	return r
}

func (b *rulebook) reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rules = nil
}

// knows reports whether a rule was ever made for just this pattern.
func (b *rulebook) knows(p *pattern) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range b.rules {
		if r.pattern != nil && r.pattern.String() == p.String() {
			return true
		}
	}
	return false
}

// verdict is a rule's part in one flight, copied so that the rule may change meanwhile.
type match struct {
	delay   time.Duration
	header  http.Header
	respond func(*request) wire.Response
}

// take finds the rule for a flight and counts its use.
func (b *rulebook) take(f *request) (match, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := len(b.rules) - 1; i >= 0; i-- {
		r := b.rules[i]
		if r.left == 0 || !r.about(f) || r.when != nil && !r.when(f.call.copy()) {
			continue
		}
		if r.left > 0 {
			r.left--
		}
		return match{delay: r.delay, header: r.header.Clone(), respond: r.respond}, true
	}
	return match{}, false
}

func (r *Rule) about(f *request) bool {
	if r.pattern == nil {
		return f.route == nil || f.route.Op != nil
	}
	return r.pattern.matches(f)
}

func (r *Rule) set(change func()) *Rule {
	r.book.mu.Lock()
	defer r.book.mu.Unlock()
	change()
	return r
}

// Times lets the rule apply to the next n requests that it fits; then it is spent, and older rules or the normal answer come back.
func (r *Rule) Times(n int) *Rule {
	r.report.helper()
	if n < 1 {
		r.report.fatal("mock: Times: given %d, allowed: 1 or more", n)
	}
	return r.set(func() { r.left = n })
}

// When lets the rule apply only to requests of which applies is true. It is called while the transport is locked and must not use it.
func (r *Rule) When(applies func(Call) bool) *Rule { return r.set(func() { r.when = applies }) }

// Delay makes the answer wait. The caller's context ends the wait. Alone it delays the normal answer.
func (r *Rule) Delay(d time.Duration) *Rule { return r.set(func() { r.delay = d }) }

// Header sets a header of the answer, also of the normal one. An empty value takes the header away.
func (r *Rule) Header(key, value string) *Rule {
	return r.set(func() { r.header.Set(key, value) })
}

// Respond answers with a status and a body: a string, []byte or nil as it is, anything else as JSON.
func (r *Rule) Respond(status int, body any) *Rule {
	r.report.helper()
	if b, ok := body.([]byte); ok {
		body = bytes.Clone(b) // it is the caller's
	}
	rep, err := wire.New(status, body)
	if err != nil {
		r.report.fatal("mock: Respond: %v", err)
	}
	return r.set(func() {
		r.respond = func(*request) wire.Response {
			again := rep
			again.Header = rep.Header.Clone()
			return again
		}
	})
}

// RespondWith answers with what respond makes of the call; the body is treated as by Respond. It is called from many goroutines at once if requests are.
func (r *Rule) RespondWith(respond func(Call) (status int, body any)) *Rule {
	return r.set(func() {
		r.respond = func(f *request) wire.Response {
			rep, err := wire.New(respond(f.call.copy()))
			if err != nil {
				return wire.Response{Err: fmt.Errorf("mock: RespondWith: %w", err)}
			}
			return rep
		}
	})
}

// RateLimited answers 429 with a Retry-After of that many seconds, rounded up. A negative duration sends no Retry-After.
func (r *Rule) RateLimited(after time.Duration) *Rule {
	return r.set(func() { r.respond = func(*request) wire.Response { return rateLimited(after) } })
}

// Fail answers with an error in place of a response; a Server resets the connection instead. A nil error is a reset connection too.
func (r *Rule) Fail(err error) *Rule {
	if err == nil {
		err = wire.ErrReset
	}
	return r.set(func() { r.respond = func(*request) wire.Response { return wire.Response{Err: err} } })
}
