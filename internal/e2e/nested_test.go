package e2e_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/transport"
)

// respond returns a client over a base that calls the function.
func statusClient(t *testing.T, status func(*http.Request) int, opts ...spotify.Option) *spotify.Client {
	base := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		transport.CloseRequest(req)
		body := `{"id":"x","snapshot_id":"x"}`
		return &http.Response{
			StatusCode:    status(req),
			Header:        http.Header{},
			Body:          io.NopCloser(strings.NewReader(body)),
			ContentLength: int64(len(body)),
			Request:       req,
		}, nil
	})
	c, err := spotify.New(append(opts, spotify.WithAccessToken("token"), spotify.WithTransport(base))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// TestFaultsCallWithinACall: a call that a middleware makes with the context of its request is a
// call of its own: it has its own idempotency, and writes to its own Report and Capture.
func TestFaultsCallWithinACall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c *spotify.Client
		var nested error
		inner := func(next http.RoundTripper) http.RoundTripper {
			return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
				if req.Method == http.MethodPost {
					_, nested = c.Albums.Get(req.Context(), albumID, nil)
				}
				return next.RoundTrip(req)
			})
		}
		gets, posts := 0, 0
		c = statusClient(t, func(req *http.Request) int {
			switch {
			case req.Method == http.MethodPost:
				posts++
				return 200
			case gets < 2:
				gets++
				return 503
			}
			gets++
			return 200
		}, spotify.WithMiddleware(transport.PerCall, inner))
		var captured spotify.Captured
		var report transport.Report
		ctx := transport.WithCall(t.Context(), &transport.Call{Capture: &captured, Report: &report})
		if _, err := c.Playlists.AddItems(ctx, playlistID, []string{"spotify:track:" + albumID}, nil); err != nil {
			t.Fatal(err)
		}
		if nested != nil || gets != 3 || posts != 1 {
			t.Errorf("the inner call: %v after %d attempts, %d POSTs; want success after 3, 1", nested, gets, posts)
		}
		if n, _ := report.Attempts(); n != 1 {
			t.Errorf("the caller's report has %d attempts, want those of the outer call alone, 1", n)
		}
		if got := captured.Timeline(); !strings.HasPrefix(got, "POST /playlists/{playlist_id}/items: 200") ||
			captured.Status != 200 {
			t.Errorf("captured %v and\n%s\nwant the outer call", captured, got)
		}
	})
}

// TestReportOfACaller: a caller's Report is filled by the first call that is made with it.
func TestReportOfACaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		c := statusClient(t, func(*http.Request) int {
			if n++; n < 3 {
				return 503
			}
			return 200
		})
		var report transport.Report
		ctx := transport.WithCall(t.Context(), &transport.Call{Report: &report})
		for range 2 {
			if _, err := c.Albums.Get(ctx, albumID, nil); err != nil {
				t.Fatal(err)
			}
		}
		if n, _ := report.Attempts(); n != 3 {
			t.Errorf("%d attempts, want those of the first call, 3", n)
		}
	})
}

// TestStatsOfSharedCalls: coalesced calls count as calls, and their request as one attempt.
func TestStatsOfSharedCalls(t *testing.T) {
	c := statusClient(
		t,
		func(*http.Request) int { return 200 },
		spotify.WithMiddleware(transport.PerCall, middleware.Coalesce(middleware.CoalesceConfig{})),
	)
	if _, err := c.Albums.Get(t.Context(), albumID, nil); err != nil {
		t.Fatal(err)
	}
	if s := c.Stats(); s.Calls != 1 || s.Attempts != 1 {
		t.Errorf("%d calls, %d attempts, want 1, 1", s.Calls, s.Attempts)
	}
}
