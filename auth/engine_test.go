package auth

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/transport"
)

// script is a refresh that takes a second and then does as its next step says; the last step is repeated.
type script struct {
	steps []step
	calls atomic.Int32
}

type step struct {
	life time.Duration // of the token; zero never expires
	err  error
}

func (s *script) refresh(ctx context.Context) (*oauth2.Token, error) {
	n := int(s.calls.Add(1))
	if transport.Sleep(ctx, time.Second) != nil {
		return nil, context.Cause(ctx)
	}
	next := s.steps[min(n, len(s.steps))-1]
	if next.err != nil {
		return nil, next.err
	}
	token := &oauth2.Token{AccessToken: fmt.Sprint("token", n)}
	if next.life > 0 {
		token.Expiry = wallNow().Add(next.life)
	}
	return token, nil
}

// bubble runs a test of an engine in virtual time and checks that closing it leaves nothing behind.
func bubble(t *testing.T, steps []step, test func(t *testing.T, e *engine, s *script)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &script{steps: steps}
		e := newEngine(s.refresh, 0)
		defer e.close()
		test(t, e, s)
	})
}

func (s *script) want(t *testing.T, e *engine, token string, calls int) {
	t.Helper()
	got, err := e.token(t.Context())
	if err != nil || got.AccessToken != token {
		t.Fatalf("got %v, %v; want %s", got, err, token)
	}
	synctest.Wait()
	if n := int(s.calls.Load()); n != calls {
		t.Fatalf("%d refreshes, want %d", n, calls)
	}
}

var hour = []step{{life: time.Hour}}

func TestOneRefreshForAll(t *testing.T) {
	bubble(t, hour, func(t *testing.T, e *engine, s *script) {
		for round := 1; round <= 2; round++ {
			var wg sync.WaitGroup
			for range 10_000 {
				wg.Go(func() {
					if token, err := e.token(t.Context()); err != nil || token.AccessToken != fmt.Sprint("token", round) {
						t.Errorf("round %d: %v, %v", round, token, err)
					}
				})
			}
			wg.Wait()
			if n := int(s.calls.Load()); n != round {
				t.Fatalf("%d refreshes for 10,000 callers that met an expired token, want 1", n-round+1)
			}
			time.Sleep(time.Hour)
		}
	})
}

func TestWaiterLeavesAlone(t *testing.T) {
	bubble(t, hour, func(t *testing.T, e *engine, s *script) {
		gone := errors.New("the caller left")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(300*time.Millisecond, func() { cancel(gone) })
		start := time.Now()
		_, err := e.token(ctx)
		if !errors.Is(err, gone) || time.Since(start) != 300*time.Millisecond {
			t.Fatalf("got %v after %v", err, time.Since(start))
		}
		s.want(t, e, "token1", 1) // joins the refresh that the first caller started
		if d := time.Since(start); d != time.Second {
			t.Errorf("took %v: the refresh was started anew", d)
		}
		if _, err := e.token(ctx); err != nil {
			t.Errorf("a token that is there costs no waiting: %v", err)
		}
	})
}

func TestMargins(t *testing.T) {
	for _, life := range []time.Duration{time.Hour, 20 * time.Minute, time.Minute, 5 * time.Second} {
		t.Run(life.String(), func(t *testing.T) {
			bubble(t, []step{{life: life}}, func(t *testing.T, e *engine, s *script) {
				s.want(t, e, "token1", 1)
				soft := min(5*time.Minute, life/4)
				time.Sleep(life - soft - time.Millisecond)
				s.want(t, e, "token1", 1)
				time.Sleep(soft/5 + 2*time.Millisecond) // past the jitter
				start := time.Now()
				s.want(t, e, "token1", 2)
				if time.Since(start) != 0 {
					t.Errorf("waited %v for the background refresh", time.Since(start))
				}
				time.Sleep(time.Second)
				synctest.Wait()
				s.want(t, e, "token2", 2)
				time.Sleep(life - min(10*time.Second, life/8) + time.Millisecond)
				start = time.Now()
				s.want(t, e, "token3", 3)
				if time.Since(start) != time.Second {
					t.Errorf("took %v: a token about to die is waited for", time.Since(start))
				}
			})
		})
	}
}

// A busy caller of short-lived tokens does not make a storm of refreshes.
func TestNoStorm(t *testing.T) {
	for life, most := range map[time.Duration]int32{5 * time.Second: 130, time.Minute: 14, time.Hour: 1, 0: 1} {
		bubble(t, []step{{life: life}}, func(t *testing.T, e *engine, s *script) {
			for start := time.Now(); time.Since(start) < 10*time.Minute; time.Sleep(50 * time.Millisecond) {
				if _, err := e.token(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			t.Logf("tokens that live %v: %d refreshes in 10 minutes", life, s.calls.Load())
			if n := s.calls.Load(); n > most {
				t.Errorf("tokens that live %v: %d refreshes in 10 minutes, want %d at most", life, n, most)
			}
		})
	}
}

// The token endpoint is down for a minute: while the token lives nobody notices and the endpoint is not hammered; when it is dead, calls fail.
func TestEndpointDown(t *testing.T) {
	down := step{err: errors.New("connection refused")}
	bubble(t, []step{{life: time.Hour}, down, down, down, down, down, {life: time.Hour}}, func(t *testing.T, e *engine, s *script) {
		s.want(t, e, "token1", 1)
		time.Sleep(time.Hour - 40*time.Second)
		for range 39 * 10 {
			if token, err := e.token(t.Context()); err != nil || token.AccessToken != "token1" {
				t.Fatalf("%v, %v", token, err)
			}
			time.Sleep(100 * time.Millisecond)
		}
		if n := s.calls.Load() - 1; n < 2 || n > 5 {
			t.Errorf("%d refreshes tried in 40 s, want one every 10 s or so", n)
		}
		time.Sleep(time.Minute)
		for {
			if token, err := e.token(t.Context()); err == nil {
				if token.AccessToken == "token1" {
					t.Error("got the dead token")
				}
				break
			}
		}
	})
}

// A token in its last seconds is worth waiting for a better one, and worth handing out when there is none.
func TestLastSeconds(t *testing.T) {
	bubble(t, []step{{life: time.Hour}, {err: errors.New("down")}}, func(t *testing.T, e *engine, s *script) {
		s.want(t, e, "token1", 1)
		time.Sleep(time.Hour - 8*time.Second)
		s.want(t, e, "token1", 2)
		time.Sleep(8 * time.Second)
		if token, err := e.token(t.Context()); err == nil {
			t.Errorf("got %v, which is dead", token)
		}
	})
}

func TestSetbacks(t *testing.T) {
	limited := &Error{Status: 429, RetryAfter: time.Minute}
	bubble(t, []step{{err: limited}, {life: time.Hour}}, func(t *testing.T, e *engine, s *script) {
		for range 50 {
			if _, err := e.token(t.Context()); !errors.Is(err, limited) {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		if n := s.calls.Load(); n != 1 {
			t.Errorf("asked %d times while told to wait", n)
		}
		time.Sleep(11 * time.Second)
		s.want(t, e, "token2", 2)
	})
}

// Tokens expire by the wall clock, which goes on while the machine sleeps and can be set: a lease's times have no monotonic reading.
func TestLeaseGoesByTheWallClock(t *testing.T) {
	l := newLease(&oauth2.Token{Expiry: time.Now().Add(time.Hour)})
	for _, at := range []time.Time{l.soft, l.hard, l.expiry} {
		if strings.Contains(at.String(), "m=") {
			t.Errorf("%v", at)
		}
	}
	if yesterday := time.Now().AddDate(0, 0, -1); !l.fresh(yesterday) || l.alive(time.Now().AddDate(0, 0, 1)) {
		t.Error("a clock that jumps is not believed")
	}
}

func TestInvalidate(t *testing.T) {
	bubble(t, hour, func(t *testing.T, e *engine, s *script) {
		s.want(t, e, "token1", 1)
		first := e.current.Load().token
		e.invalidate(nil)
		e.invalidate(&oauth2.Token{AccessToken: "another"})
		s.want(t, e, "token1", 1)
		e.invalidate(&oauth2.Token{AccessToken: "token1"}) // a copy is the same token
		s.want(t, e, "token2", 2)
		e.invalidate(first)
		s.want(t, e, "token2", 2)
	})
	bubble(t, []step{{life: time.Hour}, {err: errors.New("down")}}, func(t *testing.T, e *engine, s *script) {
		s.want(t, e, "token1", 1)
		e.invalidate(e.current.Load().token)
		if token, err := e.token(t.Context()); err == nil {
			t.Errorf("got %v, which the API refused", token)
		}
	})
}

func TestHangingRefreshEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newEngine(func(ctx context.Context) (*oauth2.Token, error) {
			<-ctx.Done()
			return nil, context.Cause(ctx)
		}, 0)
		start := time.Now()
		_, err := e.token(t.Context())
		if !errors.Is(err, errFlightTime) || time.Since(start) != flightTime {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
		e.close()
	})
}

func TestClose(t *testing.T) {
	for name, grace := range map[string]time.Duration{"at once": 0, "too short": 500 * time.Millisecond, "long": time.Minute} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &script{steps: hour}
				e := newEngine(s.refresh, grace)
				waiting := make(chan error, 1)
				go func() {
					_, err := e.token(t.Context())
					waiting <- err
				}()
				synctest.Wait()
				start := time.Now()
				for range 2 {
					e.close()
				}
				if d := time.Since(start); d != min(grace, time.Second) {
					t.Errorf("Close took %v", d)
				}
				if err := <-waiting; !errors.Is(err, ErrClosed) {
					t.Errorf("a caller that waited got %v", err)
				}
				if _, err := e.token(t.Context()); !errors.Is(err, ErrClosed) || !transport.IsPermanent(err) {
					t.Errorf("after Close: %v", err)
				}
				e.set(&oauth2.Token{AccessToken: "late"})
				if _, err := e.token(t.Context()); !errors.Is(err, ErrClosed) {
					t.Errorf("a login after Close: %v", err)
				}
				synctest.Wait()
				if n := s.calls.Load(); n != 1 {
					t.Errorf("%d refreshes", n)
				}
			})
		})
	}
}

func BenchmarkToken(b *testing.B) {
	e := newEngine((&script{steps: []step{{}}}).refresh, 0)
	e.set(&oauth2.Token{AccessToken: "token", Expiry: time.Now().Add(time.Hour)})
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			_, _ = e.token(context.Background())
		}
	})
}

// A refresh runs on a goroutine of its own. When it panics, in a user's transport or store, those who
// wait for it panic; while the old token works, nobody does, and a later call tries again.
func TestFaultsK5PanicOfARefresh(t *testing.T) {
	panics := func(ctx context.Context, e *engine) (value any) {
		defer func() { value = recover() }()
		_, _ = e.token(ctx)
		return nil
	}
	synctest.Test(t, func(t *testing.T) {
		broken := true
		s := &script{steps: []step{{life: time.Hour}}}
		e := newEngine(func(ctx context.Context) (*oauth2.Token, error) {
			if broken {
				panic("the user's store")
			}
			return s.refresh(ctx)
		}, 0)
		defer e.close()
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				if got := panics(t.Context(), e); got != "the user's store" {
					t.Errorf("recovered %v", got)
				}
			})
		}
		wg.Wait()
		broken = false
		time.Sleep(calm)
		s.want(t, e, "token1", 1)
		broken = true
		time.Sleep(time.Hour - time.Minute)
		s.want(t, e, "token1", 1)
		synctest.Wait()
		s.want(t, e, "token1", 1)
	})
}

type panickingSource struct{}

func (panickingSource) Token() (*oauth2.Token, error) { panic("the user's source") }

func TestFaultsK5PanicOfAnOAuth2Source(t *testing.T) {
	defer func() {
		if got := recover(); got != "the user's source" {
			t.Errorf("recovered %v", got)
		}
	}()
	_, _ = FromOAuth2(panickingSource{}).Token(t.Context())
}
