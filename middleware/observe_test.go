package middleware

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/transport"
)

// eventFunc is an Observer that is called with the events of Note.
type eventFunc func(Event)

func (eventFunc) Begin(ctx context.Context, _ Event) context.Context { return ctx }

func (f eventFunc) Note(_ context.Context, e Event) { f(e) }

// recorder is an Observer that keeps the events. Its contexts carry the number of Begins above
// them.
type recorder struct {
	mu     sync.Mutex
	events []recorded
}

type recorded struct {
	Event
	isBegin bool
	depth   int
}

type depthKey struct{}

func (r *recorder) Begin(ctx context.Context, e Event) context.Context {
	return context.WithValue(ctx, depthKey{}, r.add(ctx, e, true)+1)
}

func (r *recorder) Note(ctx context.Context, e Event) { r.add(ctx, e, false) }

func (r *recorder) add(ctx context.Context, e Event, isBegin bool) int {
	depth, _ := ctx.Value(depthKey{}).(int)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, recorded{e, isBegin, depth})
	return depth
}

// String returns a line for each event, with the fields that are set. B is the time of a backoff,
// which is random.
func (r *recorder) String() string {
	var b strings.Builder
	var backoff time.Duration
	duration := func(d time.Duration) string {
		switch {
		case backoff > 0 && d == backoff:
			return "B"
		case backoff > 0 && d > backoff:
			return fmt.Sprintf("B+%v", d-backoff)
		}
		return d.String()
	}
	for _, e := range r.events {
		if e.Kind == WaitingEvent && e.Wait == WaitBackoff || e.Kind == RetryingEvent {
			backoff = e.Delay
		}
		b.WriteString(strings.Repeat("  ", e.depth))
		if e.isBegin {
			b.WriteString("begin ")
		}
		b.WriteString(e.Kind.String())
		add := func(name string, value any, isSet bool) {
			if isSet {
				_, _ = fmt.Fprintf(&b, " %s=%v", name, value)
			}
		}
		add("attempt", e.Attempt, e.Attempt != 0)
		add("status", e.Status, e.Status != 0)
		add("wait", e.Wait, e.Wait != "")
		add("took", duration(e.Took), e.Took != 0)
		add("headers", e.Headers, e.Headers != 0)
		add("waited", duration(e.Waited), e.Waited != 0)
		add("delay", duration(e.Delay), e.Delay != 0)
		add("sent", e.Sent, e.Sent != 0)
		add("received", e.Received, e.Received != 0)
		add("reason", strconv.Quote(e.Reason), e.Reason != "")
		add("type", e.ErrorType, e.ErrorType != "")
		add("err", e.Err, e.Err != nil && e.Kind != CallEvent)
		b.WriteString("\n")
	}
	return b.String()
}

// pausingBody sends its text and then takes a while until it ends.
type pausingBody struct {
	io.Reader
	pause time.Duration
}

func (b *pausingBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err != nil {
		time.Sleep(b.pause)
	}
	return n, err
}

func (b *pausingBody) Close() error { return nil }

// scripted responds with each of the status codes in turn, after 100 ms, with a body that takes
// another 20 ms. A status code of 0 is a reset connection, and 4010 a 401 that names no reason.
func scripted(statuses ...int) http.RoundTripper {
	var mu sync.Mutex
	return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		mu.Lock()
		status := statuses[0]
		statuses = statuses[min(1, len(statuses)-1):]
		mu.Unlock()
		transport.CloseRequest(req)
		if err := transport.Sleep(req.Context(), 100*time.Millisecond); err != nil {
			return nil, err
		}
		if status == 0 {
			return nil, errors.New("connection reset")
		}
		header := http.Header{}
		switch status {
		case http.StatusUnauthorized:
			header.Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		case 4010:
			status = http.StatusUnauthorized
		}
		return &http.Response{StatusCode: status, Proto: "HTTP/1.1", Header: header, Request: req, ContentLength: 6,
			Body: &pausingBody{strings.NewReader("hello!"), 20 * time.Millisecond}}, nil
	})
}

// queueing is a Limiter whose calls wait.
type queueing struct {
	wait time.Duration
	err  error
}

func (q queueing) Acquire(ctx context.Context, _ LimitRequest) (Permit, error) {
	if err := transport.Sleep(ctx, q.wait); err != nil {
		return nil, err
	}
	return freePermit{}, q.err
}

type freePermit struct{}

func (freePermit) Done(Outcome) {}

// fetching is a token source that takes 50 ms for each token. It fetches one after an Invalidate.
type fetching struct {
	mu      sync.Mutex
	n       int
	current *oauth2.Token
}

func (f *fetching) Token(context.Context) (*oauth2.Token, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.current == nil {
		time.Sleep(50 * time.Millisecond)
		f.n++
		f.current = &oauth2.Token{AccessToken: fmt.Sprintf("fetched-token-%d", f.n)}
	}
	return f.current, nil
}

func (f *fetching) Invalidate(stale *oauth2.Token) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.current == stale {
		f.current = nil
	}
}

// An observer gets the events of a call in their order, whatever happens to it.
func TestObserveEvents(t *testing.T) {
	body := Classify(classifyBody) // reads the body of an error to its end
	for name, test := range map[string]struct {
		base    http.RoundTripper
		between func() []transport.Middleware // the two Observes
		timeout time.Duration
		body    string
		want    string
	}{
		"plain": {base: scripted(200), want: `
begin call
  begin attempt attempt=1
    attempt attempt=1 status=200 took=120ms headers=100ms received=6
  call attempt=1 status=200 took=120ms received=6`},
		"a retry": {base: scripted(503, 200), between: stack(Retry(RetryConfig{}), body), body: "body", want: `
begin call
  begin attempt attempt=1 sent=4
    attempt attempt=1 status=503 took=120ms headers=100ms sent=4 received=6 type=503
  retrying attempt=1 status=503 delay=B reason="transient status code" type=503
  waiting attempt=1 wait=backoff delay=B
  wait attempt=1 wait=backoff took=B
  begin attempt attempt=2 sent=4
    attempt attempt=2 status=200 took=120ms headers=100ms sent=4 received=6
  call attempt=2 status=200 took=B+240ms waited=B sent=8 received=12`},
		"a retry that the budget denies": {base: scripted(503), between: func() []transport.Middleware {
			return []transport.Middleware{func(next http.RoundTripper) http.RoundTripper {
				spent := newRetryBudget(0.1)
				for spent.takeRetry() {
				}
				return &retry{cfg: RetryConfig{}.withDefaults(), budget: spent, next: next}
			}, body}
		}, want: `
begin call
  begin attempt attempt=1
    attempt attempt=1 status=503 took=120ms headers=100ms received=6 type=503
  retry denied attempt=1 status=503 reason="transient status code" type=503
  call attempt=1 status=503 took=120ms received=6 reason="retry denied" type=503`},
		"a 429 below a limiter": {base: scripted(429, 200),
			between: stack(Retry(RetryConfig{}), RateLimit(queueing{wait: 3 * time.Second}), body), want: `
begin call
  wait wait=limiter took=3s
  begin attempt attempt=1
    attempt attempt=1 status=429 took=120ms headers=100ms received=6 type=429
  retrying attempt=1 status=429 reason="rate limited" type=429
  wait attempt=1 wait=limiter took=3s
  begin attempt attempt=2
    attempt attempt=2 status=200 took=120ms headers=100ms received=6
  call attempt=2 status=200 took=6.24s waited=6s received=12`},
		"no response": {base: scripted(0), want: `
begin call
  begin attempt attempt=1
    attempt attempt=1 took=100ms type=transport_failed err=connection reset
  call attempt=1 took=100ms type=transport_failed`},
		"a timeout before the headers": {base: scripted(200), between: stack(Timeout(90 * time.Millisecond)), want: `
begin call
  begin attempt attempt=1
    attempt attempt=1 took=90ms type=timeout err=no complete response within 90ms
  call attempt=1 took=90ms type=timeout`},
		"the caller's deadline": {base: scripted(200), timeout: 80 * time.Millisecond, want: `
begin call
  begin attempt attempt=1
    attempt attempt=1 took=80ms type=deadline_exceeded err=context deadline exceeded
  call attempt=1 took=80ms type=deadline_exceeded`},
		"the deadline in the queue": {base: scripted(200), timeout: 80 * time.Millisecond,
			between: stack(RateLimit(queueing{wait: time.Minute})), want: `
begin call
  wait wait=limiter took=80ms type=deadline_exceeded err=context deadline exceeded
  call took=80ms waited=80ms type=deadline_exceeded`},
		"a call that the limiter refuses": {base: scripted(200),
			between: stack(RateLimit(queueing{err: &LimitError{Exhausted: true, Bucket: "b"}})), want: `
begin call
  limited type=quota_exceeded err=quota exceeded (limit "b"): not sent: the call's time is over
  call type=quota_exceeded`},
		"an expired token": {base: scripted(401, 200), between: func() []transport.Middleware {
			src := &fetching{}
			return []transport.Middleware{Refresh(src), body, Auth(src, anywhere)}
		}, want: `
begin call
  wait wait=token took=50ms
  begin attempt attempt=1
    attempt attempt=1 status=401 took=120ms headers=100ms received=6 type=401
  wait attempt=1 wait=token took=50ms
  refresh attempt=1
  begin attempt attempt=2
    attempt attempt=2 status=200 took=120ms headers=100ms received=6
  call attempt=2 status=200 took=340ms waited=100ms received=12`},
		"an unexpected 401": {base: scripted(4010, 200), between: func() []transport.Middleware {
			return []transport.Middleware{Refresh(auth.Static("fixed")), body, Auth(auth.Static("fixed"), anywhere)}
		}, want: `
begin call
  begin attempt attempt=1
    attempt attempt=1 status=401 took=120ms headers=100ms received=6 type=401
  token refused attempt=1 status=401 type=401
  waiting attempt=1 wait=backoff delay=B
  wait attempt=1 wait=backoff took=B
  begin attempt attempt=2
    attempt attempt=2 status=200 took=120ms headers=100ms received=6
  call attempt=2 status=200 took=B+240ms waited=B received=12`},
		"no token": {base: scripted(200), between: func() []transport.Middleware {
			return []transport.Middleware{Auth(failing{}, anywhere)}
		}, want: `
begin call
  call type=no_token`},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := &recorder{}
				observe := Observe(r)
				mws := []transport.Middleware{observe}
				if test.between != nil {
					mws = append(mws, test.between()...)
				}
				rt := transport.Chain(test.base, append(mws, observe)...)
				ctx := t.Context()
				if test.timeout > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, test.timeout)
					defer cancel()
				}
				method := "GET"
				if test.body != "" {
					method = "PUT"
				}
				_, _, _ = send(t, rt, newRequest(t, ctx, method, "https://api.example.com/v1/x", test.body))
				if got := strings.TrimSpace(r.String()); got != strings.TrimSpace(test.want) {
					t.Errorf("observed\n%s\nwant%s", got, test.want)
				}
				for _, e := range r.events {
					if e.CallID == 0 || e.CallID != r.events[0].CallID || e.Time.IsZero() || e.Method != method ||
						e.Host() != "api.example.com" {
						t.Errorf("%v has the call %d of %d, the time %v, the method %q and the host %q", e.Kind, e.CallID,
							r.events[0].CallID, e.Time, e.Method, e.Host())
					}
				}
			})
		})
	}
}

func stack(mws ...transport.Middleware) func() []transport.Middleware {
	return func() []transport.Middleware { return mws }
}

// failing is a token source that has no token.
type failing struct{}

func (failing) Token(context.Context) (*oauth2.Token, error) { return nil, errors.New("no token") }

// observeTo returns base below an Observe in both places, and the middlewares between them.
func observeTo(o Observer, base http.RoundTripper, between ...transport.Middleware) http.RoundTripper {
	observe := Observe(o)
	mws := append([]transport.Middleware{observe}, between...)
	return transport.Chain(base, append(mws, observe)...)
}

// A call whose response is streamed ends when its body is closed, or has been read to its end.
func TestObserveStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &recorder{}
		rt := observeTo(r, scripted(200))
		for _, isRead := range []bool{true, false} {
			r.events = nil
			resp, err := rt.RoundTrip(newRequest(t, t.Context(), "GET", thing, ""))
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
			if n := len(r.events); n != 2 {
				t.Fatalf("%d events before the body has ended, want the two beginnings:\n%v", n, r)
			}
			want := int64(0)
			if isRead {
				_, _ = io.Copy(io.Discard, resp.Body)
				want = 6
			}
			_, ends := resp.Body.Close(), len(r.events)
			_ = resp.Body.Close()
			if e := r.events[ends-1]; ends != 4 || len(r.events) != 4 || e.Kind != CallEvent || e.Received != want ||
				e.Took < time.Second || e.ErrorType != "" {
				t.Errorf("observed\n%v, want one end of the attempt and one of the call", r)
			}
		}
	})
}

// A body that breaks off makes the attempt and the call fail.
func TestObserveCutBody(t *testing.T) {
	r := &recorder{}
	rt := observeTo(r, transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		body := io.NopCloser(io.MultiReader(strings.NewReader("half"), errorReader{io.ErrUnexpectedEOF}))
		return &http.Response{StatusCode: 200, Body: body, Request: req}, nil
	}))
	if _, _, err := send(t, rt, newRequest(t, t.Context(), "GET", thing, "")); err == nil {
		t.Fatal("no error")
	}
	for _, e := range r.events[2:] {
		if e.ErrorType != "incomplete_body" || !errors.Is(e.Err, io.ErrUnexpectedEOF) || e.Status != 200 || e.Received != 4 {
			t.Errorf("%v has status %d, the type %q and %v", e.Kind, e.Status, e.ErrorType, e.Err)
		}
	}
}

// Calls that the cache or another call's request serves have no attempt of their own.
func TestObserveWithoutAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		base := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			time.Sleep(time.Second)
			return &http.Response{StatusCode: 200, Header: http.Header{"Cache-Control": {"max-age=60"}}, Request: req,
				ContentLength: 6, Body: io.NopCloser(strings.NewReader("hello!"))}, nil
		})
		var mu sync.Mutex
		var ends []string
		rt := observeTo(eventFunc(func(e Event) {
			if e.Kind == CallEvent {
				mu.Lock()
				defer mu.Unlock()
				ends = append(ends, fmt.Sprint(e.Attempt, " ", e.Reason, " ", e.Received, " ", e.Took))
			}
		}), base, Cache(CacheConfig{}), Coalesce(CoalesceConfig{}))
		get := func() { _, _, _ = send(t, rt, newRequest(t, t.Context(), "GET", thing, "")) }
		var both sync.WaitGroup
		both.Go(get)
		synctest.Wait()
		both.Go(get)
		both.Wait()
		get()
		slices.Sort(ends)
		if want := []string{"0 coalesced 0 1s", "0 hit 0 0s", "1  6 1s"}; !slices.Equal(ends, want) {
			t.Errorf("observed %q, want %q", ends, want)
		}
	})
}

// An attempt reports its connection, and leaves an httptrace of the caller's in place.
func TestObserveConnections(t *testing.T) {
	handler := func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello!") }
	inBubble(t, handler, func(t *testing.T, base http.RoundTripper, baseURL string) {
		var attempts []Event
		rt := observeTo(eventFunc(func(e Event) {
			if e.Kind == AttemptEvent {
				attempts = append(attempts, e)
			}
		}), base)
		traced := 0
		ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
			GotConn: func(httptrace.GotConnInfo) { traced++ },
		})
		for range 2 {
			if _, _, err := send(t, rt, newRequest(t, ctx, "GET", baseURL+"/x", "")); err != nil {
				t.Fatal(err)
			}
		}
		if len(attempts) != 2 || attempts[0].Reused || !attempts[1].Reused || traced != 2 {
			t.Errorf("%d attempts, reused %v and %v, %d traced; want 2, false and true, 2", len(attempts),
				attempts[0].Reused, attempts[1].Reused, traced)
		}
		if p := attempts[0].Protocol; p != "HTTP/1.1" && p != "HTTP/2.0" || attempts[0].Received != 6 {
			t.Errorf("%q and %d bytes", p, attempts[0].Received)
		}
	})
}

// Several observers get every event: ends in the reverse order of beginnings, as contexts nest.
func TestObservers(t *testing.T) {
	if Observers(nil, nil) != nil {
		t.Error("no observers are an Observer")
	}
	var order []string
	named := func(name string) Observer {
		return &nesting{name: name, order: &order}
	}
	rt := observeTo(Observers(named("a"), nil, named("b")), scripted(200))
	if _, _, err := send(t, rt, newRequest(t, t.Context(), "GET", thing, "")); err != nil {
		t.Fatal(err)
	}
	want := "a() b(a) a(ab) b(aba) -b(abab) -a(abab) -b(ab) -a(ab)"
	if got := strings.Join(order, " "); got != want {
		t.Errorf("the order is %s, want %s", got, want)
	}
	if !isHeadersOnly(Observers(headersOnly{}, headersOnly{})) || isHeadersOnly(Observers(headersOnly{}, named("a"))) {
		t.Error("several observers are content with the headers only if all are")
	}
}

// nesting is an Observer whose contexts carry the names of those that have begun.
type nesting struct {
	name  string
	order *[]string
}

type namesKey struct{}

func (n *nesting) Begin(ctx context.Context, _ Event) context.Context {
	names, _ := ctx.Value(namesKey{}).(string)
	*n.order = append(*n.order, n.name+"("+names+")")
	return context.WithValue(ctx, namesKey{}, names+n.name)
}

func (n *nesting) Note(ctx context.Context, _ Event) {
	names, _ := ctx.Value(namesKey{}).(string)
	*n.order = append(*n.order, "-"+n.name+"("+names+")")
}

// An Observer that is content with the headers gets the same events, but for the ends.
func TestObserveHeadersOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &recorder{}
		rt := observeTo(until{r}, scripted(503, 200), Retry(RetryConfig{}), Classify(classifyBody))
		_, _, _ = send(t, rt, newRequest(t, t.Context(), "GET", thing, ""))
		const want = `begin call
  begin attempt attempt=1
    attempt attempt=1 status=503 took=100ms headers=100ms type=503
  retrying attempt=1 status=503 delay=B reason="transient status code" type=503
  waiting attempt=1 wait=backoff delay=B
  wait attempt=1 wait=backoff took=B
  begin attempt attempt=2
    attempt attempt=2 status=200 took=100ms headers=100ms
  call attempt=2 status=200 took=B+220ms
`
		if got := r.String(); got != want {
			t.Errorf("observed\n%s\nwant\n%s", got, want)
		}
	})
}

// until is an Observer until the headers.
type until struct{ Observer }

func (until) HeadersOnly() bool { return true }

// An observer costs at most 10 allocations a call, and one until the headers none.
func TestObserveAllocations(t *testing.T) {
	count := func(mw transport.Middleware) float64 {
		var resp http.Response
		rt := mw(transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			resp = http.Response{StatusCode: http.StatusOK, Body: emptyBody{}, Request: req}
			return &resp, nil
		}))
		req := newRequest(t, t.Context(), "GET", thing, "")
		var buf [8]byte
		return testing.AllocsPerRun(100, func() {
			fresh, _ := transport.WithReport(req) // which the pipeline makes with or without an observer
			resp, err := rt.RoundTrip(fresh)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = resp.Body.Read(buf[:])
			_ = resp.Body.Close()
		})
	}
	none := count(passThrough)
	if n := count(bothPlaces(Observe(headersAlone{}))) - none; n > 0 {
		t.Errorf("%v allocations for the events until the headers, want none", n)
	}
	if n := count(bothPlaces(Observe(eventFunc(func(Event) {})))) - none; n > 10 {
		t.Errorf("%v allocations for all events, want at most 10", n)
	}
}

// TestEventWithoutIDs checks that texts and paths lose the ids of the request, and nothing else.
func TestEventWithoutIDs(t *testing.T) {
	for _, test := range []struct{ address, route, path, text, want string }{
		{
			"https://a.example/v1/albums/4aa", "/albums/{id}", "/v1/albums/X",
			"albums/4aa: 4aaz, v4aa, 4aa_", "albums/X: 4aaz, v4aa, 4aa_",
		},
		{"https://a.example/v1/users/me%20too", "/users/{id}", "/v1/users/X", "me%20too is me too", "X is X"},
		{"https://a.example/v1/me", "", "/X/X", "timeout of /v1/me: me", "timeout of /X/X: X"},
		{"https://a.example/v1/me", "/me", "/v1/me", "/v1/me", "/v1/me"},
		{"https://a.example/v1/users/é", "/users/{id}", "/v1/users/X", "é, éé, é", "X, éé, X"},
		{"https://a.example/v1/users/aa", "/users/{id}", "/v1/users/X", "aaaa aa", "aaaa X"},
		{"https://a.example", "/a/b/c", "", "a", "a"},
	} {
		address, err := url.Parse(test.address)
		if err != nil {
			t.Fatal(err)
		}
		e := Event{Route: test.route, url: address}
		if path, text := e.Path("X"), e.WithoutIDs(test.text, "X"); path != test.path || text != test.want {
			t.Errorf("%s, %s: got the path %s and the text %s, want %s and %s",
				test.address, test.route, path, text, test.path, test.want)
		}
	}
	if e := (Event{Route: "/a/{id}"}); e.Path("X") != "" || e.WithoutIDs("a", "X") != "a" {
		t.Error("an event without a URL has a path")
	}
}
