package middleware

// Timeout bounds one attempt, from its sending to the last byte of its answer, and can tell its own end from the caller's.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// Timeout returns the step that gives each attempt the time d, reading the answer's body included. An attempt that takes longer fails with a
// *TimeoutError, from RoundTrip or from the body's Read. When the caller's own context ends the error is that context's, as ever.
// Zero and less is no limit.
func Timeout(d time.Duration) transport.Middleware {
	if d <= 0 {
		return nothing
	}
	expired := &TimeoutError{After: d}
	return func(next http.RoundTripper) http.RoundTripper {
		return &timeout{d, expired, next}
	}
}

type timeout struct {
	after   time.Duration
	expired *TimeoutError
	next    http.RoundTripper
}

func (t *timeout) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeoutCause(req.Context(), t.after, t.expired)
	try := &attempt{caller: req.Context(), ctx: ctx, cancel: cancel, expired: t.expired}
	resp, err := roundTrip(t.next, req.WithContext(ctx))
	if err != nil {
		err = try.explain(err)
		cancel()
		return nil, err
	}
	answers(req, resp)
	if resp.Body == http.NoBody {
		end := try.explain(io.EOF) // the body's is here already
		cancel()
		if !errors.Is(end, io.EOF) {
			return nil, end
		}
		return resp, nil
	}
	try.body, resp.Body = resp.Body, try
	return resp, nil
}

// TimeoutError is the error of an attempt that took longer than Timeout allows. It matches context.DeadlineExceeded.
type TimeoutError struct {
	// After is the time that the attempt had.
	After time.Duration
}

func (e *TimeoutError) Error() string { return fmt.Sprintf("no complete answer within %v", e.After) }

// Unwrap returns context.DeadlineExceeded.
func (e *TimeoutError) Unwrap() error { return context.DeadlineExceeded }

// Timeout returns true, as net.Error asks.
func (e *TimeoutError) Timeout() bool { return true }

// Temporary returns true: the next attempt may be quicker.
func (e *TimeoutError) Temporary() bool { return true }

// attempt is one request's time, and the body of its answer: when the body ends, so does the time.
type attempt struct {
	caller, ctx context.Context
	cancel      context.CancelFunc
	expired     *TimeoutError
	body        io.ReadCloser
	end         error // the body's
}

func (a *attempt) Read(p []byte) (int, error) {
	if a.end != nil {
		return 0, a.end
	}
	n, err := a.body.Read(p)
	if err != nil {
		a.end = a.explain(err)
		a.cancel()
	}
	return n, a.end
}

func (a *attempt) Close() error {
	a.cancel()
	return a.body.Close()
}

// explain returns what an error means: the steps and the transport below see only that some context is over. It does not trust the end of a body that
// comes after the context's end: a server that sees its client leave may end the answer in the middle as if that were all of it.
func (a *attempt) explain(err error) error {
	over := context.Cause(a.ctx)
	switch {
	case over == nil || transport.IsPermanent(err):
		return err
	case errors.Is(over, a.expired) && a.caller.Err() == nil:
		return &TimeoutError{After: a.expired.After}
	case errors.Is(over, a.expired) && (errors.Is(err, io.EOF) || errors.Is(err, a.expired)): // both are over, and the caller counts
		return context.Cause(a.caller)
	case errors.Is(err, io.EOF):
		return over
	}
	return err
}
