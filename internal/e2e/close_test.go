package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/testutil"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/transport"
)

// tokenless is a token source whose Token waits for its context's end.
type tokenless struct{}

func (tokenless) Token(ctx context.Context) (*oauth2.Token, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// hangingOAuth2 is an oauth2.TokenSource, which has no context; each of its tokens takes an hour.
type hangingOAuth2 struct{}

func (hangingOAuth2) Token() (*oauth2.Token, error) {
	time.Sleep(time.Hour)
	return &oauth2.Token{AccessToken: "late-token"}, nil
}

// hangingLimiter never grants a permit.
type hangingLimiter struct{}

func (hangingLimiter) Acquire(ctx context.Context, _ middleware.LimitRequest) (middleware.Permit, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Hour)
	defer cancel()
	<-ctx.Done()
	return nil, context.Cause(ctx)
}

func ids(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("%022d", i)
	}
	return list
}

// TestCloseInEveryState: Close ends a waiting call at once with ErrClosed, wherever it waits. A
// call on the wire runs to its end. No request begins after Close has returned, and no goroutine
// leaks.
func TestCloseInEveryState(t *testing.T) {
	get := func(ctx context.Context, c *spotify.Client) error {
		_, err := c.Albums.Get(ctx, albumID, nil)
		return err
	}
	iterate := func(ctx context.Context, c *spotify.Client) error {
		for _, err := range c.Albums.AllTracks(ctx, albumID, nil) {
			if err != nil {
				return err
			}
			time.Sleep(time.Second) // Close is called while the loop's body runs
		}
		return nil
	}
	shared := func(ctx context.Context, c *spotify.Client) error {
		other := make(chan error, 1)
		go func() { other <- get(ctx, c) }()
		return errors.Join(get(ctx, c), <-other)
	}
	quick := func(req *http.Request, status int, body string) (*http.Response, error) {
		return &http.Response{
			StatusCode:    status,
			Header:        http.Header{"Content-Type": {"application/json"}},
			Body:          io.NopCloser(strings.NewReader(body)),
			ContentLength: int64(len(body)),
			Request:       req,
		}, nil
	}
	fine := func(req *http.Request) (*http.Response, error) { return quick(req, 200, album) }
	for name, c := range map[string]struct {
		call    func(context.Context, *spotify.Client) error
		respond func(*http.Request) (*http.Response, error)
		opts    []spotify.Option
		want    error
		within  time.Duration // of Close
	}{
		"the backoff": {get, func(req *http.Request) (*http.Response, error) { return quick(req, 503, "") },
			[]spotify.Option{
				spotify.WithRetry(middleware.RetryConfig{InitialDelay: time.Minute, MaxDelay: time.Minute}),
			}, spotify.ErrClosed, 0},
		"a Retry-After": {get, func(req *http.Request) (*http.Response, error) {
			resp, err := quick(req, 429, "")
			resp.Header.Set("Retry-After", "50")
			return resp, err
		}, nil, spotify.ErrClosed, 0},
		"the pacer's queue": {func(ctx context.Context, c *spotify.Client) error {
			for {
				if err := get(ctx, c); err != nil {
					return err
				}
			}
		}, fine, []spotify.Option{
			spotify.WithLimiter(
				middleware.NewPacer(middleware.PacerConfig{Quota: 3, Window: time.Hour, MaxWait: 2 * time.Hour}),
			),
		}, spotify.ErrClosed, 0},
		"a limiter of the user's": {get, fine, []spotify.Option{spotify.WithLimiter(hangingLimiter{})}, spotify.ErrClosed, 0},
		"a token":                 {get, fine, []spotify.Option{spotify.WithTokenSource(tokenless{})}, spotify.ErrClosed, 0},
		"a token of x/oauth2": {
			get, fine, []spotify.Option{spotify.WithTokenSource(auth.FromOAuth2(hangingOAuth2{}))},
			spotify.ErrClosed, 0,
		},
		"the same request": {
			shared, fine,
			[]spotify.Option{
				spotify.WithTokenSource(tokenless{}),
				spotify.WithMiddleware(transport.PerCall, middleware.Coalesce(middleware.CoalesceConfig{})),
			},
			spotify.ErrClosed, 0,
		},
		"the wire": {get, func(req *http.Request) (*http.Response, error) {
			time.Sleep(10 * time.Second)
			return fine(req)
		}, nil, nil, 10 * time.Second},
		"the wire, and then a backoff": {get, func(req *http.Request) (*http.Response, error) {
			time.Sleep(10 * time.Second)
			return quick(req, 503, "")
		}, nil, spotify.ErrClosed, 10 * time.Second},
		"a body": {func(ctx context.Context, c *spotify.Client) error {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://api.spotify.com/v1/nothing-known", nil)
			if err != nil {
				return err
			}
			resp, err := c.HTTPClient().Do(req)
			if err != nil {
				return err
			}
			defer resp.Body.Close()
			time.Sleep(10 * time.Second)
			_, err = io.ReadAll(resp.Body)
			return err
		}, fine, nil, nil, 10 * time.Second},
		"an iterator": {iterate, func(req *http.Request) (*http.Response, error) {
			return quick(
				req,
				200,
				`{"items":[{"name":"1"}],"limit":1,"total":100,"next":"https://api.spotify.com/v1/albums/x/tracks?after=`+
					req.URL.Query().Get("offset")+`"}`,
			)
		}, nil, spotify.ErrClosed, 10 * time.Second},
		"GetMany": {func(ctx context.Context, c *spotify.Client) error {
			_, err := c.Tracks.GetMany(ctx, ids(1000), nil)
			return err
		}, func(req *http.Request) (*http.Response, error) {
			time.Sleep(time.Second)
			return fine(req)
		}, nil, spotify.ErrClosed, time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				before := testutil.BubbleGoroutines(t)
				var closed atomic.Bool
				base := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
					transport.CloseRequest(req)
					if closed.Load() {
						t.Error("a request began after Close had returned")
					}
					return c.respond(req)
				})
				opts := append([]spotify.Option{spotify.WithTransport(base)}, c.opts...)
				if !strings.Contains(name, "token") && name != "the same request" {
					opts = append(opts, spotify.WithAccessToken("token"))
				}
				client, err := spotify.New(opts...)
				if err != nil {
					t.Fatal(err)
				}
				done := make(chan error, 1)
				go func() { done <- c.call(t.Context(), client) }()
				time.Sleep(1500 * time.Millisecond)
				synctest.Wait()
				select {
				case err := <-done:
					t.Fatalf("the call ended before Close: %v", err)
				default:
				}
				start := time.Now()
				if err := client.Close(); err != nil || time.Since(start) != 0 {
					t.Errorf("Close returned %v after %v", err, time.Since(start))
				}
				closed.Store(true)
				if err := <-done; !errors.Is(err, c.want) {
					t.Errorf("the call ended with %v, want %v", err, c.want)
				}
				if took := time.Since(start); took > c.within {
					t.Errorf("the call ended %v after Close, want at most %v", took, c.within)
				}
				if name == "a token of x/oauth2" {
					time.Sleep(time.Hour) // it has no context to cancel
				}
				synctest.Wait()
				if after := testutil.BubbleGoroutines(t); after > before {
					t.Errorf("%d goroutines are left", after-before)
				}
			})
		})
	}
}
