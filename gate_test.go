package spotify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/transport"
)

// closing is a server that holds requests until release, and counts its connections.
type closing struct {
	*httptest.Server
	began   chan struct{} // one for each request that has arrived
	respond chan struct{} // closed to let handlers respond

	requests atomic.Int32
	mu       sync.Mutex
	open     map[net.Conn]bool
	changed  chan struct{}
}

func newClosing(t *testing.T, http2 bool, handler func(s *closing, w http.ResponseWriter, r *http.Request)) *closing {
	s := &closing{
		began:   make(chan struct{}, 1000),
		respond: make(chan struct{}),
		open:    map[net.Conn]bool{},
		changed: make(chan struct{}, 1000),
	}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.requests.Add(1)
		s.began <- struct{}{}
		handler(s, w, r)
	}))
	s.EnableHTTP2 = http2
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // handshakes that the client cancels
	s.Config.ConnState = func(c net.Conn, state http.ConnState) {
		s.mu.Lock()
		defer s.mu.Unlock()
		switch state {
		case http.StateNew:
			s.open[c] = true
		case http.StateClosed, http.StateHijacked:
			delete(s.open, c)
		}
		select {
		case s.changed <- struct{}{}:
		default:
		}
	}
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// drained waits until the server has no connection, and fails the test after 30 s.
func (s *closing) drained(t *testing.T) {
	t.Helper()
	guard := time.After(30 * time.Second) // only if a connection leaks
	for {
		s.mu.Lock()
		n := len(s.open)
		s.mu.Unlock()
		if n == 0 {
			return
		}
		select {
		case <-s.changed:
		case <-guard:
			t.Fatalf("%d connections are left", n)
		}
	}
}

const anAlbum = `{"id":"4aawyAB9vmqN3uQ7FjRGTy","name":"An album"}`

// hangingToken is a token source that waits for its context.
type hangingToken struct{ waiting chan struct{} }

func (h hangingToken) Token(ctx context.Context) (*oauth2.Token, error) {
	h.waiting <- struct{}{}
	<-ctx.Done()
	return nil, context.Cause(ctx)
}

// TestCloseLeavesNoConnection: Close ends a waiting call at once with ErrClosed. A call on the wire
// runs to its end, no request begins after Close, and no connection stays open.
func TestCloseLeavesNoConnection(t *testing.T) {
	get := func(c *Client) error {
		_, err := c.Albums.Get(context.Background(), "4aawyAB9vmqN3uQ7FjRGTy", nil)
		return err
	}
	quick := func(_ *closing, w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, anAlbum) }
	held := func(s *closing, w http.ResponseWriter, _ *http.Request) {
		<-s.respond
		_, _ = io.WriteString(w, anAlbum)
	}
	token := hangingToken{make(chan struct{}, 10)}
	backoff := make(chan struct{}, 10)
	var pacer *middleware.Pacer
	queue := func() []Option {
		pacer = middleware.NewPacer(middleware.PacerConfig{Quota: 1, Window: time.Hour, MaxWait: -1, MaxPause: -1})
		return []Option{WithLimiter(pacer)}
	}
	always := func(opts ...Option) func() []Option { return func() []Option { return opts } }
	for name, tc := range map[string]struct {
		handler func(*closing, http.ResponseWriter, *http.Request)
		opts    func() []Option
		call    func(*Client) error
		waits   func(*closing) // until the call is in the state to test
		closed  bool           // the call fails with ErrClosed
		sent    int32
	}{
		"in the limiter's queue": {
			handler: quick, opts: queue, closed: true, sent: 1,
			call:  func(c *Client) error { return errors.Join(get(c), get(c)) },
			waits: func(*closing) { until(func() bool { return pacer.Stats("").Queued == 1 }) },
		},
		"in backoff": {
			handler: func(_ *closing, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }, closed: true, sent: 1,
			opts: always(
				WithRetry(
					middleware.RetryConfig{
						InitialDelay: time.Hour, MaxDelay: time.Hour,
						OnRetry: func(middleware.RetryEvent) { backoff <- struct{}{} },
					},
				),
			),
			call: get, waits: func(*closing) { <-backoff },
		},
		"waiting for a token": {
			handler: quick, opts: always(WithTokenSource(token)), call: get, waits: func(*closing) { <-token.waiting },
			closed: true, sent: 0,
		},
		"on the wire": {handler: held, call: get, waits: func(s *closing) { <-s.began }, sent: 1},
		"in a body": {
			handler: func(s *closing, w http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(w, "the first half ")
				w.(http.Flusher).Flush()
				<-s.respond
				_, _ = io.WriteString(w, "and the second")
			},
			call: func(c *Client) error {
				resp, err := c.HTTPClient().Get(c.gate.home.String() + "/something-new")
				if err != nil {
					return err
				}
				defer resp.Body.Close()
				body, err := io.ReadAll(resp.Body)
				if err == nil && string(body) != "the first half and the second" {
					err = fmt.Errorf("read %q", body)
				}
				return err
			},
			waits: func(s *closing) { <-s.began }, sent: 1,
		},
		"in a walk": {
			handler: func(s *closing, w http.ResponseWriter, r *http.Request) {
				if s.requests.Load() > 1 {
					<-s.respond
				}
				_, _ = fmt.Fprintf(
					w,
					`{"items":[{"name":"x"}],"limit":1,"offset":0,"total":9,"next":"https://%s/v1/x?after=%s"}`,
					r.Host,
					r.URL.Query().Get("offset"),
				)
			},
			call: func(c *Client) error {
				for _, err := range c.Albums.AllSaved(context.Background(), nil) {
					if err != nil {
						return err
					}
				}
				return nil
			},
			waits: func(s *closing) { <-s.began; <-s.began }, closed: true, sent: -1,
		},
		"in GetMany": {
			handler: held, closed: true, sent: -1,
			call: func(c *Client) error {
				_, err := c.Albums.GetMany(context.Background(), manyIDs(200), nil)
				return err
			},
			waits: func(s *closing) { <-s.began },
		},
	} {
		for _, http2 := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, HTTP/2 %v", name, http2), func(t *testing.T) {
				s := newClosing(t, http2, tc.handler)
				base := s.Client().Transport.(*http.Transport).Clone()
				opts := []Option{WithTransport(base), WithBaseURL(s.URL + "/v1"), WithMaxRetries(1)}
				if tc.opts != nil {
					opts = append(opts, tc.opts()...)
				}
				if name != "waiting for a token" {
					opts = append(opts, WithTokenSource(auth.Static("token")))
				}
				client, err := New(opts...)
				if err != nil {
					t.Fatal(err)
				}
				client.gate.closeIdle = base.CloseIdleConnections // as for a base that the client made
				done := make(chan error, 1)
				go func() { done <- tc.call(client) }()
				tc.waits(s)
				if err := client.Close(); err != nil {
					t.Error(err)
				}
				atClose := s.requests.Load()
				if tc.closed && tc.sent >= 0 { // a waiting call fails although the server holds no request
					if err := <-done; !errors.Is(err, ErrClosed) {
						t.Errorf("got %v, want ErrClosed", err)
					}
				}
				close(s.respond)
				if !tc.closed || tc.sent < 0 {
					if err := <-done; errors.Is(err, ErrClosed) != tc.closed || !tc.closed && err != nil {
						t.Errorf("got %v, want ErrClosed: %v", err, tc.closed)
					}
				}
				if err := get(client); !errors.Is(err, ErrClosed) || !transport.IsPermanent(err) {
					t.Errorf("a later call: %v", err)
				}
				if n := s.requests.Load(); tc.sent >= 0 && n != tc.sent {
					t.Errorf("%d requests, %d of them after Close, want %d", n, n-atClose, tc.sent)
				}
				s.drained(t)
				t.Logf("%d requests, none left on %d connections", s.requests.Load(), len(s.open))
			})
		}
	}
}

func manyIDs(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("%022d", i)
	}
	return ids
}

// until waits for a condition by polling.
func until(done func() bool) {
	for !done() {
		runtime.Gosched()
	}
}

// TestNothingBeginsAfterClose: no attempt begins after Close has returned, however many calls are
// in the pipeline.
func TestNothingBeginsAfterClose(t *testing.T) {
	for range 50 {
		var closed atomic.Bool
		var late atomic.Int32
		base := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody, Request: req}, nil
		})
		client, err := New(
			WithAccessToken("token"),
			WithTransport(base),
			WithMiddleware(transport.OnWire, func(next http.RoundTripper) http.RoundTripper {
				return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
					wasClosed := closed.Load() // before gateOut checks it
					resp, err := next.RoundTrip(req)
					if wasClosed && err == nil {
						late.Add(1)
					}
					return resp, err
				})
			}),
		)
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for client.Player.Pause(context.Background(), nil) == nil {
				}
			})
		}
		_ = client.Close()
		closed.Store(true)
		wg.Wait()
		if n := late.Load(); n != 0 {
			t.Fatalf("%d attempts began after Close", n)
		}
	}
}
