package mock

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/seed-2147f1a9/spotify/mock/internal/api"
	"github.com/seed-2147f1a9/spotify/mock/internal/wire"
)

// Rule changes the responses to some requests. A new rule changes nothing; each method adds one
// change and returns the rule.
//
// A rule applies until it is used up (Times) or the transport is Reset. If several rules apply to a
// request, the newest one is used, alone. The response of a rule is sent as it is, without a check
// of the token and without faults.
type Rule struct {
	book    *rulebook
	pattern *pattern // nil for every request to the Web API
	report  *reporter
	left    int // remaining uses, negative for no limit

	when     func(Call) bool
	matchers []httpmock.Matcher
	delay    time.Duration
	header   http.Header
	respond  func(*request) wire.Response // nil keeps the fake's own response
	faults   *faultSource                 // nil keeps the fake's own faults
}

// rulebook holds the rules, oldest first.
type rulebook struct {
	mu    sync.Mutex
	rules []*Rule
}

// On returns a new rule for a method and a path: of the API reference ("/albums/{id}", where the
// parameter's name does not matter), with values in place of parameters
// ("/albums/4aawyAB9vmqN3uQ7FjRGTy"), or of the Accounts service ("/api/token", "/authorize"). A
// path that is not in the reference fails the test and names the most similar paths. See OnUnlisted
// for endpoints that the library does not know yet.
func (tr *Transport) On(method, path string) *Rule {
	tr.report.helper()
	p, err := patternFor(method, path)
	if err != nil {
		tr.report.fatal("mock: On: %v", err)
	}
	return tr.rules.add(&p, tr.report)
}

// OnUnlisted returns a new rule for a path that is not in the API reference: for endpoints that are
// newer than the library. A segment in braces matches any segment. Without a response the rule
// leaves the request unexpected.
func (tr *Transport) OnUnlisted(method, path string) *Rule {
	p := unlisted(method, path)
	return tr.rules.add(&p, tr.report)
}

// OnAny returns a new rule for every request to the Web API: for an outage, or a header in every
// response. It does not apply to the Accounts service.
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

// knows reports whether there is a rule with the same pattern.
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

// match is the part of a rule that one request needs, copied because the rule may change meanwhile.
type match struct {
	delay   time.Duration
	header  http.Header
	respond func(*request) wire.Response
	faults  *faultSource
}

// take finds the rule for a request and counts the use.
func (b *rulebook) take(in *request) (match, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range slices.Backward(b.rules) {
		if r.left == 0 || !r.applies(in) {
			continue
		}
		if r.left > 0 {
			r.left--
		}
		return match{delay: r.delay, header: r.header.Clone(), respond: r.respond, faults: r.faults}, true
	}
	return match{}, false
}

func (r *Rule) applies(in *request) bool {
	if r.pattern == nil && in.route != nil && in.route.Op == nil || r.pattern != nil && !r.pattern.matches(in) {
		return false
	}
	if r.when != nil && !r.when(in.call.copy()) {
		return false
	}
	return !slices.ContainsFunc(r.matchers, func(m httpmock.Matcher) bool { return !m.Check(in.clone()) })
}

func (r *Rule) set(change func()) *Rule {
	r.book.mu.Lock()
	defer r.book.mu.Unlock()
	change()
	return r
}

// Times limits the rule to the next n requests that it applies to. After them older rules or the
// fake's own response are used again.
func (r *Rule) Times(n int) *Rule {
	r.report.helper()
	if n < 1 {
		r.report.fatal("mock: Times: invalid number %d: want 1 or more", n)
	}
	return r.set(func() { r.left = n })
}

// When limits the rule to requests for which applies returns true. It is called while the transport
// is locked and must not use the transport.
func (r *Rule) When(applies func(Call) bool) *Rule { return r.set(func() { r.when = applies }) }

// Match limits the rule to requests that all of these matchers of package httpmock accept. A
// matcher gets a copy of the request. It is called while the transport is locked and must not use
// the transport.
//
//	fake.On("PUT", "/playlists/{id}/items").Match(httpmock.BodyContainsString("range_start"))
func (r *Rule) Match(matchers ...httpmock.Matcher) *Rule {
	return r.set(func() { r.matchers = slices.Concat(r.matchers, matchers) })
}

// Delay delays the response, also the fake's own one. The end of the request's context ends the
// delay.
func (r *Rule) Delay(d time.Duration) *Rule { return r.set(func() { r.delay = d }) }

// Header sets a header of the response, also of the fake's own one. An empty value removes the
// header.
func (r *Rule) Header(key, value string) *Rule {
	return r.set(func() { r.header.Set(key, value) })
}

// Respond responds with a status code and a body: a string, a []byte or nil as it is, any other
// value as JSON.
func (r *Rule) Respond(status int, body any) *Rule {
	r.report.helper()
	if b, ok := body.([]byte); ok {
		body = bytes.Clone(b) // the caller may change it
	}
	made, err := wire.New(status, body)
	if err != nil {
		r.report.fatal("mock: Respond: %v", err)
	}
	return r.set(func() {
		r.respond = func(*request) wire.Response {
			again := made
			again.Header = made.Header.Clone()
			return again
		}
	})
}

// RespondWith responds with the status code and body that respond returns, encoded as by Respond.
// respond is called concurrently if requests are.
func (r *Rule) RespondWith(respond func(Call) (status int, body any)) *Rule {
	return r.set(func() {
		r.respond = func(in *request) wire.Response {
			made, err := wire.New(respond(in.call.copy()))
			if err != nil {
				return wire.Response{Err: fmt.Errorf("mock: RespondWith: %w", err)}
			}
			return made
		}
	})
}

// With responds with a responder of package httpmock. The responder gets a copy of the request, and
// its response is read, closed and copied, so that requests share nothing. It is called
// concurrently if requests are; the end of a request's context ends the wait for it.
//
//	fake.On("GET", "/me/player").With(httpmock.NewStringResponder(502, "bad gateway"))
func (r *Rule) With(responder httpmock.Responder) *Rule {
	r.report.helper()
	if responder == nil {
		r.report.fatal("mock: With: the responder is nil: want one such as httpmock.NewStringResponder(200, \"{}\")")
	}
	return r.set(func() { r.respond = func(in *request) wire.Response { return callResponder(in, responder) } })
}

// Error responds with an error as Spotify sends it: a status code of 400 to 599 and a reason, such
// as 403 and "PREMIUM_REQUIRED", with Spotify's message for that reason. Without a reason it is the
// error that Spotify sends with the status code.
//
//	fake.On("PUT", "/me/player/play").Error(403, "PREMIUM_REQUIRED")
func (r *Rule) Error(status int, reason string) *Rule {
	r.report.helper()
	if status < 400 || status > 599 {
		r.report.fatal("mock: Error: invalid status code %d: want 400 to 599", status)
		return r
	}
	return r.set(func() {
		r.respond = func(*request) wire.Response {
			if reason == "" {
				return errorResponse(status)
			}
			return apiError(status, cmp.Or(api.Message(reason), http.StatusText(status)), reason)
		}
	})
}

// RateLimited responds 429 with a Retry-After in whole seconds, rounded up. A negative duration
// sends no Retry-After.
func (r *Rule) RateLimited(after time.Duration) *Rule {
	return r.set(func() { r.respond = func(*request) wire.Response { return rateLimited(after) } })
}

// Fail fails the request with an error; a Server resets the connection instead. A nil error is a
// connection reset too.
func (r *Rule) Fail(err error) *Rule {
	if err == nil {
		err = wire.ErrReset
	}
	return r.set(func() { r.respond = func(*request) wire.Response { return wire.Response{Err: err} } })
}
