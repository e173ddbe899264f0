package middleware_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/transport"
)

// reply is one response of a base transport.
type reply struct {
	status int
	body   string
	header http.Header
}

// replies is a base transport that returns its responses in order, the last one for all further
// requests, and prints each request.
func replies(all ...reply) http.RoundTripper {
	return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		next := all[0]
		if len(all) > 1 {
			all = all[1:]
		}
		fmt.Println(strings.TrimSpace(req.Method + " " + req.URL.Path + " " + req.Header.Get("Authorization")))
		header := next.header.Clone()
		if header == nil {
			header = http.Header{}
		}
		return &http.Response{
			StatusCode: next.status, Header: header, Request: req,
			Body: io.NopCloser(strings.NewReader(next.body)), ContentLength: int64(len(next.body)),
		}, nil
	})
}

// get sends a GET request and prints the response.
func get(rt http.RoundTripper, path string) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "https://api.example.com"+path, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	resp, err := rt.RoundTrip(req)
	if err != nil {
		fmt.Println("error:", err)
		return
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	fmt.Println(resp.StatusCode, string(body), err)
}

// The token goes to one host only.
func ExampleAuth() {
	rt := transport.Chain(replies(reply{status: 200}),
		middleware.Auth(auth.Static("token"), func(to *url.URL) bool { return to.Host == "api.example.com" }))
	get(rt, "/things")
	// Output:
	// GET /things Bearer token
	// 200  <nil>
}

// A 503 is retried, a 404 is not.
func ExampleRetry() {
	rt := transport.Chain(replies(reply{status: 503}, reply{status: 200, body: "ok"}, reply{status: 404}),
		middleware.Retry(middleware.RetryConfig{
			InitialDelay: time.Millisecond,
			OnRetry:      func(e middleware.RetryEvent) { fmt.Println("retry:", e.Reason) },
		}))
	get(rt, "/things")
	get(rt, "/other")
	// Output:
	// GET /things
	// retry: transient status code
	// GET /things
	// 200 ok <nil>
	// GET /other
	// 404  <nil>
}

// renewed is a token source that has a second token once the first one was refused.
type renewed struct{ stale string }

func (s *renewed) Token(context.Context) (*oauth2.Token, error) {
	if s.stale == "" {
		return &oauth2.Token{AccessToken: "first"}, nil
	}
	return &oauth2.Token{AccessToken: "second"}, nil
}

func (s *renewed) Invalidate(token *oauth2.Token) { s.stale = token.AccessToken }

// A request that gets a 401 is replayed with a new token.
func ExampleRefresh() {
	source := new(renewed)
	expired := reply{status: 401, header: http.Header{"Www-Authenticate": {`Bearer error="invalid_token"`}}}
	rt := transport.Chain(replies(expired, reply{status: 200, body: "ok"}),
		middleware.Refresh(source),
		middleware.Auth(source, func(*url.URL) bool { return true }))
	get(rt, "/things")
	// Output:
	// GET /things Bearer first
	// GET /things Bearer second
	// 200 ok <nil>
}

// After a 429 with a long Retry-After, no request is sent until it is over.
func ExampleRateLimit() {
	rt := transport.Chain(replies(reply{status: 429, header: http.Header{"Retry-After": {"86400"}}}),
		middleware.RateLimit(middleware.NewPacer(middleware.PacerConfig{})))
	get(rt, "/things")
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "https://api.example.com/things", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	resp, err := rt.RoundTrip(req)
	if err == nil {
		_ = resp.Body.Close()
	}
	if limited, ok := errors.AsType[*middleware.LimitError](err); ok {
		fmt.Println("not sent; retry in", limited.Wait.Round(time.Hour))
	}
	// Output:
	// GET /things
	// 429  <nil>
	// not sent; retry in 24h0m0s
}

// The second request is not sent: the response to the first one may be used for a minute.
func ExampleCache() {
	rt := transport.Chain(replies(reply{
		status: 200, body: "ok", header: http.Header{
			"Cache-Control": {"max-age=60"}, "Date": {time.Now().UTC().Format(http.TimeFormat)},
		},
	}), middleware.Cache(middleware.CacheConfig{}))
	get(rt, "/things")
	get(rt, "/things")
	// Output:
	// GET /things
	// 200 ok <nil>
	// 200 ok <nil>
}

// An attempt without a complete response within the timeout fails.
func ExampleTimeout() {
	hangs := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		<-req.Context().Done()
		return nil, req.Context().Err()
	})
	get(transport.Chain(hangs, middleware.Timeout(time.Millisecond)), "/things")
	// Output:
	// error: no complete response within 1ms
}

// A response of 400 or more becomes an error, which breaks the contract of http.RoundTripper: only
// for clients that expect it, such as the services of package resources.
func ExampleDecodeErrors() {
	decode := func(resp *http.Response) error {
		if resp.StatusCode < 400 {
			return nil
		}
		return fmt.Errorf("the API responded %d", resp.StatusCode)
	}
	get(transport.Chain(replies(reply{status: 404}), middleware.DecodeErrors(decode)), "/things")
	// Output:
	// GET /things
	// error: the API responded 404
}

// Another API describes its operations: a GET of this one changes something, so Retry does not
// resend it after a 503.
func ExampleDescribe() {
	describe := func(req *http.Request) *transport.Call {
		return &transport.Call{Operation: "add-thing", Route: "/things", Idempotency: transport.NotIdempotent}
	}
	rt := transport.Chain(replies(reply{status: 503}),
		middleware.Describe(describe),
		middleware.Retry(middleware.RetryConfig{InitialDelay: time.Millisecond}))
	get(rt, "/things")
	// Output:
	// GET /things
	// 503  <nil>
}

// Classify tells the middlewares above what an API's error means: this one sends its rate limit as
// a 403, which Retry then retries as a 429.
func ExampleClassify() {
	classify := func(resp *http.Response, body []byte) transport.Class {
		if resp.StatusCode == http.StatusForbidden && strings.Contains(string(body), "slow down") {
			return transport.Class{Status: http.StatusTooManyRequests, RetryAfter: time.Millisecond}
		}
		return transport.Class{}
	}
	rt := transport.Chain(replies(reply{status: 403, body: "slow down"}, reply{status: 200, body: "ok"}),
		middleware.Retry(middleware.RetryConfig{InitialDelay: time.Millisecond}),
		middleware.Classify(classify))
	get(rt, "/things")
	// Output:
	// GET /things
	// GET /things
	// 200 ok <nil>
}

// A body that is cut short is a failed attempt, for an operation that returns a body, and is
// retried.
func ExampleBuffer() {
	attempts := 0
	short := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		resp, err := replies(reply{status: 200, body: "whole"}).RoundTrip(req)
		if attempts++; attempts == 1 && err == nil {
			resp.Body, resp.ContentLength = io.NopCloser(cutShort{}), -1
		}
		return resp, err
	})
	describe := func(*http.Request) *transport.Call { return &transport.Call{Route: "/things", Returns: true} }
	rt := transport.Chain(short,
		middleware.Describe(describe),
		middleware.Retry(middleware.RetryConfig{InitialDelay: time.Millisecond}),
		middleware.Buffer(middleware.BufferConfig{}))
	get(rt, "/things")
	// Output:
	// GET /things
	// GET /things
	// 200 whole <nil>
}

type cutShort struct{}

func (cutShort) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// The second request for the same thing comes while the first is in flight, and shares its
// response.
func ExampleCoalesce() {
	joined := make(joining)
	slow := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		<-joined
		return replies(reply{status: 200, body: "ok"}).RoundTrip(req)
	})
	rt := transport.Chain(slow,
		middleware.Observe(joined),
		middleware.Coalesce(middleware.CoalesceConfig{}))
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() { get(rt, "/things") })
	}
	both.Wait()
	// Output:
	// GET /things
	// 200 ok <nil>
	// 200 ok <nil>
}

// joining is an Observer, and a channel that is closed when a call shares another's request.
type joining chan struct{}

func (joining) Begin(ctx context.Context, _ middleware.Event) context.Context { return ctx }

func (j joining) Note(_ context.Context, e middleware.Event) {
	if e.Kind == middleware.CoalescedEvent {
		close(j)
	}
}
