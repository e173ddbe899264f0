// Package breaker holds a circuit breaker for a pipeline: a middleware that stops sending requests
// to a server that keeps failing. It is built on github.com/sony/gobreaker.
//
// The client's own retries back off in an outage and end after a few attempts. With a breaker,
// calls fail at once and without an attempt while the breaker is open:
//
//	client, err := spotify.New(credentials,
//		spotify.WithMiddleware(transport.PerAttempt, breaker.New(breaker.Config{})))
package breaker

import (
	"errors"
	"net/http"
	"time"

	"github.com/sony/gobreaker/v2"

	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/transport"
)

// ErrOpen matches the error of a request that was not sent because the breaker is open (errors.Is).
// It is marked by transport.Permanent, so that Retry does not retry it.
var ErrOpen = errors.New("circuit breaker open: request not sent")

// Config configures New. The zero value is ready to use.
type Config struct {
	// Failures is the number of failed attempts in a row that open the breaker: 5 if zero or
	// negative. An attempt has failed if it has no response, or a status code of 500 or more.
	// Attempts that the caller has cancelled, that a limiter has refused or whose error is
	// permanent do not count.
	Failures int
	// Pause is the time for which the open breaker lets no request through: 30 s if zero or
	// negative. After it, the breaker lets a single attempt through, and closes if that one
	// succeeds.
	Pause time.Duration
	// OnChange, if it is set, is called when the breaker opens (true) and when it closes (false).
	// It must be quick and must not call the client.
	OnChange func(open bool)
}

// New returns the middleware. Put it into transport.PerAttempt, where it also ends the retries of
// calls that have started before it opened. All requests through the middleware share one state.
func New(cfg Config) transport.Middleware {
	if cfg.Failures <= 0 {
		cfg.Failures = 5
	}
	if cfg.Pause <= 0 {
		cfg.Pause = 30 * time.Second
	}
	state := gobreaker.NewTwoStepCircuitBreaker[any](gobreaker.Settings{
		Timeout:     cfg.Pause,
		ReadyToTrip: func(c gobreaker.Counts) bool { return int64(c.ConsecutiveFailures) >= int64(cfg.Failures) },
		IsExcluded:  func(err error) bool { return errors.Is(err, errExcluded) },
		OnStateChange: func(_ string, from, to gobreaker.State) {
			// Half open counts as open: all requests but one are refused.
			if cfg.OnChange != nil && (from == gobreaker.StateClosed || to == gobreaker.StateClosed) {
				cfg.OnChange(to != gobreaker.StateClosed)
			}
		},
	})
	return func(next http.RoundTripper) http.RoundTripper {
		return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			done, err := state.Allow()
			if err != nil {
				transport.CloseRequest(req)
				return nil, transport.Permanent(ErrOpen)
			}
			outcome := errFailed
			// Deferred, so that the breaker does not wait forever for a middleware that panics.
			defer func() { done(outcome) }()
			resp, err := transport.RoundTrip(next, req)
			outcome = outcomeOf(req, resp, err)
			return resp, err
		})
	}
}

var (
	errFailed   = errors.New("the attempt failed")
	errExcluded = errors.New("the attempt does not count")
)

// outcomeOf returns nil for an attempt that succeeded, errFailed for one that failed and
// errExcluded for one that says nothing about the server.
func outcomeOf(req *http.Request, resp *http.Response, err error) error {
	switch {
	case err == nil && resp.StatusCode < http.StatusInternalServerError:
		return nil
	case err != nil && isExcluded(req, err):
		return errExcluded
	}
	return errFailed
}

// isExcluded reports whether the error of an attempt says nothing about the server.
func isExcluded(req *http.Request, err error) bool {
	return req.Context().Err() != nil || transport.IsPermanent(err) || errors.Is(err, middleware.ErrLimited)
}
