package e2e_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/testutil"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/transport"
)

// TestTokenEndpointDownForAMinute: calls succeed while the cached token is valid. After it has
// expired calls fail at once with the reason. The number of token requests stays bounded during and
// after the outage.
func TestTokenEndpointDownForAMinute(t *testing.T) {
	for name, tc := range map[string]struct {
		age   time.Duration // of the one-hour token at the beginning
		fails bool
	}{
		"while the token is alive": {56 * time.Minute, false},
		"after it has expired":     {61 * time.Minute, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, fake := mock.NewClient(t, spotify.WithClientCredentials("id", "secret"))
				get := func() error { _, err := client.Albums.Get(t.Context(), mock.AlbumID, nil); return err }
				if err := get(); err != nil {
					t.Fatal(err)
				}
				time.Sleep(tc.age)
				fake.On("POST", "/api/token").Respond(503, "down")
				var failed atomic.Int32
				var wg sync.WaitGroup
				for range 60 { // ten calls in each second
					for range 10 {
						wg.Go(func() {
							began := time.Now()
							err := get()
							var reason *auth.Error
							if (err != nil) != tc.fails || err != nil && (!errors.As(err, &reason) || reason.Status != 503) ||
								time.Since(began) > 10*time.Second {
								t.Errorf("%v after %v", err, time.Since(began))
							}
							if err != nil {
								failed.Add(1)
							}
						})
					}
					time.Sleep(time.Second)
				}
				wg.Wait()
				asked := len(fake.Calls("POST", "/api/token")) - 1
				t.Logf("600 calls, %d failed; %d token requests", failed.Load(), asked)
				if asked < 2 || asked > 600+600/10 { // one for each attempt; at most a tenth of the attempts are retries
					t.Error("more token requests than Retry permits")
				}
				fake.Reset()
				time.Sleep(30 * time.Second)
				first := get() // the token is soft-expired: it is used, and refreshed in the background
				synctest.Wait()
				if err := errors.Join(first, get()); err != nil || client.Stats().Refreshes != 1 {
					t.Errorf("after the outage: %v, %d refreshes", err, client.Stats().Refreshes)
				}
			})
		})
	}
}

// TestTokenEndpointHangs: a hanging token endpoint blocks a call only until its context ends, and
// leaves no goroutine after Close.
func TestTokenEndpointHangs(t *testing.T) {
	const end = 1234 * time.Millisecond
	synctest.Test(t, func(t *testing.T) {
		before := testutil.BubbleGoroutines(t)
		client, fake := mock.NewClient(t, spotify.WithClientCredentials("id", "secret"))
		fake.On("POST", "/api/token").Delay(time.Hour)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		time.AfterFunc(end, cancel)
		start := time.Now()
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				_, err := client.Albums.Get(ctx, mock.AlbumID, nil)
				if took := time.Since(start); !errors.Is(err, context.Canceled) || took > end+time.Millisecond {
					t.Errorf("%v after %v", err, took)
				}
			})
		}
		wg.Wait()
		if err := client.Close(); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if after := testutil.BubbleGoroutines(t); after > before || len(fake.Calls("POST", "/api/token")) != 1 {
			t.Errorf("%d goroutines more than before; %d token requests", after-before, len(fake.Calls("POST", "/api/token")))
		}
	})
}

// TestCloseWhileCallsAreInFlight: after Close waiting calls and calls on the wire end, new calls
// fail, and nothing leaks.
func TestCloseWhileCallsAreInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		before := testutil.BubbleGoroutines(t)
		fake := mock.New(
			t,
			mock.WithFaults(mock.Faults{MinLatency: time.Second, MaxLatency: 2 * time.Second, ErrorRate: 0.2}),
			mock.WithRateLimit(20, 30*time.Second),
		)
		client := fake.NewClient(spotify.WithClientCredentials("id", "secret"))
		var wg sync.WaitGroup
		var ok, failed atomic.Int32
		for range 60 {
			wg.Go(func() {
				_, err := client.Albums.Get(t.Context(), mock.AlbumID, nil)
				switch {
				case err == nil:
					ok.Add(1)
				case kindOf(err) == "" && !errors.Is(err, spotify.ErrClosed):
					t.Errorf("%T: %v", err, err)
				default:
					failed.Add(1)
				}
			})
		}
		time.Sleep(1500 * time.Millisecond)
		for range 2 {
			if err := client.Close(); err != nil {
				t.Error(err)
			}
		}
		if _, err := client.Albums.Get(t.Context(), mock.AlbumID, nil); !errors.Is(err, spotify.ErrClosed) {
			t.Error("a new call:", err)
		}
		wg.Wait()
		synctest.Wait()
		t.Logf("%d ended well, %d failed", ok.Load(), failed.Load())
		if n := fake.OpenBodies(); n != 0 || testutil.BubbleGoroutines(t) > before {
			t.Errorf("%d bodies are open, there are %d goroutines more than before", n, testutil.BubbleGoroutines(t)-before)
		}
	})
}

// dials counts a transport's open connections.
func dials(base *http.Transport) *atomic.Int32 {
	open := new(atomic.Int32)
	dial := base.DialContext
	base.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		open.Add(1)
		return &counted{Conn: conn, open: open}, nil
	}
	return open
}

type counted struct {
	net.Conn
	open *atomic.Int32
	once sync.Once
}

func (c *counted) Close() error {
	c.once.Do(func() { c.open.Add(-1) })
	return c.Conn.Close()
}

// protocols are the options for each version of HTTP over TLS.
var protocols = map[string]mock.Option{"HTTP/1.1": mock.WithTLS(), "HTTP/2": mock.WithHTTP2()}

// TestChaosOnWire is TestChaos over real sockets, where broken connections are real: no write is
// applied twice, and nothing stays open.
func TestChaosOnWire(t *testing.T) {
	for name, protocol := range protocols {
		t.Run(name, func(t *testing.T) { chaosOnWire(t, protocol, 200) })
	}
}

// chaosOnWire makes calls over sockets and returns their outcomes.
func chaosOnWire(t *testing.T, protocol mock.Option, calls int) *tally {
	faults := mock.Chaos(1)
	faults.Errors, faults.MaxLatency = map[int]float64{401: 0.01}, 5*time.Millisecond
	fake := mock.NewServer(t, protocol, mock.WithFaults(faults), mock.WithRateLimit(1000, time.Second))
	base := transport.NewBase()
	base.TLSClientConfig.RootCAs = fake.CertPool()
	open := dials(base)
	user := login(t, fake.Transport)
	client := fake.NewClient(
		spotify.WithTransport(base),
		spotify.WithTokenSource(user),
		spotify.WithTimeout(time.Minute),
		spotify.WithLimiter(
			middleware.NewPacer(middleware.PacerConfig{Window: time.Second}),
		),
		spotify.WithRetry(middleware.RetryConfig{InitialDelay: 5 * time.Millisecond}),
	)
	total := newTally()
	total.round(t, client, 0, calls)
	total.applied(t, fake.Transport)
	t.Logf("%v; %+v", total, client.Stats())
	stuck := time.After(30 * time.Second)
	for base.CloseIdleConnections(); open.Load() > 0; base.CloseIdleConnections() { // connections take a moment to close
		select {
		case <-time.After(20 * time.Millisecond):
		case <-stuck:
			t.Fatalf("%d connections stay open", open.Load())
		}
	}
	return total
}
