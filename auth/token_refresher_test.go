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

// script is a refresh that takes 1 second and returns the result of its next step. The last step is
// repeated.
type script struct {
	steps []step
	calls atomic.Int32
}

type step struct {
	lifetime time.Duration // of the token; zero never expires
	err      error
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
	if next.lifetime > 0 {
		token.Expiry = wallNow().Add(next.lifetime)
	}
	return token, nil
}

// bubble runs a test of a refresher in virtual time. The bubble ends with an error if a goroutine
// is left after close.
func bubble(t *testing.T, steps []step, test func(t *testing.T, r *refresher, s *script)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &script{steps: steps}
		r := newRefresher(s.refresh, 0)
		defer r.close()
		test(t, r, s)
	})
}

func (s *script) want(t *testing.T, r *refresher, token string, calls int) {
	t.Helper()
	got, err := r.token(t.Context())
	if err != nil || got.AccessToken != token {
		t.Fatalf("got %v, %v; want %s", got, err, token)
	}
	synctest.Wait()
	if n := int(s.calls.Load()); n != calls {
		t.Fatalf("%d refreshes, want %d", n, calls)
	}
}

var hour = []step{{lifetime: time.Hour}}

func TestOneRefreshForAll(t *testing.T) {
	bubble(t, hour, func(t *testing.T, r *refresher, s *script) {
		for round := 1; round <= 2; round++ {
			var wg sync.WaitGroup
			for range 10_000 {
				wg.Go(func() {
					if token, err := r.token(t.Context()); err != nil ||
						token.AccessToken != fmt.Sprint("token", round) {
						t.Errorf("round %d: %v, %v", round, token, err)
					}
				})
			}
			wg.Wait()
			if n := int(s.calls.Load()); n != round {
				t.Fatalf("%d refreshes for 10,000 callers with an expired token, want 1", n-round+1)
			}
			time.Sleep(time.Hour)
		}
	})
}

func TestCanceledCallerLeavesTheRefresh(t *testing.T) {
	bubble(t, hour, func(t *testing.T, r *refresher, s *script) {
		gone := errors.New("the caller was canceled")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(300*time.Millisecond, func() { cancel(gone) })
		start := time.Now()
		_, err := r.token(ctx)
		if !errors.Is(err, gone) || time.Since(start) != 300*time.Millisecond {
			t.Fatalf("got %v after %v", err, time.Since(start))
		}
		s.want(t, r, "token1", 1) // joins the refresh that the first caller started
		if d := time.Since(start); d != time.Second {
			t.Errorf("took %v: a second refresh was started", d)
		}
		if _, err := r.token(ctx); err != nil {
			t.Errorf("a valid token, with a canceled context: %v", err)
		}
	})
}

func TestMargins(t *testing.T) {
	for _, life := range []time.Duration{time.Hour, 20 * time.Minute, time.Minute, 5 * time.Second} {
		t.Run(life.String(), func(t *testing.T) {
			bubble(t, []step{{lifetime: life}}, func(t *testing.T, r *refresher, s *script) {
				s.want(t, r, "token1", 1)
				soft := min(5*time.Minute, life/4)
				time.Sleep(life - soft - time.Millisecond)
				s.want(t, r, "token1", 1)
				time.Sleep(soft/5 + 2*time.Millisecond) // past the jitter
				start := time.Now()
				s.want(t, r, "token1", 2)
				if time.Since(start) != 0 {
					t.Errorf("waited %v for the background refresh", time.Since(start))
				}
				time.Sleep(time.Second)
				synctest.Wait()
				s.want(t, r, "token2", 2)
				time.Sleep(life - min(10*time.Second, life/8) + time.Millisecond)
				start = time.Now()
				s.want(t, r, "token3", 3)
				if time.Since(start) != time.Second {
					t.Errorf("took %v: the refresh of a token after its hard expiry is waited for", time.Since(start))
				}
			})
		})
	}
}

// Short-lived tokens are refreshed at a bounded rate, however often Token is called.
func TestRefreshesOfShortLivedTokens(t *testing.T) {
	for life, most := range map[time.Duration]int32{5 * time.Second: 130, time.Minute: 14, time.Hour: 1, 0: 1} {
		bubble(t, []step{{lifetime: life}}, func(t *testing.T, r *refresher, s *script) {
			for start := time.Now(); time.Since(start) < 10*time.Minute; time.Sleep(50 * time.Millisecond) {
				if _, err := r.token(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			t.Logf("tokens with a lifetime of %v: %d refreshes in 10 minutes", life, s.calls.Load())
			if n := s.calls.Load(); n > most {
				t.Errorf("tokens with a lifetime of %v: %d refreshes in 10 minutes, want at most %d", life, n, most)
			}
		})
	}
}

// The token endpoint is down for a minute. Calls succeed and one refresh starts every 10 seconds
// while the token is valid; calls fail after it has expired.
func TestEndpointDown(t *testing.T) {
	down := step{err: errors.New("connection refused")}
	bubble(
		t,
		[]step{{lifetime: time.Hour}, down, down, down, down, down, {lifetime: time.Hour}},
		func(t *testing.T, r *refresher, s *script) {
			s.want(t, r, "token1", 1)
			time.Sleep(time.Hour - 40*time.Second)
			for range 39 * 10 {
				if token, err := r.token(t.Context()); err != nil || token.AccessToken != "token1" {
					t.Fatalf("%v, %v", token, err)
				}
				time.Sleep(100 * time.Millisecond)
			}
			if n := s.calls.Load() - 1; n < 2 || n > 5 {
				t.Errorf("%d refreshes in 40 s, want 2 to 5", n)
			}
			time.Sleep(time.Minute)
			for {
				if token, err := r.token(t.Context()); err == nil {
					if token.AccessToken == "token1" {
						t.Error("got the expired token")
					}
					break
				}
			}
		},
	)
}

// After the hard expiry callers wait for a refresh, and get the old token if the refresh fails
// before the token has expired.
func TestHardExpiry(t *testing.T) {
	bubble(t, []step{{lifetime: time.Hour}, {err: errors.New("down")}}, func(t *testing.T, r *refresher, s *script) {
		s.want(t, r, "token1", 1)
		time.Sleep(time.Hour - 8*time.Second)
		s.want(t, r, "token1", 2)
		time.Sleep(8 * time.Second)
		if token, err := r.token(t.Context()); err == nil {
			t.Errorf("got %v, which has expired", token)
		}
	})
}

func TestRetryAfterDelaysTheNextRefresh(t *testing.T) {
	limited := &Error{Status: 429, RetryAfter: time.Minute}
	bubble(t, []step{{err: limited}, {lifetime: time.Hour}}, func(t *testing.T, r *refresher, s *script) {
		for range 50 {
			if _, err := r.token(t.Context()); !errors.Is(err, limited) {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		if n := s.calls.Load(); n != 1 {
			t.Errorf("%d refreshes during Retry-After", n)
		}
		time.Sleep(11 * time.Second)
		s.want(t, r, "token2", 2)
	})
}

// Expiries are compared by the wall clock, which advances while the machine sleeps: they have no
// monotonic clock reading.
func TestExpiryIsWallClockTime(t *testing.T) {
	l := newCachedToken(&oauth2.Token{Expiry: time.Now().Add(time.Hour)})
	for _, at := range []time.Time{l.softExpiry, l.hardExpiry, l.expiry} {
		if strings.Contains(at.String(), "m=") {
			t.Errorf("%v", at)
		}
	}
	if yesterday := time.Now().AddDate(0, 0, -1); !l.fresh(yesterday) || l.valid(time.Now().AddDate(0, 0, 1)) {
		t.Error("the expiry does not follow a changed wall clock")
	}
}

func TestInvalidate(t *testing.T) {
	bubble(t, hour, func(t *testing.T, r *refresher, s *script) {
		s.want(t, r, "token1", 1)
		first := r.current.Load().token
		r.invalidate(nil)
		r.invalidate(&oauth2.Token{AccessToken: "another"})
		s.want(t, r, "token1", 1)
		r.invalidate(&oauth2.Token{AccessToken: "token1"}) // a copy is the same token
		s.want(t, r, "token2", 2)
		r.invalidate(first)
		s.want(t, r, "token2", 2)
	})
	bubble(t, []step{{lifetime: time.Hour}, {err: errors.New("down")}}, func(t *testing.T, r *refresher, s *script) {
		s.want(t, r, "token1", 1)
		r.invalidate(r.current.Load().token)
		if token, err := r.token(t.Context()); err == nil {
			t.Errorf("got %v, which the API refused", token)
		}
	})
}

func TestRefreshTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRefresher(func(ctx context.Context) (*oauth2.Token, error) {
			<-ctx.Done()
			return nil, context.Cause(ctx)
		}, 0)
		start := time.Now()
		_, err := r.token(t.Context())
		if !errors.Is(err, errRefreshTimeout) || time.Since(start) != refreshTimeout {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
		r.close()
	})
}

func TestClose(t *testing.T) {
	for name, grace := range map[string]time.Duration{
		"at once": 0, "too short": 500 * time.Millisecond, "long": time.Minute,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &script{steps: hour}
				r := newRefresher(s.refresh, grace)
				waiting := make(chan error, 1)
				go func() {
					_, err := r.token(t.Context())
					waiting <- err
				}()
				synctest.Wait()
				start := time.Now()
				for range 2 {
					r.close()
				}
				if d := time.Since(start); d != min(grace, time.Second) {
					t.Errorf("Close took %v", d)
				}
				if err := <-waiting; !errors.Is(err, ErrClosed) {
					t.Errorf("a waiting caller got %v", err)
				}
				if _, err := r.token(t.Context()); !errors.Is(err, ErrClosed) || !transport.IsPermanent(err) {
					t.Errorf("after Close: %v", err)
				}
				r.set(&oauth2.Token{AccessToken: "late"})
				if _, err := r.token(t.Context()); !errors.Is(err, ErrClosed) {
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
	r := newRefresher((&script{steps: []step{{}}}).refresh, 0)
	r.set(&oauth2.Token{AccessToken: "token", Expiry: time.Now().Add(time.Hour)})
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			_, _ = r.token(context.Background())
		}
	})
}

// A refresh runs on a goroutine of its own. If it panics, such as in a caller's transport or store,
// the waiting callers panic; callers with a valid token do not, and a later call refreshes again.
func TestFaultsPanicOfARefresh(t *testing.T) {
	panics := func(ctx context.Context, r *refresher) (value any) {
		defer func() { value = recover() }()
		_, _ = r.token(ctx)
		return nil
	}
	synctest.Test(t, func(t *testing.T) {
		broken := true
		s := &script{steps: []step{{lifetime: time.Hour}}}
		r := newRefresher(func(ctx context.Context) (*oauth2.Token, error) {
			if broken {
				panic("the user's store")
			}
			return s.refresh(ctx)
		}, 0)
		defer r.close()
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				if got := panics(t.Context(), r); got != "the user's store" {
					t.Errorf("recovered %v", got)
				}
			})
		}
		wg.Wait()
		broken = false
		time.Sleep(failurePause)
		s.want(t, r, "token1", 1)
		broken = true
		time.Sleep(time.Hour - time.Minute)
		s.want(t, r, "token1", 1)
		synctest.Wait()
		s.want(t, r, "token1", 1)
	})
}

type panickingSource struct{}

func (panickingSource) Token() (*oauth2.Token, error) { panic("the user's source") }

func TestFaultsPanicOfAnOAuth2Source(t *testing.T) {
	defer func() {
		if got := recover(); got != "the user's source" {
			t.Errorf("recovered %v", got)
		}
	}()
	_, _ = FromOAuth2(panickingSource{}).Token(t.Context())
}
