package middleware

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"regexp"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/redact"
	"github.com/seed-2147f1a9/spotify/transport"
)

// Observe returns the middleware that reports calls and their attempts to an observer. Make it once
// and put it into a pipeline twice: above everything that may refuse, delay or resend a request,
// where it observes calls, and right above the base transport, where it observes attempts. The
// first Observe that a request comes to is that of its call (the call's Report notes that). The
// middlewares between the two, such as Retry and RateLimit, report their events to it as well.
//
//	observe := middleware.Observe(observer)
//	chain := transport.Chain(base, observe, middleware.Retry(middleware.RetryConfig{}), observe)
//
// A call with a transport.Call.Capture is recorded in it, see transport.Captured.Timeline. A nil
// observer turns the middleware off.
func Observe(observer Observer) transport.Middleware {
	if observer == nil {
		return passThrough
	}
	shared := &observing{observer: observer, headersOnly: isHeadersOnly(observer)}
	return func(next http.RoundTripper) http.RoundTripper {
		return &observe{shared, next}
	}
}

// observing is shared by the two places of an Observe in a pipeline.
type observing struct {
	observer    Observer
	headersOnly bool
}

type observe struct {
	*observing
	next http.RoundTripper
}

func (o *observe) RoundTrip(given *http.Request) (*http.Response, error) {
	req, call := transport.WithReport(given)
	if call.Report.ObservedFirstBy(o) {
		if o.headersOnly && call.Capture == nil {
			call.Report.SetEvents(o.observing)
			return o.headers(given, req, call, CallEvent, 0)
		}
		return o.call(given, req, call)
	}
	attempt := call.Report.Sent() + 1
	var seen *observedCall // nil if this Observe is not the call's
	switch events := call.Report.Events().(type) {
	case *observing:
		if events == o.observing {
			attempt = call.Report.AddSent()
		}
	case *observedCall:
		if events.observing == o.observing {
			attempt, seen = call.Report.AddSent(), events
		}
	}
	if o.headersOnly && seen == nil {
		return o.headers(given, req, call, AttemptEvent, attempt)
	}
	return o.attempt(given, req, call, seen, attempt)
}

// headers observes a call or an attempt until the response's headers have arrived.
func (o *observe) headers(
	given, req *http.Request, call *transport.Call, kind EventKind, attempt int,
) (*http.Response, error) {
	e := eventOf(req, call)
	e.Kind, e.Attempt, e.Time = kind, attempt, time.Now()
	start := e.Time
	ctx := o.observer.Begin(req.Context(), e)
	if ctx != req.Context() {
		req = req.WithContext(ctx)
	}
	resp, err := roundTrip(o.next, req)
	e.Time = time.Now()
	e.Took = e.Time.Sub(start)
	if err == nil {
		e.Status = resp.StatusCode
		setRequest(resp, given)
	}
	switch {
	case kind == CallEvent:
		e.Attempt = call.Report.Sent()
	case err == nil:
		e.Headers, e.Protocol = e.Took, resp.Proto
	}
	e.ErrorType, e.Err = errorType(e.Status, err, call.Report.Closing()), cleanError(err, call.Report)
	o.observer.Note(ctx, e)
	return resp, err
}

// call observes a call until its response has been decoded, or its body has ended.
func (o *observe) call(given, req *http.Request, call *transport.Call) (*http.Response, error) {
	if before, ok := call.Report.Events().(*observedCall); ok { // http.Client follows its redirect
		before.end()
	}
	c := &observedCall{observing: o.observing, report: call.Report, event: eventOf(req, call), start: time.Now()}
	if call.Capture != nil {
		c.timeline = newTimeline()
		call.Capture.SetTimeline(c.timeline)
	}
	call.Report.SetEvents(c)
	e := c.event
	e.Time = c.start
	c.ctx = c.begin(req.Context(), e)
	if c.ctx != req.Context() {
		req = req.WithContext(c.ctx)
	}
	resp, err := roundTrip(o.next, req)
	if err != nil {
		c.returned(0, err, call.Report.EndsLater())
		return nil, err
	}
	setRequest(resp, given)
	c.returned(classOf(call.Report, resp).Status, nil, call.Report.EndsLater())
	return resp, nil
}

// attempt observes an attempt until the response's body has ended.
func (o *observe) attempt(
	given, req *http.Request, call *transport.Call, seen *observedCall, number int,
) (*http.Response, error) {
	a := &observedAttempt{observing: o.observing, call: seen, report: call.Report, event: eventOf(req, call)}
	a.event.Kind, a.event.Attempt, a.event.Sent = AttemptEvent, number, max(req.ContentLength, 0)
	a.event.Time = time.Now()
	a.start = a.event.Time
	if seen != nil {
		seen.attemptBegins()
	}
	a.ctx = a.begin(req.Context())
	a.trace.GotConn = a.gotConn
	traced := req.WithContext(httptrace.WithClientTrace(a.ctx, &a.trace))
	resp, err := roundTrip(o.next, traced)
	if err != nil {
		a.end(err)
		return nil, err
	}
	a.event.Status, a.event.Protocol, a.event.Headers = resp.StatusCode, resp.Proto, time.Since(a.start)
	if resp.Request == traced {
		resp.Request = given // the same header, whose secrets Auth has noted
	}
	setRequest(resp, given)
	if resp.Body == http.NoBody || resp.StatusCode == http.StatusSwitchingProtocols { // whose body can be written to
		a.end(nil)
		return resp, nil
	}
	a.body, resp.Body = resp.Body, a
	return resp, nil
}

// eventOf returns an event with the fields that all events of a call have.
func eventOf(req *http.Request, call *transport.Call) Event {
	return Event{
		CallID: call.Report.ID(), Operation: call.Operation, Route: call.Route, Method: cmp.Or(req.Method, http.MethodGet),
		Bucket: call.Bucket, Priority: call.Priority, url: req.URL,
	}
}

// observedCall is a call that is observed to its end.
type observedCall struct {
	*observing
	ctx      context.Context // that Begin returned
	report   *transport.Report
	event    Event // the fields that all events of the call have
	start    time.Time
	timeline *timeline // nil if the call is not captured

	mu             sync.Mutex
	waited         time.Duration
	reason         string
	sent, received int64
	open           int  // attempts that have not ended
	isReturned     bool // RoundTrip has returned, and the call ends with the body of its response
	undecodable    bool
	ended          bool
	status         int
	err            error
}

func (c *observedCall) begin(ctx context.Context, e Event) context.Context {
	if c.timeline != nil {
		c.timeline.begin(e)
	}
	return c.observer.Begin(ctx, e)
}

// note reports an event of the call.
func (c *observedCall) note(ctx context.Context, e Event) {
	shared := c.event
	e.CallID, e.Operation, e.Route, e.Method = shared.CallID, shared.Operation, shared.Route, shared.Method
	e.Bucket, e.Priority, e.url = shared.Bucket, shared.Priority, shared.url
	e.Attempt = cmp.Or(e.Attempt, c.report.Sent())
	e.Time = time.Now()
	if e.ErrorType == "" {
		e.ErrorType = errorType(e.Status, e.Err, c.report.Closing())
	}
	e.Err = cleanError(e.Err, c.report)
	c.mu.Lock()
	switch e.Kind {
	case WaitEvent:
		c.waited += e.Took
	case CacheEvent:
		c.reason = e.Reason
	case CoalescedEvent, RetryDeniedEvent:
		c.reason = e.Kind.String()
	}
	c.mu.Unlock()
	c.deliver(ctx, e)
}

func (c *observedCall) deliver(ctx context.Context, e Event) {
	if c.timeline != nil {
		c.timeline.note(e)
	}
	c.observer.Note(ctx, e)
}

// returned notes how the call's RoundTrip has ended. The call itself ends later: with
// transport.Report.End, or with the last body.
func (c *observedCall) returned(status int, err error, endsLater bool) {
	c.mu.Lock()
	c.status, c.err = status, err
	c.isReturned = !endsLater
	last := c.isReturned && (c.open == 0 || err != nil)
	c.mu.Unlock()
	if last {
		c.end()
	}
}

func (c *observedCall) attemptBegins() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open++
}

// attemptEnds notes the end of an attempt, with the error of its body.
func (c *observedCall) attemptEnds(sent, received int64, bodyErr error) {
	c.mu.Lock()
	c.open--
	c.sent += sent
	c.received += received
	last := c.isReturned && c.open == 0
	if last && c.err == nil {
		c.err = bodyErr
	}
	c.mu.Unlock()
	if last {
		c.end()
	}
}

// Decoded reports that the response was decoded, see transport.Report.Decoded.
func (c *observedCall) Decoded(took time.Duration, err error) {
	e := Event{Kind: DecodeEvent, Took: took, Err: err}
	if err != nil {
		e.ErrorType = "decode_failed"
	}
	c.mu.Lock()
	e.Status = c.status
	c.mu.Unlock()
	c.note(c.ctx, e)
}

// End ends the call of a service, see transport.Report.End.
func (c *observedCall) End(err error) {
	c.mu.Lock()
	if err != nil {
		c.undecodable = c.err == nil && c.status < 300 && !isA[*transport.BodyError](err)
		c.err = err
	}
	c.mu.Unlock()
	c.end()
}

func (c *observedCall) end() {
	e := c.event
	c.mu.Lock()
	if c.ended {
		c.mu.Unlock()
		return
	}
	c.ended = true
	e.Status, e.Err, e.Waited, e.Reason, e.Sent, e.Received = c.status, c.err, c.waited, c.reason, c.sent, c.received
	if c.undecodable {
		e.ErrorType = "decode_failed"
	}
	c.mu.Unlock()
	e.Attempt = c.report.Sent()
	e.Time = time.Now()
	e.Took = e.Time.Sub(c.start)
	e.ErrorType = cmp.Or(e.ErrorType, errorType(e.Status, e.Err, c.report.Closing()))
	e.Err = cleanError(e.Err, c.report)
	c.deliver(c.ctx, e)
}

// observedAttempt is an attempt that is observed to its end. It is the response's body.
type observedAttempt struct {
	*observing
	call   *observedCall // nil if another Observe observes the call
	report *transport.Report
	ctx    context.Context // that Begin returned
	event  Event
	start  time.Time
	trace  httptrace.ClientTrace
	reused atomic.Bool
	isNew  atomic.Bool

	body     io.ReadCloser
	received atomic.Int64
	ended    atomic.Bool
}

func (a *observedAttempt) begin(ctx context.Context) context.Context {
	if a.call != nil {
		return a.call.begin(ctx, a.event)
	}
	return a.observer.Begin(ctx, a.event)
}

func (a *observedAttempt) gotConn(info httptrace.GotConnInfo) {
	a.reused.Store(info.Reused)
	a.isNew.Store(!info.Reused)
}

func (a *observedAttempt) Read(p []byte) (int, error) {
	n, err := a.body.Read(p)
	a.received.Add(int64(n))
	if err != nil {
		a.end(err)
	}
	return n, err
}

func (a *observedAttempt) Close() error {
	err := a.body.Close()
	a.end(nil)
	return err
}

// end reports the end of the attempt, once. A nil err, like io.EOF, is a success.
func (a *observedAttempt) end(err error) {
	if a.ended.Swap(true) {
		return
	}
	if errors.Is(err, io.EOF) && a.event.Status != 0 {
		err = nil
	}
	if cause, ok := errors.AsType[*TimeoutError](context.Cause(a.ctx)); ok && err != nil {
		err = cause // Timeout makes it of err, further up
	}
	e := a.event
	e.Time = time.Now()
	e.Took = e.Time.Sub(a.start)
	e.Received, e.Reused, e.isNew = a.received.Load(), a.reused.Load(), a.isNew.Load()
	e.ErrorType, e.Err = errorType(e.Status, err, a.report.Closing()), cleanError(err, a.report)
	if a.call == nil {
		a.observer.Note(a.ctx, e)
		return
	}
	a.call.deliver(a.ctx, e)
	a.call.attemptEnds(e.Sent, e.Received, err)
}

var anyURL = regexp.MustCompile(urlPattern)

const urlPattern = `(?i)\b[a-z][a-z0-9+.-]*://[^\s"'<>\\]+`

// cleanError returns err or, if its text quotes a secret of the call or a URL's query, an error
// with the rest of the text.
func cleanError(err error, report *transport.Report) error {
	if err == nil {
		return nil
	}
	return redact.Error(err, func(text string) string {
		return anyURL.ReplaceAllStringFunc(report.Redact(text), func(found string) string {
			u, err := url.Parse(found)
			if err != nil {
				return redact.Mark
			}
			return redact.URL(u, nil)
		})
	}, ErrLimited, ErrExhausted)
}
