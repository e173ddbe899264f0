package transporttest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/transport"
	"github.com/seed-2147f1a9/spotify/transport/transporttest"
)

// breaches are middlewares that break the contract, each in one way, and words of the failure that
// Run has to report.
var breaches = map[string]struct {
	roundTrip func(next http.RoundTripper, req *http.Request) (*http.Response, error)
	want      string
}{
	"changes the request": {func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
		req.Header.Set("X-Given", "changed")
		return transport.RoundTrip(next, req)
	}, "changed the request it was given"},
	"leaves the request body open": {func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
		if err := req.Context().Err(); err != nil {
			return nil, err
		}
		return nil, errors.New("not today")
	}, "left the request body open"},
	"sends a used body again": {func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
		resp, err := transport.RoundTrip(next, req)
		if err != nil || resp.StatusCode < 500 {
			return resp, err
		}
		transport.Drain(resp)
		return transport.RoundTrip(next, req)
	}, "sent a body again that can be read only once"},
	"drains without bound": {func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
		resp, err := transport.RoundTrip(next, req)
		if err != nil || resp.StatusCode != 503 || !transport.Replayable(req) {
			return resp, err
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		again, err := transport.Rewind(req)
		if err != nil {
			return nil, err
		}
		return transport.RoundTrip(next, again)
	}, "want at most 50ms"},
	"leaves a response open": {func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
		resp, err := transport.RoundTrip(next, req)
		if err == nil && resp.StatusCode == 404 {
			return nil, errors.New("not found")
		}
		return resp, err
	}, "response bodies open"},
	"passes on neither": {func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
		resp, err := next.RoundTrip(req)
		if resp != nil {
			return transport.RoundTrip(
				transport.RoundTripperFunc(func(*http.Request) (*http.Response, error) { return resp, err }),
				req,
			)
		}
		return nil, err
	}, "neither a response nor an error"},
	"does not look at the context": {func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
		return transport.RoundTrip(next, req.WithContext(context.WithoutCancel(req.Context())))
	}, "context is over"},
	"keeps the contract": {transport.RoundTrip, ""},
	"refuses changes": {func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
		if req.Method == http.MethodGet || req.Method == http.MethodHead {
			return transport.RoundTrip(next, req)
		}
		transport.CloseRequest(req)
		return nil, errors.New("dry run")
	}, ""},
	"refuses everything": {func(_ http.RoundTripper, req *http.Request) (*http.Response, error) {
		transport.CloseRequest(req)
		return nil, errors.New("outside office hours")
	}, ""},
	"refuses changes and leaves their bodies open": {
		func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
			if req.Method == http.MethodGet || req.Method == http.MethodHead {
				return transport.RoundTrip(next, req)
			}
			return nil, errors.New("dry run")
		}, "left the request body open",
	},
}

// Run finds each of the breaches, and nothing else. It runs in a program of its own, as a test that
// is to fail would fail this one.
func TestRunFindsBreaches(t *testing.T) {
	const name = "TRANSPORTTEST_BREACH"
	if breach, ok := breaches[os.Getenv(name)]; ok {
		transporttest.Run(t, func() transport.Middleware {
			return func(next http.RoundTripper) http.RoundTripper {
				return transport.RoundTripperFunc(
					func(req *http.Request) (*http.Response, error) { return breach.roundTrip(next, req) },
				)
			}
		})
		return
	}
	for breach, c := range breaches {
		t.Run(breach, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(
				t.Context(),
				os.Args[0],
				"-test.run=^TestRunFindsBreaches$",
				"-test.timeout=1m",
			) //nolint:gosec // this test's own program
			cmd.Env = append(os.Environ(), name+"="+breach)
			out, err := cmd.CombinedOutput()
			if (err != nil) != (c.want != "") || !strings.Contains(string(out), c.want) {
				t.Errorf("%v, want it to fail with %q:\n%.4000s", err, c.want, out)
			}
		})
	}
}
