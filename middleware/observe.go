package middleware

import (
	"context"
	"net/http"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// Observer is told about calls and their attempts. It must be safe for concurrent use and quick: it
// is called while the request waits.
type Observer interface {
	// Begin is called when a call or an attempt begins. The context it returns is the one that the
	// middlewares below see; it is ctx or a child of it.
	Begin(ctx context.Context, e Event) context.Context
	// Note is called when a call or an attempt ends, with the context that Begin returned.
	Note(ctx context.Context, e Event)
}

// EventKind says what an Event is about.
type EventKind uint8

const (
	// CallEvent is about a call: one request as its maker sees it, retries and waits included.
	CallEvent EventKind = iota
	// AttemptEvent is about one request that is sent on behalf of a call.
	AttemptEvent
)

// Event is a call or an attempt at its beginning or its end.
type Event struct {
	// Kind says whether it is about a call or an attempt.
	Kind EventKind
	// Operation and Route are the call's, as in transport.Call.
	Operation, Route string
	// Method is the request's method.
	Method string
	// Status is the response's status code: 0 at the beginning, and if there was no response.
	Status int
	// Err is the reason why there was no response.
	Err error
	// Took is the time until the response's headers came, or the error. It is 0 at the beginning.
	Took time.Duration
}

// Observe returns the middleware that tells an observer about what passes through. It stands twice
// in a pipeline: above everything that may refuse, delay or repeat a call, where it sees calls, and
// right above the base transport, where it sees attempts. It knows the difference by the call's
// Report: the first one that a call meets sees the call. A nil observer turns the middleware off.
func Observe(observer Observer) transport.Middleware {
	if observer == nil {
		return nothing
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
		answers(given, resp)
	}
	o.observer.Note(ctx, e)
	return resp, err
}
