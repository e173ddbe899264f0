// Package breaker holds a step for a pipeline that stops calling a server which only fails: a circuit breaker, on github.com/sony/gobreaker.
//
// The client's own retries already slow down in an outage and end after a few attempts. What a breaker adds is that calls fail at once,
// without an attempt, for as long as the server is believed to be down:
//
//	client, err := spotify.New(credentials, spotify.WithMiddleware(transport.PerAttempt, breaker.New(breaker.Config{})))
package breaker

import (
	"errors"
	"net/http"
	"time"

	"github.com/sony/gobreaker/v2"

	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/transport"
)

// ErrOpen is what errors.Is finds in the error of a call that was not sent because the breaker is open. It is no error to retry.
var ErrOpen = errors.New("circuit breaker: not sent, the server has failed too often")

// Config says when the breaker opens, and for how long. The zero value is ready to use.
type Config struct {
	// Failures is how many attempts in a row have to fail: 5 if zero or less.
	// Failed is what was answered with 500 or more or not at all, but for what the caller, a rate limit or the client's configuration has ended.
	Failures int
	// Pause is how long nothing is sent then, before a single attempt is let through to see: 30 s if zero or less.
	Pause time.Duration
	// OnChange, where it is set, is told when the breaker opens (true) and closes (false). It must be quick, and must not call the client.
	OnChange func(open bool)
}

// New returns the step. It belongs into transport.PerAttempt, where it also ends the retries of calls under way; all calls of a client share one state.
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
		IsExcluded:  func(err error) bool { return errors.Is(err, errSilent) },
		OnStateChange: func(_ string, from, to gobreaker.State) {
			if cfg.OnChange != nil && (from == gobreaker.StateClosed || to == gobreaker.StateClosed) { // half open is open to all but one
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
			defer func() { done(outcome) }() // deferred, so that a step that panics does not leave the breaker waiting
			resp, err := transport.RoundTrip(next, req)
			outcome = verdict(req, resp, err)
			return resp, err
		})
	}
}

var (
	errFailed = errors.New("the server failed")
	errSilent = errors.New("the attempt says nothing about the server")
)

// verdict is what an attempt says about the server, nil if it does well.
func verdict(req *http.Request, resp *http.Response, err error) error {
	switch {
	case err == nil && resp.StatusCode < http.StatusInternalServerError:
		return nil
	case err != nil && (req.Context().Err() != nil || transport.IsPermanent(err) || errors.Is(err, middleware.ErrLimited)):
		return errSilent
	}
	return errFailed
}
