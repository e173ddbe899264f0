package middleware

import (
	"context"
	"net/http"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// Observer observes calls and their attempts. It must be safe for concurrent use and quick: the
// request waits until its methods return.
type Observer interface {
	// Begin is called when a call or an attempt begins. It returns the context for the middlewares
	// below: ctx or a child of it.
	Begin(ctx context.Context, e Event) context.Context
	// Note is called when a call or an attempt ends, with the context that Begin returned.
	Note(ctx context.Context, e Event)
}

// EventKind tells events of calls from events of attempts.
type EventKind uint8

const (
	// CallEvent is the event of a call: one request as the caller sees it, with retries and waits.
	CallEvent EventKind = iota
	// AttemptEvent is the event of an attempt: one request on the wire.
	AttemptEvent
)

// Event is the beginning or the end of a call or an attempt.
type Event struct {
	// Kind is CallEvent or AttemptEvent.
	Kind EventKind
	// Operation and Route are those of transport.Call, "" if unknown.
	Operation, Route string
	// Method is the request's method.
	Method string
	// Status is the response's status code: 0 at the beginning, and if there is no response.
	Status int
	// Err is the error if there is no response: nil at the beginning.
	Err error
	// Took is the time from the beginning to the response's headers or the error: 0 at the
	// beginning.
	Took time.Duration
}

// Observe returns the middleware that reports calls and attempts to an observer. Put it into a
// pipeline twice: above everything that may refuse, delay or resend a request, where it observes
// calls, and right above the base transport, where it observes attempts. The first Observe that a
// request comes to is that of its call (the call's Report notes that). A nil observer turns the
// middleware off.
func Observe(observer Observer) transport.Middleware {
	if observer == nil {
		return passThrough
	}
	return func(next http.RoundTripper) http.RoundTripper {
		return &observe{observer, next}
	}
}

type observe struct {
	observer Observer
	next     http.RoundTripper
}

func (o *observe) RoundTrip(req *http.Request) (*http.Response, error) {
	given := req
	req, call := transport.WithReport(req)
	e := Event{Kind: AttemptEvent, Operation: call.Operation, Route: call.Route, Method: req.Method}
	if call.Report.ObservedFirstBy(o) {
		e.Kind = CallEvent
	}
	ctx := o.observer.Begin(req.Context(), e)
	if ctx != req.Context() {
		req = req.WithContext(ctx)
	}
	start := time.Now()
	resp, err := roundTrip(o.next, req)
	e.Took = time.Since(start)
	if e.Err = err; err == nil {
		e.Status = resp.StatusCode
		setRequest(resp, given)
	}
	o.observer.Note(ctx, e)
	return resp, err
}
