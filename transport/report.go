package transport

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Report collects facts about one logical call. A middleware writes them, and the middlewares above
// it, and the caller, read them. A caller who wants a Report puts one into the context:
//
//	var report transport.Report
//	ctx = transport.WithCall(ctx, &transport.Call{Report: &report})
//
// The zero Report is ready to use, for one call. It is safe for concurrent use.
type Report struct {
	mu       sync.Mutex
	owner    any // the first Gate, or similar entry, that the call came through
	observer any
	events   any // for the middlewares below observer
	closing  context.Context
	parent   *Report // of a fork: the call's own
	id       uint64
	sent     int
	later    bool // End ends the call
	attempts int
	started  time.Time
	elapsed  time.Duration
	limited  bool
	rejected bool // the last attempt, by a rate limit
	excused  bool // the limiter takes the blame for that
	once     bool
	resp     *http.Response // that class and body are of
	class    Class
	body     []byte
	removers []remover
	slots    [2]remover // the usual capacity of removers
}

// remover removes secrets from a text.
type remover interface{ Remove(text string) string }

// Format prints the number of attempts, whatever the verb: a Report holds the response, whose body
// may repeat the token of its request.
func (r *Report) Format(s fmt.State, _ rune) {
	if r == nil {
		_, _ = io.WriteString(s, "<nil>")
		return
	}
	n, _ := r.Attempts()
	_, _ = fmt.Fprintf(s, "transport.Report(%d attempts)", n)
}

// Class is the meaning of a response beyond its status code.
type Class struct {
	// Status is the response's status code, or the one in the error object of a 2xx response.
	Status int
	// Message and Reason are the server's words for an error, made printable.
	Message, Reason string
	// RetryAfter is the value of Retry-After, 0 if there is none.
	RetryAfter time.Duration
	// Exhausted reports that a quota of hours or days is used up.
	Exhausted bool
}

// Attempt counts an attempt. The first one starts the clock.
func (r *Report) Attempt() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.attempts++; r.attempts == 1 {
		r.started = time.Now()
	}
}

// Attempts returns how often Retry has sent the call, 1 for a call that was not retried and 0 for
// one that did not come as far, and the time from the first attempt to the end of the last.
func (r *Report) Attempts() (n int, elapsed time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.attempts, r.elapsed
}

// Ended notes that the last attempt has ended, and returns Attempts.
func (r *Report) Ended() (n int, elapsed time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.elapsed = time.Since(r.started)
	return r.attempts, r.elapsed
}

// SetLimited notes that a limiter decides when the call may be sent.
func (r *Report) SetLimited() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.limited = true
}

// Limited reports whether a limiter decides when the call may be sent. The limiter then waits for a
// Retry-After, and Retry does not.
func (r *Report) Limited() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.limited
}

// SetRejected notes whether a rate limit rejected the last attempt, and whether the limiter takes
// the blame for that: it is still learning, or other clients took the slot.
func (r *Report) SetRejected(rejected, excused bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rejected, r.excused = rejected, rejected && excused
}

// Rejected returns what SetRejected noted.
func (r *Report) Rejected() (rejected, excused bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.rejected, r.excused
}

// SetOnce notes that the middlewares below must not resend the call.
func (r *Report) SetOnce() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.once = true
}

// Once reports whether the middlewares below must not resend the call.
func (r *Report) Once() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.once
}

// AddSecrets adds the secrets of a request, such as its access token, to those that Redact removes:
// Redact calls the method Remove of secrets. Auth calls AddSecrets for each attempt before the
// attempt is sent; secrets that were added before are not added again. The value must be
// comparable, safe for concurrent use and not print a secret.
func (r *Report) AddSecrets(secrets interface{ Remove(text string) string }) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if slices.Contains(r.removers, remover(secrets)) {
		return
	}
	if r.removers == nil {
		r.removers = r.slots[:0]
	}
	r.removers = append(r.removers, secrets)
}

// Redact returns a text that was taken from a response without the secrets of the call's requests,
// which the server may have repeated. Every text from a response that becomes part of an error, an
// event or a log goes through it, before the text is shortened. A nil Report knows no secrets.
func (r *Report) Redact(text string) string {
	if r == nil || text == "" {
		return text
	}
	r.mu.Lock()
	removers := r.removers
	r.mu.Unlock()
	for _, secrets := range removers {
		text = secrets.Remove(text)
	}
	return text
}

// Classify notes what a response means, with the Message and Reason of class as Redact returns
// them. For an error, body is its whole body after decompression, nil if it was not read to its
// end; it is not to be changed afterwards.
func (r *Report) Classify(resp *http.Response, class Class, body []byte) {
	class.Message, class.Reason = r.Redact(class.Message), r.Redact(class.Reason)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.resp, r.class, r.body = resp, class, body
}

// Classified returns what Classify noted about a response, or false if the last response that was
// noted is another one.
func (r *Report) Classified(resp *http.Response) (class Class, body []byte, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if resp == nil || r.resp != resp {
		return Class{}, nil, false
	}
	return r.class, r.body, true
}

// Share copies into r what from knows of a call that was sent on behalf of r's. Facts about the
// response sent become facts about received, the copy that r's call gets.
func (r *Report) Share(from *Report, sent, received *http.Response) {
	from.mu.Lock()
	attempts, started, elapsed, limited := from.attempts, from.started, from.elapsed, from.limited
	resp, class, body, removers := from.resp, from.class, from.body, slices.Clone(from.removers)
	from.mu.Unlock()
	for _, secrets := range removers {
		r.AddSecrets(secrets)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.attempts, r.started, r.elapsed, r.limited = attempts, started, elapsed, limited
	if resp == sent {
		r.resp, r.class, r.body = received, class, body
	}
}

// Enter notes that the call has come to owner, where it enters a pipeline, and reports whether it
// is the first entry. A second one is another call that was given the context of the first.
func (r *Report) Enter(owner any) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.owner != nil {
		return false
	}
	r.owner = owner
	return true
}

// isUsed reports whether a call has come to a pipeline with r.
func (r *Report) isUsed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.owner != nil
}

// fork returns a Report for a request on behalf of r's call. r may be nil.
func (r *Report) fork() *Report {
	if r == nil {
		return new(Report)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return &Report{owner: r.owner, observer: r.observer, events: r.events, closing: r.closing, parent: r}
}

// ObservedFirstBy reports whether observer is the first that has seen the call, however often it
// asks: the first observes the call, the others its attempts.
func (r *Report) ObservedFirstBy(observer any) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.observer == nil {
		r.observer = observer
	}
	return r.observer == observer
}

// SetEvents notes the receiver of the events of the call: a value of the middleware that observes
// the call.
func (r *Report) SetEvents(receiver any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = receiver
}

// Events returns the receiver that SetEvents noted, or nil if nothing observes the call.
func (r *Report) Events() any {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.events
}

// ID returns the number of the call, the same each time and another one for every call of this
// process.
func (r *Report) ID() uint64 {
	r = r.call()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.id == 0 {
		r.id = lastID.Add(1)
	}
	return r.id
}

var lastID atomic.Uint64

// AddSent counts a request on the wire and returns its number, 1 for the first.
func (r *Report) AddSent() int {
	r = r.call()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sent++
	return r.sent
}

// Sent returns the number of requests of the call on the wire so far, replays after a 401 included.
func (r *Report) Sent() int {
	r = r.call()
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sent
}

// call returns the Report of the call: r itself, or the one that r is a fork of.
func (r *Report) call() *Report {
	for r.parent != nil {
		r = r.parent
	}
	return r
}

// EndLater announces that the call ends with End, and not with its response: the caller is going to
// decode it.
func (r *Report) EndLater() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.later = true
}

// EndsLater reports whether EndLater was called.
func (r *Report) EndsLater() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.later
}

// Decoded notes that the response of a call was decoded in took, with err if that failed. It is
// passed to the receiver of the call's events if that has a method Decoded.
func (r *Report) Decoded(took time.Duration, err error) {
	if receiver, ok := r.Events().(interface {
		Decoded(took time.Duration, err error)
	}); ok {
		receiver.Decoded(took, err)
	}
}

// End ends a call that EndLater has announced, with its error or nil. It is passed to the receiver
// of the call's events if that has a method End.
func (r *Report) End(err error) {
	if receiver, ok := r.Events().(interface{ End(err error) }); ok {
		receiver.End(err)
	}
}

// SetClosing sets a context that ends when the client that the call goes through is closed.
// Its cause is the error of calls that wait.
func (r *Report) SetClosing(closing context.Context) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closing = closing
}

// Closing returns the context of SetClosing, or nil.
func (r *Report) Closing() context.Context {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.closing
}
