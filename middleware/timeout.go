package middleware

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// Timeout returns the middleware that gives each attempt the time d, including the time to read the
// response's body. An attempt that takes longer fails with a *TimeoutError, returned by RoundTrip
// or by the body's Read. If the caller's own context ends first, the error is that context's. Zero
// and negative mean no timeout.
func Timeout(d time.Duration) transport.Middleware {
	if d <= 0 {
		return passThrough
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
	body := &timedBody{caller: req.Context(), ctx: ctx, cancel: cancel, expired: t.expired}
	resp, err := roundTrip(t.next, req.WithContext(ctx))
	if err != nil {
		err = body.explain(err)
		cancel()
		return nil, err
	}
	setRequest(resp, req)
	if resp.Body == http.NoBody {
		end := body.explain(io.EOF) // the body has ended already
		cancel()
		if !errors.Is(end, io.EOF) {
			return nil, end
		}
		return resp, nil
	}
	body.body, resp.Body = resp.Body, body
	return resp, nil
}

// timedBody is the response body of an attempt. The attempt's timer stops when the body ends or is
// closed.
type timedBody struct {
	caller, ctx context.Context // without and with the timeout
	cancel      context.CancelFunc
	expired     *TimeoutError // the cause of ctx's end if the timeout passes
	body        io.ReadCloser
	end         error // of the body, nil before
}

func (b *timedBody) Read(p []byte) (int, error) {
	if b.end != nil {
		return 0, b.end
	}
	n, err := b.body.Read(p)
	if err != nil {
		b.end = b.explain(err)
		b.cancel()
	}
	return n, b.end
}

func (b *timedBody) Close() error {
	b.cancel()
	return b.body.Close()
}

// explain returns the error of the attempt: the middlewares and the transport below see only that a
// context has ended, and not whose. It takes an io.EOF after the context's end for a body that was
// cut short: a server that sees its client leave may end the response early.
func (b *timedBody) explain(err error) error {
	cause := context.Cause(b.ctx)
	switch {
	case cause == nil || transport.IsPermanent(err):
		return err
	case errors.Is(cause, b.expired) && b.caller.Err() == nil:
		return &TimeoutError{After: b.expired.After}
	case errors.Is(cause, b.expired) && (errors.Is(err, io.EOF) || errors.Is(err, b.expired)):
		return context.Cause(b.caller) // both contexts have ended: the caller's counts
	case errors.Is(err, io.EOF):
		return cause
	}
	return err
}
