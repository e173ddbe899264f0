package middleware

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/seed-2147f1a9/spotify/transport"
)

// ShouldRetry overrides the policy in both directions, within its bounds.
func TestShouldRetry(t *testing.T) {
	permanentErr := transport.Permanent(errors.New("revoked"))
	for name, tc := range map[string]struct {
		method         string
		call           transport.Call
		status         int   // of the first attempt, 0 for err
		err            error // of the first attempt
		once           bool  // the body can be read only once
		cancels        bool  // the caller cancels during the first attempt
		retry, decided bool
		attempts       int
	}{
		"undecided, 503":     {method: "GET", status: 503, retry: false, attempts: 2},
		"undecided, 404":     {method: "GET", status: 404, retry: true, attempts: 1},
		"no, 503":            {method: "GET", status: 503, retry: false, decided: true, attempts: 1},
		"no, 429":            {method: "POST", status: 429, retry: false, decided: true, attempts: 1},
		"yes, 404":           {method: "GET", status: 404, retry: true, decided: true, attempts: 2},
		"yes, 200":           {method: "GET", status: 200, retry: true, decided: true, attempts: 2},
		"yes, 409 to a PUT":  {method: "PUT", status: 409, retry: true, decided: true, attempts: 2},
		"yes, 404 to a POST": {method: "POST", status: 404, retry: true, decided: true, attempts: 1},
		"yes, 503 to a POST": {method: "POST", status: 503, retry: true, decided: true, attempts: 1},
		"yes, 503 to an idempotent POST": {method: "POST", call: transport.Call{Idempotency: transport.Idempotent},
			status: 503, retry: true, decided: true, attempts: 2},
		"yes, NoRetry": {method: "GET", call: transport.Call{NoRetry: true}, status: 404,
			retry: true, decided: true, attempts: 1},
		"yes, a permanent error": {method: "GET", err: permanentErr, retry: true, decided: true, attempts: 1},
		"yes, a cancelled attempt": {method: "GET", err: context.Canceled, retry: true, decided: true,
			attempts: 2},
		"yes, cancelled by the caller": {method: "GET", err: context.Canceled, cancels: true, retry: true,
			decided: true, attempts: 1},
		"yes, a consumed body": {method: "PUT", status: 404, once: true, retry: true, decided: true,
			attempts: 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(transport.WithCall(t.Context(), &tc.call))
				defer cancel()
				attempts := 0
				base := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
					_ = readAll(req)
					switch attempts++; {
					case attempts > 1:
						return &http.Response{StatusCode: 204, Body: http.NoBody, Request: req}, nil
					case tc.cancels:
						cancel()
					}
					if tc.err != nil {
						return nil, tc.err
					}
					return &http.Response{StatusCode: tc.status, Body: http.NoBody, Request: req}, nil
				})
				req := newRequest(t, ctx, tc.method, thing, "the body")
				if tc.once {
					req.GetBody = nil
				}
				rt := Retry(RetryConfig{ShouldRetry: func(*http.Response, error) (retry, decided bool) {
					if attempts > 1 {
						return false, false
					}
					return tc.retry, tc.decided
				}})(base)
				resp, _, err := send(t, rt, req)
				if attempts != tc.attempts {
					t.Errorf("%d attempts, want %d: %v, %v", attempts, tc.attempts, resp, err)
				}
			})
		})
	}
}
