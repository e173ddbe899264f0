package breaker_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/contrib/breaker"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/transport"
	"github.com/seed-2147f1a9/spotify/transport/transporttest"
)

func TestConforms(t *testing.T) {
	transporttest.Run(t, func() transport.Middleware { return breaker.New(breaker.Config{}) })
}

// A failing server opens the breaker; a rejection, a cancellation and a permanent error do not.
func TestOpens(t *testing.T) {
	respond := func(status int, err error) transport.RoundTripperFunc {
		return func(req *http.Request) (*http.Response, error) {
			if err != nil {
				return nil, err
			}
			return &http.Response{StatusCode: status, Body: http.NoBody, Request: req}, nil
		}
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, tc := range map[string]struct {
		base  transport.RoundTripperFunc
		ctx   context.Context
		opens bool
	}{
		"500":                     {base: respond(500, nil), opens: true},
		"503":                     {base: respond(503, nil), opens: true},
		"connection reset":        {base: respond(0, &net.OpError{Op: "read", Err: errors.New("reset")}), opens: true},
		"200":                     {base: respond(200, nil)},
		"404":                     {base: respond(404, nil)},
		"429":                     {base: respond(429, nil)},
		"cancelled by the caller": {base: respond(0, context.Canceled), ctx: canceled},
		"refused by the limiter":  {base: respond(0, &middleware.LimitError{})},
		"a permanent error":       {base: respond(0, transport.Permanent(errors.New("log in again")))},
		"204":                     {base: respond(204, nil)},
	} {
		t.Run(name, func(t *testing.T) {
			sent := 0
			base := func(req *http.Request) (*http.Response, error) {
				sent++
				return tc.base(req)
			}
			rt := breaker.New(breaker.Config{Failures: 3})(transport.RoundTripperFunc(base))
			ctx := t.Context()
			if tc.ctx != nil {
				ctx = tc.ctx
			}
			var err error
			for range 10 {
				req, bad := http.NewRequestWithContext(ctx, "PUT", "https://api.example.com/", strings.NewReader("x"))
				if bad != nil {
					t.Fatal(bad)
				}
				var resp *http.Response
				resp, err = rt.RoundTrip(req)
				transport.Drain(resp)
			}
			if opened := sent == 3; opened != tc.opens || errors.Is(err, breaker.ErrOpen) != tc.opens {
				t.Errorf("%d requests, then %v", sent, err)
			}
		})
	}
}

// In an outage a client's calls fail without a request while the breaker is open, and succeed again
// after the outage.
func TestOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := mock.New(t)
		var changes []bool
		client, err := spotify.New(spotify.WithAccessToken("token"), spotify.WithTransport(fake),
			spotify.WithMiddleware(transport.PerAttempt,
				breaker.New(breaker.Config{OnChange: func(open bool) { changes = append(changes, open) }})))
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		get := func() error { _, err := client.Albums.Get(t.Context(), mock.AlbumID, nil); return err }
		outage := fake.OnAny().Respond(503, "")
		var last error
		for range 600 { // ten minutes
			last = get()
			time.Sleep(time.Second)
		}
		if !errors.Is(last, breaker.ErrOpen) {
			t.Error("in the outage:", last)
		}
		if sent := client.Stats().Attempts; sent > 5+20 {
			t.Errorf("%d requests in a 10 min outage, want 5 and one in each 30 s", sent)
		}
		outage.Times(1) // the fake responds as usual after that
		time.Sleep(30 * time.Second)
		_ = get()
		time.Sleep(30 * time.Second)
		if err := get(); err != nil {
			t.Error("after the outage:", err)
		}
		if !slices.Equal(changes, []bool{true, false}) {
			t.Errorf("OnChange was called with %v, want true, false", changes)
		}
	})
}
