package middleware

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/transport"
	"github.com/seed-2147f1a9/spotify/transport/transporttest"
)

// refreshing returns Refresh and Auth with the same source.
func refreshing(src auth.TokenSource) transport.Middleware {
	return func(next http.RoundTripper) http.RoundTripper {
		return transport.Chain(next, Refresh(src), Auth(src, anywhere))
	}
}

// expired is the challenge of a 401 for a token that has expired.
const expired = `Bearer realm="spotify", error="invalid_token", error_description="The access token expired"`

func TestRefresh(t *testing.T) {
	for _, test := range []struct {
		name   string
		src    auth.TokenSource
		valid  string // the token that the API accepts
		body   string // of the request; "once" can be read only once
		header http.Header
		call   transport.Secret
		status int
		err    error
		sent   string // the tokens that the API received
	}{
		{name: "a good token", src: &rotating{}, valid: "token-1", status: 200, sent: "token-1"},
		{name: "an expired token", src: &rotating{}, valid: "token-2", status: 200, sent: "token-1 token-2"},
		{name: "an expired token, with a body", src: &rotating{}, valid: "token-2", body: "hello", status: 200,
			sent: "token-1 token-2"},
		{name: "a second 401", src: &rotating{}, valid: "none", status: 401, sent: "token-1 token-2"},
		{name: "a body that cannot be read again", src: &rotating{}, valid: "token-2", body: "once", status: 401,
			sent: "token-1"},
		{name: "a revoked login", src: &rotating{err: &auth.Error{Code: "invalid_grant"}}, valid: "token-2",
			err: auth.ErrReauthorize, sent: "token-1"},
		{name: "a static token", src: auth.Static("fixed"), valid: "other", status: 401, sent: "fixed"},
		{name: "an x/oauth2 source without another token",
			src: auth.FromOAuth2(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "fixed"})), valid: "other",
			status: 401, sent: "fixed"},
		{name: "an x/oauth2 source with another token", src: auth.FromOAuth2(&renewed{}), valid: "new", status: 200,
			sent: "old new"},
		{name: "the caller's own header", src: &rotating{}, valid: "token-2",
			header: http.Header{"Authorization": {"Bearer own"}}, status: 401, sent: "own"},
		{name: "the call's own token", src: &rotating{}, valid: "token-2", call: "own", status: 401, sent: "own"},
		{name: "nil source", src: nil, valid: "token-2", status: 401, sent: ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var sent, bodies []string
			base := respond(func(req *http.Request) (int, string) {
				token := strings.TrimPrefix(req.Header.Get("Authorization"), "Bearer ")
				if token != "" {
					sent = append(sent, token)
				}
				if req.Body != nil {
					data, _ := io.ReadAll(req.Body)
					bodies = append(bodies, string(data))
				}
				if token != test.valid {
					return 401, "unauthorized"
				}
				return 200, "welcome"
			}, "WWW-Authenticate", expired)
			req := newRequest(t, transport.WithCall(t.Context(), &transport.Call{Token: test.call}), "POST",
				"https://api.example.com/x", test.body)
			if test.body == "once" {
				req.GetBody = nil
			}
			for name, values := range test.header {
				req.Header[name] = values
			}
			resp, body, err := send(t, refreshing(test.src)(base), req)
			if test.err != nil {
				if !errors.Is(err, test.err) {
					t.Errorf("got %v, %v, want %v", resp, err, test.err)
				}
			} else if err != nil || resp.StatusCode != test.status || resp.Request != req {
				t.Errorf("got %v, %v, want %d", resp, err, test.status)
			} else if want := map[int]string{200: "welcome", 401: "unauthorized"}[test.status]; body != want {
				t.Errorf("the body is %q, want %q", body, want)
			}
			if got := strings.Join(sent, " "); got != test.sent {
				t.Errorf("the tokens %q were sent, want %q", got, test.sent)
			}
			for _, b := range bodies {
				if b != test.body {
					t.Errorf("the body %q arrived", b)
				}
			}
		})
	}
}

// renewed is an x/oauth2 source with another token after the first call.
type renewed struct{ used atomic.Bool }

func (s *renewed) Token() (*oauth2.Token, error) {
	if s.used.Swap(true) {
		return &oauth2.Token{AccessToken: "new"}, nil
	}
	return &oauth2.Token{AccessToken: "old"}, nil
}

// A 401 invalidates the token even if the request itself cannot be replayed, so that the next call
// gets a new token.
func TestRefreshInvalidatesForLaterCalls(t *testing.T) {
	src := &rotating{}
	rt := refreshing(src)(respond(func(req *http.Request) (int, string) {
		if req.Header.Get("Authorization") == "Bearer token-1" {
			return 401, ""
		}
		return 200, ""
	}, "WWW-Authenticate", expired))
	for _, want := range []int{401, 200} {
		req := newRequest(t, t.Context(), "POST", "https://api.example.com/x", "body")
		req.GetBody = nil
		if resp, _, err := send(t, rt, req); err != nil || resp.StatusCode != want {
			t.Errorf("got %v, %v, want %d", resp, err, want)
		}
	}
}

// Fifty concurrent calls that find the token expired cause one refresh.
func TestRefreshOnceForConcurrentCalls(t *testing.T) {
	src := &rotating{}
	var all sync.WaitGroup
	all.Add(50)
	rt := refreshing(src)(respond(func(req *http.Request) (int, string) {
		if req.Header.Get("Authorization") == "Bearer token-1" {
			all.Done()
			all.Wait() // until all calls have sent the old token
			return 401, ""
		}
		if got := req.Header.Get("Authorization"); got != "Bearer token-2" {
			t.Errorf("%s was sent", got)
		}
		return 200, ""
	}, "WWW-Authenticate", expired))
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if resp, _, err := send(t, rt,
				newRequest(t, t.Context(), "GET", "https://api.example.com/x", "")); err != nil ||
				resp.StatusCode != 200 {
				t.Errorf("got %v, %v", resp, err)
			}
		})
	}
	wg.Wait()
	if src.n != 1 {
		t.Errorf("the token was replaced %d times, want once", src.n)
	}
}

// slowSource is a source that takes a second to return the token that it has at first.
type slowSource struct{ rotating }

func (s *slowSource) Token(ctx context.Context) (*oauth2.Token, error) {
	defer time.Sleep(time.Second)
	return s.rotating.Token(ctx)
}

// Calls that learn at the same time that their token is invalid take part in one refresh, so that a
// second one within 30 seconds is allowed.
func TestRefreshTwiceAfterConcurrentCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := &slowSource{}
		var revoked sync.Map
		revoked.Store("Bearer token-1", true)
		rt := refreshing(src)(respond(func(req *http.Request) (int, string) {
			if _, ok := revoked.Load(req.Header.Get("Authorization")); ok {
				return 401, ""
			}
			return 200, ""
		}, "WWW-Authenticate", expired))
		call := func() {
			resp, _, err := send(t, rt, newRequest(t, t.Context(), "GET", "https://api.example.com/x", ""))
			if err != nil || resp.StatusCode != 200 {
				t.Errorf("got %v, %v", resp, err)
			}
		}
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(call)
		}
		wg.Wait()
		revoked.Store("Bearer token-2", true)
		call()
		if src.n != 2 {
			t.Errorf("the token was replaced %d times, want twice", src.n)
		}
	})
}

// A call whose context ends while the source fetches a new token returns the context's error.
func TestRefreshStopsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	calls := 0
	src := sourceFunc(func(ctx context.Context) (*oauth2.Token, error) {
		if calls++; calls == 1 {
			return &oauth2.Token{AccessToken: "token-1"}, nil
		}
		cancel()
		<-ctx.Done()
		return nil, context.Cause(ctx)
	})
	base := &transporttest.Base{Script: []int{401}}
	_, err := refreshing(src)(base).RoundTrip(newRequest(t, ctx, "GET", "https://api.example.com/x", ""))
	if !errors.Is(err, context.Canceled) || base.Open() != 0 {
		t.Errorf("got %v, %d bodies open", err, base.Open())
	}
}

// Over a real connection, the replay sends the whole body and uses the same connection. The token
// is not in the response's Request.
func TestRefreshOnWire(t *testing.T) {
	body := strings.Repeat("0123456789", 50_000)
	var remotes sync.Map
	onWire(t, func(w http.ResponseWriter, r *http.Request) {
		remotes.Store(r.RemoteAddr, true)
		data, err := io.ReadAll(r.Body)
		if err != nil || string(data) != body {
			t.Errorf("%d bytes arrived, %v", len(data), err)
		}
		if r.Header.Get("Authorization") != "Bearer token-2" {
			w.Header().Set("WWW-Authenticate", expired)
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, `{"error":{"status":401}}`)
			return
		}
		_, _ = io.WriteString(w, "welcome")
	}, func(t *testing.T, base http.RoundTripper, url string) {
		remotes.Clear()
		req := newRequest(t, t.Context(), "PUT", url, body)
		resp, got, err := send(t, refreshing(&rotating{})(base), req)
		if err != nil || resp.StatusCode != 200 || got != "welcome" {
			t.Fatalf("got %v, %q, %v", resp, got, err)
		}
		if resp.Request != req || resp.Request.Header.Get("Authorization") != "" {
			t.Error("the response has another Request, or one with the token")
		}
		connections := 0
		remotes.Range(func(any, any) bool { connections++; return true })
		if connections != 1 {
			t.Errorf("used %d connections", connections)
		}
	})
}

// fickle is an API that responds with a 401 with probability p, without a WWW-Authenticate header.
type fickle struct {
	mu   sync.Mutex
	rnd  *rand.Rand
	p    float64
	sent int
}

func (f *fickle) RoundTrip(req *http.Request) (*http.Response, error) {
	transport.CloseRequest(req)
	if err := transport.Sleep(req.Context(), 100*time.Millisecond); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sent++
	status := http.StatusOK
	if f.rnd.Float64() < f.p {
		status = http.StatusUnauthorized
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: http.NoBody, Request: req}, nil
}

// U: the API refuses good tokens with probability p. 50 goroutines make 10,000 GETs, with a source
// that can refresh and with a static token.
func TestScenarioUnexpected401s(t *testing.T) {
	for _, p := range []float64{0.1, 0.3} {
		for _, kind := range []string{"refreshing", "static"} {
			for seed := range uint64(3) {
				t.Run(fmt.Sprintf("p=%v/%s/%d", p, kind, seed), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						src := auth.Static("fixed")
						tokens := &rotating{}
						if kind == "refreshing" {
							src = tokens
						}
						var failed, next, unexpected atomic.Int64
						observer := eventFunc(func(e Event) {
							if e.Kind == TokenRefusedEvent {
								unexpected.Add(1)
							}
						})
						rt := Observe(observer)(refreshing(src)(&fickle{rnd: rand.New(rand.NewPCG(seed, 1)), p: p}))
						start := time.Now()
						var all sync.WaitGroup
						for range 50 {
							all.Go(func() {
								for next.Add(1) <= 10_000 {
									status, err := get(t, rt, transport.Call{})
									if err != nil || status != 200 {
										failed.Add(1)
									}
								}
							})
						}
						all.Wait()
						took := time.Since(start)
						renewed := int64(tokens.n)
						t.Logf("%d of 10,000 calls failed, %d refreshes in %v, %d unexpected 401s", failed.Load(),
							renewed, took, unexpected.Load())
						if most := map[float64]int64{0.1: 10, 0.3: 135}[p]; failed.Load() > most {
							t.Errorf("%d calls failed, want at most %d", failed.Load(), most)
						}
						if most := int64(took/youngToken) + 2; renewed > most {
							t.Errorf("%d refreshes in %v, want at most %d", renewed, took, most)
						}
						if unexpected.Load() == 0 {
							t.Error("no unexpected 401s were counted")
						}
					})
				})
			}
		}
	}
}

// A request is replayed with the same token only if NoRetry, Retry and its idempotency allow that.
func TestUnexpected401IsNotReplayed(t *testing.T) {
	for name, tc := range map[string]struct {
		call   transport.Call
		method string
		retry  RetryConfig
		sent   int
	}{
		"a GET":                {transport.Call{}, "GET", RetryConfig{}, 4},
		"not idempotent":       {transport.Call{}, "POST", RetryConfig{}, 2},
		"NoRetry":              {transport.Call{NoRetry: true}, "GET", RetryConfig{}, 1},
		"retries are off":      {transport.Call{}, "GET", RetryConfig{MaxRetries: -1}, 1},
		"the call's own token": {transport.Call{Token: "own"}, "GET", RetryConfig{}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := &fickle{rnd: rand.New(rand.NewPCG(1, 1)), p: 1}
				rt := transport.Chain(api, Retry(tc.retry), refreshing(auth.Static("fixed")))
				req := newRequest(t, transport.WithCall(t.Context(), &tc.call), tc.method,
					"https://api.example.com/x", "")
				resp, _, err := send(t, rt, req)
				if err != nil || resp.StatusCode != 401 || api.sent != tc.sent {
					t.Errorf("%v, %v after %d attempts, want a 401 after %d", resp, err, api.sent, tc.sent)
				}
			})
		})
	}
}

// An old token is replayed too if the source has no other after an Invalidate.
func TestUnexpected401WithoutAnotherToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &fickle{rnd: rand.New(rand.NewPCG(1, 1))}
		rt := refreshing(stubborn{})(api)
		if status, err := get(t, rt, transport.Call{}); status != 200 {
			t.Fatal(status, err)
		}
		time.Sleep(time.Hour) // the token is not young any more
		api.p = 1
		if status, err := get(t, rt, transport.Call{}); status != 401 || api.sent != 5 {
			t.Errorf("%d, %v, %d attempts in all, want a 401 after three replays", status, err, api.sent)
		}
	})
}

// stubborn is an auth.Invalidator that always returns the same token.
type stubborn struct{}

func (stubborn) Token(context.Context) (*oauth2.Token, error) {
	return &oauth2.Token{AccessToken: "fixed"}, nil
}
func (stubborn) Invalidate(*oauth2.Token) {}

// A token that was refused four times in a row is replayed by one call in 30 seconds only, until a
// call with it succeeds.
func TestRefusedTokenIsNotReplayed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &fickle{rnd: rand.New(rand.NewPCG(1, 1)), p: 1}
		rt := refreshing(auth.Static("fixed"))(api)
		sent := func() int {
			before := api.sent
			_, _ = get(t, rt, transport.Call{})
			return api.sent - before
		}
		for i, want := range []int{4, 4, 1, 1} { // the second call is the one in 30 s
			if got := sent(); got != want {
				t.Errorf("call %d: %d attempts, want %d", i, got, want)
			}
		}
		time.Sleep(youngToken)
		if got := sent(); got != 4 {
			t.Errorf("30 s later: %d attempts, want 4", got)
		}
		api.p = 0
		_ = sent()
		api.p = 1
		if got := sent(); got != 4 {
			t.Errorf("after a success: %d attempts, want 4", got)
		}
	})
}

// A revoked login returns auth.ErrReauthorize, also if the 401 does not name the token as invalid.
func TestRefreshOfARevokedLogin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := &rotating{err: auth.ErrReauthorize}
		rt := refreshing(src)(&fickle{rnd: rand.New(rand.NewPCG(1, 1)), p: 1})
		_, err := get(t, rt, transport.Call{})
		if !errors.Is(err, auth.ErrReauthorize) {
			t.Errorf("%v, want ErrReauthorize", err)
		}
	})
}

func TestNamesInvalidToken(t *testing.T) {
	for header, want := range map[string]bool{
		expired: true, `Bearer error="invalid_token"`: true, `bearer realm=x,error=invalid_token`: true,
		`Bearer`: false, ``: false,
		`Bearer realm="spotify"`: false, `Bearer realm="spotify", error="invalid_request"`: false,
		`Bearer error_description="invalid_token"`: false,
	} {
		if got := namesInvalidToken(http.Header{"Www-Authenticate": {header}}); got != want {
			t.Errorf("%s: %v", header, got)
		}
	}
}
